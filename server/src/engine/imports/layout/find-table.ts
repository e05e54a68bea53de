import { cellText } from '@lianke/shared/fields/sheet-text';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { conceptOf } from '../columns/concepts.js';
import { importWords } from '../words.js';
import type { Merge, SheetRows } from '../workbook/workbook.js';
import { readHeader } from './header.js';

type Row = readonly SheetCell[];

/** Where the table of a sheet stands. All row numbers are 0-based. */
export interface Table {
  headerRow: number;
  /** Rows with data, in order: empty, total, repeated header and signature rows are left out. */
  dataRows: number[];
  skipped: { empty: number; total: number };
  /** Texts above the header: titles and notes. */
  notes: string[];
}

const searchRows = 30;
const sampleRows = 40;
const maxHeaderLength = 40;
const pausedRows = 5000;
/** What the first cell of a template's sample row begins with, in either language. */
const sampleMarks = Object.values(importWords).map((words) => words.sampleMark());

/** The header row under title and note rows, or undefined when the sheet holds no table (a page of text). */
export function findHeader(sheet: SheetRows, merges: readonly Merge[] = []): number | undefined {
  const rows = plainOf(sheet).slice(0, searchRows + sampleRows + 1);
  let best: { row: number; score: number } | undefined;
  for (let at = 0; at < Math.min(searchRows, sheet.length - 1); at++) {
    const score = headerScore(rows, at);
    if (score > 0 && (!best || score > best.score + 0.01)) best = { row: at, score };
  }
  return best && belowGroups(rows, best.row, merges);
}

/** Under a row of groups, each merged over its columns, the row below names the columns. */
function belowGroups(rows: readonly Row[], at: number, merges: readonly Merge[]): number {
  const below = rows[at + 1] ?? [];
  const groups = merges.filter(
    ({ startRow, endRow, startCol, endCol }) =>
      startRow === at && endRow === at && endCol > startCol && endCol - startCol + 1 < below.length,
  );
  const named = groups.every(({ startCol, endCol }) => {
    const words = below.slice(startCol, endCol + 1).filter((cell) => typeof cell === 'string' && isWord(cell));
    return words.length > 1;
  });
  return groups.length > 0 && named ? at + 1 : at;
}

/** What is added to a file's rows says nothing about where its table stands. */
function plainOf(rows: SheetRows): SheetRows {
  return rows.plain ?? rows;
}

const tables = new WeakMap<SheetRows, Map<number, Table>>();

/** Sorts the rows under a header. */
export function tableAt(given: SheetRows, headerRow: number): Table {
  const rows = plainOf(given);
  const known = tables.get(rows)?.get(headerRow);
  if (known) return known;
  const sorter = new RowSorter(rows, headerRow);
  sorter.go(rows.length);
  return keep(rows, sorter.table);
}

/** Sorts the rows of a large sheet with pauses; `tableAt` then has the answer at hand. */
export async function sortRows(given: SheetRows, headerRow: number, pause: () => Promise<void>): Promise<void> {
  const rows = plainOf(given);
  if (tables.get(rows)?.has(headerRow)) return;
  const sorter = new RowSorter(rows, headerRow);
  while (sorter.go(pausedRows)) await pause();
  keep(rows, sorter.table);
}

function keep(rows: SheetRows, table: Table): Table {
  const known = tables.get(rows) ?? new Map<number, Table>();
  tables.set(rows, known.set(table.headerRow, table));
  return table;
}

class RowSorter {
  readonly table: Table;
  private readonly header: Row;
  private readonly sequence: number;
  private readonly width: number;
  private at: number;

  constructor(
    private readonly rows: SheetRows,
    headerRow: number,
  ) {
    this.header = rows.at(headerRow) ?? [];
    this.sequence = this.header.findIndex(
      (cell) => typeof cell === 'string' && conceptOf(readHeader(cell).name)?.concept.key === 'sequence',
    );
    this.width = filled(this.header);
    const notes = rows.slice(0, headerRow).flatMap((row) => row.filter((cell) => typeof cell === 'string'));
    this.table = { headerRow, dataRows: [], skipped: { empty: 0, total: 0 }, notes };
    this.at = headerRow + 1;
  }

  /** Looks at so many rows more; false after the last one. */
  go(count: number): boolean {
    const { dataRows, skipped } = this.table;
    const end = Math.min(this.rows.length, this.at + count);
    for (; this.at < end; this.at++) {
      const row = this.rows.at(this.at) ?? [];
      if (row.every((cell, column) => cell === null || (column === this.sequence && typeof cell === 'number')))
        skipped.empty++;
      else if (isTotal(row) || isSignature(row, this.width) || isSample(row) || sameRow(row, this.header))
        skipped.total++;
      else dataRows.push(this.at);
    }
    return this.at < this.rows.length;
  }
}

/** How much a row looks like a header: short, different words over columns that go on below. 0 for none. */
function headerScore(rows: readonly Row[], at: number): number {
  const row = rows[at] ?? [];
  const texts = row.filter((cell) => cell !== null);
  const words = texts.filter((cell): cell is string => typeof cell === 'string' && isWord(cell));
  if (words.length === 0 || words.length < texts.length * 0.8 || new Set(words).size < words.length * 0.9) return 0;
  const below = rows.slice(at + 1, at + 1 + sampleRows).filter((other) => filled(other) > 0);
  if (below.length === 0) return 0;
  const width = Math.max(...rows.slice(0, searchRows + sampleRows).map(filled));
  const known = words.filter((word) => conceptOf(readHeader(word).name)).length;
  if (words.length === 1 && (width > 1 || known === 0)) return 0;
  // A column whose values are not words below a word tells a header from a row of data.
  const turns = row.filter(
    (cell, column) => typeof cell === 'string' && below.some((other) => isValue(other[column] ?? null)),
  ).length;
  const body = below.map(filled).reduce((sum, count) => sum + Math.min(1, count / words.length), 0) / below.length;
  return words.length / width + known / words.length + turns / words.length + body - at * 0.001;
}

function isWord(cell: string): boolean {
  const text = cell.trim();
  return text.length <= maxHeaderLength && !/^[\d.,/年月日:\s-]+$/.test(text) && !/[。；;]/.test(text);
}

function isValue(cell: SheetCell): boolean {
  return cell !== null && (typeof cell !== 'string' || /\d{4,}|\d[./年-]\d|@/.test(cell));
}

function filled(row: Row): number {
  return row.filter((cell) => cell !== null).length;
}

function isSample(row: Row): boolean {
  const first = row.find((cell) => cell !== null);
  return typeof first === 'string' && sampleMarks.some((mark) => first.startsWith(mark));
}

function isTotal(row: Row): boolean {
  const first = row.filter((cell) => cell !== null).slice(0, 2);
  return first.some(
    (cell) =>
      typeof cell === 'string' &&
      /^(合\s*计|总\s*计|小\s*计|共\s*计|汇\s*总|总\s*数|(sub|grand\s*)?total|sum)[:：]?$/i.test(cell.trim()),
  );
}

/** 「制表人：…」 and the like below a table. */
function isSignature(row: Row, width: number): boolean {
  const cells = row.filter((cell) => cell !== null);
  if (width < 4 || cells.length > 2) return false;
  return cells.some(
    (cell) =>
      typeof cell === 'string' &&
      /^(制表|审核|审批|填表|填报|备注|说明|注|复核|打印)[^:：]{0,6}[:：]/.test(cell.trim()),
  );
}

function sameRow(row: Row, header: Row): boolean {
  return header.every((cell, column) => cell === null || cellText(row[column] ?? null) === cellText(cell));
}
