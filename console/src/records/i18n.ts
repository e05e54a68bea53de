import { registerMessages } from '../i18n/register.js';
import { en } from './words-en.js';
import { enHistory } from './words-history-en.js';
import { zhHistory } from './words-history-zh.js';
import { enViews } from './words-views-en.js';
import { zhViews } from './words-views-zh.js';
import { zh } from './words-zh.js';

registerMessages('records', { zh: { ...zh, ...zhHistory, ...zhViews }, en: { ...en, ...enHistory, ...enViews } });
