import type { GanttScale } from '@lianke/shared/forms/views';
import { dayDate, dayNumber, holidayName, isoWeekday, isWorkDay } from '@lianke/shared/time/work-days';

/** Pixels of a day, and how many days a sheet is long, for each length of column. */
export const scaleSizes: Record<GanttScale, { dayWidth: number; days: number }> = {
  day: { dayWidth: 40, days: 63 },
  week: { dayWidth: 18, days: 182 },
  month: { dayWidth: 5, days: 730 },
  quarter: { dayWidth: 2, days: 1826 },
};

/** A time from one day to another, both counted, as days since 1970-01-01. */
export interface Span {
  from: number;
  to: number;
}

const at = (year: number, month: number) =>
  dayNumber(`${year + Math.floor(month / 12)}-${pad((((month % 12) + 12) % 12) + 1)}-01`);
const pad = (n: number) => String(n).padStart(2, '0');
const parts = (day: number) => {
  const [year = 0, month = 1, date = 1] = dayDate(day).split('-').map(Number);
  return { year, month: month - 1, date };
};

/** First day of what a column of this kind holds. */
export function columnStart(unit: ColumnUnit, day: number): number {
  const { year, month } = parts(day);
  switch (unit) {
    case 'day':
      return day;
    case 'week':
      return day - isoWeekday(day) + 1;
    case 'month':
      return at(year, month);
    case 'quarter':
      return at(year, month - (month % 3));
    case 'year':
      return at(year, 0);
  }
}

export type ColumnUnit = GanttScale | 'year';

/** First day of the column behind the one that begins with `day`. */
export function columnAfter(unit: ColumnUnit, day: number): number {
  const { year, month } = parts(day);
  switch (unit) {
    case 'day':
      return day + 1;
    case 'week':
      return day + 7;
    case 'month':
      return at(year, month + 1);
    case 'quarter':
      return at(year, month + 3);
    case 'year':
      return at(year + 1, 0);
  }
}

/** The sheet around a day: whole columns, the day at a third of it. */
export function sheetAround(scale: GanttScale, day: number): Span {
  const { days } = scaleSizes[scale];
  const from = columnStart(scale, day - Math.floor(days / 3));
  let to = from;
  while (to - from < days) to = columnAfter(scale, to);
  return { from, to: to - 1 };
}

/** Units of the two lines of a sheet's head. */
export const headUnits: Record<GanttScale, readonly [ColumnUnit, ColumnUnit]> = {
  day: ['month', 'day'],
  week: ['month', 'week'],
  month: ['year', 'month'],
  quarter: ['year', 'quarter'],
};

/** The columns of a sheet, cut at its edges. */
export function columnsOfSheet(unit: ColumnUnit, sheet: Span): (Span & { start: number })[] {
  const out: (Span & { start: number })[] = [];
  for (let start = columnStart(unit, sheet.from); start <= sheet.to; start = columnAfter(unit, start))
    out.push({
      start,
      from: Math.max(start, sheet.from),
      to: Math.min(columnAfter(unit, start) - 1, sheet.to),
    });
  return out;
}

/** Days nobody works, side by side ones together: weekends and China's public holidays; weekends worked instead are not. */
export function daysOff(sheet: Span): (Span & { name: string })[] {
  const out: (Span & { name: string })[] = [];
  for (let day = sheet.from; day <= sheet.to; day++) {
    if (isWorkDay(day)) continue;
    const name = holidayName(day) ?? '';
    const last = out.at(-1);
    if (last && last.to === day - 1 && last.name === name) last.to = day;
    else out.push({ from: day, to: day, name });
  }
  return out;
}

/** Where a time lies on a sheet, in pixels from its left edge; undefined when it lies beside it. */
export function boxOnSheet(span: Span, sheet: Span, dayWidth: number) {
  if (span.to < sheet.from || span.from > sheet.to) return undefined;
  const from = Math.max(span.from, sheet.from);
  const to = Math.min(span.to, sheet.to);
  return {
    left: (from - sheet.from) * dayWidth,
    width: (to - from + 1) * dayWidth,
    /** It goes on beyond the edge. */
    before: span.from < sheet.from,
    after: span.to > sheet.to,
  };
}
