import { registerMessages } from '../i18n/register.js';
import { en as enWords } from './words-en.js';
import { moreEn, moreZh } from './words-more.js';
import { startEn, startZh } from './words-start.js';
import { zh as zhWords } from './words-zh.js';

export const zh = { ...zhWords, start: startZh, more: moreZh };
export const en: typeof zh = { ...enWords, start: startEn, more: moreEn };

registerMessages('flows', { zh, en });
