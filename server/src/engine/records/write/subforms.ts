import { subformConfig } from '@lianke/shared/fields/subform/schema';
import { isBlank } from '@lianke/shared/fields/types';
import type { RuleValues } from '@lianke/shared/forms/rules';
import type { RecordId } from '@lianke/shared/ids';
import { asJson, type Json } from '@lianke/shared/json';
import { isRowsState, rowsIn } from '@lianke/shared/records/rows';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { deriveInWrite } from '../../derived/in-write.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { ownFields, parentOf } from '../../forms/subform-meta.js';
import type { StoredValues } from '../contracts.js';
import { wasConverted } from '../earlier-types.js';
import { storedRows } from '../subform-rows.js';
import { fillLinked } from './linked.js';
import { checkPicks } from './picks.js';
import { fillDefaults, type PreparedRow } from './prepare.js';
import { checkReferences } from './references.js';
import { rulesReachOut, ruleValues } from './rule-values.js';
import { applyRules } from './rules.js';
import { prepareEnv, type Work } from './work.js';

/** A record whose rows are settled, and what it held before. */
interface Holder {
  row: PreparedRow;
  before: StoredValues | undefined;
}

/**
 * Makes the values of subforms: what a row does not name stays as it was, new rows get defaults, every row is checked by
 * the rules and references of its fields, and its formulas are computed. Faults are noted on the record with the place of
 * the row: `items[2].amount`.
 */
export async function settleSubforms(work: Work, holders: readonly Holder[]): Promise<void> {
  for (const field of work.form.fields) {
    const { part } = field;
    if (!part) continue;
    for (const { row, before } of holders) takeBack(field, part, row, before);
    const bringing = holders.filter(({ row }) => row.subforms?.has(field.id));
    if (bringing.length === 0) continue;
    const within: Work = { ...work, form: part, results: [], refusals: new Map() };
    await ownIds(within, field, bringing);
    const all = bringing.flatMap(({ row }) => row.subforms?.get(field.id) ?? []);
    const earlier = rowsBefore(field, bringing);
    presets(within, all, earlier);
    const holderOf = new Map(
      bringing.flatMap((holder) =>
        (holder.row.subforms?.get(field.id) ?? []).map((item): [PreparedRow, Holder] => [item, holder]),
      ),
    );
    await fillLinked(
      within,
      all,
      (item) => earlier.get(item.id),
      (item) => {
        const holder = holderOf.get(item);
        return { now: { ...holder?.before, ...holder?.row.values }, was: holder?.before };
      },
    );
    // What rules read of other records must not tell of those the writer may not name.
    const named = rulesReachOut(within);
    if (named) await checkReferences(work.tx, work.ctx, part, work.scope, all);
    const computed = await ruleValues(
      within,
      all.map((item) => ({ row: item, before: earlier.get(item.id), parent: holderOf.get(item)?.row.id })),
    );
    for (const holder of bringing) judge(within, field, holder, computed);
    if (!named) await checkReferences(work.tx, work.ctx, part, work.scope, all);
    await checkPicks(
      within,
      all.map((item) => {
        const before = earlier.get(item.id);
        return { row: item, before, after: { ...before, ...item.values } };
      }),
    );
    await compute(within, field, bringing);
    for (const { row } of bringing) noteErrors(field, row);
  }
}

/** An undo names only what differed. What was written as another type is read as the one that its field has now. */
function takeBack(field: FieldMeta, part: FormMeta, row: PreparedRow, before: StoredValues | undefined): void {
  const state: unknown = row.values[field.id];
  if (!isRowsState(state)) return;
  const told = new Set(state.rows.map(({ id }) => id));
  const converted = ownFields(part).filter((own) => !own.derived && wasConverted(part, own));
  const rows = rowsIn(state, storedRows(before?.[field.id])).map(({ id, values }, at) => {
    if (!told.has(id) || converted.length === 0) return { id, values };
    const read: StoredValues = { ...values };
    for (const own of converted) {
      const parsed = own.type.parse(values[own.id] ?? null, own.config);
      if (parsed.ok) read[own.id] = parsed.value;
      else row.errors.push({ ...parsed, field: `${field.key}[${at}].${own.key}` });
    }
    return { id, values: read };
  });
  row.values[field.id] = rows.length > 0 ? asJson(rows) : null;
}

/** New rows get ids; an id that is another record's row, or was given twice, is not taken over. */
async function ownIds(work: Work, field: FieldMeta, holders: readonly Holder[]): Promise<void> {
  const strangers = new Map<string, PreparedRow[]>();
  for (const { row, before } of holders) {
    const known = new Set(storedRows(before?.[field.id]).map((item) => item.id));
    const seen = new Set<string>();
    for (const item of row.subforms?.get(field.id) ?? []) {
      if (!item.clientId || seen.has(item.id)) item.id = uuid7() as RecordId;
      else if (!known.has(item.id)) strangers.set(item.id, [...(strangers.get(item.id) ?? []), item]);
      seen.add(item.id);
    }
  }
  if (strangers.size === 0) return;
  const taken = await work.tx.sql<{ id: string }>(`SELECT id FROM ${work.form.table} WHERE id = ANY($1::uuid[])`, [
    [...strangers.keys()],
  ]);
  const foreign = new Set(taken.map((item) => item.id));
  for (const [id, rows] of strangers)
    for (const [index, item] of rows.entries()) if (index > 0 || foreign.has(id)) item.id = uuid7() as RecordId;
}

/** What the rows that the records had held, by their id. */
function rowsBefore(field: FieldMeta, holders: readonly Holder[]): Map<string, StoredValues> {
  return new Map(
    holders.flatMap(({ before }) =>
      storedRows(before?.[field.id]).map((item): [string, StoredValues] => [item.id, item.values]),
    ),
  );
}

function presets(work: Work, rows: readonly PreparedRow[], earlier: ReadonlyMap<string, StoredValues>): void {
  const env = prepareEnv(work);
  for (const item of rows) {
    if (earlier.has(item.id)) continue;
    fillDefaults(env, item);
    delete item.values.owner;
  }
}

function judge(
  work: Work,
  field: FieldMeta,
  { row, before }: Holder,
  computed: ReadonlyMap<PreparedRow, RuleValues>,
): void {
  const rows = row.subforms?.get(field.id) ?? [];
  const old = new Map(storedRows(before?.[field.id]).map((item) => [item.id, item.values]));
  for (const item of rows) applyRules(work, item, old.get(item.id), computed.get(item));
  const { minRows = 0, fields } = subformConfig.parse(field.config);
  if (rows.length > 0 && rows.length < minRows)
    row.errors.push({ field: field.key, code: 'too_few_rows', params: { min: minRows } });
  for (const { id, key, rules } of fields)
    if (id && key && rules.unique)
      refuseRepeats(key, rows, (item) => item.values[id] ?? old.get(item.id)?.[id] ?? null);
}

/** A value that may stand once in a record's rows. */
function refuseRepeats(key: string, rows: readonly PreparedRow[], read: (row: PreparedRow) => Json): void {
  const first = new Map<string, number>();
  for (const [index, item] of rows.entries()) {
    const value = read(item);
    if (isBlank(value)) continue;
    const mark = JSON.stringify(value);
    const earlier = first.get(mark);
    if (earlier === undefined) first.set(mark, index);
    else item.errors.push({ field: key, code: 'repeated_row', params: { row: earlier + 1 } });
  }
}

/** The whole rows, with the formulas over them, become the record's value. */
async function compute(work: Work, field: FieldMeta, holders: readonly Holder[]): Promise<void> {
  const own = ownFields(work.form);
  const parent = parentOf(work.form).id;
  const fresh: { id: string; values: StoredValues }[] = [];
  const kept: typeof fresh = [];
  for (const { row, before } of holders) {
    const old = new Map(storedRows(before?.[field.id]).map((item) => [item.id, item.values]));
    const rows = (row.subforms?.get(field.id) ?? []).map((item) => {
      const earlier = old.get(item.id);
      const whole = { id: item.id as string, values: { ...earlier, ...item.values, [parent]: row.id } };
      (earlier ? kept : fresh).push(whole);
      return whole;
    });
    row.values[field.id] = rows.length > 0 ? asJson(rows) : null;
  }
  await deriveInWrite(work, fresh, true);
  await deriveInWrite(work, kept, false);
  for (const whole of [...fresh, ...kept])
    whole.values = Object.fromEntries(own.map(({ id }) => [id, whole.values[id] ?? null]));
}

function noteErrors(field: FieldMeta, row: PreparedRow): void {
  for (const [index, item] of (row.subforms?.get(field.id) ?? []).entries())
    for (const error of item.errors) row.errors.push({ ...error, field: `${field.key}[${index}].${error.field}` });
}
