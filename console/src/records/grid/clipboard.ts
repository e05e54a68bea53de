import type { RecordView } from '@lianke/shared/records/query';
import { fieldRenderers } from '../../fields/registry.js';
import type { Column } from '../columns.js';

/** Cells as spreadsheets take them: tabs between columns, lines between rows. */
export function cellsAsText(records: readonly RecordView[], columns: readonly Column[]): string {
  return records
    .map((record) =>
      columns.map(({ field }) => quoted(fieldRenderers[field.type].text(field, record.values[field.key]))).join('\t'),
    )
    .join('\n');
}

function quoted(text: string): string {
  return /[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A block copied from a spreadsheet as rows of cells. A cell in quotes may hold tabs and line breaks; quotes in it are
 * doubled. Quotes that do not begin a cell are text.
 */
export function textAsCells(text: string): string[][] {
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const rows: string[][] = [[]];
  let at = 0;
  while (at <= source.length) {
    let cell = '';
    const closing = source[at] === '"' ? closingQuote(source, at) : -1;
    if (closing >= 0) {
      cell = source.slice(at + 1, closing).replaceAll('""', '"');
      at = closing + 1;
    } else {
      const end = nextBreak(source, at);
      cell = source.slice(at, end);
      at = end;
    }
    rows.at(-1)?.push(cell);
    if (at >= source.length) break;
    if (source[at] === '\n') rows.push([]);
    at++;
  }
  return rows;
}

/** Where the quoted cell ends; -1 when what follows the quote is no end of a cell, and it was plain text. */
function closingQuote(source: string, start: number): number {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] !== '"') continue;
    if (source[at + 1] === '"') at++;
    else return at + 1 === source.length || source[at + 1] === '\t' || source[at + 1] === '\n' ? at : -1;
  }
  return -1;
}

function nextBreak(source: string, from: number): number {
  let at = from;
  while (at < source.length && source[at] !== '\t' && source[at] !== '\n') at++;
  return at;
}

/**
 * What was copied is repeated over the chosen block where the block is so many times as high or as wide, as spreadsheets
 * do: one cell fills all of it, one row every row. Else it is pasted once.
 */
export function spread(
  cells: string[][],
  block: { top: number; bottom: number; left: number; right: number },
): string[][] {
  const width = cells[0]?.length ?? 0;
  if (cells.length === 0 || width === 0) return cells;
  const down = times(block.bottom - block.top + 1, cells.length);
  const along = cells.every((line) => line.length === width) ? times(block.right - block.left + 1, width) : 1;
  return Array.from({ length: down }, () =>
    cells.map((line) => Array.from({ length: along }, () => line).flat()),
  ).flat();
}

const times = (room: number, size: number): number => (room % size === 0 ? room / size : 1);
