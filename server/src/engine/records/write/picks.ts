import { isBlank } from '@lianke/shared/fields/types';
import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import type { FieldRules } from '@lianke/shared/forms/definition';
import type { Json } from '@lianke/shared/json';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import type { StoredValues } from '../contracts.js';
import { holds } from '../linked/linked-values.js';
import { caseSql } from '../sql/filter-sql.js';
import { Params } from '../sql/params.js';
import type { PreparedRow } from './prepare.js';
import type { Work } from './work.js';

interface Judged {
  row: PreparedRow;
  /** What stands, absent for a new record. */
  before?: StoredValues | undefined;
  /** The record as it would be. */
  after: StoredValues;
}

/** The fixed condition of a field's picker; one on a field that is gone says nothing. */
export function offeredBy(field: FieldMeta, target: FormMeta): Filter | undefined {
  const { pickWhen } = field.def.rules;
  return pickWhen && fieldsOf(pickWhen).every((ref) => target.field(ref)) ? pickWhen : undefined;
}

/**
 * What related records must meet to be chosen now: the fixed condition, and what the other fields decide.
 * @param valueAt a deciding field's stored value; blank narrows nothing
 */
export function offeredNow(
  form: FormMeta,
  field: FieldMeta,
  target: FormMeta,
  valueAt: (decider: FieldMeta) => Json | undefined,
): Filter | undefined {
  const parts = (field.def.rules.pickBy ?? []).flatMap((rule): Filter[] => {
    const [own, there] = [form.field(rule.by), target.field(rule.field)];
    const value = own && there && valueAt(own);
    if (!there || value === undefined || isBlank(value) || typeof value === 'object') return [];
    return [{ field: there.id, op: 'eq', value }];
  });
  const fixed = offeredBy(field, target);
  if (fixed) parts.push(fixed);
  return parts.length > 0 ? { and: parts } : undefined;
}

/** Notes rows whose related records are not among those that pickers offer. */
export async function checkPicks(work: Work, rows: readonly Judged[]): Promise<void> {
  if (work.ctx.cause.door === 'undo') return;
  for (const field of work.form.fields) {
    const { pickBy = [], pickWhen } = field.def.rules;
    const target =
      pickBy.length > 0 || pickWhen ? work.scope.forms.get((field.config as { formId: string }).formId) : undefined;
    if (!target) continue;
    for (const rule of pickBy) await agree(work, field, target, rule, rows);
    const offered = offeredBy(field, target);
    if (offered) await meet(work, field, target, offered, rows);
  }
}

/**
 * 级联: the related record's own field must hold the same value as another field of the row. A blank deciding field narrows
 * nothing.
 */
async function agree(
  work: Work,
  field: FieldMeta,
  target: FormMeta,
  rule: NonNullable<FieldRules['pickBy']>[number],
  rows: readonly Judged[],
): Promise<void> {
  const own = work.form.field(rule.by);
  const there = target.field(rule.field);
  if (!own || !there) return;
  const pairs = rows.flatMap(({ row, after }, at) => {
    const value = after[own.id];
    const chosen = after[field.id];
    const asked = row.errors.length === 0 && (field.id in row.values || own.id in row.values);
    if (!asked || isBlank(value) || Array.isArray(value)) return [];
    return idsIn(chosen).map((id) => ({ at, id, value: String(value) }));
  });
  if (pairs.length === 0) return;
  const wrong = await work.tx.sql<{ at: number }>(
    `SELECT DISTINCT w.at FROM unnest($1::int[], $2::uuid[], $3::text[]) AS w(at, id, value)
     JOIN ${target.table} t ON t.id = w.id WHERE NOT coalesce(${holds(there, 'w.value')}, false)`,
    [pairs.map((pair) => pair.at), pairs.map((pair) => pair.id), pairs.map((pair) => pair.value)],
  );
  for (const { at } of wrong)
    rows[at]?.row.errors.push({ field: field.key, code: 'record_does_not_fit', params: { field: own.name } });
}

/** The fixed condition of a picker. What was chosen before it held, or before the record changed, is not asked again. */
async function meet(
  work: Work,
  field: FieldMeta,
  target: FormMeta,
  filter: Filter,
  rows: readonly Judged[],
): Promise<void> {
  const fresh = rows.map(({ row, before, after }) => {
    if (row.errors.length > 0 || !(field.id in row.values)) return [];
    const old = new Set(idsIn(before?.[field.id]));
    return idsIn(after[field.id]).filter((id) => !old.has(id));
  });
  const asked = [...new Set(fresh.flat())];
  if (asked.length === 0) return;
  const params = new Params();
  const named = `t.id = ANY(${params.add(asked, 'uuid[]')})`;
  const condition = caseSql({ kind: 'filter', filter }, target, 't', work.scope, params);
  const found = await work.tx.sql<{ id: string }>(
    `SELECT t.id FROM ${target.table} t WHERE ${named} AND ${condition}`,
    params.values,
  );
  const fits = new Set(found.map(({ id }) => id));
  for (const [at, ids] of fresh.entries())
    if (ids.some((id) => !fits.has(id))) rows[at]?.row.errors.push({ field: field.key, code: 'record_not_offered' });
}

function idsIn(chosen: Json | undefined): string[] {
  if (isBlank(chosen)) return [];
  return (Array.isArray(chosen) ? chosen : [chosen]).map(String);
}
