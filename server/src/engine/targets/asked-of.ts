import type { Condition, Filter, FilterValue } from '@lianke/shared/filter/ast';
import { addDays, dateIn, relativeRange } from '@lianke/shared/time/zone';
import type { FormMeta } from '../forms/form-meta.js';

/** Days from one to another, both among them. */
export interface Days {
  from: string;
  to: string;
}

/** What a filter asks of all its records: the conditions that none of them escapes. */
export function conditionsOf(filter: Filter | undefined): Condition[] {
  if (filter === undefined) return [];
  if ('and' in filter) return filter.and.flatMap(conditionsOf);
  return 'field' in filter ? [filter] : [];
}

/**
 * The days that a filter narrows its records to; null where it names none.
 * @param first the date field that counts before all others
 */
export function daysOf(
  filter: Filter | undefined,
  form: FormMeta,
  first: string,
  zone: string,
  now: Date,
): Days | null {
  const found = conditionsOf(filter).flatMap((condition) => {
    const field = form.field(condition.field);
    if (field?.storage !== 'date' && field?.storage !== 'timestamptz') return [];
    const days = daysIn(condition, zone, now);
    return days ? [{ days, first: field.id === first || field.key === first }] : [];
  });
  return (found.find((item) => item.first) ?? found[0])?.days ?? null;
}

function daysIn({ op, value }: Condition, zone: string, now: Date): Days | null {
  const today = dateIn(zone, now);
  const [a, b] = (Array.isArray(value) ? value : [value]).map((item) => spanOf(item, zone, now));
  switch (op) {
    case 'eq':
      return a ?? null;
    case 'between':
      return a && b ? { from: a.from, to: b.to } : null;
    case 'gt':
    case 'gte':
      return a ? { from: a.from, to: a.from > today ? a.from : today } : null;
    case 'lt':
    case 'lte':
      return a ? { from: a.to, to: a.to } : null;
    default:
      return null;
  }
}

/** The days that one value means. */
function spanOf(value: FilterValue | undefined, zone: string, now: Date): Days | null {
  if (typeof value === 'string') {
    const at = Date.parse(value);
    if (Number.isNaN(at)) return null;
    const day = /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : dateIn(zone, new Date(at));
    return { from: day, to: day };
  }
  if (typeof value !== 'object' || value === null || !('rel' in value)) return null;
  const { from, to } = relativeRange(value.rel, value.n, zone, now);
  const last = to === undefined ? undefined : addDays(to, -1);
  const [begin, end] = [from ?? last, last ?? from];
  return begin === undefined || end === undefined ? null : { from: begin, to: end };
}

/**
 * Whether a filter leaves the records of one of these owners or departments in.
 * @param me who 「我」 is
 */
export function leavesIn(
  filter: Filter | undefined,
  form: FormMeta,
  field: 'owner' | 'department',
  ids: readonly string[],
  me: string,
): boolean {
  return conditionsOf(filter)
    .filter(
      (condition) => form.field(condition.field)?.key === field && (condition.op === 'in' || condition.op === 'eq'),
    )
    .every(({ value }) =>
      (Array.isArray(value) ? value : [value]).some((item) =>
        typeof item === 'string' ? ids.includes(item) : isMe(item) && ids.includes(me),
      ),
    );
}

const isMe = (value: unknown): boolean => typeof value === 'object' && value !== null && 'me' in value;
