import { bad, isBlank, ok, type Parsed } from '../types.js';

const clock = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/;

/** A time of day without date and zone: `HH:mm`, with `:ss` where the field counts seconds. */
export function parseTime(raw: unknown, { precision }: { precision: 'minute' | 'second' }): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  const found = typeof raw === 'string' ? clock.exec(raw.trim()) : null;
  if (!found) return bad('bad_time');
  const [hour, minute, second] = [found[1], found[2], found[3] ?? '0'].map(Number) as [number, number, number];
  if (hour > 23 || minute > 59 || second > 59) return bad('bad_time');
  const parts = precision === 'second' ? [hour, minute, second] : [hour, minute];
  return ok(parts.map((part) => String(part).padStart(2, '0')).join(':'));
}
