// @vitest-environment jsdom
import { expect, it } from 'vitest';

it('a page opened again in English does not call itself Chinese', async () => {
  localStorage.setItem('lianke.language', 'en');
  document.documentElement.lang = 'zh-CN';
  const { showLanguage } = await import('./index.js');
  expect(document.documentElement.lang).toBe('en');
  showLanguage('zh');
  expect(document.documentElement.lang).toBe('zh-CN');
  localStorage.clear();
});
