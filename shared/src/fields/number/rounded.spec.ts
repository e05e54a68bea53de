import { expect, it } from 'vitest';
import { fieldTypes } from '../registry.js';
import { sheetFormats } from '../sheet-registry.js';
import type { SheetCell } from '../sheet-types.js';

function read(type: 'number' | 'money' | 'percent', cell: SheetCell, config: object, factor?: number) {
  const parsed = fieldTypes[type].config.parse(config) as never;
  return sheetFormats[type].reader(parsed, { timeZone: 'Asia/Shanghai', ...(factor && { factor }) })(cell);
}

it.each<['number' | 'money' | 'percent', SheetCell, object, number | undefined, string, string | undefined]>([
  ['number', 12.345, { decimals: 2 }, undefined, '12.35', '12.35'],
  ['number', '12.345 万', { decimals: 0 }, undefined, '123450', undefined],
  ['number', '0.1234567', { decimals: 2 }, 10_000, '1234.57', '1234.57'],
  ['number', '12.50', { decimals: 1 }, undefined, '12.5', undefined],
  ['number', 7, { decimals: 0 }, undefined, '7', undefined],
  ['money', -0.004, { decimals: 2 }, undefined, '0', '0'],
  // Left over of binary arithmetic: what the spreadsheet shows is 1234.56.
  ['money', 1234.5600000001, { decimals: 2 }, undefined, '1234.56', undefined],
  ['percent', '12.345%', { decimals: 2 }, undefined, '0.1235', '12.35%'],
  ['percent', 0.12345, { decimals: 1 }, undefined, '0.123', '12.3%'],
  ['percent', '12.5%', { decimals: 1 }, undefined, '0.125', undefined],
])('tells of %s %s in %o what is kept of it', (type, cell, config, factor, value, rounded) => {
  expect(read(type, cell, config, factor)).toEqual({ value, ...(rounded && { rounded }) });
});
