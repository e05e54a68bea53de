import { expect, it } from 'vitest';
import { isComposing } from './is-composing.js';

it('knows Enter that ends a composition from Enter that submits, in Safari too', () => {
  expect(isComposing({ isComposing: true, keyCode: 13 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false);
});
