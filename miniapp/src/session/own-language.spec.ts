import { afterEach, beforeEach, expect, test } from 'vitest';
import { stored, taro } from '../../test/fake-taro.js';
import { currentLanguage, setLanguage } from '../i18n/index.js';
import { chooseLanguage, followLanguage } from './own-language.js';
import type { Me } from './session.js';

const reading = (language: 'zh' | 'en' | null) => ({ member: { id: 'm1', language } }) as unknown as Me;
const answer = (statusCode: number, data: unknown) => taro.request.mockResolvedValue({ statusCode, data });

beforeEach(() => setLanguage('zh'));
afterEach(() => {
  setLanguage('zh');
  stored.clear();
  taro.request.mockReset();
});

test('a language that was chosen elsewhere is taken over, and told to nobody', async () => {
  const me = reading('en');
  expect(await followLanguage(me)).toBe(me);
  expect(currentLanguage()).toBe('en');
  expect(taro.request).not.toHaveBeenCalled();
});

test('a choice that no server heard stands, and is told at the next start', async () => {
  answer(502, {});
  expect((await chooseLanguage('en', reading('zh')))?.member.language).toBe('zh');
  expect(currentLanguage()).toBe('en');
  taro.request.mockClear();
  answer(200, { language: 'en' });
  expect((await followLanguage(reading('zh'))).member.language).toBe('en');
  expect(currentLanguage()).toBe('en');
  expect(taro.request).toHaveBeenCalledTimes(1);
  taro.request.mockClear();
  await followLanguage(reading('en'));
  expect(taro.request).not.toHaveBeenCalled();
});

test('who chooses before he has logged in is known by it from the log-in on', async () => {
  await chooseLanguage('en', null);
  expect(taro.request).not.toHaveBeenCalled();
  answer(200, { language: 'en' });
  expect((await followLanguage(reading(null))).member.language).toBe('en');
});
