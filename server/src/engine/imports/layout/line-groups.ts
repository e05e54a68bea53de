import { cellText } from '@lianke/shared/fields/sheet-text';
import type { Merge, SheetRow, SheetRows } from '../workbook/workbook.js';

/** Rows by the record they are lines of. */
export interface LineGroups {
  /** The first row of each record, in order. */
  heads: number[];
  /** All rows of a record by its first one; left out where there is only that. */
  lines: ReadonlyMap<number, readonly number[]>;
}

/** For each row under the first of a merged cell, where that cell begins. Cells of `columns` are not looked at. */
export function mergedBelow(merges: readonly Merge[], without: ReadonlySet<number>, rows: number): Map<number, number> {
  const starts = new Map<number, number>();
  for (const { startRow, endRow, startCol } of merges) {
    if (endRow === startRow || without.has(startCol)) continue;
    for (let row = startRow + 1; row <= Math.min(endRow, rows - 1); row++)
      starts.set(row, Math.min(startRow, starts.get(row) ?? startRow));
  }
  return starts;
}

/**
 * Puts rows together that are one record: those beside a cell merged over them; those that hold nothing but lines; and, in a
 * sheet without such merges, those that repeat what the record's first row says.
 * @param own columns of the record itself
 * @param lines columns of its lines
 */
export function groupLines(
  rows: SheetRows,
  dataRows: readonly number[],
  merges: readonly Merge[],
  own: readonly number[],
  lines: readonly number[],
): LineGroups {
  const starts = mergedBelow(merges, new Set(lines), rows.length);
  const first = dataRows[0] ?? 0;
  const merged = [...starts.values()].some((start) => start >= first);
  const heads: number[] = [];
  const groups = new Map<number, number[]>();
  let head: number | undefined;
  let said: string[] = [];
  for (const at of dataRows) {
    const row = rows.at(at) ?? [];
    const start = starts.get(at);
    const joins =
      head !== undefined &&
      ((start !== undefined && start <= head && start >= first) ||
        isLine(row, own, lines) ||
        (!merged && repeats(row, own, said)));
    if (head !== undefined && joins) {
      const group = groups.get(head);
      if (group) group.push(at);
      else groups.set(head, [head, at]);
      continue;
    }
    head = at;
    heads.push(at);
    said = own.map((column) => cellText(row[column] ?? null));
  }
  return { heads, lines: groups };
}

function isLine(row: SheetRow, own: readonly number[], lines: readonly number[]): boolean {
  const filled = (column: number) => (row[column] ?? null) !== null;
  return !own.some(filled) && lines.some(filled);
}

function repeats(row: SheetRow, own: readonly number[], said: readonly string[]): boolean {
  let same = 0;
  for (const [place, column] of own.entries()) {
    const cell = row[column] ?? null;
    if (cell === null) continue;
    if (cellText(cell) !== said[place]) return false;
    same++;
  }
  return same > 0;
}

/** Columns that hold something beside the lower parts of merged cells, and are not merged themselves: a record's lines. */
export function lineColumns(rows: SheetRows, dataRows: readonly number[], merges: readonly Merge[]): Set<number> {
  const [first] = dataRows;
  const found = new Set<number>();
  if (first === undefined) return found;
  const upright = merges.filter(({ startRow, endRow }) => endRow > startRow && startRow >= first);
  const merged = new Set(upright.map(({ startCol }) => startCol));
  for (const at of mergedBelow(upright, new Set(), rows.length).keys())
    for (const [column, cell] of (rows.at(at) ?? []).entries())
      if (cell !== null && !merged.has(column)) found.add(column);
  return found;
}
