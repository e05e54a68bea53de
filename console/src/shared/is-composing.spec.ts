import { expect, it } from 'vitest';
import { isComposing } from './is-composing.js';

it('knows Enter that ends a composition from Enter that submits, in Safari too', () => {
  expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false);
});

it('is asked wherever Enter in a box does something (Safari’s Enter at the end of pinyin added the option)', () => {
  const sources = import.meta.glob<string>('../**/*.tsx', { query: '?raw', import: 'default', eager: true });
  const deaf = Object.entries(sources).filter(
    ([, text]) => text.includes('onPressEnter=') && !text.includes('isComposing('),
  );
  expect(Object.keys(sources).length).toBeGreaterThan(100);
  expect(deaf.map(([file]) => file)).toEqual([]);
  const own = Object.entries(sources).filter(([, text]) => /!event\.nativeEvent\.isComposing/.test(text));
  expect(own.map(([file]) => file)).toEqual([]);
});
