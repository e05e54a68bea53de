import { describe, expect, it } from 'vitest';
import { amountOf, readPaste } from './paste.js';

const rows = [
  { key: 'a', name: '王芳' },
  { key: 'b', name: '李伟' },
];

describe('what is pasted into the table of targets', () => {
  it('fills to the right and below of the cell, within the table', () => {
    expect(readPaste('1\t2\n3\t4\n5\t6', rows, { row: 0, at: 11 }, 12)).toEqual({
      cells: [
        { key: 'a', at: 11, amount: '1' },
        { key: 'b', at: 11, amount: '3' },
      ],
      unknown: [],
      bad: 0,
    });
  });

  it('with names goes to whom they name, and tells who is not there', () => {
    const text = '姓名\t1月\t2月\r\n李伟\t1,000\t\r\n赵六\t5\t5\r\n王芳\t２０\tx\r\n';
    expect(readPaste(text, rows, { row: 1, at: 5 }, 12)).toEqual({
      cells: [
        { key: 'b', at: 0, amount: '1000' },
        { key: 'b', at: 1, amount: null },
        { key: 'a', at: 0, amount: '20' },
      ],
      unknown: ['赵六'],
      bad: 1,
    });
  });

  it('reads amounts as people write them', () => {
    expect([amountOf('￥1,200.50'), amountOf(' '), amountOf('-'), amountOf('-5'), amountOf('1e3')]).toEqual([
      '1200.50',
      null,
      null,
      undefined,
      undefined,
    ]);
  });
});
