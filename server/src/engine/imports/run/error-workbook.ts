import { shownCell } from '@lianke/shared/fields/sheet-pictures';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { type Cell, writeXlsx } from 'hucre';
import { reasonHeader } from '../columns/propose-plan.js';
import type { FailedRow, StoredPlan } from '../import-row.js';
import { importedTable, linesOfPlan } from '../plan/grouping.js';
import { colourHeader } from '../workbook/coloured-rows.js';
import type { Workbook } from '../workbook/workbook.js';

/**
 * The rows that did not come in, as they stood in the file, under their titles and header, with the reason in a last column:
 * mended, it imports again (the last column is never read).
 */
export async function errorWorkbook(
  workbook: Workbook,
  plan: StoredPlan,
  failed: readonly FailedRow[],
): Promise<Buffer> {
  const sheets = plan.sheets.flatMap((sheet) => {
    const source = workbook.sheets[sheet.index];
    if (!source || sheet.headerRow === null) return [];
    const groups =
      sheet.grouping?.as === 'subform' ? linesOfPlan(source, sheet, importedTable(source, sheet)) : undefined;
    // A record goes with its lines.
    const rows = failed
      .filter((row) => row.sheet === sheet.index)
      .flatMap((row) => (groups?.lines.get(row.row) ?? [row.row]).map((at) => ({ ...row, row: at })));
    if (rows.length === 0) return [];
    const head = source.rows.slice(0, sheet.headerRow + 1);
    const width = Math.max(
      ...head.map((row) => row.length),
      ...rows.map((row) => source.rows.at(row.row)?.length ?? 0),
    );
    const lines = head.map((row, index) =>
      index === sheet.headerRow ? [...withColourHeader(padded(row, width), source), reasonHeader] : row.map(shownCell),
    );
    for (const row of rows) lines.push([...padded(source.rows.at(row.row) ?? [], width), row.reason]);
    return [
      {
        name: sheet.name === '' ? 'Sheet1' : sheet.name,
        rows: lines,
        cells: dateCells(lines),
        freezePane: { rows: sheet.headerRow + 1 },
      },
    ];
  });
  if (sheets.length === 0)
    return Buffer.from(await writeXlsx({ sheets: [{ name: 'Sheet1', rows: [['没有未导入的行']] }] }));
  return Buffer.from(await writeXlsx({ sheets }));
}

function withColourHeader(header: SheetCell[], { colours }: Workbook['sheets'][number]): SheetCell[] {
  if (colours && colours.column < header.length) header[colours.column] = colourHeader;
  return header;
}

function padded(row: readonly SheetCell[], width: number): SheetCell[] {
  return Array.from({ length: width }, (_, index) => shownCell(row[index] ?? null));
}

/** Dates need a format of their own, or they would read as numbers. */
function dateCells(rows: readonly (readonly SheetCell[])[]): Map<string, Partial<Cell>> {
  const cells = new Map<string, Partial<Cell>>();
  for (const [at, row] of rows.entries()) {
    for (const [column, cell] of row.entries()) {
      if (!(cell instanceof Date)) continue;
      const timed = cell.getTime() % 86_400_000 !== 0;
      cells.set(`${at},${column}`, { value: cell, style: { numFmt: timed ? 'yyyy-mm-dd hh:mm' : 'yyyy-mm-dd' } });
    }
  }
  return cells;
}
