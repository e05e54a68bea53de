import { bad, isBlank, ok, type Parsed } from '../types.js';

/** True for a real calendar date `YYYY-MM-DD` of the years 1–9999. */
export function isCalendarDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const [year, month, day] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

/** A calendar date `YYYY-MM-DD`. */
export function parseDate(raw: unknown): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  if (typeof raw !== 'string' || !isCalendarDate(raw)) return bad('bad_date');
  return ok(raw);
}
