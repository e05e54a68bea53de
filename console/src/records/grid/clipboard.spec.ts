import { describe, expect, it } from 'vitest';
import { spread, textAsCells } from './clipboard.js';

describe('a block from a spreadsheet', () => {
  it('keeps empty cells, and drops the line break at its end', () => {
    expect(textAsCells('甲\t\t1\r\n乙\t2\t\r\n')).toEqual([
      ['甲', '', '1'],
      ['乙', '2', ''],
    ]);
  });
  it('reads cells that hold line breaks, tabs and quotes', () => {
    expect(textAsCells('"第一行\n第二行"\t"说""好"""\n丙\t"一\t二"')).toEqual([
      ['第一行\n第二行', '说"好"'],
      ['丙', '一\t二'],
    ]);
  });
  it('takes a quote inside of a text as text', () => {
    expect(textAsCells('17" 显示器\t"半开\n乙\t丁')).toEqual([
      ['17" 显示器', '"半开'],
      ['乙', '丁'],
    ]);
  });
  it('is quick on large blocks', () => {
    const rows = textAsCells(Array.from({ length: 5000 }, (_, row) => `客户 ${row}\t${row}\tA`).join('\n'));
    expect(rows).toHaveLength(5000);
  });
});

it('what was copied is repeated over a block that holds it several times, and pasted once over any other', () => {
  const block = (rows: number, columns: number) => ({ top: 3, bottom: 2 + rows, left: 1, right: columns });
  expect(spread([['甲', '乙']], block(3, 2))).toEqual([
    ['甲', '乙'],
    ['甲', '乙'],
    ['甲', '乙'],
  ]);
  expect(spread([['甲'], ['乙']], block(4, 2))).toEqual([
    ['甲', '甲'],
    ['乙', '乙'],
    ['甲', '甲'],
    ['乙', '乙'],
  ]);
  // A row that is wider than the block goes down with it.
  expect(spread([['甲', '乙']], block(2, 1))).toEqual([
    ['甲', '乙'],
    ['甲', '乙'],
  ]);
  expect(spread([['甲'], ['乙']], block(3, 1))).toEqual([['甲'], ['乙']]);
  expect(spread([['甲', '乙'], ['丙']], block(2, 4))).toEqual([['甲', '乙'], ['丙']]);
});
