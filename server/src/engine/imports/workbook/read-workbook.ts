import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { type CellValue, EncryptedFileError, fromHtml, HucreError, parseCsv, read, type Sheet } from 'hucre';
import { AppError } from '../../../kernel/errors/app-error.js';
import { decodeText, notASheet } from './decode-text.js';
import { badFile, type ReadWorkbook, workbookLimits } from './workbook.js';
import { guardZip } from './zip-guard.js';

const zipMagic = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
const oleMagic = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
/** More separators than this in one line means a file far beyond the column limit, not a long note. */
const maxSeparators = 20_000;

/**
 * Reads xlsx, xlsb, xls, ods, csv (UTF-8, UTF-16, GB18030) and tables saved as web page, by content and never by extension.
 * @throws AppError `invalid_file` with what is wrong and how to mend it
 */
export async function readWorkbook(bytes: Buffer): Promise<ReadWorkbook> {
  if (bytes.length === 0) throw badFile('文件是空的');
  if (bytes.length > workbookLimits.fileBytes) throw badFile('文件超过 50 MB，请拆成几个文件再上传');
  const sheets = await readSheets(bytes);
  return checked({ sheets });
}

async function readSheets(bytes: Buffer): Promise<ReadWorkbook['sheets']> {
  const packed = bytes.subarray(0, 4).equals(zipMagic);
  if (packed) await guardZip(bytes);
  if (packed || bytes.subarray(0, 8).equals(oleMagic)) {
    try {
      return (await read(bytes)).sheets.map(sheetOf);
    } catch (error) {
      throw refusal(error);
    }
  }
  const text = decodeText(bytes);
  const start = text.slice(0, 2000).trimStart().toLowerCase();
  if (start.startsWith('<?xml') || start.startsWith('{') || start.startsWith('%pdf')) throw notASheet();
  try {
    if (/^<(!doctype html|html|table|meta|head)/.test(start)) return [sheetOf(fromHtml(text))];
    refuseWideLine(text);
    const rows = parseCsv(text, { maxRows: workbookLimits.rows + 1, typeInference: false });
    return [sheetOf({ name: '', rows: rows.map((row) => row.map(withoutGuard)) })];
  } catch (error) {
    throw refusal(error);
  }
}

function sheetOf(
  sheet: Pick<Sheet, 'name' | 'rows' | 'merges' | 'hidden' | 'veryHidden'>,
): ReadWorkbook['sheets'][number] {
  const { rows } = sheet as { rows: SheetCell[][] };
  // In place: a large sheet is not held twice.
  for (const row of rows) for (let at = 0; at < row.length; at++) row[at] = cellOf(row[at] ?? null);
  for (const merge of sheet.merges ?? []) {
    // One name merged over several rows means all of them.
    if (merge.endCol !== merge.startCol) continue;
    const value = rows[merge.startRow]?.[merge.startCol] ?? null;
    for (let at = merge.startRow + 1; at <= merge.endRow; at++) {
      const row = rows[at];
      if (row) row[merge.startCol] = value;
    }
  }
  while (rows.length > 0 && rows.at(-1)?.every((cell) => cell === null)) rows.pop();
  return { name: sheet.name.trim(), hidden: sheet.hidden === true || sheet.veryHidden === true, rows };
}

/** Programs put an apostrophe before a text that a spreadsheet would take for a formula. */
function withoutGuard(cell: CellValue): CellValue {
  return typeof cell === 'string' && /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

function cellOf(cell: CellValue): SheetCell {
  return typeof cell === 'string' && cell.trim() === '' ? null : cell;
}

function checked(workbook: ReadWorkbook): ReadWorkbook {
  let cells = 0;
  for (const [index, sheet] of workbook.sheets.entries()) {
    const which = workbook.sheets.length > 1 ? `第 ${index + 1} 个工作表` : '文件';
    if (sheet.rows.length > workbookLimits.rows) throw badFile(`${which}超过 100 万行，请拆成几个文件再上传`);
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
      throw badFile(`${which}有 ${width} 列，最多 ${workbookLimits.columns} 列，请删去不用的列再上传`);
    for (const row of sheet.rows) if (row.length > width) row.length = width;
  }
  if (cells > workbookLimits.cells) throw badFile('文件的单元格过多，请拆成几个文件再上传');
  if (workbook.sheets.every((sheet) => sheet.rows.length === 0)) throw badFile('文件里没有数据');
  return workbook;
}

function refuseWideLine(text: string): void {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) count = 0;
    else if ((code === 0x2c || code === 0x09 || code === 0x3b || code === 0x7c) && ++count > maxSeparators) {
      throw badFile(`文件超过 ${workbookLimits.columns} 列，请删去不用的列再上传`);
    }
  }
}

function refusal(error: unknown): Error {
  if (error instanceof AppError) return error;
  if (error instanceof EncryptedFileError) return badFile('文件有密码，请在 WPS 或 Excel 中取消密码后再上传');
  if (error instanceof HucreError && /cells|limit|maximum|too many|exceed/i.test(error.message)) {
    return badFile('文件的行或列过多，请拆成几个文件再上传');
  }
  // The reader meets hostile bytes here: whatever it throws, the file is at fault.
  return badFile('文件不完整或已损坏，请在 WPS 或 Excel 中打开，另存为 .xlsx 后再上传');
}
