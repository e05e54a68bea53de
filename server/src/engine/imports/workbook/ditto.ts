import type { SheetCell } from '@lianke/shared/fields/sheet-types';

const same = /^(?:同上|同前|如上|〃|″|〞|'{2}|"|”)$/;

/** Cells that say 同上 get what stands above them. */
export function withDittos(row: SheetCell[], above: readonly SheetCell[]): SheetCell[] {
  for (let at = 0; at < row.length; at++) {
    const cell = row[at];
    if (typeof cell === 'string' && cell.length <= 4 && same.test(cell.trim())) row[at] = above[at] ?? null;
  }
  return row;
}
