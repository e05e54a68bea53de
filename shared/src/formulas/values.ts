import { civilAt, civilClock, civilDate, instantOf } from '../time/civil.js';
import { dayDate, dayNumber } from '../time/work-days.js';
import type { Span } from './ast.js';
import { Dec, largest } from './decimal.js';
import { fail } from './faults.js';
import type { Kind } from './types.js';

/** A calendar date as days since 1970-01-01. */
export interface DateValue {
  kind: 'date';
  day: number;
}
/** An instant in Unix milliseconds. */
export interface InstantValue {
  kind: 'datetime';
  ms: number;
}
export type Scalar = null | string | boolean | Dec | DateValue | InstantValue;
export type Value = Scalar | readonly Scalar[];

/** Longest text a formula may make, in UTF-16 units. */
export const maxText = 20_000;
/** Most values a list may hold. */
export const maxList = 200_000;

export const dayMs = 86_400_000;
const firstDay = dayNumber('0001-01-01');
const lastDay = dayNumber('9999-12-31');

export function isList(value: Value): value is readonly Scalar[] {
  return Array.isArray(value);
}

export function kindOf(value: Scalar): Kind {
  if (value === null) return 'blank';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  return value instanceof Dec ? 'number' : (value as DateValue | InstantValue).kind;
}

/** A date, or the fault that it lies outside of the years 1–9999. */
export function dateValue(day: number, at: Span): DateValue {
  if (!Number.isInteger(day) || day < firstDay || day > lastDay) fail('not_a_date', at, { text: String(day) });
  return { kind: 'date', day };
}

export function instantValue(ms: number, at: Span): InstantValue {
  if (!Number.isFinite(ms) || ms < firstDay * dayMs || ms >= (lastDay + 1) * dayMs)
    fail('not_a_date', at, { text: String(ms) });
  return { kind: 'datetime', ms: Math.round(ms) };
}

/** A number that a result may hold. */
export function numberOf(value: Dec, at: Span): Dec {
  if (!value.isFinite() || value.abs().gte(largest)) fail('number_too_big', at);
  return value;
}

export function textValue(text: string, at: Span): string {
  if (text.length > maxText) fail('text_too_long', at, { max: maxText });
  return text;
}

/** Blank is 0, true is 1. */
export function toNumber(value: Scalar, at: Span): Dec {
  if (value === null) return new Dec(0);
  if (value instanceof Dec) return value;
  if (typeof value === 'boolean') return new Dec(value ? 1 : 0);
  return fail('wrong_type', at, { wanted: '@number', given: `@${kindOf(value)}`, hint: '@none' });
}

/** Blank is false. */
export function toBoolean(value: Scalar, at: Span): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  return fail('wrong_type', at, { wanted: '@boolean', given: `@${kindOf(value)}`, hint: '@none' });
}

/** Every single value has a text: blank is empty, instants are the wall clock of `zone`. */
export function toText(value: Scalar, zone: string): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (value instanceof Dec) return plainNumber(value);
  const moment = value as DateValue | InstantValue;
  if (moment.kind === 'date') return dayDate(moment.day);
  const civil = civilAt(zone, moment.ms);
  return `${civilDate(civil)} ${civilClock(civil)}`;
}

/** At most 15 digits after the point, no exponent, no trailing zeros. */
export function plainNumber(value: Dec): string {
  const text = value.toDecimalPlaces(15).toFixed();
  return text === '-0' ? '0' : text;
}

/** The calendar date of a moment in `zone`; blank stays blank. */
export function toDay(value: Scalar, zone: string, at: Span): number | null {
  if (value === null) return null;
  if (typeof value === 'object' && 'kind' in value)
    return value.kind === 'date' ? value.day : dayNumber(civilDate(civilAt(zone, value.ms)));
  return fail('wrong_type', at, { wanted: '@date', given: `@${kindOf(value)}`, hint: '@none' });
}

/** The instant of a moment; a date is its midnight in `zone`. */
export function toInstant(value: Scalar, zone: string, at: Span): number | null {
  if (value === null) return null;
  if (typeof value === 'object' && 'kind' in value)
    return value.kind === 'datetime' ? value.ms : midnight(value.day, zone);
  return fail('wrong_type', at, { wanted: '@datetime', given: `@${kindOf(value)}`, hint: '@none' });
}

export function midnight(day: number, zone: string): number {
  const [year = 1, month = 1, date = 1] = dayDate(day).split('-').map(Number);
  return instantOf(zone, { year, month, day: date, hour: 0, minute: 0, second: 0 });
}

/** Order of two values of one kind (dates go with datetimes): negative, 0 or positive. Texts compare by code point. */
export function compareValues(a: Scalar, b: Scalar, zone: string, at: Span): number {
  if (typeof a === 'string' || typeof b === 'string') {
    const left = toText(a, zone);
    const right = toText(b, zone);
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (isMoment(a) && isMoment(b)) {
    if (a.kind === 'date' && b.kind === 'date') return a.day - b.day;
    return (toInstant(a, zone, at) ?? 0) - (toInstant(b, zone, at) ?? 0);
  }
  return toNumber(a, at).cmp(toNumber(b, at));
}

/** Two-valued: blank equals 0, the empty text and false, and no date. */
export function sameValue(a: Scalar, b: Scalar, zone: string, at: Span): boolean {
  if (a === null && b === null) return true;
  if (a === null || b === null) {
    const other = a === null ? b : a;
    if (isMoment(other)) return false;
    return typeof other === 'string' ? other === '' : toNumber(other, at).isZero();
  }
  const kinds = [kindOf(a), kindOf(b)];
  if (kinds[0] !== kinds[1] && !(isMoment(a) && isMoment(b))) return false;
  return compareValues(a, b, zone, at) === 0;
}

export function isMoment(value: Scalar): value is DateValue | InstantValue {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
