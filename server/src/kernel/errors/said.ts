import type { Language, Words } from '@lianke/shared/errors/issue-text';

/** A sentence as it is kept: in both languages, or as one text where nobody had another. */
export type Said = string | Words;

export function saidIn(said: Said, language: Language): string {
  return typeof said === 'string' ? said : said[language];
}

/** What a table keeps of a sentence: its text, and its English where it has one of its own. */
export function keptSaid(said: Said | null): [text: string | null, english: string | null] {
  return said === null || typeof said === 'string' ? [said, null] : [said.zh, said.en];
}

/** A sentence out of its columns, as readers of a language get it. */
export function toldSaid(text: string | null, english: string | null, language: Language): string | null {
  return language === 'en' && text !== null ? (english ?? text) : text;
}

/** A sentence with at most so many characters, in each language. */
export function cutSaid(said: Said, length: number): Said {
  const cut = (text: string) => text.slice(0, length);
  return typeof said === 'string' ? cut(said) : { zh: cut(said.zh), en: cut(said.en) };
}
