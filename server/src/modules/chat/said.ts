import type { Words } from '@lianke/shared/errors/issue-text';
import type { Language } from './texts.js';

/** A sentence as it is kept: in both languages, or as one text where nobody had another. */
export type Said = string | Words;

export function saidIn(said: Said, language: Language): string {
  return typeof said === 'string' ? said : said[language];
}
