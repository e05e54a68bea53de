import { expect, it } from 'vitest';
import { hasMaskedPhone, phonesOf } from './facts.js';
import type { FormView, RecordRow } from './record-types.js';

const form = (masked: boolean) =>
  ({ fields: [{ id: 'f', key: 'mobile', name: '手机', type: 'phone', masked }] }) as unknown as FormView;
const record = (mobile: string | null) => ({ id: 'r', values: { mobile } }) as unknown as RecordRow;

it('a number with stars is not dialled', () => {
  expect(phonesOf(form(false), record('13800001111'))).toEqual(['13800001111']);
  expect(phonesOf(form(true), record('138****1111'))).toEqual([]);
  expect(hasMaskedPhone(form(true), record('138****1111'))).toBe(true);
  expect(hasMaskedPhone(form(true), record(null))).toBe(false);
  // Masked in this record only: not claimed yet.
  const here = { ...record('138****1111'), masked: ['mobile'] };
  expect(phonesOf(form(false), here)).toEqual([]);
  expect(hasMaskedPhone(form(false), here)).toBe(true);
});
