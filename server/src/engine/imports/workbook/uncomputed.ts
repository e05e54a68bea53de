import type { Uncomputed } from './workbook.js';

const named = 20;

/** Gathers formulas without a result as a sheet is read. */
export class UncomputedCells {
  private readonly found: Uncomputed = { count: 0, cells: [] };

  /** @param row 0-based, as `column` */
  add(row: number, column: number): void {
    this.found.count++;
    if (this.found.cells.length < named) this.found.cells.push(`${columnName(column)}${row + 1}`);
  }

  /** Undefined when there are none. */
  end(): Uncomputed | undefined {
    return this.found.count > 0 ? this.found : undefined;
  }
}

/** `AB` of a 0-based column. */
export function columnName(column: number): string {
  let name = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}
