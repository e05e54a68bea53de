import { expect, it } from 'vitest';
import type { FormView, ReadField } from '../../api/queries.js';
import { whyNot } from './why-not.js';

const record = { id: 'r', version: 1, label: '甲', values: {}, masked: ['phone'] };
const form = { actions: ['edit'], fields: [], settings: {} } as unknown as FormView;
const env = {} as Parameters<typeof whyNot>[3];
const field = (type: string, more: object = {}) =>
  ({ key: type, name: type, type, config: {}, rules: {}, writable: true, ...more }) as unknown as ReadField;
const asked = (of: ReadField, by = form) => whyNot(by, record, of, env);

it('a cell that does not open says why, and files, addresses and rows open beside the table', () => {
  expect(asked(field('text'))).toBeUndefined();
  expect(asked(field('longText'))).toBeUndefined();
  expect(asked(field('attachment'))).toBe('large');
  expect(asked(field('address'))).toBe('large');
  expect(asked(field('autonumber'))).toBe('kept');
  expect(asked(field('datetime', { system: true, writable: false }))).toBe('kept');
  expect(asked(field('text', { writable: false }))).toBe('noRight');
  expect(asked(field('text', { key: 'phone' }))).toBe('masked');
  expect(asked(field('text'), { ...form, actions: [] } as unknown as FormView)).toBe('noRight');
});
