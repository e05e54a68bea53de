import { registerMessages } from '../i18n/register.js';
import { cardEn, cardZh } from './words-card.js';
import { en as enWords } from './words-en.js';
import { fillEn, fillZh } from './words-fill.js';
import { moreEn, moreZh } from './words-more.js';
import { outsideEn, outsideZh } from './words-outside.js';
import { runsEn, runsZh } from './words-runs.js';
import { startEn, startZh } from './words-start.js';
import { stepsEn, stepsZh } from './words-steps.js';
import { zh as zhWords } from './words-zh.js';

export const zh = {
  ...zhWords,
  start: startZh,
  more: moreZh,
  step: stepsZh,
  runs: runsZh,
  outside: outsideZh,
  fill: fillZh,
  card: cardZh,
};
export const en: typeof zh = {
  ...enWords,
  start: startEn,
  more: moreEn,
  step: stepsEn,
  runs: runsEn,
  outside: outsideEn,
  fill: fillEn,
  card: cardEn,
};

registerMessages('flows', { zh, en });
