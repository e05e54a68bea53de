import { isCalendarDate } from '../date/value.js';
import { bad, isBlank, ok, type Parsed } from '../types.js';

const rfc3339 = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** An instant, RFC 3339 with zone; canonical form is UTC with milliseconds. */
export function parseDatetime(raw: unknown): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  if (typeof raw !== 'string') return bad('bad_date');
  const match = rfc3339.exec(raw);
  const instant = new Date(raw);
  if (!match || !isCalendarDate(match[1] ?? '') || Number.isNaN(instant.getTime())) return bad('bad_date');
  return ok(instant.toISOString());
}
