import { dayNumber, isWorkDay } from './work-days.js';
import { addDays, dateIn, startOfDate, timeIn } from './zone.js';

/** Hours of work of a day, `HH:mm` in the tenant's zone; `to` is after `from`. */
export interface WorkHours {
  from: string;
  to: string;
}

const minuteMs = 60_000;

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** The working time of the date's day in `zone`; undefined on days off. */
function shift(zone: string, date: string, hours: WorkHours): { from: number; to: number } | undefined {
  if (!isWorkDay(dayNumber(date))) return undefined;
  const start = startOfDate(zone, date).getTime();
  return { from: start + minutesOf(hours.from) * minuteMs, to: start + minutesOf(hours.to) * minuteMs };
}

/** The instant at which `ms` milliseconds of working time have gone by since `from`; working days follow 调休. */
export function addWorkTime(zone: string, from: Date, ms: number, hours: WorkHours): Date {
  let left = ms;
  let date = dateIn(zone, from);
  for (let day = 0; day < 40_000; day++, date = addDays(date, 1)) {
    const work = shift(zone, date, hours);
    if (!work) continue;
    const start = Math.max(work.from, from.getTime());
    const length = work.to - start;
    if (length <= 0) continue;
    if (left <= length) return new Date(start + left);
    left -= length;
  }
  throw new RangeError('the working time asked for lies beyond a hundred years');
}

/** Milliseconds of working time between two instants, 0 when `to` is not after `from`. */
export function workTimeBetween(zone: string, from: Date, to: Date, hours: WorkHours): number {
  let sum = 0;
  const last = dateIn(zone, to);
  for (let date = dateIn(zone, from); date <= last; date = addDays(date, 1)) {
    const work = shift(zone, date, hours);
    if (work) sum += Math.max(0, Math.min(work.to, to.getTime()) - Math.max(work.from, from.getTime()));
  }
  return sum;
}

/** The same time of day `days` working days later; from a day off it is counted from the last time it was worked. */
export function addWorkDaysAt(zone: string, from: Date, days: number): Date {
  let date = dateIn(zone, from);
  for (let left = days; left > 0; ) {
    date = addDays(date, 1);
    if (isWorkDay(dayNumber(date))) left--;
  }
  return new Date(startOfDate(zone, date).getTime() + minutesOf(timeIn(zone, from)) * minuteMs);
}
