import { type PackedCells, PackedRows, packCells } from './packed-rows.js';
import type { ReadWorkbook, Workbook } from './workbook.js';

/** A workbook on its way from the thread that read it. */
export interface PackedWorkbook {
  sheets: { name: string; hidden: boolean; cells: PackedCells }[];
}

/** Takes the rows out of what was read. */
export function packWorkbook({ sheets }: ReadWorkbook): PackedWorkbook {
  return { sheets: sheets.map(({ name, hidden, rows }) => ({ name, hidden, cells: packCells(rows) })) };
}

export function unpackWorkbook({ sheets }: PackedWorkbook): Workbook {
  return { sheets: sheets.map(({ name, hidden, cells }) => ({ name, hidden, rows: new PackedRows(cells) })) };
}
