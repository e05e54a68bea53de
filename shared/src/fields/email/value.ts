import { bad, isBlank, ok, type Parsed } from '../types.js';

const pattern = /^[^\s@,;<>()"']+@[^\s@,;<>()"'.]+(\.[^\s@,;<>()"'.]+)+$/;

/** One mail address, kept as written. */
export function parseEmail(raw: unknown): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  if (typeof raw !== 'string') return bad('bad_email');
  const text = raw.trim();
  if (text === '') return ok(null);
  return text.length <= 254 && pattern.test(text) ? ok(text) : bad('bad_email');
}
