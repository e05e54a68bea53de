import { currentLanguage } from './index.js';

/** Between what something is called and what is said of it. */
export const colon = (): string => (currentLanguage() === 'en' ? ': ' : '：');

/** A remark behind a name. */
export const aside = (text: string): string => (currentLanguage() === 'en' ? ` (${text})` : `（${text}）`);

/** Between names in a row. */
export const pause = (): string => (currentLanguage() === 'en' ? ', ' : '、');

/** Between parts of a sentence. */
export const comma = (): string => (currentLanguage() === 'en' ? ', ' : '，');

/** Between sentences in one line. */
export const semicolon = (): string => (currentLanguage() === 'en' ? '; ' : '；');

/** Several names in a row. */
export const listing = (names: readonly string[]): string => names.join(pause());

/** What somebody said, in the marks of his readers. */
export const quoted = (text: string): string => (currentLanguage() === 'en' ? `"${text}"` : `“${text}”`);
