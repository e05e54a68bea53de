import { expect, it } from 'vitest';
import type { FormView } from '../api/queries.js';
import { sampleOf, valuesOf } from './samples.js';

const field = (key: string, type: string, more: object = {}) => ({
  ...{ key, name: key, type, writable: true, system: false, config: {}, rules: {} },
  ...more,
});
const form = {
  id: 'f1',
  fields: [
    field('note', 'text'),
    field('kind', 'select', { config: { options: [{ id: 'a', label: '甲' }] } }),
    field('name', 'text', { rules: { required: true }, name: "王's" }),
    field('total', 'formula', { writable: false }),
    field('more', 'text'),
  ],
} as unknown as FormView;
const words = { key: '密钥', record: '数据' };

it('takes fields that can be written, those needed first', () => {
  expect(valuesOf(form)).toEqual({ name: "王's", note: 'note', kind: 'a' });
});

it('is a line that a shell takes whole', () => {
  const line = sampleOf('upsert', 'https://crm.example', form, words);
  expect(line).toContain("curl -X POST 'https://crm.example/api/v1/forms/f1/records/batch'");
  expect(line).toContain(`"matchOn":["name"]}'`);
  expect(line).toContain(`"王'\\''s"`);
});

it('tells where things go while there is no form', () => {
  expect(sampleOf('update', 'https://x', undefined, words)).toContain('/forms/<formId>/records/<数据>');
});
