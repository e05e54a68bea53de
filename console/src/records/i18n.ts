import { registerMessages } from '../i18n/register.js';
import { en } from './words-en.js';
import { zh } from './words-zh.js';

registerMessages('records', { zh, en });
