import { bad, isBlank, ok, type Parsed } from '../types.js';

/** True for a real calendar date `YYYY-MM-DD` of the years 1–9999. */
export function isCalendarDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match || match[1] === '0000') return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** A calendar date `YYYY-MM-DD`. */
export function parseDate(raw: unknown): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  if (typeof raw !== 'string' || !isCalendarDate(raw)) return bad('bad_date');
  return ok(raw);
}
