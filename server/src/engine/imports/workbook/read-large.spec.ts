import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeXlsx } from 'hucre';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packWorkbook, unpackWorkbook } from './packed-workbook.js';
import { readWorkbook, readWorkbookFile } from './read-workbook.js';
import type { SheetRow, Workbook } from './workbook.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lianke-large-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The file read row by row whatever its size. */
async function readLarge(bytes: Buffer): Promise<Workbook> {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  const read = await readWorkbookFile(path, `${path}.rows`, { sheets: 0, csv: 0 });
  expect(read.sheets.every((sheet) => sheet.spooled)).toBe(true);
  return unpackWorkbook(packWorkbook(read), `${path}.rows`);
}

const trimmed = (rows: readonly SheetRow[]) =>
  rows.map((row) => {
    const cells = [...row];
    while (cells.length > 0 && (cells.at(-1) ?? null) === null) cells.pop();
    return cells;
  });
const allRows = (workbook: Workbook, sheet = 0) => {
  const { rows } = workbook.sheets[sheet] ?? { rows: [] };
  return trimmed(rows.slice(0, rows.length));
};

describe('formulas without a result', () => {
  it('are told by their places, however large the file is; one that came to nothing is none of them', async () => {
    const cells = new Map([
      ['1,1', { value: null, formula: 'A2*2' }],
      ['2,1', { value: 3, formula: 'A3+1', formulaResult: 3 }],
      ['3,27', { value: null, formula: 'SUM(A1:A3)' }],
      ['2,2', { value: '', formula: 'IF(A3,"","")', formulaResult: '' }],
    ]);
    const bytes = Buffer.from(
      await writeXlsx({
        sheets: [{ name: 'a', rows: [['x', 'y'], [1, null], [2, 3, ''], [4]], cells: cells as never }],
      }),
    );
    const wanted = { count: 2, cells: ['B2', 'AB4'] };
    expect((await readWorkbook(bytes)).sheets[0]?.uncomputed).toEqual(wanted);
    expect((await readLarge(bytes)).sheets[0]?.uncomputed).toEqual(wanted);
  });
});

describe('a large workbook', () => {
  it('reads row by row to the same cells as at once', async () => {
    const rows = Array.from({ length: 2500 }, (_, at) => [
      at,
      `客户 <${at}> & "甲"\n第二行 😀`,
      at % 3 === 0 ? null : at / 7,
      at % 2 === 0,
      new Date(Date.UTC(2025, at % 12, 1 + (at % 28), at % 24)),
      at % 5 === 0 ? '同上' : `00${at}`,
    ]);
    const bytes = Buffer.from(
      await writeXlsx({
        sheets: [
          {
            name: '客户',
            rows: [['序号', '名称', '金额', '是否', '时间', '编号'], ...rows],
            cells: new Map(
              rows.map((row, at) => [`${at + 1},4`, { value: row[4] as Date, style: { numFmt: 'yyyy-mm-dd hh:mm' } }]),
            ),
            merges: [{ startRow: 3, endRow: 6, startCol: 1, endCol: 1 }],
            rowDefs: new Map([[9, { hidden: true }]]),
            dataValidations: [{ type: 'list', values: ['甲', '乙'], range: 'F2:F100' }],
          },
          { name: '藏', hidden: true, rows: [['x']] },
        ],
      }),
    );
    const [large, small] = [await readLarge(bytes), await readWorkbook(bytes)];
    expect(allRows(large)).toEqual(trimmed(small.sheets[0]?.rows ?? []));
    expect(large.sheets.map(({ name, hidden, hiddenRows, lists }) => ({ name, hidden, hiddenRows, lists }))).toEqual(
      small.sheets.map(({ name, hidden, hiddenRows, lists }) => ({ name, hidden, hiddenRows, lists })),
    );
    expect(large.sheets[0]?.hiddenRows).toEqual([9]);
    expect(large.sheets[0]?.lists).toEqual([{ column: 5, values: ['甲', '乙'] }]);
  });

  it('reads CSV in any encoding to the same rows as at once, whatever is quoted', async () => {
    const text = `客户名称,备注,编号\r\n${Array.from({ length: 30_000 }, (_, at) => `客户${at},"急,\n""加急""${at}",${at % 4 === 0 ? '' : `000${at}`}`).join('\r\n')}\r\n`;
    for (const encoding of ['utf8', 'gb18030', 'utf16le']) {
      const bytes = iconv.encode(encoding === 'utf16le' ? `\ufeff${text}` : text, encoding);
      expect(allRows(await readLarge(bytes))).toEqual(trimmed((await readWorkbook(bytes)).sheets[0]?.rows ?? []));
    }
  });

  it('refuses what is cut short, too wide or out of order', async () => {
    const bytes = Buffer.from(
      await writeXlsx({ sheets: [{ name: 'a', rows: Array.from({ length: 5000 }, (_, at) => [at, `甲${at}`]) }] }),
    );
    for (const share of [0.3, 0.7, 0.95])
      await expect(readLarge(bytes.subarray(0, Math.floor(bytes.length * share)))).rejects.toMatchObject({
        code: 'invalid_file',
      });
    const wide = Array.from({ length: 201 }, (_, at) => `列${at}`);
    await expect(
      readLarge(Buffer.from(await writeXlsx({ sheets: [{ name: 'a', rows: [wide] }] }))),
    ).rejects.toMatchObject({ code: 'invalid_file' });
    await expect(readLarge(Buffer.from(`${wide.join(',')}\n`))).rejects.toMatchObject({ code: 'invalid_file' });
  });
});
