import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { describe, expect, it } from 'vitest';
import { profileColumns } from './profile-column.js';
import { proposeField } from './propose-field.js';

/** The field proposed for a column of these cells. */
function proposed(header: string, cells: SheetCell[]) {
  const rows = [[header], ...cells.map((cell) => [cell])];
  const table = { headerRow: 0, dataRows: cells.map((_, at) => at + 1) };
  const sheet = { at: (row: number) => rows[row], length: rows.length };
  const [column] = profileColumns(sheet as never, table as never);
  if (!column) throw new Error('there is no column');
  const { type, config } = proposeField(column, { aliases: [], isPerson: () => false });
  return { type, config };
}

describe('shares', () => {
  it('written with % are per cent, with room for their digits (12.5% became the number 0.13)', () => {
    expect(proposed('比例', ['12.5%', '15％', '0.2'])).toEqual({ type: 'percent', config: {} });
    expect(proposed('完成情况', ['99.125%', '80%'])).toEqual({ type: 'percent', config: { decimals: 3 } });
  });

  it('are fractions under a name that says so: spreadsheets keep 12.5% as 0.125', () => {
    expect(proposed('毛利率', [0.125, 0.3, -0.02])).toEqual({ type: 'percent', config: {} });
    expect(proposed('占比', [0.12345, 1])).toEqual({ type: 'percent', config: { decimals: 3 } });
  });

  it('are not numbers of another kind', () => {
    expect(proposed('汇率', [7.1234, 7.2]).type).toBe('number');
    expect(proposed('折扣', [0.85, 0.9]).type).toBe('number');
    expect(proposed('毛利率（%）', [12.5, 30])).toEqual({ type: 'number', config: { unit: '%' } });
  });
});

describe('numbers', () => {
  it('keep the digits they have (0.125 became 0.13)', () => {
    expect(proposed('重量', [0.125, 3])).toEqual({ type: 'number', config: { decimals: 3 } });
    expect(proposed('单价', [3.1234, 2])).toEqual({ type: 'money', config: { display: 'yuan', decimals: 4 } });
    expect(proposed('数量', [1, 2])).toEqual({ type: 'number', config: {} });
  });

  it('of 万元 are kept in 元, where four digits fewer are needed', () => {
    expect(proposed('金额（万元）', [12.3456, 8])).toEqual({ type: 'money', config: { display: 'wan' } });
    expect(proposed('金额（万元）', ['12.3456789'])).toEqual({
      type: 'money',
      config: { display: 'wan', decimals: 3 },
    });
  });

  it('that a formula left of a division are numbers with four digits (as texts of fifteen they became codes)', () => {
    expect(proposed('平均', [33.3333333333333, 2])).toEqual({ type: 'number', config: { decimals: 4 } });
  });
});

it('failed formulas say nothing of a column (one #VALUE! made amounts texts)', () => {
  expect(proposed('金额', [300, '#VALUE!', '#N/A', 20.5])).toEqual({ type: 'money', config: { display: 'yuan' } });
});

describe('yes and no', () => {
  it('are a switch under 是否…, and where they are marks', () => {
    expect(proposed('是否重点', ['是', '否', '√', '对'])).toEqual({ type: 'switch', config: {} });
    expect(proposed('已回访', ['√', '×', '√'])).toEqual({ type: 'switch', config: {} });
  });

  it('stay words under another name, and where another word stands among them', () => {
    expect(proposed('意向', ['是', '否']).type).toBe('text');
    expect(proposed('是否重点', ['是', '偶尔']).type).toBe('text');
  });
});
