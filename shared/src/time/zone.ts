import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import type { RelativeRange } from '../filter/ast.js';

dayjs.extend(utc);
dayjs.extend(timezone);

/** A calendar date `YYYY-MM-DD`. */
export type IsoDate = string;

/** The calendar date in `zone` at `instant`. */
export function dateIn(zone: string, instant: Date): IsoDate {
  return dayjs(instant).tz(zone).format('YYYY-MM-DD');
}

/** The time of day of an instant in `zone`, `HH:mm`. */
export function timeIn(zone: string, instant: Date): string {
  return dayjs(instant).tz(zone).format('HH:mm');
}

/** The instant at which `date` begins in `zone`. */
export function startOfDate(zone: string, date: IsoDate): Date {
  return dayjs.tz(`${date} 00:00:00`, zone).toDate();
}

/** `date` plus `days` calendar days. */
export function addDays(date: IsoDate, days: number): IsoDate {
  return dayjs.utc(date).add(days, 'day').format('YYYY-MM-DD');
}

/** A half-open range of calendar dates `[from, to)`; a missing bound is open. */
export interface DateRange {
  from?: IsoDate;
  to?: IsoDate;
}

/** The dates that a relative value means in `zone` at `now`; weeks start on Monday. */
export function relativeRange(rel: RelativeRange, n: number | undefined, zone: string, now: Date): DateRange {
  const today = dateIn(zone, now);
  const day = dayjs.utc(today);
  const monday = day.subtract((day.day() + 6) % 7, 'day');
  const text = (d: dayjs.Dayjs) => d.format('YYYY-MM-DD');
  const span = (start: dayjs.Dayjs, count: number, unit: 'day' | 'month' | 'year') => ({
    from: text(start),
    to: text(start.add(count, unit)),
  });
  const days = n ?? 0;
  switch (rel) {
    case 'today':
      return span(day, 1, 'day');
    case 'yesterday':
      return span(day.subtract(1, 'day'), 1, 'day');
    case 'tomorrow':
      return span(day.add(1, 'day'), 1, 'day');
    case 'thisWeek':
      return span(monday, 7, 'day');
    case 'lastWeek':
      return span(monday.subtract(7, 'day'), 7, 'day');
    case 'nextWeek':
      return span(monday.add(7, 'day'), 7, 'day');
    case 'thisMonth':
      return span(day.startOf('month'), 1, 'month');
    case 'lastMonth':
      return span(day.startOf('month').subtract(1, 'month'), 1, 'month');
    case 'nextMonth':
      return span(day.startOf('month').add(1, 'month'), 1, 'month');
    case 'thisQuarter':
      return span(day.startOf('month').subtract(day.month() % 3, 'month'), 3, 'month');
    case 'thisYear':
      return span(day.startOf('year'), 1, 'year');
    case 'lastNDays':
      return { from: text(day.subtract(Math.max(days, 1) - 1, 'day')), to: text(day.add(1, 'day')) };
    case 'nextNDays':
      return { from: text(day), to: text(day.add(Math.max(days, 1), 'day')) };
    case 'moreThanNDaysAgo':
      return { to: text(day.subtract(days, 'day')) };
    case 'overdue':
      return { to: today };
  }
}

export const groupUnits = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type GroupUnit = (typeof groupUnits)[number];

/** The instant at which clocks in `zone` show `time` (`HH:mm`) on `date`. */
export function instantIn(zone: string, date: IsoDate, time: string): Date {
  return dayjs.tz(`${date} ${time}:00`, zone).toDate();
}
