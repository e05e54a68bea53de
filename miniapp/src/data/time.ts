import type { Translate } from '../i18n/index.js';

const day = 86_400_000;

/** Minutes that `zone` is ahead of UTC at `at` (ms since 1970). Old phones without Intl zones get Beijing time. */
export function zoneOffset(zone: string, at: number): number {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(new Date(at));
    const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
    const wall = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
    return Math.round((wall - at) / 60_000);
  } catch {
    return 480;
  }
}

const two = (value: number) => String(value).padStart(2, '0');

/** Wall clock of an instant in `zone`: `2025-03-07` and `10:32`. */
export function wallClock(zone: string, at: number): { date: string; time: string } {
  const shifted = new Date(at + zoneOffset(zone, at) * 60_000);
  return {
    date: `${shifted.getUTCFullYear()}-${two(shifted.getUTCMonth() + 1)}-${two(shifted.getUTCDate())}`,
    time: `${two(shifted.getUTCHours())}:${two(shifted.getUTCMinutes())}`,
  };
}

/** The instant (RFC 3339 UTC) of a wall clock in `zone`. */
export function instantOf(zone: string, date: string, time: string): string {
  const wall = Date.parse(`${date}T${time}:00Z`);
  return new Date(wall - zoneOffset(zone, wall) * 60_000).toISOString();
}

/** `date` plus calendar days. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * day).toISOString().slice(0, 10);
}

/** The first Monday after `date`. */
export function nextMonday(date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return addDays(date, weekday === 0 ? 1 : 8 - weekday);
}

/** Whole days from `from` to `to`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / day);
}

/** 「3 分钟前」, 「昨天 10:32」, or the date and time. */
export function ago(t: Translate, zone: string, at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return t('time.now');
  if (minutes < 60) return t('time.minutes', { n: minutes });
  const then = wallClock(zone, at);
  const today = wallClock(zone, now).date;
  const days = daysBetween(then.date, today);
  if (days === 0) return t('time.hours', { n: Math.floor(minutes / 60) });
  if (days === 1) return t('time.yesterday', { time: then.time });
  return then.date.slice(0, 4) === today.slice(0, 4) ? `${then.date.slice(5)} ${then.time}` : then.date;
}

/** A date in words near today (今天, 明天, 周五), else 3 月 7 日, with the year when it is another one. */
export function dayWord(t: Translate, date: string, today: string): string {
  const days = daysBetween(today, date);
  if (days === 0) return t('time.today');
  if (days === 1) return t('time.tomorrow');
  if (days === -1) return t('time.dayBefore');
  const [year = '', month = '', dayOfMonth = ''] = date.split('-');
  const text = t('time.monthDay', { month: Number(month), day: Number(dayOfMonth) });
  return year === today.slice(0, 4) ? text : `${year}-${month}-${dayOfMonth}`;
}

/** 周四 */
export function weekdayWord(t: Translate, date: string): string {
  return t('time.weekdays').split(',')[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '';
}

/** How long something took or has been waiting: 「2 小时」, 「3 天」. */
export function span(t: Translate, milliseconds: number): string {
  if (milliseconds < 60_000) return t('span.moment');
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) return t('span.minutes', { n: minutes });
  if (minutes < 60 * 24) return t('span.hours', { n: Math.floor(minutes / 60) });
  return t('span.days', { n: Math.floor(minutes / 60 / 24) });
}
