import Taro from '@tarojs/taro';
import { isH5 } from './host.js';

/** So far beyond the screen, px, something still counts as near: a finger's throw. */
const margin = 1200;
const nothing = (): void => undefined;

type Tell = (near: boolean, height: number) => void;

/**
 * Tells when the element comes near to the screen and when it goes, with the height that it has then. Hosts that cannot
 * tell leave everything near.
 */
export function watchNear(id: string, tell: Tell): () => void {
  // A page that another one covers has no height: nothing of it has gone anywhere.
  const told: Tell = (near, height) => {
    if (height > 0) tell(near, height);
  };
  try {
    return isH5 ? inBrowser(id, told) : inMiniProgram(id, told);
  } catch {
    return nothing;
  }
}

function inBrowser(id: string, tell: Tell): () => void {
  const element = document.getElementById(id);
  if (!element) return nothing;
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) tell(entry.isIntersecting, entry.boundingClientRect.height);
    },
    // Named, because in a frame of another origin the margin would not count.
    { root: document, rootMargin: `${margin}px 0px` },
  );
  watch.observe(element);
  return () => watch.disconnect();
}

function inMiniProgram(id: string, tell: Tell): () => void {
  const watch = Taro.createIntersectionObserver(Taro.getCurrentInstance().page as never);
  watch
    .relativeToViewport({ top: margin, bottom: margin })
    .observe(`#${id}`, ({ intersectionRatio = 0, boundingClientRect }) =>
      tell(intersectionRatio > 0, boundingClientRect?.height ?? 0),
    );
  return () => watch.disconnect();
}
