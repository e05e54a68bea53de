import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { expect, it } from 'vitest';
import { PackedRows, packCells } from './packed-rows.js';

const rows = (): SheetCell[][] => [
  ['客户', '金额', '𠮷', null, true],
  [],
  [null, -0.5, '', new Date('2026-03-04T00:00:00Z'), false],
  [new Date(Number.NaN), 1e21, 'x'.repeat(5000)],
];

it('gives back every kind of cell, and rows as long as they were', () => {
  const packed = new PackedRows(packCells(rows()));
  expect(packed.length).toBe(4);
  expect(packed.slice(0, 9)).toEqual(rows());
  expect(packed.slice(1, 2)).toEqual([[]]);
  expect([packed.at(2), packed.at(2), packed.at(4)]).toEqual([rows()[2], rows()[2], undefined]);
});

it('keeps the texts of more rows than are put together at once in their places', () => {
  const many = (): SheetCell[][] => Array.from({ length: 3500 }, (_, at) => [`客户${at}`, at, `备注 ${at * 7}`]);
  expect(new PackedRows(packCells(many())).slice(0, 3500)).toEqual(many());
});
