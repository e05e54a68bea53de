import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { proposePlan } from './columns/propose-plan.js';
import { tableAt } from './layout/find-table.js';
import { headersOf } from './layout/header-texts.js';
import { importWords } from './words.js';
import { readWorkbook } from './workbook/read-workbook.js';

const sheet = (name: string) => readFile(new URL(`../../../test/fixtures/sheets/${name}`, import.meta.url));
const world = { forms: [], mayDesign: true, isPerson: () => false, fileName: '文件', words: importWords.zh };

describe('a workbook of openpyxl, as people lay them out', () => {
  it('has two header rows: names that stand under two groups get their group', async () => {
    const workbook = await readWorkbook(await sheet('openpyxl.xlsx'));
    const [plan] = proposePlan(workbook, world);
    expect(plan?.headerRow).toBe(2);
    expect(plan?.columns.map((column) => column.header)).toEqual([
      '序号',
      '名称',
      '客户电话',
      '账号',
      '姓名',
      '联系人电话',
      '等级',
    ]);
  });

  it('fills 同上 in, leaves 合计 out, keeps leading zeros and says which rows are hidden', async () => {
    const workbook = await readWorkbook(await sheet('openpyxl.xlsx'));
    const [first] = workbook.sheets;
    const table = tableAt(first?.rows ?? [], 2);
    expect(table.dataRows).toEqual([3, 4, 5, 6]);
    expect(first?.rows[4]?.slice(1, 4)).toEqual(['乙公司', '010-65308888', '0012']);
    expect(proposePlan(workbook, world)[0]?.hidden).toEqual({ rows: 1, include: true });
  });

  it('makes options of its drop-down list, those that no row uses too', async () => {
    const [plan] = proposePlan(await readWorkbook(await sheet('openpyxl.xlsx')), world);
    const grade = plan?.targets.flatMap((target) => target.newFields).find((field) => field.name === '等级');
    expect(grade).toMatchObject({
      type: 'select',
      config: { options: [{ label: '重要' }, { label: '一般' }, { label: '潜在' }] },
    });
  });

  it('names its title as no group', () => {
    const rows = [['名单'], ['姓名', '电话']];
    const merges = [{ startRow: 0, endRow: 0, startCol: 0, endCol: 1 }];
    expect(headersOf({ rows, merges }, 1)).toEqual(['姓名', '电话']);
  });
});

describe('files of other programs', () => {
  it('read dates that count from 1904', async () => {
    const { sheets } = await readWorkbook(await sheet('date1904.xlsx'));
    expect(sheets[0]?.rows.slice(1).map((row) => row[1])).toEqual([
      new Date('2025-03-07T00:00:00Z'),
      new Date('2024-02-29T00:00:00Z'),
    ]);
  });

  it('read what formulas came to, and dates in Chinese formats', async () => {
    const { sheets } = await readWorkbook(await sheet('formula.xlsx'));
    expect(sheets[0]?.rows.slice(1)).toEqual([
      ['键盘', 99.5, 3, 298.5, new Date('2025-03-07T00:00:00Z')],
      ['鼠标', 49, 2, 98, new Date('2025-03-08T00:00:00Z')],
    ]);
  });

  it('read the old xls of Excel 97', async () => {
    const { sheets } = await readWorkbook(await sheet('xlwt.xls'));
    expect(sheets[0]?.rows.slice(0, 2)).toEqual([
      ['客户名称', '编号', '签约日期', '金额'],
      ['客户😀1', '001', new Date('2025-03-01T00:00:00Z'), 1234.5],
    ]);
  });
});
