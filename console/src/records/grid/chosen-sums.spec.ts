import { expect, it } from 'vitest';
import type { Column } from '../columns.js';
import { addUp, chosenSums } from './chosen-sums.js';
import type { GridItem } from './items.js';

const columns = [
  { field: { key: 'name', name: '名称', type: 'text', config: {} }, width: 200 },
  { field: { key: 'amount', name: '金额', type: 'money', config: {} }, width: 120 },
] as unknown as Column[];
const row = (amount: string | null) =>
  ({ kind: 'record', record: { id: 'r', values: { amount } } }) as unknown as GridItem;

it('sums of chosen cells are exact to the last cent', () => {
  expect(addUp(['0.1', '0.2'])).toBe('0.3');
  expect(addUp(['12345678901234567.89', '-0.9', '3'])).toBe('12345678901234569.99');
  expect(addUp(['-0.05', '0.02'])).toBe('-0.03');
  expect(addUp(['2001', '1000.5', '0.5'])).toBe('3002');
  expect(addUp(['100', '20'])).toBe('120');
  expect(addUp([])).toBe('0');
});

it('a block tells its cells and the sums of its numbers; one cell tells nothing', () => {
  const items = [row('10.5'), row(null), row('2')];
  const told = chosenSums(items, columns, { top: 0, bottom: 2, left: 0, right: 1 });
  expect(told?.cells).toBe(6);
  expect(told?.sums.map(({ field, value }) => [field.key, value])).toEqual([['amount', '12.5']]);
  expect(chosenSums(items, columns, { top: 1, bottom: 1, left: 1, right: 1 })).toBeUndefined();
  expect(chosenSums(items, columns, { top: 0, bottom: 1, left: 0, right: 0 })?.sums).toEqual([]);
});
