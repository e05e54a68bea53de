import { isCalendarDate } from '../date/value.js';
import { bad, isBlank, ok, type Parsed } from '../types.js';

/** Weights and check characters of GB 11643 (ISO 7064 MOD 11-2). */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checks = '10X98765432';

/** The 18 characters of a resident identity number, its birth date and check character right. */
export function parseIdNumber(raw: unknown): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  const text = typeof raw === 'string' || typeof raw === 'number' ? String(raw).replace(/\s/g, '').toUpperCase() : '';
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return bad('bad_id_number');
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  const sum = weights.reduce((total, weight, index) => total + weight * Number(text[index]), 0);
  return isCalendarDate(birth) && checks[sum % 11] === text[17] ? ok(text) : bad('bad_id_number');
}

/** Region and last four stay: `330106********1234`. */
export function maskIdNumber(value: string): string {
  return value.length === 18 ? `${value.slice(0, 6)}********${value.slice(14)}` : '*'.repeat(value.length);
}
