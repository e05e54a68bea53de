import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { dayNumber, isoWeekday, isWorkDay } from '../time/work-days.js';
import { dateIn } from '../time/zone.js';
import type { SchedulePlan, Trigger } from './triggers.js';

dayjs.extend(utc);
dayjs.extend(timezone);

export type DateTrigger = Extract<Trigger, { type: 'dateArrives' }>;

/** A time later than this (ms) after it fell due counts as missed. */
export const graceMs = 120_000;

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** The first due time after `after`; plans whose day never comes (31 February) answer undefined. */
export function nextDue(plan: SchedulePlan, after: Date, zone: string): Date | undefined {
  if (plan.every === 'minutes') {
    const step = plan.n * minuteMs;
    return new Date((Math.floor(after.getTime() / step) + 1) * step);
  }
  // A leap day comes at the latest eight years after the one before.
  for (let day = dateIn(zone, after), tries = 0; tries < 366 * 8 + 2; day = dayAfter(day), tries++) {
    if (!fallsOn(plan, day)) continue;
    const due = plan.every === 'within' ? dueWithin(plan, day, after, zone) : at(zone, day, plan.at);
    if (due && due > after) return due;
  }
  return undefined;
}

/** The first due time of the day after `after`; none when its hours are over. */
function dueWithin(
  plan: Extract<SchedulePlan, { every: 'within' }>,
  day: string,
  after: Date,
  zone: string,
): Date | undefined {
  const start = at(zone, day, plan.from).getTime();
  const step = plan.n * minuteMs;
  const due = start + Math.max(0, Math.floor((after.getTime() - start) / step) + 1) * step;
  return due <= at(zone, day, plan.to).getTime() ? new Date(due) : undefined;
}

/** Every due time in `(from, to]`, at most `limit` of them, the newest kept. */
export function duesBetween(plan: SchedulePlan, from: Date, to: Date, zone: string, limit = 1000): Date[] {
  const dues: Date[] = [];
  for (let due = nextDue(plan, from, zone); due && due <= to; due = nextDue(plan, due, zone)) {
    dues.push(due);
    if (dues.length > limit) dues.shift();
  }
  return dues;
}

/** Which of the due times are run: all that are on time, and of the missed ones what the policy says. */
export function byPolicy(dues: readonly Date[], now: Date, missed: 'once' | 'all' | 'skip'): Date[] {
  if (missed === 'all') return [...dues];
  const late = dues.filter((due) => now.getTime() - due.getTime() > graceMs);
  const punctual = dues.slice(late.length);
  const last = late.at(-1);
  return missed === 'once' && last && punctual.length === 0 ? [last] : punctual;
}

/**
 * When a record's date falls due for the trigger.
 * @param value the field's canonical value: `YYYY-MM-DD` or an instant; null for an empty field, answers null
 */
export function recordDue(trigger: DateTrigger, value: unknown, zone: string): Date | null {
  if (typeof value !== 'string' || value === '') return null;
  const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const start = dateOnly ? dayjs.tz(`${value} 00:00:00`, zone) : dayjs(value).tz(zone);
  if (!start.isValid()) return null;
  const { amount, unit } = trigger;
  if (unit === 'minute' || unit === 'hour')
    return new Date(start.valueOf() + amount * (unit === 'hour' ? 60 : 1) * minuteMs);
  const day = start.add(amount, unit);
  const clock = trigger.at ?? (dateOnly ? '09:00' : undefined);
  return clock
    ? at(zone, day.format('YYYY-MM-DD'), clock)
    : dayjs.tz(day.format('YYYY-MM-DD HH:mm:ss.SSS'), zone).toDate();
}

/** Field values whose due time may lie in `(from, to]`: a little wider than it must be, to be judged by `recordDue`. */
export function candidateRange(trigger: DateTrigger, from: Date, to: Date): { from: Date; to: Date } {
  const { amount, unit } = trigger;
  const back = (instant: Date) => dayjs.utc(instant).subtract(amount, unit).valueOf();
  const slack = unit === 'month' ? 4 * dayMs : 2 * dayMs;
  return { from: new Date(back(from) - slack), to: new Date(back(to) + slack) };
}

/** When to look for due records next: at the time of day if there is one, else soon. */
export function nextLook(trigger: DateTrigger, dateOnly: boolean, now: Date, zone: string): Date {
  const daily = trigger.unit === 'day' || trigger.unit === 'month';
  const clock = daily ? (trigger.at ?? (dateOnly ? '09:00' : undefined)) : undefined;
  if (!clock) return new Date(now.getTime() + 20_000);
  return nextDue({ every: 'day', n: 1, at: clock }, now, zone) ?? new Date(now.getTime() + dayMs);
}

function fallsOn(plan: Exclude<SchedulePlan, { every: 'minutes' }>, day: string): boolean {
  const date = dayjs.utc(day);
  const last = date.daysInMonth();
  const isDay = (wanted: number) => (wanted === -1 ? date.date() === last : date.date() === wanted);
  switch (plan.every) {
    case 'within':
      return plan.days === 'work' ? isWorkDay(dayNumber(day)) : plan.days.includes(isoWeekday(dayNumber(day)));
    case 'workday':
      return isWorkDay(dayNumber(day));
    case 'day':
      return Math.floor(date.valueOf() / dayMs) % plan.n === 0;
    case 'week':
      return plan.days.includes(((date.day() + 6) % 7) + 1);
    case 'month':
      return plan.days.some(isDay);
    case 'year':
      return date.month() + 1 === plan.month && isDay(plan.day);
  }
}

const dayAfter = (day: string): string => dayjs.utc(day).add(1, 'day').format('YYYY-MM-DD');
const at = (zone: string, day: string, clock: string): Date => dayjs.tz(`${day} ${clock}:00`, zone).toDate();
