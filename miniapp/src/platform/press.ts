/** How long after the release the click has come, ms: a tap's comes when the browser has made sure that it is one. */
const clickWithin = 60;
/** A finger that stays down holds nothing longer than this, ms. */
const longest = 1000;

let down = false;
const waiting: (() => void)[] = [];

function over(): void {
  down = false;
  for (const go of waiting.splice(0)) go();
}

/**
 * Watches presses of the whole page in a browser, which clicks what lies under the finger at its release: a row that moved
 * meanwhile is not opened, or another one is. Mini-programs remember what was touched.
 */
export function watchPresses(): void {
  let release: ReturnType<typeof setTimeout> | undefined;
  const begin = () => {
    clearTimeout(release);
    down = true;
    release = setTimeout(over, longest);
  };
  const end = () => {
    clearTimeout(release);
    release = setTimeout(over, clickWithin);
  };
  document.addEventListener('pointerdown', begin, true);
  for (const type of ['pointerup', 'pointercancel']) document.addEventListener(type, end, true);
}

/** Resolves once nobody presses anything: what is shown may change places then. */
export function pressEnded(): Promise<void> {
  return down ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
}
