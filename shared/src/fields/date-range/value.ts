import { isCalendarDate } from '../date/value.js';
import { bad, isBlank, ok, type Parsed } from '../types.js';

const dayMs = 86_400_000;

/** First and last day of a period, both counted. */
export interface Period {
  start: string;
  end: string;
}

/** The days of `2026-01-01/2026-01-31`; undefined when the text is no period. */
export function periodOf(value: unknown): Period | undefined {
  const [start, end, more] = typeof value === 'string' ? value.split('/') : [];
  return start && end && more === undefined ? { start, end } : undefined;
}

/** A period as ISO 8601 interval of two dates, `2026-01-01/2026-01-31`; `{start, end}` is read too. */
export function parseDateRange(raw: unknown, { maxDays }: { maxDays?: number }): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  const period =
    typeof raw === 'object' && raw !== null && 'start' in raw && 'end' in raw
      ? { start: raw.start, end: raw.end }
      : periodOf(typeof raw === 'string' ? raw.trim() : raw);
  const [start, end] = [period?.start, period?.end];
  if (typeof start !== 'string' || typeof end !== 'string') return bad('bad_date_range');
  if (!isCalendarDate(start) || !isCalendarDate(end) || end < start) return bad('bad_date_range');
  const days = (Date.parse(end) - Date.parse(start)) / dayMs + 1;
  return maxDays !== undefined && days > maxDays ? bad('too_many_days', { max: maxDays }) : ok(`${start}/${end}`);
}
