import { expect, it } from 'vitest';
import { rowSteps } from './rows.js';

it('tells which rows came, went and changed, and in which fields', () => {
  const before = [
    { id: 'a', at: 0, values: { name: '甲', price: '1' } },
    { id: 'b', at: 1, values: { name: '乙', price: null } },
  ];
  const after = [
    { id: 'a', at: 0, values: { name: '甲', price: '9' } },
    { id: 'c', at: 2, values: { name: '丙', price: '3' } },
  ];
  expect(rowSteps(before, after, ['name', 'price'])).toMatchObject([
    { id: 'a', kind: 'changed', at: 0, fields: ['price'] },
    { id: 'b', kind: 'removed', at: 1, fields: ['name'] },
    { id: 'c', kind: 'added', at: 2, fields: ['name', 'price'] },
  ]);
});

it('a change of order alone, and what is no list of rows, have no steps', () => {
  expect(rowSteps([], [], ['name'])).toEqual([]);
  expect(rowSteps(null, '甲', ['name'])).toEqual([]);
  expect(rowSteps([{ id: 'a', label: '甲' }], null, ['name'])).toEqual([]);
});
