/** Less is no keyboard but a bar of the browser's that comes and goes. */
const leastHeight = 80;
/** A page that is zoomed in shows a part of itself: what it does not show is not covered. */
const unzoomed = 1.05;

/** Whether something is being typed into. */
function field(): HTMLElement | null {
  const { activeElement } = document;
  const typed = activeElement instanceof HTMLElement && /^(INPUT|TEXTAREA)$/.test(activeElement.tagName);
  return typed ? activeElement : null;
}

/**
 * Nothing at the foot of a page lies under the keyboard. Clients on iOS, and newer ones on Android, lay it over the page
 * without telling the page's own height: `--keyboard` says how much is covered, for bars and sheets to stand above it, and
 * the field that is typed into comes back into sight (its `scroll-margin` keeps it above both).
 */
export function keepAboveKeyboard(): void {
  const view = window.visualViewport;
  if (!view) return;
  let covered = 0;
  const follow = () => {
    const below = view.scale > unzoomed ? 0 : Math.round(window.innerHeight - view.height - view.offsetTop);
    const now = below >= leastHeight ? below : 0;
    if (now === covered) return;
    covered = now;
    document.documentElement.style.setProperty('--keyboard', `${covered}px`);
    if (covered > 0) field()?.scrollIntoView({ block: 'nearest' });
  };
  view.addEventListener('resize', follow);
  view.addEventListener('scroll', follow);
  // Where the page itself gets lower instead, its foot rises without a word from above.
  window.addEventListener('resize', () => field()?.scrollIntoView({ block: 'nearest' }));
}
