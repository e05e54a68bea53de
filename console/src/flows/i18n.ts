import { registerMessages } from '../i18n/register.js';
import { en as enWords } from './words-en.js';
import { startEn, startZh } from './words-start.js';
import { zh as zhWords } from './words-zh.js';

export const zh = { ...zhWords, start: startZh };
export const en: typeof zh = { ...enWords, start: startEn };

registerMessages('flows', { zh, en });
