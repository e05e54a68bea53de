import type { Filter } from '@lianke/shared/filter/ast';
import type { AggregateItem } from '@lianke/shared/records/query';
import type { ReadField } from '../../api/queries.js';
import { referenceOf } from '../../fields/renderer.js';

export interface Lane {
  /** Option or member id; null holds the records without a value. */
  id: string | null;
  label: string;
  color?: string;
  count: number;
  /** Decimal text; null when nothing is summed. */
  sum: string | null;
}

/**
 * The lanes of a board, the one of records without a value first: every option in its order, then what records still hold
 * of options that are no more; or the `most` members who have most. `left`: so many members have no lane.
 */
export function lanesOf(
  field: ReadField,
  groups: readonly AggregateItem[],
  none: string,
  most: number,
): { lanes: Lane[]; left: number } {
  const found = new Map<string | null, { count: number; sum: string | null; label: string }>();
  for (const item of groups) {
    const key = item.groups[0] ?? null;
    const reference = key !== null && typeof key === 'object' ? key : null;
    const sum = item.metrics.sum;
    found.set(reference ? reference.id : key === null ? null : String(key), {
      count: Number(item.metrics.n ?? 0),
      sum: sum === null || sum === undefined ? null : String(sum),
      label: reference?.label ?? String(key ?? none),
    });
  }
  const lane = (id: string | null, label: string, color?: string): Lane => ({
    id,
    label,
    ...(color ? { color } : {}),
    count: found.get(id)?.count ?? 0,
    sum: found.get(id)?.sum ?? null,
  });
  const options = (field.type === 'select' ? (field.config.options ?? []) : []) as {
    id: string;
    label: string;
    color?: string;
  }[];
  const known = new Set<string | null>(options.map((option) => option.id));
  const others = [...found]
    .filter(([id]) => id !== null && !known.has(id))
    .sort((a, b) => b[1].count - a[1].count)
    .map(([id, item]) => lane(id, item.label));
  const named = [...options.map((option) => lane(option.id, option.label, option.color)), ...others];
  const shown = field.type === 'select' ? named : named.slice(0, most);
  return { lanes: [lane(null, none), ...shown], left: named.length - shown.length };
}

/** Which records lie in a lane. */
export function laneFilter(field: ReadField, id: string | null): Filter {
  return id === null ? { field: field.id, op: 'empty' } : { field: field.id, op: 'eq', value: id };
}

/** The lane a record's value puts it in. */
export function laneIdOf(value: Parameters<typeof referenceOf>[0]): string | null {
  return referenceOf(value)?.id ?? null;
}
