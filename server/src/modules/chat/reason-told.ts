import type { Language, Words } from '@lianke/shared/errors/issue-text';

/** What is noted on a message, in the reader's language where it is a platform's; our own notes are worded by clients. */
export function reasonTold(noted: string | null, words: Words | null, language: Language): string | null {
  return words !== null && words.zh === noted ? words[language] : noted;
}
