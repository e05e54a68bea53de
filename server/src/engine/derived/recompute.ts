import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../kernel/database/tx.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import type { TenantForms } from '../forms/form-registry.js';
import type { Org } from '../org/org-directory.js';
import { storedValues } from '../records/record-reader.js';
import { Params } from '../records/sql/params.js';
import type { ReadScope } from '../records/sql/read-scope.js';
import { readSubforms } from '../records/subform-rows.js';
import { arrayLiteral, RowSource } from '../records/write/row-source.js';
import { sealImage } from '../sealed/sealed-images.js';
import { openRows } from '../sealed/sealed-rows.js';
import { computeDerived } from './compute.js';
import type { Derivation } from './derivation.js';
import { derivationsOf } from './derivations.js';
import { recomputeStatements } from './requests.js';

export interface RecomputeEnv {
  tx: Tx;
  ctx: TenantContext;
  forms: TenantForms;
  org: Org;
  scope: ReadScope;
}

interface Row {
  id: string;
  before: Record<string, Json>;
  values: Record<string, Json>;
}

/**
 * Computes derived fields of live rows from scratch, with what follows from them in the same rows, and asks for what
 * follows elsewhere. Locks the rows first and reads after: the last one to compute has seen every committed write.
 * Version, updated_at and history stay. Answers the number of rows whose values changed.
 */
export async function recomputeRows(
  env: RecomputeEnv,
  form: FormMeta,
  fieldIds: ReadonlySet<string>,
  ids: readonly string[],
  events: boolean,
): Promise<number> {
  const derivations = derivationsOf(env.forms).closure(form.id, fieldIds);
  if (derivations.length === 0 || ids.length === 0) return 0;
  const rows = await lockedRows(env.tx, form, ids);
  await computeDerived({ tx: env.tx, org: env.org, scope: env.scope, fresh: false }, derivations, rows);
  const changed = rows.filter((row) => derivations.some((item) => differs(item, row)));
  if (changed.length === 0) return 0;
  await store(env, form, derivations, changed);
  if (events && form.watched) await raiseEvents(env, form, derivations, changed);
  const follows = changed.map((row) => ({ id: row.id, before: row.before, after: row.values }));
  for (const { text, values } of recomputeStatements(env.ctx, env.forms, form, follows, 'derived'))
    await env.tx.run(text, values);
  return changed.length;
}

async function lockedRows(tx: Tx, form: FormMeta, ids: readonly string[]): Promise<Row[]> {
  const columns = form.fields.map((field, index) => `, ${field.column} AS c${index}`).join('');
  const rows = await tx.sql<Record<string, Json>>(
    `SELECT id${columns} FROM ${form.table} WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL ORDER BY id FOR UPDATE`,
    [ids],
  );
  const named = rows.map((row) => ({
    id: row.id,
    ...Object.fromEntries(form.fields.map((field, index) => [field.column.slice(1, -1), row[`c${index}`] ?? null])),
  }));
  openRows(form.fields, named);
  await readSubforms(tx, form.fields, named);
  return named.map((row: Record<string, unknown>) => {
    const values = storedValues(form, row);
    return { id: String(row.id), before: values, values: { ...values } };
  });
}

/** Whether a computed value is another one; 1.50 and 1.5 are the same number. */
export function sameDerived(field: Derivation['field'], a: Json, b: Json): boolean {
  if (field.storage === 'numeric' && a !== null && b !== null) return trimmed(a) === trimmed(b);
  if (field.storage === 'timestamptz' && a !== null && b !== null)
    return Date.parse(String(a)) === Date.parse(String(b));
  return JSON.stringify(a) === JSON.stringify(b);
}

function trimmed(value: Json): string {
  const text = String(value);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function differs({ field }: Derivation, row: Row): boolean {
  return !sameDerived(field, row.before[field.id] ?? null, row.values[field.id] ?? null);
}

async function store(
  { tx }: RecomputeEnv,
  form: FormMeta,
  derivations: readonly Derivation[],
  rows: readonly Row[],
): Promise<void> {
  const params = new Params();
  const source = new RowSource(params);
  source.key(
    'id',
    'uuid',
    rows.map((row) => row.id),
  );
  for (const { field } of derivations)
    source.set(
      field.column,
      field.storage,
      rows.map((row) => row.values[field.id]),
    );
  const sets = source.assignments.map(({ column, select }) => `${column} = ${select}`).join(', ');
  await tx.run(`UPDATE ${form.table} t SET ${sets} FROM ${source.from} WHERE t.id = v.id`, params.values);
}

/** Only flows that name one of the fields start from it (see matchesTrigger). */
async function raiseEvents(
  { tx, ctx }: RecomputeEnv,
  form: FormMeta,
  derivations: readonly Derivation[],
  rows: readonly Row[],
): Promise<void> {
  const images = rows.map((row) => {
    const changed = derivations.filter((item) => differs(item, row)).map(({ field }) => field.id as string);
    return { row, changed, before: Object.fromEntries(changed.map((id) => [id, row.before[id] ?? null])) };
  });
  await tx.run(
    `INSERT INTO lianke.event (tenant_id, id, form_id, record_id, kind, before, after, changed, batch_id, actor_id, door, depth, cause_run_id)
     SELECT $1, e.id, $2, e.record_id, 'updated', e.before::jsonb, e.after::jsonb, e.changed::text[], $3, NULL, 'system', $4, NULL
     FROM unnest($5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[]) AS e(id, record_id, before, after, changed)`,
    [
      ctx.tenantId,
      form.id,
      uuid7(),
      ctx.cause.depth,
      images.map(() => uuid7()),
      images.map((image) => image.row.id),
      images.map((image) => JSON.stringify(image.before)),
      images.map((image) => JSON.stringify(sealImage(form, image.row.values))),
      images.map((image) => arrayLiteral(image.changed)),
    ],
  );
}
