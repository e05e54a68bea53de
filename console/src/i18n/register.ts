import { i18n } from './index.js';

/** Messages by key; a nested object is reached with `group.key`. */
export interface Messages {
  [key: string]: string | Messages;
}

/** The same shape in the other language, so that a key missing in English does not compile. */
export type SameKeys<M> = { [K in keyof M]: M[K] extends string ? string : SameKeys<M[K]> };

/**
 * Registers a feature's messages under its namespace; call once at the top level of the feature's `i18n.ts`.
 * `{{name}}` is replaced by the parameter of that name; of `‹record|records›` the word is kept that agrees with the number
 * before it.
 */
export function registerMessages<M extends Messages>(ns: string, messages: { zh: M; en: SameKeys<M> }): void {
  i18n.addResourceBundle('zh', ns, messages.zh, true, true);
  i18n.addResourceBundle('en', ns, messages.en, true, true);
}
