import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import {
  type CellValue,
  type DataValidation,
  EncryptedFileError,
  fromHtml,
  HucreError,
  parseCsv,
  read,
  type Sheet,
} from 'hucre';
import { AppError } from '../../../kernel/errors/app-error.js';
import { decodeText, notASheet } from './decode-text.js';
import { withDittos } from './ditto.js';
import { readLargeCsv } from './large/read-large-csv.js';
import { readLargeXlsx } from './large/read-large-xlsx.js';
import { columnOf } from './large/sheet-rows.js';
import { isPictureCall } from './pictures.js';
import { SpoolWriter } from './row-spool.js';
import { withLooks } from './sheet-looks.js';
import { UncomputedCells } from './uncomputed.js';
import { boundedMerges, refuseProgramCall } from './unsafe.js';
import {
  badFile,
  type Picture,
  type ReadSheet,
  type ReadWorkbook,
  type Uncomputed,
  workbookLimits,
} from './workbook.js';
import { isXmlWorkbook, readXmlWorkbook } from './xml-workbook.js';
import { ZipFile } from './zip-file.js';
import { guardZip } from './zip-guard.js';

const zipMagic = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
const oleMagic = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
/** Bytes of worksheets, and of a CSV file, above which rows are read one by one into a spool. */
const large = { sheets: 48 * 1024 * 1024, csv: 12 * 1024 * 1024 };
/** More separators than this in one line means a file far beyond the column limit, not a long note. */
const maxSeparators = 20_000;

/**
 * Reads the workbook in a file: a small one whole, a large xlsx or csv row by row into `spoolPath`.
 * @throws AppError `invalid_file` with what is wrong and how to mend it
 */
export async function readWorkbookFile(
  path: string,
  spoolPath: string,
  above: typeof large = large,
): Promise<{ sheets: ReadSheet[]; pictures?: Picture[] }> {
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    if (size === 0) throw badFile({ zh: '文件是空的', en: 'the file is empty' });
    if (size > workbookLimits.fileBytes)
      throw badFile({
        zh: '文件超过 200 MB，请拆成几个文件再上传',
        en: 'the file is larger than 200 MB; split it into several files and upload again',
      });
    const head = Buffer.alloc(8);
    readSync(file, head, 0, 8, 0);
    if (head.subarray(0, 4).equals(zipMagic)) {
      const zip = size > above.sheets / 100 ? new ZipFile(path, file) : undefined;
      const sheets = [...(zip?.entries.values() ?? [])].filter((entry) => /worksheets\/[^/]+\.xml$/.test(entry.name));
      if (zip && sheets.reduce((sum, entry) => sum + entry.unpacked, 0) > above.sheets)
        return checked(await readLargeXlsx(zip, spoolPath).catch(refuse));
    } else if (size > above.csv && !head.equals(oleMagic) && !isMarkup(head)) {
      const spool = new SpoolWriter(spoolPath);
      try {
        return checked({ sheets: [await readLargeCsv(path, spool, withoutGuard).catch(refuse)] });
      } finally {
        spool.close();
      }
    }
    const read = await readWorkbook(readFileSync(path));
    return head.subarray(0, 4).equals(zipMagic) ? await withLooks(new ZipFile(path, file), read).catch(refuse) : read;
  } finally {
    closeSync(file);
  }
}

function refuse(error: unknown): never {
  throw refusalOf(error);
}

function isMarkup(head: Buffer): boolean {
  return /^[\ufeff\s]*[<{%]/.test(head.toString('utf8'));
}

/**
 * Reads xlsx, xlsb, xls, ods, csv (UTF-8, UTF-16, GB18030), XML Spreadsheet 2003 and tables saved as web page, by content and never by extension.
 * @throws AppError `invalid_file` with what is wrong and how to mend it
 */
export async function readWorkbook(bytes: Buffer): Promise<ReadWorkbook> {
  if (bytes.length === 0) throw badFile({ zh: '文件是空的', en: 'the file is empty' });
  if (bytes.length > workbookLimits.wholeBytes)
    throw badFile({
      zh: '文件超过 50 MB，请拆成几个文件再上传',
      en: 'the file is larger than 50 MB; split it into several files and upload again',
    });
  const sheets = await readSheets(bytes);
  return checked({ sheets });
}

async function readSheets(bytes: Buffer): Promise<ReadWorkbook['sheets']> {
  const packed = bytes.subarray(0, 4).equals(zipMagic);
  if (packed) await guardZip(bytes);
  const ole = !packed && bytes.subarray(0, 8).equals(oleMagic);
  // The storage that macros of xls files stand in ([MS-XLS] 2.1.2).
  if (ole && bytes.includes(Buffer.from('_VBA_PROJECT_CUR', 'utf16le')))
    throw badFile({
      zh: '文件里有宏，请在 WPS 或 Excel 中另存为不带宏的 .xlsx 后再上传',
      en: 'the file contains macros; save it as .xlsx without macros in WPS or Excel and upload it again',
    });
  if (packed || ole) {
    try {
      return (await read(bytes)).sheets.map(sheetOf);
    } catch (error) {
      throw refusalOf(error);
    }
  }
  const text = decodeText(bytes);
  const start = text.slice(0, 2000).trimStart().toLowerCase();
  const xml = isXmlWorkbook(text);
  if (!xml && start.startsWith('<?xml')) throw notASheet();
  if (start.startsWith('{') || start.startsWith('%pdf')) throw notASheet();
  try {
    if (xml) return readXmlWorkbook(text).map(sheetOf);
    if (/^<(!doctype html|html|table|meta|head)/.test(start)) return [sheetOf(fromHtml(text))];
    refuseWideLine(text);
    const rows = parseCsv(text, { maxRows: workbookLimits.rows + 1, typeInference: false });
    return [
      sheetOf({
        name: '',
        rows: rows.map((row) => row.map((cell) => (typeof cell === 'string' ? withoutGuard(cell) : cell))),
      }),
    ];
  } catch (error) {
    throw refusalOf(error);
  }
}

function sheetOf(
  sheet: Pick<Sheet, 'name' | 'rows' | 'merges' | 'hidden' | 'veryHidden' | 'rowDefs' | 'dataValidations' | 'cells'>,
): ReadWorkbook['sheets'][number] {
  const { rows } = sheet as { rows: SheetCell[][] };
  // In place: a large sheet is not held twice.
  for (const [index, row] of rows.entries()) {
    for (let at = 0; at < row.length; at++) {
      row[at] = cellOf(row[at] ?? null);
      refuseProgramCall(row[at] ?? null, index);
    }
    withDittos(row, rows[index - 1] ?? []);
  }
  const uncomputed = uncomputedOf(sheet.cells);
  const merges = boundedMerges(sheet.merges ?? [], rows.length);
  for (const merge of merges) {
    // One name merged over several rows means all of them.
    const value = rows[merge.startRow]?.[merge.startCol] ?? null;
    for (let at = merge.startRow + 1; at <= merge.endRow; at++) {
      const row = rows[at];
      if (row) row[merge.startCol] = value;
    }
  }
  while (rows.length > 0 && rows.at(-1)?.every((cell) => cell === null)) rows.pop();
  return {
    name: sheet.name.trim(),
    hidden: sheet.hidden === true || sheet.veryHidden === true,
    rows,
    hiddenRows: [...(sheet.rowDefs ?? [])]
      .filter(([, row]) => row.hidden)
      .map(([at]) => at)
      .sort((a, b) => a - b),
    merges,
    lists: (sheet.dataValidations ?? []).flatMap(listOf),
    ...(uncomputed && { uncomputed }),
  };
}

/** Formulas that were never computed: programs write them without a result, and nothing here computes them. */
function uncomputedOf(cells: Sheet['cells']): Uncomputed | undefined {
  const found = new UncomputedCells();
  for (const [place, cell] of cells ?? []) {
    if (cell.formula === undefined || cell.value !== null || (cell.formulaResult ?? null) !== null) continue;
    if (isPictureCall(cell.formula)) continue;
    const [row = 0, column = 0] = place.split(',').map(Number);
    found.add(row, column);
  }
  return found.end();
}

/** A drop-down list written out in the sheet, by the column it stands in. */
function listOf(rule: DataValidation): ReadSheet['lists'][number][] {
  if (rule.type !== 'list') return [];
  const values = rule.values ?? (/^"([^"]*)"$/.exec(rule.formula1 ?? '')?.[1] ?? '').split(',');
  const column = columnOf(rule.range);
  const named = values.map((value) => value.trim()).filter((value) => value !== '');
  return column < 0 || named.length === 0 ? [] : [{ column, values: named }];
}

/** Programs put an apostrophe before a text that a spreadsheet would take for a formula. */
function withoutGuard(text: string): string {
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}

function cellOf(cell: CellValue): SheetCell {
  return typeof cell === 'string' && cell.trim() === '' ? null : cell;
}

function checked<Read extends { sheets: ReadSheet[] }>(workbook: Read): Read {
  let cells = 0;
  for (const [index, sheet] of workbook.sheets.entries()) {
    const which =
      workbook.sheets.length > 1
        ? { zh: `第 ${index + 1} 个工作表`, en: `sheet ${index + 1}` }
        : { zh: '文件', en: 'the file' };
    if ((sheet.spooled?.rows ?? 0) > workbookLimits.rows + 50)
      throw badFile({
        zh: `${which.zh}超过 100 万行，请拆成几个文件再上传`,
        en: `${which.en} has more than a million rows; split it into several files and upload again`,
      });
    if (!sheet.rows) continue;
    if (sheet.rows.length > workbookLimits.rows)
      throw badFile({
        zh: `${which.zh}超过 100 万行，请拆成几个文件再上传`,
        en: `${which.en} has more than a million rows; split it into several files and upload again`,
      });
    let width = 0;
    for (const row of sheet.rows) {
      cells += row.length;
      for (let at = row.length - 1; at >= width; at--) {
        if (row[at] === null) continue;
        width = at + 1;
        break;
      }
    }
    if (width > workbookLimits.columns)
      throw badFile({
        zh: `${which.zh}有 ${width} 列，最多 ${workbookLimits.columns} 列，请删去不用的列再上传`,
        en: `${which.en} has ${width} columns, at most ${workbookLimits.columns} are allowed; delete those you do not need and upload it again`,
      });
    for (const row of sheet.rows) if (row.length > width) row.length = width;
  }
  if (cells > workbookLimits.cells)
    throw badFile({
      zh: '文件的单元格过多，请拆成几个文件再上传',
      en: 'the file has too many cells; split it into several files and upload again',
    });
  if (workbook.sheets.every((sheet) => (sheet.rows?.length ?? sheet.spooled?.rows ?? 0) === 0))
    throw badFile({ zh: '文件里没有数据', en: 'there is no data in the file' });
  return workbook;
}

function refuseWideLine(text: string): void {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) count = 0;
    else if ((code === 0x2c || code === 0x09 || code === 0x3b || code === 0x7c) && ++count > maxSeparators) {
      throw badFile({
        zh: `文件超过 ${workbookLimits.columns} 列，请删去不用的列再上传`,
        en: `the file has more than ${workbookLimits.columns} columns; delete those you do not need and upload it again`,
      });
    }
  }
}

function refusalOf(error: unknown): Error {
  if (error instanceof AppError) return error;
  if (error instanceof EncryptedFileError)
    return badFile({
      zh: '文件有密码，请在 WPS 或 Excel 中取消密码后再上传',
      en: 'the file has a password; remove the password in WPS or Excel and upload it again',
    });
  if (error instanceof HucreError && /cells|limit|maximum|too many|exceed/i.test(error.message)) {
    return badFile({
      zh: '文件的行或列过多，请拆成几个文件再上传',
      en: 'the file has too many rows or columns; split it into several files and upload again',
    });
  }
  // The reader meets hostile bytes here: whatever it throws, the file is at fault.
  return badFile({
    zh: '文件不完整或已损坏，请在 WPS 或 Excel 中打开，另存为 .xlsx 后再上传',
    en: 'the file is incomplete or damaged; open it in WPS or Excel, save it as .xlsx and upload it again',
  });
}
