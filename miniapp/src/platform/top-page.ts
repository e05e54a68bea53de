import Taro from '@tarojs/taro';

/** Taro's class of a page that another one covers. */
const covered = 'taro_page_shade';

function topPage(): HTMLElement | null {
  const pages = Taro.getCurrentPages();
  const path = pages[pages.length - 1]?.path;
  return path ? document.getElementById(path) : null;
}

/**
 * The page that is on top is never hidden. Taro's router hides the page below another 350 ms after that was opened, also
 * when the reader has come back to it by then: he would look at an empty screen.
 */
export function keepTopPageShown(): void {
  const reveal = () => {
    const page = topPage();
    // Taking a class off that is not there counts as a change too: the observer would call itself for ever.
    if (page?.classList.contains(covered)) page.classList.remove(covered);
  };
  const watch = new MutationObserver(reveal);
  Taro.eventCenter.on('__afterTaroRouterChange', () => {
    watch.disconnect();
    const page = topPage();
    if (!page) return;
    reveal();
    watch.observe(page, { attributes: true, attributeFilter: ['class'] });
  });
}
