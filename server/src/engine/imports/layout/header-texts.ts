import { cellText } from '@lianke/shared/fields/sheet-text';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { colourHeader } from '../workbook/coloured-rows.js';
import type { Merge, WorkbookSheet } from '../workbook/workbook.js';

type Headed = Pick<WorkbookSheet, 'rows' | 'merges' | 'colours'>;

/** The names merged over several columns above a header; a title over the whole table is none. */
function groupsAbove(sheet: Headed, headerRow: number): Merge[] {
  const width = (sheet.rows.plain ?? sheet.rows).at(headerRow)?.length ?? 0;
  const above = (sheet.merges ?? []).filter(
    (merge) => merge.startRow === headerRow - 1 && merge.endRow === headerRow - 1 && merge.endCol > merge.startCol,
  );
  return above.some(({ startCol, endCol }) => endCol - startCol + 1 < width) ? above : [];
}

/** What stands above each column of a table: 明细 over 品名 and 数量. */
export function groupsOf(sheet: Headed, headerRow: number): (string | undefined)[] {
  const names: (string | undefined)[] = [];
  for (const { startCol, endCol } of groupsAbove(sheet, headerRow)) {
    const name = cellText(sheet.rows.at(headerRow - 1)?.[startCol] ?? null).trim();
    if (name === '') continue;
    for (let column = startCol; column <= endCol; column++) names[column] = name;
  }
  return names;
}

/**
 * The headers of a table's columns. Under a row of groups (客户信息 | 联系人, each merged over its columns) a name that stands
 * under two groups gets its group in front, and a column that only the upper row names takes that name.
 */
export function headersOf(sheet: Headed, headerRow: number): SheetCell[] {
  const headers = headersInFile({ ...sheet, rows: sheet.rows.plain ?? sheet.rows }, headerRow);
  if (!sheet.colours) return headers;
  while (headers.length < sheet.colours.column) headers.push(null);
  headers[sheet.colours.column] = colourHeader;
  return headers;
}

function headersInFile(sheet: Headed, headerRow: number): SheetCell[] {
  const own = [...(sheet.rows.at(headerRow) ?? [])];
  const above = sheet.rows.at(headerRow - 1);
  const groups = groupsAbove(sheet, headerRow);
  if (!above || groups.length === 0) return own;
  const names = own.map((cell) => cellText(cell).trim());
  const width = Math.max(own.length, above.length);
  return Array.from({ length: width }, (_, column) => {
    const group = groups.find(({ startCol, endCol }) => column >= startCol && column <= endCol);
    const upper = cellText(above[group?.startCol ?? column] ?? null).trim();
    const name = names[column] ?? '';
    if (name === '') return group ? null : upper === '' ? null : upper;
    const twice = names.filter((other) => other === name).length > 1;
    return twice && group && upper !== '' && !name.includes(upper) ? `${upper}${name}` : (own[column] ?? null);
  });
}
