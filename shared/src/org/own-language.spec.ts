import { expect, it } from 'vitest';
import { languageStep } from './own-language.js';

it.each([
  ['who never chose', { kept: null, here: 'zh', unsent: false }, 'rest'],
  ['who had chosen English before the server kept it', { kept: null, here: 'en', unsent: false }, 'tell'],
  ['who chose here as nobody was logged in', { kept: 'zh', here: 'en', unsent: true }, 'tell'],
  ['who chose it again', { kept: 'en', here: 'en', unsent: true }, 'tell'],
  ['who chose English elsewhere', { kept: 'en', here: 'zh', unsent: false }, 'take'],
  ['who went back to Chinese elsewhere', { kept: 'zh', here: 'en', unsent: false }, 'take'],
  ['who reads the same everywhere', { kept: 'en', here: 'en', unsent: false }, 'rest'],
] as const)('%s: %o is %s', (_, state, step) => {
  expect(languageStep(state)).toBe(step);
});
