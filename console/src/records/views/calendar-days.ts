import type { Filter } from '@lianke/shared/filter/ast';
import dayjs from 'dayjs';
import type { ReadField } from '../../api/queries.js';
import { fromWallTime, toWallTime } from '../../shared/format.js';

/** The days of a month's sheet, whole weeks from Monday, as `YYYY-MM-DD`. `month` is `YYYY-MM`. */
export function daysOf(month: string): string[] {
  const first = dayjs(`${month}-01`);
  const lead = (first.day() + 6) % 7;
  const weeks = Math.ceil((lead + first.daysInMonth()) / 7);
  const start = first.subtract(lead, 'day');
  return Array.from({ length: weeks * 7 }, (_, index) => start.add(index, 'day').format('YYYY-MM-DD'));
}

/** The day a date or an instant stands on, in the company's zone; undefined for no value. */
export function dayOf(field: Pick<ReadField, 'type'>, value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return field.type === 'date' ? value : toWallTime(value).format('YYYY-MM-DD');
}

/** The value moved by so many days; an instant keeps its time of day. */
export function moveDays(field: Pick<ReadField, 'type'>, value: string, days: number): string {
  if (field.type === 'date') return dayjs(value).add(days, 'day').format('YYYY-MM-DD');
  return fromWallTime(toWallTime(value).add(days, 'day'));
}

/** Days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** First and last value of a sheet of days, as a filter's `between` takes them. */
export function boundsOf(field: Pick<ReadField, 'type'>, days: readonly string[]): [string, string] {
  const [first = '', last = ''] = [days[0], days.at(-1)];
  if (field.type === 'date') return [first, last];
  return [fromWallTime(dayjs(first)), fromWallTime(dayjs(last).add(1, 'day').subtract(1, 'second'))];
}

type DayField = Pick<ReadField, 'type'> & { id: string };

/** The records that stand on a sheet of days: those that begin on it, and those that began before and have not ended yet. */
export function onDays(start: DayField, end: DayField | undefined, days: readonly string[]): Filter {
  const begins: Filter = { field: start.id, op: 'between', value: boundsOf(start, days) };
  if (!end) return begins;
  const before: Filter = { field: start.id, op: 'lt', value: boundsOf(start, days)[0] };
  const after: Filter = { field: end.id, op: 'gte', value: boundsOf(end, days)[0] };
  return { or: [begins, { and: [before, after] }] };
}
