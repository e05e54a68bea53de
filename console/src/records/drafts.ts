import type { Values } from './values.js';

const kept = new Map<string, Values>();

/** Input that was not saved, kept while this tab lives; `key` names the form and what was filled in. */
export const drafts = {
  get: (key: string): Values | undefined => kept.get(key),
  keep: (key: string, values: Values): void => void kept.set(key, values),
  drop: (key: string): void => void kept.delete(key),
};
