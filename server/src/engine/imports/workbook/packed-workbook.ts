import { ColouredRows } from './coloured-rows.js';
import { type PackedCells, PackedRows, packCells } from './packed-rows.js';
import { type Fills, Spool, SpooledRows, type SpooledSheet } from './row-spool.js';
import type { Merge, Picture, ReadSheet, SheetExtras, Workbook } from './workbook.js';

/** A workbook on its way from the thread that read it. */
export interface PackedWorkbook {
  sheets: (SheetExtras & { name: string; hidden: boolean; cells?: PackedCells; spooled?: SpooledSheet })[];
  pictures?: Picture[];
}

/** Takes the rows out of what was read. */
export function packWorkbook({
  sheets,
  pictures,
}: Pick<PackedWorkbook, 'pictures'> & { sheets: ReadSheet[] }): PackedWorkbook {
  return {
    ...(pictures && { pictures }),
    sheets: sheets.map(({ rows, ...sheet }) => ({ ...sheet, ...(rows && { cells: packCells(rows) }) })),
  };
}

/** @param spoolPath where the rows of large sheets are */
export function unpackWorkbook({ sheets, pictures }: PackedWorkbook, spoolPath: string): Workbook {
  const spool = sheets.some((sheet) => sheet.spooled) ? new Spool(spoolPath) : undefined;
  return {
    ...(pictures && { pictures }),
    sheets: sheets.map(({ cells, spooled, ...sheet }) => {
      const rows =
        spooled && spool
          ? new SpooledRows(spool, spooled, { fills: fillsOf(sheet.merges) })
          : cells
            ? new PackedRows(cells)
            : [];
      return { ...sheet, rows: sheet.colours ? new ColouredRows(rows, sheet.colours) : rows };
    }),
  };
}

/** One name merged over several rows means all of them. */
function fillsOf(merges: readonly Merge[]): Fills {
  const fills = new Map<number, { column: number; from: number }[]>();
  for (const { startRow, endRow, startCol } of merges) {
    for (let row = startRow + 1; row <= endRow; row++) {
      const fill = { column: startCol, from: startRow };
      const known = fills.get(row);
      if (known) known.push(fill);
      else fills.set(row, [fill]);
    }
  }
  return fills;
}
