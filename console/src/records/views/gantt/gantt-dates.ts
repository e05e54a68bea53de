import { periodOf } from '@lianke/shared/fields/date-range/value';
import type { Filter } from '@lianke/shared/filter/ast';
import type { Json } from '@lianke/shared/json';
import { dayDate, dayNumber } from '@lianke/shared/time/work-days';
import dayjs from 'dayjs';
import type { ReadField } from '../../../api/queries.js';
import { fromWallTime } from '../../../shared/format.js';
import type { Values } from '../../values.js';
import { dayOf, moveDays } from '../calendar-days.js';
import type { Span } from './gantt-days.js';

/** The fields that say from when to when: a date with or without an end, or a date range alone. */
export interface DateFields {
  start: ReadField;
  end: ReadField | undefined;
}

/** When work begins and ends, for instants of which only the day was chosen. */
const opens = 9;
const closes = 18;

/** How far the two ends of a bar were moved, in days. */
export interface Shift {
  from: number;
  to: number;
}

/** From when to when a record lasts; without an end, or with one before the start, it is one day. None without a start. */
export function spanOf({ start, end }: DateFields, values: Values): (Span & { reversed: boolean }) | undefined {
  const value = values[start.key];
  if (start.type === 'dateRange') {
    const period = periodOf(value);
    return period && { from: dayNumber(period.start), to: dayNumber(period.end), reversed: false };
  }
  const first = dayOf(start, value);
  if (first === undefined) return undefined;
  const from = dayNumber(first);
  const last = end && dayOf(end, values[end.key]);
  const to = last === undefined ? from : dayNumber(last);
  return { from, to: Math.max(from, to), reversed: to < from };
}

/** Records that share a day with these. */
export function spanFilter({ start, end }: DateFields, { from, to }: Span): Filter {
  const field = start.id as string;
  const [first, last] = [dayDate(from), dayDate(to)];
  if (start.type === 'dateRange') return { field, op: 'contains', value: [first, last] };
  if (!end) return { field, op: 'between', value: [first, last] };
  const reaches: Filter[] = [
    { field: end.id as string, op: 'gte', value: first },
    { field, op: 'gte', value: first },
  ];
  return { and: [{ field, op: 'lte', value: last }, { or: reaches }] };
}

/** What a pull at a bar by so many days does to its ends: neither passes the other. */
export function pulled(part: 'whole' | 'from' | 'to', days: number, { from, to }: Span): Shift {
  if (part === 'whole') return { from: days, to: days };
  return part === 'from' ? { from: Math.min(days, to - from), to: 0 } : { from: 0, to: Math.max(days, from - to) };
}

/** The values that a moved or stretched bar writes; an instant keeps its time of day. */
export function shiftedValues(fields: DateFields, values: Values, shift: Shift): Values {
  const { start, end } = fields;
  const span = spanOf(fields, values);
  if (!span || (shift.from === 0 && shift.to === 0)) return {};
  if (start.type === 'dateRange')
    return { [start.key]: `${dayDate(span.from + shift.from)}/${dayDate(span.to + shift.to)}` };
  const out: Values = {};
  if (shift.from !== 0) out[start.key] = moveDays(start, String(values[start.key]), shift.from);
  if (!end) return out;
  const last = values[end.key];
  const known = typeof last === 'string' && last !== '';
  if (known && !span.reversed) {
    if (shift.to !== 0) out[end.key] = moveDays(end, last, shift.to);
  } else if (known && shift.from === shift.to) out[end.key] = moveDays(end, last, shift.to);
  // An end that was not there comes by stretching, not by moving.
  else if (shift.from !== shift.to) out[end.key] = dayValue(end, span.to + shift.to, closes);
  return out;
}

/** The values that give a record its first dates. */
export function placedValues({ start, end }: DateFields, { from, to }: Span): Values {
  if (start.type === 'dateRange') return { [start.key]: `${dayDate(from)}/${dayDate(to)}` };
  return {
    [start.key]: dayValue(start, from, opens),
    ...(end ? { [end.key]: dayValue(end, to, closes) } : {}),
  };
}

function dayValue(field: ReadField, day: number, hour: number): Json {
  return field.type === 'date' ? dayDate(day) : fromWallTime(dayjs(dayDate(day)).hour(hour));
}
