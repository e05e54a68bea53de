import { readFile } from 'node:fs/promises';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { beforeAll, describe, expect, it } from 'vitest';
import { readWorkbook } from '../workbook/read-workbook.js';
import type { Workbook } from '../workbook/workbook.js';
import { findHeader, tableAt } from './find-table.js';
import { readHeader } from './header.js';
import { aliasesFor, factorFor, readNotes } from './sheet-notes.js';

const fixture = (name: string) => readFile(new URL(`../../../../test/fixtures/${name}`, import.meta.url));

describe('the table of a sheet', () => {
  let ledger: Workbook;
  beforeAll(async () => {
    ledger = await readWorkbook(await fixture('客户台账.xlsx'));
  });
  const rowsOf = (index: number) => ledger.sheets[index]?.rows ?? [];

  it('stands under the title and the note row of the ledger', () => {
    expect(ledger.sheets.map((sheet) => findHeader(sheet.rows))).toEqual([2, 0, undefined]);
    const table = tableAt(rowsOf(0), 2);
    expect(table.dataRows).toHaveLength(4000);
    expect(table.skipped).toEqual({ empty: 39, total: 1 });
    expect(table.notes).toHaveLength(2);
    expect(tableAt(rowsOf(1), 0).dataRows).toHaveLength(4000);
  });

  it('is found in a list with a nameless first column', async () => {
    const rows = (await readWorkbook(await fixture('listed-companies.gb18030.csv'))).sheets[0]?.rows ?? [];
    expect(findHeader(rows)).toBe(0);
    expect(tableAt(rows, 0).dataRows).toHaveLength(4347);
  });

  it.each<[string, SheetCell[][], number | undefined]>([
    [
      'a plain table',
      [
        ['姓名', '电话'],
        ['张三', '13800138000'],
      ],
      0,
    ],
    [
      'two title rows and a blank',
      [
        ['公司客户表', null, null],
        [null, null, null],
        ['2025 年', null, null],
        ['客户', '电话', '备注'],
        ['甲', '1380013', null],
      ],
      3,
    ],
    [
      'words only',
      [
        ['客户名称', '跟进方式', '内容'],
        ['甲', '电话', '谈报价'],
        ['乙', '微信', '谈合同'],
      ],
      0,
    ],
    ['one column of names', [['客户名称'], ['甲'], ['乙']], 0],
    ['instructions', [['1. 每周更新'], ['2. 离职交接']], undefined],
    ['a header without data', [['客户', '电话']], undefined],
    ['nothing', [], undefined],
  ])('%s', (_, rows, row) => expect(findHeader(rows)).toBe(row));

  it('leaves out totals, repeated headers and signatures', () => {
    const rows: SheetCell[][] = [
      ['序号', '客户', '金额', '备注'],
      [1, '甲', 3, null],
      ['小计', null, 3, null],
      ['序号', '客户', '金额', '备注'],
      [2, '合计食品', 4, null],
      [3, null, null, null],
      [null, '合 计', 7, null],
      ['制表人：王芳', null, null, '审核：老板'],
    ];
    expect(tableAt(rows, 0)).toMatchObject({ dataRows: [1, 4], skipped: { empty: 1, total: 4 } });
  });
});

describe('what headers and notes say', () => {
  it.each([
    ['预计成交金额（万元）', '预计成交金额', 10_000],
    ['*客户名称', '客户名称', undefined],
    ['金额(单位:元)', '金额', 1],
    ['合同额/万元', '合同额', 10_000],
    ['联系电话\n（必填）', '联系电话', undefined],
    ['（一）', '（一）', undefined],
  ])('%j is %s', (text, name, factor) => expect(readHeader(text)).toMatchObject({ name, ...(factor && { factor }) }));

  it('reads the words for options and the unit from the note row', () => {
    const notes = readNotes(['销售部客户台账（截至2025年12月）', '填表说明：分级 A=战略 B=重点 C=普通；金额单位万元']);
    expect(aliasesFor(notes, '客户分级')).toEqual([
      { option: 'A', words: ['战略'] },
      { option: 'B', words: ['重点'] },
      { option: 'C', words: ['普通'] },
    ]);
    expect(aliasesFor(notes, '销售阶段')).toEqual([]);
    expect(factorFor(notes, '预计成交金额')).toBe(10_000);
    expect(factorFor(notes, '员工人数')).toBeUndefined();
    expect(factorFor(readNotes(['单位：万元']), '合同金额')).toBe(10_000);
  });
});
