import { cellText } from '@lianke/shared/fields/sheet-text';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import type { WorkbookSheet } from '../workbook/workbook.js';

/**
 * The headers of a table's columns. Under a row of groups (客户信息 | 联系人, each merged over its columns) a name that stands
 * under two groups gets its group in front, and a column that only the upper row names takes that name.
 */
export function headersOf(sheet: Pick<WorkbookSheet, 'rows' | 'merges'>, headerRow: number): SheetCell[] {
  const own = [...(sheet.rows.at(headerRow) ?? [])];
  const above = sheet.rows.at(headerRow - 1);
  const groups = (sheet.merges ?? []).filter(
    (merge) => merge.startRow === headerRow - 1 && merge.endRow === headerRow - 1 && merge.endCol > merge.startCol,
  );
  // A title over the whole table is no group.
  const grouped = above && groups.some(({ startCol, endCol }) => endCol - startCol + 1 < own.length);
  if (!grouped) return own;
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
