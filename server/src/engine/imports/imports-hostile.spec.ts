import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { deflateRawSync } from 'node:zlib';
import { writeXlsx } from 'hucre';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestEngine } from '../../../test/support/engine.js';
import { Company, closeImportEngine, createImportEngine, fixture } from '../../../test/support/imports.js';
import { sheetXml, zipOf } from '../../../test/support/workbooks.js';

let engine: TestEngine;
let company: Company;
beforeAll(async () => {
  engine = await createImportEngine();
  company = await Company.open(engine);
});
afterAll(() => closeImportEngine(engine));

/** Any refusal comes within this time, in ms, and takes no more than these bytes. */
const bounds = { ms: 20_000, bytes: 400 * 1024 * 1024 };

const book = async (rows: unknown[][], more: object = {}) =>
  Buffer.from(await writeXlsx({ sheets: [{ name: 'a', rows: rows as never, ...more }] }));
const cell = (place: string, text: string) => `<c r="${place}" t="inlineStr"><is><t>${text}</t></is></c>`;
const table = `<row r="1">${cell('A1', '客户')}${cell('B1', '电话')}</row><row r="2">${cell('A2', '甲')}${cell('B2', '1')}</row>`;
const merges = (ranges: string[]) =>
  `<mergeCells count="${ranges.length}">${ranges.map((range) => `<mergeCell ref="${range}"/>`).join('')}</mergeCells>`;
const manyRows = Array.from(
  { length: 20_000 },
  (_, at) => `<row r="${at + 1}">${cell(`A${at + 1}`, `客户${at}`)}</row>`,
).join('');

const hostile: [string, string, () => Buffer | Promise<Buffer>, RegExp][] = [
  [
    'a zip bomb',
    'x.xlsx',
    () => {
      const packed = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, 0x20), { level: 9 });
      return zipOf(
        Array.from({ length: 8 }, (_, at) => ({ name: `xl/worksheets/sheet${at}.xml`, packed, declared: 10 })),
      );
    },
    /过大/,
  ],
  [
    'a million columns',
    'x.csv',
    () => Buffer.from(`${Array.from({ length: 1_000_000 }, (_, at) => `c${at}`).join(',')}\n1\n`),
    /200 列/,
  ],
  ['more columns than a sheet may have', 'x.xlsx', () => sheetXml(`<row r="1">${cell('ZZZZ1', 'x')}</row>`), /列|损坏/],
  [
    'a formula that calls a program',
    'x.csv',
    () => Buffer.from(`客户,电话\n甲,"=cmd|'/C calc'!A0"\n`),
    /第 2 行.*运行别的程序/,
  ],
  [
    'the same in a workbook',
    'x.xlsx',
    () => book([['客户'], ["@SUM(1+9)*cmd|' /C calc'!A0"]]),
    /第 2 行.*运行别的程序/,
  ],
  [
    'macros',
    'x.xlsm',
    async () =>
      Buffer.from(
        await writeXlsx({ sheets: [{ name: 'a', rows: [['客户'], ['甲']] }], vbaProject: new Uint8Array([1, 2, 3]) }),
      ),
    /宏/,
  ],
  [
    'headers merged over the whole sheet again and again',
    'x.xlsx',
    () => sheetXml(manyRows, '', merges(Array.from({ length: 2000 }, (_, at) => `A${at + 1}:XFD1048576`))),
    /合并的单元格过多/,
  ],
  [
    'a picture called .xlsx',
    'x.xlsx',
    () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0, 0, 0, 13]),
    /不是表格/,
  ],
  ['a program called .csv', 'x.csv', () => Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2000)]), /不是表格/],
  [
    'a document called .xlsx',
    'x.xlsx',
    () => zipOf([{ name: 'word/document.xml', data: Buffer.from('<w/>') }]),
    /不是表格/,
  ],
  ['a truncated workbook', 'x.xlsx', async () => (await fixture('客户台账.xlsx')).subarray(0, 300_000), /损坏/],
  [
    'a workbook with a password',
    'x.xlsx',
    async () =>
      Buffer.from(
        await writeXlsx({ sheets: [{ name: 'a', rows: [['客户']] }], encryption: { password: 'x', spinCount: 1000 } }),
      ),
    /密码/,
  ],
  ['nothing', 'x.xlsx', () => Buffer.alloc(0), /空/],
];

async function written(): Promise<{ rows: number; files: number }> {
  const [row] = await engine.kernel.database.withTenant({ tenantId: company.tenant.id }, (tx) =>
    tx.sql<{ n: number }>('SELECT count(*)::int AS n FROM lianke.import'),
  );
  const folder = join(engine.kernel.config.home, 'files');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return { rows: row?.n ?? 0, files: files.length };
}

it.each(hostile)('refuses %s in bounded time and memory, and writes nothing', async (_, name, make, why) => {
  // A first upload makes the folder.
  await company.upload(Buffer.from('客户\n甲\n'), 'ok.csv');
  const content = await make();
  const before = await written();
  const [memory, start] = [process.memoryUsage().rss, performance.now()];
  const refusal = await company.upload(content, name).then(
    () => 'taken in',
    (error: { code?: string; params?: { detail?: string } }) => `${error.code}: ${error.params?.detail}`,
  );
  expect(refusal).toMatch(/^invalid_file: /);
  expect(refusal).toMatch(why);
  expect(performance.now() - start).toBeLessThan(bounds.ms);
  expect(process.memoryUsage().rss - memory).toBeLessThan(bounds.bytes);
  expect(await written()).toEqual(before);
});

it('takes a workbook under the name of another kind, and formulas that only look like ones stay texts', async () => {
  const renamed = await company.upload(await book([['客户名称'], ['甲']]), '客户.csv');
  expect(renamed.sheets[0]?.columns[0]?.samples).toEqual(['甲']);
  const texts = await company.upload(Buffer.from('客户名称,备注\n甲,=1+1\n乙,-王芳|上午!下午\n丙,@a|b!\n'), '客户.csv');
  expect(texts.sheets[0]?.columns[1]?.samples).toEqual(['=1+1', '-王芳|上午!下午', '@a|b!']);
});

it('reads a header merged over rows and columns', async () => {
  const taken = await company.upload(sheetXml(table, '', merges(['A1:A1', 'C1:XFD1', 'A3:A1048576'])), '客户.xlsx');
  expect(taken.sheets[0]?.rows).toBe(1);
});
