import { picturesIn, shownCell } from '@lianke/shared/fields/sheet-pictures';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { type Cell, type SheetImage, writeXlsx } from 'hucre';
import type { FailedRow, StoredPlan } from '../import-row.js';
import { importedTable, linesOfPlan } from '../plan/grouping.js';
import type { ImportWords } from '../words.js';
import { colourHeader } from '../workbook/coloured-rows.js';
import type { Workbook } from '../workbook/workbook.js';

/** The bytes of pictures in the uploaded file, by their names; those that are too large or too many are missing. */
export type PictureBytes = (names: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>;

/** Rows with pictures are so high, in points, that one sees what is on them. */
const pictureRowHeight = 60;

/**
 * The rows that did not come in, as they stood in the file with their pictures, under their titles and header, with the
 * reason in a last column: mended, it imports again (the last column is never read).
 */
export async function errorWorkbook(
  workbook: Workbook,
  plan: StoredPlan,
  failed: readonly FailedRow[],
  bytesOf: PictureBytes,
  words: ImportWords,
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
      index === sheet.headerRow
        ? [...withColourHeader(padded(row, width), source), words.reasonHeader()]
        : row.map(shownCell),
    );
    const pictures: PlacedPicture[] = [];
    for (const row of rows) {
      const cells = source.rows.at(row.row) ?? [];
      for (const [column, cell] of cells.entries())
        pictures.push(...picturesIn(cell).map((name) => ({ name, row: lines.length, column })));
      lines.push([...padded(cells, width), row.reason]);
    }
    return [{ name: sheet.name === '' ? 'Sheet1' : sheet.name, headerRow: sheet.headerRow, lines, pictures }];
  });
  if (sheets.length === 0)
    return Buffer.from(await writeXlsx({ sheets: [{ name: 'Sheet1', rows: [[words.noErrors()]] }] }));
  const bytes = await bytesOf([...new Set(sheets.flatMap(({ pictures }) => pictures.map(({ name }) => name)))]);
  return Buffer.from(
    await writeXlsx({
      sheets: sheets.map(({ name, headerRow, lines, pictures }) => ({
        name,
        rows: lines,
        ...withPictures(lines, pictures, bytes),
        cells: dateCells(lines),
        freezePane: { rows: headerRow + 1 },
      })),
    }),
  );
}

interface PlacedPicture {
  name: string;
  row: number;
  column: number;
}

const imageTypes: Readonly<Record<string, SheetImage['type']>> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  gif: 'gif',
  webp: 'webp',
};

/** Pictures over the cells that held them, which are empty then: a text there would be read as one. */
function withPictures(
  lines: SheetCell[][],
  pictures: readonly PlacedPicture[],
  bytes: ReadonlyMap<string, Uint8Array>,
): { images: SheetImage[]; rowDefs: Map<number, { height: number }> } {
  const rowDefs = new Map<number, { height: number }>();
  const images = pictures.flatMap(({ name, row, column }): SheetImage[] => {
    const data = bytes.get(name);
    const type = imageTypes[name.slice(name.lastIndexOf('.') + 1).toLowerCase()];
    const line = lines[row];
    if (!data || !type || !line) return [];
    line[column] = null;
    rowDefs.set(row, { height: pictureRowHeight });
    return [{ data, type, anchor: { from: { row, col: column }, to: { row: row + 1, col: column + 1 } } }];
  });
  return { images, rowDefs };
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
