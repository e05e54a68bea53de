import { readFile } from 'node:fs/promises';
import { deflateRawSync } from 'node:zlib';
import { write } from 'hucre';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { sheetXml, zipOf } from '../../../../test/support/workbooks.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { readWorkbook } from './read-workbook.js';
import { workbookLimits } from './workbook.js';

const fixture = (name: string) => readFile(new URL(`../../../../test/fixtures/${name}`, import.meta.url));

async function refusal(bytes: Buffer): Promise<string> {
  const error = await readWorkbook(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe('invalid_file');
  return String((error as AppError).params.detail);
}

describe('readWorkbook', () => {
  it('reads the ledger', async () => {
    const { sheets } = await readWorkbook(await fixture('客户台账.xlsx'));
    expect(sheets.map((sheet) => [sheet.name, sheet.rows.length, sheet.hidden])).toEqual([
      ['客户', 4043, false],
      ['跟进记录', 4001, false],
      ['填写说明', 1, false],
    ]);
    expect(sheets[0]?.rows[3]?.slice(0, 3)).toEqual([1, '*ST腾邦', '旅游服务']);
    expect(sheets[0]?.rows[4]?.[15]).toEqual(new Date('2025-11-28T00:00:00Z'));
  });

  it('reads the list of companies in GB18030 with its leading zeros', async () => {
    const { sheets } = await readWorkbook(await fixture('listed-companies.gb18030.csv'));
    expect(sheets[0]?.rows).toHaveLength(4348);
    expect(sheets[0]?.rows.slice(0, 2)).toEqual([
      [null, 'TS代码', '股票代码', '股票名称', '行业'],
      ['0', '000001.SZ', '000001', '平安银行', '银行'],
    ]);
  });

  it.each(['utf8', 'gb18030', 'utf16le', 'utf16be'])('detects %s', async (encoding) => {
    const text = '客户名称,备注\n巴比食品,"急,\n加急😀"\n';
    const bytes = iconv.encode(encoding.startsWith('utf16') ? `\ufeff${text}` : text, encoding);
    const { sheets } = await readWorkbook(bytes);
    expect(sheets[0]?.rows).toEqual([
      ['客户名称', '备注'],
      ['巴比食品', '急,\n加急😀'],
    ]);
  });

  it('gives every row of a vertical merge its value, and hides nothing but says what is hidden', async () => {
    const bytes = await write({
      sheets: [
        {
          name: '一',
          rows: [
            ['客户', '电话'],
            ['甲', '1'],
            [null, '2'],
          ],
          merges: [{ startRow: 1, endRow: 2, startCol: 0, endCol: 0 }],
        },
        { name: '二', rows: [['x']], hidden: true },
      ],
    });
    const { sheets } = await readWorkbook(Buffer.from(bytes));
    expect(sheets.map((sheet) => [sheet.hidden, sheet.rows.at(-1)])).toEqual([
      [false, ['甲', '2']],
      [true, ['x']],
    ]);
  });

  it('reads ods', async () => {
    const bytes = await write({
      format: 'ods',
      sheets: [
        {
          name: '客户',
          rows: [
            ['客户名称', '电话'],
            ['甲', '010-65308888'],
          ],
        },
      ],
    });
    expect((await readWorkbook(Buffer.from(bytes))).sheets).toMatchObject([
      {
        name: '客户',
        rows: [
          ['客户名称', '电话'],
          ['甲', '010-65308888'],
        ],
      },
    ]);
  });

  it('reads a web page saved as .xls', async () => {
    const page =
      '<html><body><table><tr><th>客户名称</th><th>电话</th></tr><tr><td>甲</td><td>010-65308888</td></tr></table></body></html>';
    expect((await readWorkbook(Buffer.from(page))).sheets[0]?.rows).toEqual([
      ['客户名称', '电话'],
      ['甲', '010-65308888'],
    ]);
  });

  it('refuses what is no sheet, in words that say how to mend it', async () => {
    expect(await refusal(Buffer.alloc(0))).toBe('文件是空的');
    expect(await refusal(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]))).toContain('不是表格文件');
    expect(await refusal(Buffer.from('%PDF-1.7\n'))).toContain('不是表格文件');
    expect(await refusal(Buffer.from('{"a":1}'))).toContain('不是表格文件');
    expect(await refusal(Buffer.alloc(workbookLimits.wholeBytes + 1, 0x61))).toContain('50 MB');
    expect(await refusal(Buffer.from('\n\n\n'))).toContain('没有数据');
    const word = zipOf([{ name: 'word/document.xml', data: Buffer.from('<w/>') }]);
    expect(await refusal(word)).toContain('不是表格文件');
  });

  it('refuses a truncated workbook at any length', async () => {
    const whole = await fixture('客户台账.xlsx');
    for (const share of [0.0001, 0.01, 0.3, 0.6, 0.9, 0.999]) {
      expect(await refusal(whole.subarray(0, Math.ceil(whole.length * share)))).toMatch(/损坏|不是表格/);
    }
  });

  it('refuses a workbook with a password', async () => {
    const bytes = await write({
      sheets: [{ name: 'a', rows: [['客户']] }],
      encryption: { password: 'x', spinCount: 1000 },
    });
    expect(await refusal(Buffer.from(bytes))).toContain('密码');
  });

  it('refuses a zip bomb whatever it declares, without unpacking it', async () => {
    const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, 0x20), { level: 9 });
    const entries = Array.from({ length: 8 }, (_, index) => ({
      name: `xl/worksheets/sheet${index}.xml`,
      packed: bomb,
      declared: 10,
    }));
    const before = process.memoryUsage().rss;
    expect(await refusal(zipOf(entries))).toContain('过大');
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  it('refuses too many columns and rows', async () => {
    const wide = Array.from({ length: 201 }, (_, index) => `列${index}`);
    expect(await refusal(Buffer.from(await write({ sheets: [{ name: 'a', rows: [wide, wide] }] })))).toContain(
      '201 列',
    );
    expect(await refusal(Buffer.from(`${wide.join(',')}\n`))).toContain('201 列');
    expect(await refusal(Buffer.from(`a${','.repeat(30_000)}\n`))).toContain('200 列');
    expect(await refusal(Buffer.from('a\n'.repeat(workbookLimits.rows + 1)))).toContain('100 万行');
    const corner = sheetXml(
      '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    );
    expect(await refusal(corner)).toMatch(/过多|200 列|损坏/);
  });

  it('does not expand entities', async () => {
    const lol = `<!DOCTYPE x [<!ENTITY a "${'z'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}"><!ENTITY c "${'&b;'.repeat(1000)}">]>`;
    const bytes = sheetXml('<row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row>', lol);
    const read = await readWorkbook(bytes).catch((error: unknown) => error);
    const text =
      read instanceof AppError
        ? ''
        : String((read as Awaited<ReturnType<typeof readWorkbook>>).sheets[0]?.rows[0]?.[0]);
    expect(text.length).toBeLessThan(100);
  });
});
