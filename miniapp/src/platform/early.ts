import type { Answer } from './transport.js';

/** The request that the H5 page has sent before any of our code was there (`index.html`): one for the first screen. */
export const earlyPath = '/api/v1/me/start';

declare global {
  interface Window {
    /** Resolves with null when the network gave nothing. */
    liankeStart?: Promise<Answer | null> | undefined;
  }
}

/** The answer to that request; once, for it ages. Undefined where none was sent or nothing came. */
export async function takeEarly(): Promise<Answer | undefined> {
  if (typeof window === 'undefined' || !window.liankeStart) return undefined;
  const sent = window.liankeStart;
  window.liankeStart = undefined;
  return (await sent) ?? undefined;
}
