import { describe, expect, it } from 'vitest';
import { textAsCells } from './clipboard.js';

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
