import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { notASheet } from './decode-text.js';
import { badFile, type Merge } from './workbook.js';

/** Rows that merged cells of one sheet may reach over, all together; hand-made sheets stay far below. */
const maxMergedRows = 1_000_000;
const maxMerges = 200_000;
/** A call of another program through DDE, as in `=cmd|'/C calc'!A0`: no value of a table looks like it. */
const programCall = /^\s*[=+\-@](?:.{0,200}\W)?[A-Za-z][\w.]{0,60}\|[^|]{0,500}![A-Za-z]/s;

/** Refuses a zip file by the names of what is in it: programs inside, calls of programs outside, or no workbook at all. */
export function refuseUnsafeParts(names: readonly string[]): void {
  if (
    names.some((name) => /(?:^|\/)vbaProject[^/]*\.bin$/i.test(name) || /\/(?:macrosheets|dialogsheets)\//i.test(name))
  )
    throw badFile({
      zh: '文件里有宏，请在 WPS 或 Excel 中另存为不带宏的 .xlsx 后再上传',
      en: 'the file contains macros; save it as .xlsx without macros in WPS or Excel and upload it again',
    });
  if (!names.some((name) => /(?:^|\/)workbook[^/]*\.(?:xml|bin)$|^content\.xml$/i.test(name)))
    // Documents, presentations, archives and programs under another name.
    throw notASheet();
}

/** Refuses a cell that spreadsheet programs would take for the call of another program. */
export function refuseProgramCall(cell: SheetCell, row: number): void {
  if (typeof cell !== 'string' || !programCall.test(cell)) return;
  throw badFile({
    zh: `第 ${row + 1} 行的“${cell.slice(0, 30)}”会让表格软件运行别的程序，请删去这个单元格再上传`,
    en: `"${cell.slice(0, 30)}" in row ${row + 1} would make spreadsheet programs run another program; delete this cell and upload the file again`,
  });
}

/** Merged ranges as far as they reach into the rows there are; ranges that would cost more than any table needs are refused. */
export function boundedMerges(merges: readonly Merge[], rows: number): Merge[] {
  if (merges.length > maxMerges) throw tooMany();
  let reach = 0;
  const kept: Merge[] = [];
  for (const merge of merges) {
    if (merge.startRow >= rows) continue;
    const endRow = Math.min(merge.endRow, rows - 1);
    reach += endRow - merge.startRow;
    if (reach > maxMergedRows) throw tooMany();
    kept.push({ ...merge, endRow });
  }
  return kept;
}

function tooMany(): Error {
  return badFile({
    zh: '文件里合并的单元格过多，请取消合并后再上传',
    en: 'the file has too many merged cells; unmerge them and upload it again',
  });
}
