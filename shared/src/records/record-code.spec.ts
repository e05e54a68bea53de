import { expect, test } from 'vitest';
import { recordInCode } from './record-code.js';

const form = '01a00000-0000-7000-8000-000000000001';
const id = '01a00000-0000-7000-8000-000000000002';

test('a code of the console or the phone names its record, of the form asked for only', () => {
  expect(recordInCode(`https://crm.example.com/r/${form}/${id}`, form)).toBe(id);
  expect(recordInCode(`https://crm.example.com/forms/${form}/records/${id}`, form)).toBe(id);
  expect(recordInCode(`https://x.example/m/#/pages/record/index?formId=${form}&id=${id}`, form)).toBe(id);
  expect(recordInCode(`https://crm.example.com/forms/${id}/records/${form}`, form)).toBeUndefined();
  expect(recordInCode('6901234567892', form)).toBeUndefined();
  expect(recordInCode(`https://x.example/?formId=${form}`, form)).toBeUndefined();
});
