import { isCalendarDate } from '../../fields/date/value.js';
import { fold } from '../../filter/fold.js';
import { dayNumber } from '../../time/work-days.js';
import { Dec } from '../decimal.js';

/** A number people write: `1,200.50`, `￥80`, `15%`, full-width digits; undefined for anything else. */
export function readNumber(text: string): Dec | undefined {
  const body = fold(text.trim()).replace(/^([+-]?)[¥￥$]/, '$1');
  const found = /^([+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,30}))?(\.\d{1,30})?(%)?$/.exec(body);
  if (!found || !(found[1] || found[2]) || /^[+-]$/.test(found[1] ?? '')) return undefined;
  const value = new Dec(`${(found[1] ?? '0').replaceAll(',', '')}${found[2] ?? ''}`);
  return found[3] ? value.div(100) : value;
}

/** A date people write: `2026-3-4`, `2026/03/04`, `2026.3.4`, `2026年3月4日`, `20260304`; undefined for anything else. */
export function readDay(text: string): number | undefined {
  const found =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?/.exec(text.trim()) ??
    /^(\d{4})(\d{2})(\d{2})(?!\d)/.exec(text.trim());
  if (!found) return undefined;
  const date = `${found[1]}-${found[2]?.padStart(2, '0')}-${found[3]?.padStart(2, '0')}`;
  return isCalendarDate(date) ? dayNumber(date) : undefined;
}

/** Seconds since midnight of the clock time after a date: `… 9:05`, `… 09:05:30`; 0 without one, undefined when it is no time. */
export function readClock(text: string): number | undefined {
  const rest = text
    .trim()
    .replace(/^\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|^\d{8}(?!\d)/, '')
    .replace(/^T/, '')
    .trim();
  if (rest === '') return 0;
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(rest);
  if (!found) return undefined;
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
  return hour < 24 && minute < 60 && second < 60 ? hour * 3600 + minute * 60 + second : undefined;
}
