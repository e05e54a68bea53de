import { thisRecord } from '@lianke/shared/errors/field-text';
import { isBlank } from '@lianke/shared/fields/types';
import { type Filter, fieldsOf } from '@lianke/shared/filter/ast';
import { type CheckJudge, checkRules, fieldStates, type RuleForm, type RuleValues } from '@lianke/shared/forms/rules';
import type { NameOf } from '@lianke/shared/formulas/field-values';
import { asJson, type Json } from '@lianke/shared/json';
import type { FormMeta } from '../../forms/form-meta.js';
import { sealed } from '../../sealed/sealed-rows.js';
import type { StoredValues } from '../contracts.js';
import { holdsRows, storedRows } from '../subform-rows.js';
import type { PreparedRow } from './prepare.js';
import { rulesOf } from './rule-form.js';
import { asksRules } from './rule-values.js';
import type { Work } from './work.js';

/**
 * Judges a row by its form's rules, the record taken as it would be: faults are noted on the row, and hidden fields are
 * emptied where the form says so. `before` is what stands, absent for a new record. Taking back a batch puts records as
 * they once were and asks no rules.
 * @param computed what the rules read of computed fields (`rule-values.ts`)
 */
export function applyRules(
  work: Work,
  row: PreparedRow,
  before: StoredValues | undefined,
  computed: RuleValues | undefined,
): void {
  if (!asksRules(work)) return;
  const { form, any } = rulesOf(work.form);
  const after = before || computed ? { ...before, ...row.values, ...computed } : row.values;
  if (!any) {
    checkRequired(work.form, row, after, before === undefined);
    return;
  }
  const { env } = work.scope;
  const failed = new Set(row.errors.map((error) => error.field));
  checkReadonly(work, form, row, before, before ?? after);
  const verdict = checkRules(form, after, env, failed, judgeOf(work, after));
  // Of an older record only what this write is about: faults it had before are not its writer's.
  const old = before
    ? new Set(
        checkRules(form, before, env, undefined, judgeOf(work, before)).errors.map(
          (error) => `${error.field}/${error.code}`,
        ),
      )
    : undefined;
  for (const error of verdict.errors) {
    const field = work.form.field(error.field);
    if (old?.has(`${error.field}/${error.code}`) && field && !(field.id in row.values)) continue;
    row.errors.push(error);
  }
  if (work.form.settings.hiddenValues !== 'clear') return;
  for (const id of verdict.hidden) if (!work.form.field(id)?.derived && !isBlank(after[id])) row.values[id] = null;
}

/** The form's checks by formula, on these values. */
function judgeOf(work: Work, values: RuleValues): CheckJudge | undefined {
  const { org, scope } = work;
  const nameOf: NameOf = (field, id) =>
    field.type === 'department' ? (org.departments.get(id as never)?.name ?? '') : org.nameOf(id);
  return rulesOf(work.form).formulas?.(keyed(work.form, values), {
    now: scope.env.now,
    timeZone: scope.env.timeZone,
    nameOf,
  });
}

/** Values by key, those of rows in subforms too. */
function keyed(form: FormMeta, values: RuleValues): Record<string, Json | undefined> {
  return Object.fromEntries(
    form.fields.map(({ id, key, part }) => {
      const value = values[id];
      if (!part || !holdsRows(value)) return [key, value];
      return [key, asJson(storedRows(value).map((row) => ({ id: row.id, values: keyed(part, row.values) })))];
    }),
  );
}

interface Judged {
  row: PreparedRow;
  /** The record as it would be. */
  after: StoredValues;
}

/** Notes rows whose values repeat another record's in a set of fields that may not; indexes guard against races. */
export async function checkUniqueSets(work: Work, rows: readonly Judged[]): Promise<void> {
  for (const set of work.form.settings.uniqueSets ?? []) {
    const fields = set.fields.flatMap((id) => work.form.field(id) ?? []);
    if (fields.length < set.fields.length) continue;
    const keyOf = (values: StoredValues) => fields.map((field) => values[field.id] ?? null);
    const full = rows.filter(
      ({ row, after }) =>
        row.errors.length === 0 &&
        fields.some((field) => field.id in row.values) &&
        keyOf(after).every((value) => value !== null),
    );
    if (full.length === 0) continue;
    const params = fields.map((field) => full.map(({ after }) => String(sealed(field, after[field.id]))));
    const wanted = fields.map((field, index) => `w.c${index}::${field.storage} = t.${field.column}`).join(' AND ');
    const taken = await work.tx.sql<{ id: string; at: number }>(
      `SELECT t.id, w.at::int AS at FROM unnest(${fields.map((_, index) => `$${index + 1}::text[]`).join(', ')}) WITH ORDINALITY AS w(${fields
        .map((_, index) => `c${index}`)
        .join(', ')}, at) JOIN ${work.form.table} t ON ${wanted} WHERE t.deleted_at IS NULL`,
      params,
    );
    // The writer is told of no field that he does not see.
    const access = work.scope.accessOf(work.form);
    const told = fields.filter((field) => access.mayRead(field));
    const holders = new Map(taken.map((item) => [item.at - 1, item.id]));
    const seen = new Map<string, string>();
    for (const [index, { row, after }] of full.entries()) {
      const key = JSON.stringify(keyOf(after));
      const holder = holders.get(index);
      const repeats = (holder !== undefined && holder !== row.id) || (seen.has(key) && seen.get(key) !== row.id);
      seen.set(key, row.id);
      if (repeats)
        row.errors.push({
          field: (told[0] ?? fields[0])?.key ?? '',
          code: 'set_not_unique',
          params: { fields: told.length > 0 ? told.map((field) => field.name).join('、') : thisRecord },
        });
    }
  }
}

/** A locked field keeps what it holds; a new record may not bring a value for one. */
function checkReadonly(
  work: Work,
  form: RuleForm,
  row: PreparedRow,
  before: StoredValues | undefined,
  standing: RuleValues,
): void {
  if (!form.fields.some((field) => field.rules.readonlyWhen)) return;
  const states = fieldStates(form, standing, work.scope.env);
  for (const [id, value] of Object.entries(row.given)) {
    if (!states.get(id)?.readonly) continue;
    const same = JSON.stringify(value ?? null) === JSON.stringify(before?.[id] ?? null);
    const field = work.form.field(id);
    if (same || !field) continue;
    const fields = lockedBy(work, field.def.rules.readonlyWhen);
    row.errors.push({
      field: field.key,
      ...(fields ? { code: 'locked_by', params: { fields } } : { code: 'locked' }),
    });
  }
}

/** The fields that a lock looks at, as far as the writer sees them. */
function lockedBy(work: Work, lock: Filter | undefined): string {
  const access = work.scope.accessOf(work.form);
  const fields = (lock ? fieldsOf(lock) : []).flatMap((ref) => work.form.field(ref) ?? []);
  const told = fields.filter((field) => access.mayRead(field)).map((field) => `“${field.name}”`);
  return [...new Set(told)].join('、');
}

function checkRequired(form: FormMeta, row: PreparedRow, after: RuleValues, creating: boolean): void {
  for (const field of form.fields) {
    if (!field.def.rules.required || field.type.kept) continue;
    const touched = creating || field.id in row.values;
    const failed = row.errors.some((error) => error.field === field.key);
    if (touched && !failed && isBlank(after[field.id])) row.errors.push({ field: field.key, code: 'required' });
  }
}
