import type { Filter } from '@lianke/shared/filter/ast';
import { countConditions } from '@lianke/shared/filter/ast';
import { type FilterEnv, resolveCondition } from '@lianke/shared/filter/condition-test';
import { evaluate } from '@lianke/shared/filter/evaluate';
import type { DepartmentId, MemberId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { filterFieldOf } from '../records/sql/read-scope.js';

/** Rows of a form: none, all, or those that meet a filter over their own fields. */
export type Rows = 'none' | 'all' | Filter;

/** A right to a field that differs from row to row. */
export interface RowRight {
  /** Rows in which its value has stars. */
  masked: Exclude<Rows, 'all'>;
  /** Rows in which it is not to be written; those it is masked in are among them. */
  locked: Exclude<Rows, 'none'>;
  /** Whom `me` and `myDepartment` mean in them. */
  who: { me: MemberId; myDepartments: readonly DepartmentId[] };
}

/** A value of a row by field; undefined when it was not read. */
export type RowValue = (field: FieldMeta) => Json | undefined;
/** What conditions need besides the row. */
export type Moment = Pick<FilterEnv, 'timeZone' | 'now'>;

/** Rows that are among all of these. */
export function within(list: readonly Rows[]): Rows {
  if (list.includes('none')) return 'none';
  return joined(list, 'all', (and) => ({ and }));
}

/** Rows that are among any of these. */
export function among(list: readonly Rows[]): Rows {
  if (list.includes('all')) return 'all';
  return joined(list, 'none', (or) => ({ or }));
}

function joined(list: readonly Rows[], neutral: 'none' | 'all', join: (filters: Filter[]) => Filter): Rows {
  const filters = new Map(
    list.flatMap((rows) => (typeof rows === 'string' ? [] : [[JSON.stringify(rows), rows] as const])),
  );
  const [only, ...others] = filters.values();
  if (!only) return neutral;
  return others.length === 0 ? only : join([only, ...others]);
}

/**
 * The rows a mask is confined to. All of them when its condition cannot be decided from a row of the form any more: the
 * field it asks for is gone or has another type now.
 */
export function maskedRows(form: FormMeta, when: Filter | undefined): Exclude<Rows, 'none'> {
  return when && decidable(form, when) ? when : 'all';
}

/** Whether a condition can be decided from one row of the form: what is asked of its own fields, as their types allow. */
export function decidable(form: FormMeta, when: Filter): boolean {
  if ('and' in when) return countConditions(when) > 0 && when.and.every((child) => decidable(form, child));
  if ('or' in when) return countConditions(when) > 0 && when.or.every((child) => decidable(form, child));
  if ('not' in when) return decidable(form, when.not);
  const field = form.fields.find((item) => item.id === when.field || item.key === when.field);
  const env = { timeZone: 'UTC', now: new Date(0), me: '', myDepartments: [] };
  return field !== undefined && typeof resolveCondition(filterFieldOf(field), when.op, when.value, env) !== 'string';
}

/** Fields that decide which rows these are. */
export function decidersOf(form: FormMeta, rows: Rows): FieldMeta[] {
  if (typeof rows === 'string') return [];
  if ('and' in rows) return rows.and.flatMap((child) => decidersOf(form, child));
  if ('or' in rows) return rows.or.flatMap((child) => decidersOf(form, child));
  if ('not' in rows) return decidersOf(form, rows.not);
  const field = form.field(rows.field);
  return field ? [field] : [];
}

/** Whether a row is among these, as SQL would answer; a row read without what decides is taken to be. */
export function holds(rows: Rows, form: FormMeta, value: RowValue, env: FilterEnv): boolean {
  if (typeof rows === 'string') return rows === 'all';
  if (decidersOf(form, rows).some((field) => value(field) === undefined)) return true;
  const lookup = (ref: string) => {
    const field = form.field(ref);
    return field && { field: filterFieldOf(field), value: value(field) };
  };
  return evaluate(rows, lookup, env);
}
