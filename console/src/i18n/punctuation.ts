import { currentLanguage } from './index.js';

/** Between what something is called and what is said of it. */
export const colon = (): string => (currentLanguage() === 'en' ? ': ' : '：');

/** A remark behind a name. */
export const aside = (text: string): string => (currentLanguage() === 'en' ? ` (${text})` : `（${text}）`);

/** Several names in a row. */
export const listing = (names: readonly string[]): string => names.join(currentLanguage() === 'en' ? ', ' : '、');
