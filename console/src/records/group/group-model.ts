import { shownAs } from '@lianke/shared/fields/derived';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { Filter, FilterValue } from '@lianke/shared/filter/ast';
import type { ViewGroup } from '@lianke/shared/forms/views';
import type { Json } from '@lianke/shared/json';
import type { AggregateItem } from '@lianke/shared/records/query';
import dayjs from 'dayjs';
import type { FormView, ReadField } from '../../api/queries.js';
import { optionsOf } from '../../fields/options.js';

export type { ViewGroup };
export type Unit = NonNullable<ViewGroup['unit']>;

/** Levels a list is grouped by at most. */
export const mostGroups = 2;
/** More groups than this are not read at once. */
export const groupsRead = 500;

/** Fields a list may be grouped by. */
export function groupableFields(form: Pick<FormView, 'fields'>): ReadField[] {
  return form.fields.filter((field) => behaviourOf(field).groupable);
}

/** True for fields that are grouped by day, month … */
export function isPeriod(field: ReadField): boolean {
  const { storage } = fieldTypes[shownAs(field).type];
  return storage === 'date' || storage === 'timestamptz';
}

/** The unit a field is grouped by when nobody chose: months for dates. */
export function unitOf(field: ReadField, group: ViewGroup): Unit | undefined {
  return isPeriod(field) ? (group.unit ?? 'month') : undefined;
}

/** Records whose value is the group's: the condition that `AggregateItem.groups` stands for. */
export function groupFilter(field: ReadField, unit: Unit | undefined, key: Json): Filter {
  const ref = field.id as string;
  if (key === null) return { field: ref, op: 'empty' };
  if (unit && typeof key === 'string') return { field: ref, op: 'between', value: [key, lastDay(key, unit)] };
  const value = (typeof key === 'object' && !Array.isArray(key) ? key.id : key) as FilterValue;
  const list = fieldTypes[shownAs(field).type].storage.endsWith('[]');
  return list ? { field: ref, op: 'hasAny', value: [value as string] } : { field: ref, op: 'eq', value };
}

/** Last date of the period that begins with `first`, both `YYYY-MM-DD`. */
export function lastDay(first: string, unit: Unit): string {
  const start = dayjs(first);
  const next = unit === 'quarter' ? start.add(3, 'month') : start.add(1, unit);
  return next.subtract(1, 'day').format('YYYY-MM-DD');
}

/** A period's name: 「2025-03」, 「2025 年第 1 季度」 as `2025 Q1`, a week by its first and last day. */
export function periodText(first: string, unit: Unit): string {
  switch (unit) {
    case 'day':
      return first;
    case 'week':
      return `${first} ~ ${lastDay(first, unit).slice(5)}`;
    case 'month':
      return first.slice(0, 7);
    case 'quarter':
      return `${first.slice(0, 4)} Q${Math.floor((Number(first.slice(5, 7)) - 1) / 3) + 1}`;
    case 'year':
      return first.slice(0, 4);
  }
}

/** Groups in the order people expect: options in theirs, names by alphabet, everything else by value; empty ones last. */
export function inOrder(
  field: ReadField,
  dir: 'asc' | 'desc',
  items: readonly AggregateItem[],
  level: number,
): AggregateItem[] {
  const options = optionsOf(field).map((option) => option.id);
  const rank = (item: AggregateItem) => options.indexOf(String(item.groups[level] ?? ''));
  const name = (item: AggregateItem) => {
    const key = item.groups[level];
    return typeof key === 'object' && key !== null ? key.label : '';
  };
  const sign = dir === 'desc' ? -1 : 1;
  const named = fieldTypes[shownAs(field).type].refers !== undefined;
  // The server's own order is ascending, and stable here.
  const sorted = [...items].sort((a, b) => {
    if (a.groups[level] === null || b.groups[level] === null)
      return Number(a.groups[level] === null) - Number(b.groups[level] === null);
    if (options.length > 0) return sign * (rank(a) - rank(b));
    return named ? sign * name(a).localeCompare(name(b), 'zh-CN') : 0;
  });
  if (options.length > 0 || named || dir === 'asc') return sorted;
  const empty = sorted.filter((item) => item.groups[level] === null);
  return [...sorted.filter((item) => item.groups[level] !== null).reverse(), ...empty];
}
