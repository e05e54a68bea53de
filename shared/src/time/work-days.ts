import { chinaHolidays } from './china-holidays.js';

const dayMs = 86_400_000;

/** Days since 1970-01-01 of a calendar date `YYYY-MM-DD`. */
export function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs);
}

/** The calendar date `YYYY-MM-DD` of a day number. */
export function dayDate(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** Day of the week of a day number, Monday 1 … Sunday 7. */
export function isoWeekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

let holidays: Map<number, string> | undefined;
let workedWeekends: Set<number> | undefined;

function load(): { off: Map<number, string>; work: Set<number> } {
  if (!holidays || !workedWeekends) {
    holidays = new Map();
    workedWeekends = new Set();
    for (const [year, { off, work }] of Object.entries(chinaHolidays)) {
      for (const [name, from, to] of off) {
        const last = dayNumber(`${year}-${to}`);
        for (let day = dayNumber(`${year}-${from}`); day <= last; day++) holidays.set(day, name);
      }
      for (const day of work) workedWeekends.add(dayNumber(`${year}-${day}`));
    }
  }
  return { off: holidays, work: workedWeekends };
}

/** The public holiday of mainland China a day belongs to; undefined on other days and in years without a notice. */
export function holidayName(day: number): string | undefined {
  return load().off.get(day);
}

/** True on days worked in mainland China: weekdays that are no public holiday, and weekends worked instead (调休). */
export function isWorkDay(day: number): boolean {
  const { off, work } = load();
  if (off.has(day)) return false;
  return isoWeekday(day) <= 5 || work.has(day);
}

/** The day `count` working days after `day` (before it when negative), as WORKDAY counts: `day` itself is not counted. */
export function addWorkDays(day: number, count: number, isOff: (day: number) => boolean = () => false): number {
  const step = count < 0 ? -1 : 1;
  let at = day;
  for (let left = Math.abs(count); left > 0; ) {
    at += step;
    if (isWorkDay(at) && !isOff(at)) left--;
  }
  return at;
}

/** Working days from `from` to `to`, both counted; negative when `to` is the earlier one. */
export function workDaysBetween(from: number, to: number, isOff: (day: number) => boolean = () => false): number {
  if (to < from) return -workDaysBetween(to, from, isOff);
  let count = 0;
  for (let day = from; day <= to; day++) if (isWorkDay(day) && !isOff(day)) count++;
  return count;
}
