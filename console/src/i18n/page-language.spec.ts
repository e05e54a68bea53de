// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

// The page opened again: other files of the run have opened it already, and the next ones open it for themselves.
beforeEach(() => void vi.resetModules());
afterEach(() => void vi.resetModules());

it('a page opened again in English does not call itself Chinese', async () => {
  localStorage.setItem('lianke.language', 'en');
  document.documentElement.lang = 'zh-CN';
  const { showLanguage } = await import('./index.js');
  expect(document.documentElement.lang).toBe('en');
  showLanguage('zh');
  expect(document.documentElement.lang).toBe('zh-CN');
  localStorage.clear();
});
