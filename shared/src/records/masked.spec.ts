import { expect, it } from 'vitest';
import { fieldsIn, formIn } from './masked.js';

const fields = [
  { key: 'name', writable: true },
  { key: 'phone', writable: true },
];

it('a record’s own masks take the right to write with them, of that record only', () => {
  expect(fieldsIn(fields, { masked: ['phone'] })).toEqual([
    { key: 'name', writable: true },
    { key: 'phone', writable: false, masked: true },
  ]);
  expect(fieldsIn(fields, {})).toEqual(fields);
  const form = { id: 'f', fields };
  expect(formIn(form, undefined)).toBe(form);
  expect(formIn(form, { masked: ['name'] }).fields[0]).toEqual({ key: 'name', writable: false, masked: true });
  expect(fields[1]).toEqual({ key: 'phone', writable: true });
});
