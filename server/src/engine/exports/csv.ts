import type { SheetCell } from '@lianke/shared/fields/sheet-types';

/** UTF-8 with its mark: Excel reads Chinese without it as something else. */
export const csvMark = '\uFEFF';

const pad = (value: number) => String(value).padStart(2, '0');

function dateText(date: Date): string {
  const day = `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  if (date.getTime() % 86_400_000 === 0) return day;
  const time = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
  return `${day} ${time}${date.getUTCSeconds() === 0 ? '' : `:${pad(date.getUTCSeconds())}`}`;
}

/**
 * One line of a CSV file. A text that a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab, return in front)
 * gets an apostrophe before it; numbers stay numbers.
 */
export function csvLine(cells: readonly SheetCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: SheetCell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return dateText(cell);
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'boolean') return cell ? '是' : '否';
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
