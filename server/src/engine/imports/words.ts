import type { Language } from '@lianke/shared/errors/issue-text';
import { en } from './words-en.js';
import { zh } from './words-zh.js';

/** What is said of an import, in the language of the person who imports. */
export type ImportWords = typeof zh;

export const importWords: Readonly<Record<Language, ImportWords>> = { zh, en };
