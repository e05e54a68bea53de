import { civilAt } from '../../time/civil.js';
import { dayDate, dayNumber, isoWeekday } from '../../time/work-days.js';
import { Dec } from '../decimal.js';
import { type Scalar, toDay, toInstant } from '../values.js';
import type { RunContext } from './define.js';

export type Unit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second';

const names: Record<Unit, readonly string[]> = {
  year: ['y', 'year', 'years', '年'],
  quarter: ['q', 'quarter', 'quarters', '季', '季度'],
  month: ['m', 'month', 'months', '月', '个月'],
  week: ['w', 'week', 'weeks', '周', '星期'],
  day: ['d', 'day', 'days', '天', '日'],
  hour: ['h', 'hour', 'hours', '时', '小时'],
  minute: ['min', 'minute', 'minutes', '分', '分钟'],
  second: ['s', 'second', 'seconds', '秒'],
};

/** A unit of time as people name it: `"d"`, `"days"`, `"天"`. */
export function unitOf(text: string): Unit | undefined {
  const wanted = text.trim().toLowerCase();
  return (Object.keys(names) as Unit[]).find((unit) => names[unit].includes(wanted));
}

const parts = (day: number) => dayDate(day).split('-').map(Number) as [number, number, number];

/** The same day of another month; the last one where that month is shorter. Day numbers may leave the calendar: the caller checks. */
export function addMonths(day: number, months: number): number {
  const [year, month, date] = parts(day);
  const target = year * 12 + (month - 1) + months;
  const targetYear = Math.floor(target / 12);
  if (targetYear < 1 || targetYear > 9999) return Number.NaN;
  const first = dayNumber(`${String(targetYear).padStart(4, '0')}-${String((target % 12) + 1).padStart(2, '0')}-01`);
  const next = target + 1;
  const following = dayNumber(
    `${String(Math.min(9999, Math.floor(next / 12))).padStart(4, '0')}-${String((next % 12) + 1).padStart(2, '0')}-01`,
  );
  const length = following > first ? following - first : 31;
  return first + Math.min(date, length) - 1;
}

/** First day of the period a day lies in; weeks begin on Monday. */
export function startOf(day: number, unit: Unit): number {
  const [year, month, date] = parts(day);
  switch (unit) {
    case 'year':
      return dayNumber(`${String(year).padStart(4, '0')}-01-01`);
    case 'quarter':
      return dayNumber(`${String(year).padStart(4, '0')}-${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`);
    case 'month':
      return day - date + 1;
    case 'week':
      return day - isoWeekday(day) + 1;
    default:
      return day;
  }
}

/** Whole units from one moment to the other, towards zero; negative when the second is earlier. */
export function difference(from: Scalar, to: Scalar, unit: Unit, { zone, at }: RunContext): Dec {
  if (unit === 'hour' || unit === 'minute' || unit === 'second') {
    const ms = (toInstant(to, zone, at) ?? 0) - (toInstant(from, zone, at) ?? 0);
    return new Dec(ms).div({ hour: 3_600_000, minute: 60_000, second: 1000 }[unit]).trunc();
  }
  const [first, last] = [toDay(from, zone, at) ?? 0, toDay(to, zone, at) ?? 0];
  if (unit === 'day') return new Dec(last - first);
  if (unit === 'week') return new Dec(last - first).div(7).trunc();
  const sign = last < first ? -1 : 1;
  const [early, late] = sign < 0 ? [last, first] : [first, last];
  const [y1, m1, d1] = parts(early);
  const [y2, m2, d2] = parts(late);
  let months = (y2 - y1) * 12 + m2 - m1;
  // As spreadsheets count: the month is full once its day has come again, with its time of day.
  if (d2 < d1 || (d2 === d1 && clockLater(sign < 0 ? to : from, sign < 0 ? from : to, zone))) months--;
  return new Dec(months).div({ month: 1, quarter: 3, year: 12 }[unit]).trunc().mul(sign).plus(0);
}

/** True when both are instants and the first has the later time of day. */
function clockLater(first: Scalar, second: Scalar, zone: string): boolean {
  const seconds = (value: Scalar) => {
    if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'datetime')
      return undefined;
    const civil = civilAt(zone, value.ms);
    return civil.hour * 3600 + civil.minute * 60 + civil.second;
  };
  const [a, b] = [seconds(first), seconds(second)];
  return a !== undefined && b !== undefined && a > b;
}
