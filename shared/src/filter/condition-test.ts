import { Decimal } from 'decimal.js';
import { isCalendarDate } from '../fields/date/value.js';
import { parseDatetime } from '../fields/datetime/value.js';
import { parseTime } from '../fields/time/value.js';
import type { Comparison, StorageKind } from '../fields/types.js';
import { boxOf, type GeoBox } from '../geo/box.js';
import { citiesWithin } from '../geo/city-centres.js';
import { addDays, type DateRange, relativeRange, startOfDate } from '../time/zone.js';
import type { FilterOp, FilterValue, RelativeValue } from './ast.js';
import { fold } from './fold.js';

/** What `me`, `myDepartment` and relative dates mean for this evaluation. */
export interface FilterEnv {
  timeZone: string;
  now: Date;
  me: string | null;
  myDepartments: readonly string[];
}

/**
 * A condition with everything relative resolved: what SQL and memory both carry out, so that they agree. Ranges of
 * decimals, dates and instants compare in their own type; texts are compared by code point, `contains` and `prefix`
 * after folding.
 */
export type ConditionTest =
  | { kind: 'present' }
  | { kind: 'oneOf'; values: string[] }
  | { kind: 'isBool'; value: boolean }
  | { kind: 'range'; gt?: string; gte?: string; lt?: string; lte?: string }
  | { kind: 'contains'; text: string }
  | { kind: 'prefix'; text: string }
  | { kind: 'overlaps'; values: string[] }
  | { kind: 'covers'; values: string[] }
  /** One of the choices, or anything under one of them. */
  | { kind: 'under'; values: string[] }
  /** A place in a box of degrees. */
  | { kind: 'inBox'; box: GeoBox }
  /** An address in one of the cities. */
  | { kind: 'inCity'; values: string[] }
  /** A period that shares a day with the dates from `from` to before `to`. */
  | { kind: 'spans'; from?: string; to?: string };

/** `negate` turns the test round; empty values then count as meeting it (all operators are two-valued). */
export interface ResolvedCondition {
  test: ConditionTest;
  negate: boolean;
}

/** How the field's values compare; a field of `FieldType`, reduced to what filters need. */
export interface FilterField {
  storage: StorageKind;
  compares?: Comparison;
  operators: readonly FilterOp[];
  /** Canonical form of one option or reference; undefined leaves the text as it is. */
  canonical?(text: string): string | undefined;
}

export type ConditionFault = 'operator_not_allowed' | 'invalid_filter_value';

const opposite: Partial<Record<FilterOp, FilterOp>> = { ne: 'eq', nin: 'in', empty: 'notEmpty' };

/** Resolves one condition, or names why it cannot be. */
export function resolveCondition(
  field: FilterField,
  op: FilterOp,
  value: FilterValue | undefined,
  env: FilterEnv,
): ResolvedCondition | ConditionFault {
  if (!field.operators.includes(op)) return 'operator_not_allowed';
  const positive = opposite[op];
  const blankEquals = (op === 'eq' || op === 'ne') && (value === null || value === undefined || value === '');
  if (blankEquals) return { test: { kind: 'present' }, negate: op === 'eq' };
  const test = positiveTest(field, positive ?? op, value, env);
  return typeof test === 'string' ? test : { test, negate: positive !== undefined };
}

function positiveTest(
  field: FilterField,
  op: FilterOp,
  value: FilterValue | undefined,
  env: FilterEnv,
): ConditionTest | ConditionFault {
  if (op === 'notEmpty') return { kind: 'present' };
  if (op === 'within') return boxTest(field, value);
  switch (field.compares) {
    case 'clock':
      return clockTest(op, value);
    case 'period':
      return periodTest(op, value, env);
    case 'path': {
      const values = texts(field, Array.isArray(value) ? value : [value as never], env);
      return values === undefined ? 'invalid_filter_value' : { kind: op === 'hasAny' ? 'under' : 'oneOf', values };
    }
    case 'markup':
    case 'point':
    case undefined:
  }
  switch (field.storage) {
    case 'numeric':
      return numericTest(op, value);
    case 'date':
    case 'timestamptz':
      return timeTest(field.storage, op, value, env);
    case 'boolean':
      return op === 'eq' && typeof value === 'boolean' ? { kind: 'isBool', value } : 'invalid_filter_value';
    case 'text[]':
    case 'uuid[]':
      return arrayTest(field, op, value, env);
    default:
      return scalarTest(field, op, value, env);
  }
}

function scalarTest(
  field: FilterField,
  op: FilterOp,
  value: FilterValue | undefined,
  env: FilterEnv,
): ConditionTest | ConditionFault {
  if (op === 'contains' || op === 'startsWith') {
    if (typeof value !== 'string' && typeof value !== 'number') return 'invalid_filter_value';
    return { kind: op === 'contains' ? 'contains' : 'prefix', text: fold(String(value)) };
  }
  const values = texts(field, op === 'in' ? value : [value as never], env);
  return values === undefined ? 'invalid_filter_value' : { kind: 'oneOf', values };
}

function arrayTest(
  field: FilterField,
  op: FilterOp,
  value: FilterValue | undefined,
  env: FilterEnv,
): ConditionTest | ConditionFault {
  if (op === 'contains')
    return typeof value === 'string' ? { kind: 'contains', text: fold(value) } : 'invalid_filter_value';
  const values = texts(field, Array.isArray(value) ? value : [value as never], env);
  if (values === undefined) return 'invalid_filter_value';
  return { kind: op === 'hasAll' ? 'covers' : 'overlaps', values };
}

/** A list of texts, `me` and `myDepartment` replaced by ids; undefined when an entry is of another kind. */
function texts(field: FilterField, value: FilterValue | undefined, env: FilterEnv): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const out: string[] = [];
  for (const item of value as unknown[]) {
    if (typeof item === 'string') out.push(field.canonical?.(item) ?? item);
    else if (typeof item === 'number') out.push(String(item));
    else if (typeof item === 'object' && item !== null && 'me' in item) out.push(...(env.me ? [env.me] : []));
    else if (typeof item === 'object' && item !== null && 'myDepartment' in item) out.push(...env.myDepartments);
    else return undefined;
  }
  return out;
}

function decimal(value: unknown): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  if (typeof value === 'string' && !/^[+-]?\d{1,60}(\.\d{1,60})?$/.test(value.trim())) return undefined;
  if (typeof value === 'number' && !Number.isFinite(value)) return undefined;
  return new Decimal(value).toFixed();
}

function numericTest(op: FilterOp, value: FilterValue | undefined): ConditionTest | ConditionFault {
  if (op === 'between' || op === 'in') {
    if (!Array.isArray(value)) return 'invalid_filter_value';
    const list = value as unknown[];
    if (op === 'in') {
      const values = list.map(decimal);
      return values.every((item) => item !== undefined)
        ? { kind: 'oneOf', values: values as string[] }
        : 'invalid_filter_value';
    }
    const [from, to] = list.map((item) => (item === null ? null : decimal(item)));
    if (list.length !== 2 || from === undefined || to === undefined) return 'invalid_filter_value';
    if (from === null && to === null) return { kind: 'present' };
    return { kind: 'range', ...(from === null ? {} : { gte: from }), ...(to === null ? {} : { lte: to }) };
  }
  const bound = decimal(value);
  if (bound === undefined) return 'invalid_filter_value';
  return op === 'eq' ? { kind: 'oneOf', values: [bound] } : { kind: 'range', [op]: bound };
}

function isRelative(value: unknown): value is RelativeValue {
  return typeof value === 'object' && value !== null && 'rel' in value;
}

/** The half-open range of dates or instants that one value stands for; an exact instant is a range of 1 ms. */
function span(storage: 'date' | 'timestamptz', value: unknown, env: FilterEnv): DateRange | undefined {
  const dates = isRelative(value)
    ? relativeRange(value.rel, value.n, env.timeZone, env.now)
    : typeof value === 'string' && isCalendarDate(value)
      ? { from: value, to: addDays(value, 1) }
      : undefined;
  if (dates) return storage === 'date' ? dates : inZone(dates, env.timeZone);
  if (storage === 'date') return undefined;
  const instant = parseDatetime(value);
  if (!instant.ok || instant.value === null) return undefined;
  return { from: instant.value, to: new Date(Date.parse(instant.value) + 1).toISOString() };
}

function inZone(dates: DateRange, zone: string): DateRange {
  return {
    ...(dates.from === undefined ? {} : { from: startOfDate(zone, dates.from).toISOString() }),
    ...(dates.to === undefined ? {} : { to: startOfDate(zone, dates.to).toISOString() }),
  };
}

function timeTest(
  storage: 'date' | 'timestamptz',
  op: FilterOp,
  value: FilterValue | undefined,
  env: FilterEnv,
): ConditionTest | ConditionFault {
  if (op === 'between') {
    if (!Array.isArray(value) || value.length !== 2) return 'invalid_filter_value';
    const [first, last] = (value as unknown[]).map((item) => (item === null ? {} : span(storage, item, env)));
    if (!first || !last) return 'invalid_filter_value';
    return range({ from: first.from, to: last.to });
  }
  const period = span(storage, value, env);
  if (!period) return 'invalid_filter_value';
  switch (op) {
    case 'eq':
      return range(period);
    case 'gt':
      // Nothing lies after a period without end.
      return period.to === undefined ? { kind: 'oneOf', values: [] } : { kind: 'range', gte: period.to };
    case 'gte':
      return range({ from: period.from });
    case 'lt':
      return period.from === undefined ? { kind: 'oneOf', values: [] } : { kind: 'range', lt: period.from };
    case 'lte':
      return range({ to: period.to });
    default:
      return 'operator_not_allowed';
  }
}

/** Times of day are texts of one width: their order is that of the texts. Seconds left out mean the whole minute. */
function clockTest(op: FilterOp, value: FilterValue | undefined): ConditionTest | ConditionFault {
  const read = (item: unknown) => {
    const parsed = parseTime(item, { precision: typeof item === 'string' && item.length > 5 ? 'second' : 'minute' });
    return parsed.ok && parsed.value !== null ? parsed.value : undefined;
  };
  /** After every second of a minute, before the next minute. */
  const last = (time: string) => (time.length === 5 ? `${time}:59` : time);
  if (op === 'between') {
    if (!Array.isArray(value) || value.length !== 2) return 'invalid_filter_value';
    const [from, to] = (value as unknown[]).map((item) => (item === null ? null : read(item)));
    if (from === undefined || to === undefined) return 'invalid_filter_value';
    if (from === null && to === null) return { kind: 'present' };
    return { kind: 'range', ...(from === null ? {} : { gte: from }), ...(to === null ? {} : { lte: last(to) }) };
  }
  const time = read(value);
  if (time === undefined) return 'invalid_filter_value';
  switch (op) {
    case 'eq':
      return { kind: 'range', gte: time, lte: last(time) };
    case 'gt':
      return { kind: 'range', gt: last(time) };
    case 'gte':
    case 'lt':
      return { kind: 'range', [op]: time };
    case 'lte':
      return { kind: 'range', lte: last(time) };
    default:
      return 'operator_not_allowed';
  }
}

/** A place lies in the box; an address does when the centre of its city does. */
function boxTest(field: FilterField, value: FilterValue | undefined): ConditionTest | ConditionFault {
  if (field.storage !== 'jsonb') return 'operator_not_allowed';
  const box = boxOf(value);
  if (!box) return 'invalid_filter_value';
  return field.compares === 'point' ? { kind: 'inBox', box } : { kind: 'inCity', values: citiesWithin(box) };
}

/**
 * A period compares by its first day; `contains` asks whether it shares a day with the dates meant, or with those from one
 * to another.
 */
function periodTest(op: FilterOp, value: FilterValue | undefined, env: FilterEnv): ConditionTest | ConditionFault {
  if (op !== 'contains') return timeTest('date', op, value, env);
  if (Array.isArray(value)) {
    if (value.length !== 2) return 'invalid_filter_value';
    const [first, last] = (value as unknown[]).map((item) => (item === null ? {} : span('date', item, env)));
    if (!first || !last) return 'invalid_filter_value';
    return {
      kind: 'spans',
      ...(first.from === undefined ? {} : { from: first.from }),
      ...(last.to === undefined ? {} : { to: last.to }),
    };
  }
  const dates = span('date', value, env);
  return dates ? { kind: 'spans', ...dates } : 'invalid_filter_value';
}

/** An open range on both sides asks only that there is a value. */
function range(period: DateRange): ConditionTest {
  if (period.from === undefined && period.to === undefined) return { kind: 'present' };
  return {
    kind: 'range',
    ...(period.from === undefined ? {} : { gte: period.from }),
    ...(period.to === undefined ? {} : { lt: period.to }),
  };
}
