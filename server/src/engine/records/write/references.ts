import type { FileId, FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { ident, tenantName } from '../../../kernel/database/ident.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { memberOf, type TenantContext } from '../../context.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { isUnique } from '../../forms/table-ddl.js';
import { opened, sealed } from '../../sealed/sealed-rows.js';
import { scopeSql } from '../sql/filter-sql.js';
import { Params } from '../sql/params.js';
import type { ReadScope } from '../sql/read-scope.js';
import type { PreparedRow } from './prepare.js';

/** Marks rows whose relations, files or unique values do not stand; one statement per target, all sent at once. */
export async function checkReferences(
  tx: Tx,
  ctx: TenantContext,
  form: FormMeta,
  scope: ReadScope,
  rows: readonly PreparedRow[],
): Promise<void> {
  const live = rows.filter((row) => row.errors.length === 0);
  await Promise.all(
    form.fields.map((field) => {
      if (field.part) return undefined;
      if (field.type.refers === 'record') return checkRelation(tx, ctx, field, scope, live);
      if (field.type.refers === 'file') return checkFiles(tx, ctx, form, field, scope, live);
      if (!field.system && isUnique(field) && !field.type.kept) return checkUnique(tx, form, field, live);
      return undefined;
    }),
  );
}

function valuesOf(field: FieldMeta, rows: readonly PreparedRow[]): Json[] {
  return [...new Set(rows.flatMap((row) => listOf(row.values[field.id])))];
}

/** What a value names: one id, each of a list, or nothing. */
function listOf(value: Json | undefined): Json[] {
  return value === null || value === undefined ? [] : Array.isArray(value) ? value : [value];
}

async function checkRelation(
  tx: Tx,
  ctx: TenantContext,
  field: FieldMeta,
  scope: ReadScope,
  rows: readonly PreparedRow[],
): Promise<void> {
  const ids = valuesOf(field, rows) as string[];
  if (ids.length === 0) return;
  const target = scope.forms.get((field.config as { formId: FormId }).formId);
  const found = target ? await existing(tx, target, ids, scope, ctx.cause.door === 'undo') : new Set<string>();
  for (const row of rows) {
    const missing = listOf(row.values[field.id]).some((id) => !found.has(String(id)));
    if (missing) row.errors.push({ field: field.key, code: 'no_such_record' });
  }
}

/** Taking a batch back may point at what lies in the bin: it may only come back after this row. */
async function existing(
  tx: Tx,
  target: FormMeta,
  ids: string[],
  scope: ReadScope,
  withDeleted: boolean,
): Promise<Set<string>> {
  const params = new Params();
  const where = [`t.id = ANY(${params.add(ids, 'uuid[]')})`];
  if (!withDeleted) where.push('t.deleted_at IS NULL');
  const access = scope.accessOf(target);
  if (!access.may('view')) return new Set();
  const seen = scopeSql(access.scope, target, 't', scope, params);
  if (seen) where.push(seen);
  const rows = await tx.sql<{ id: string }>(
    `SELECT t.id FROM ${target.table} t WHERE ${where.join(' AND ')}`,
    params.values,
  );
  return new Set(rows.map((row) => row.id));
}

/** A file may be attached by its uploader, or stay with the record that holds it in a field that the writer may see. */
async function checkFiles(
  tx: Tx,
  ctx: TenantContext,
  form: FormMeta,
  field: FieldMeta,
  scope: ReadScope,
  rows: readonly PreparedRow[],
): Promise<void> {
  const ids = valuesOf(field, rows) as FileId[];
  if (ids.length === 0) return;
  const access = scope.accessOf(form);
  const open = form.fields.filter((own) => own.type.refers === 'file' && access.mayRead(own)).map((own) => own.id);
  const found = await tx.sql<{ id: FileId; mime: string; uploader_id: string | null; records: RecordId[] | null }>(
    `SELECT f.id, f.mime, f.uploader_id, (SELECT array_agg(r.record_id) FROM ${ident(tenantName(ctx.tenantId))}.file_ref r WHERE r.file_id = f.id AND r.field = ANY($2::text[])) AS records
     FROM lianke.file f WHERE f.id = ANY($1::uuid[])`,
    [ids, open],
  );
  const byId = new Map(found.map((file) => [file.id as string, file]));
  const me = memberOf(ctx);
  for (const row of rows) {
    const list = (row.values[field.id] ?? []) as string[];
    const allowed = list.every((id) => {
      const file = byId.get(id);
      return file !== undefined && (me === null || file.uploader_id === me || Boolean(file.records?.includes(row.id)));
    });
    if (!allowed) row.errors.push({ field: field.key, code: 'no_such_file' });
    else if (picturesOnly(field) && !list.every((id) => byId.get(id)?.mime.startsWith('image/')))
      row.errors.push({ field: field.key, code: 'not_an_image' });
  }
}

function picturesOnly(field: FieldMeta): boolean {
  return field.typeName !== 'attachment' || (field.config as { accept?: string }).accept === 'image';
}

async function checkUnique(tx: Tx, form: FormMeta, field: FieldMeta, rows: readonly PreparedRow[]): Promise<void> {
  const values = valuesOf(field, rows);
  if (values.length === 0) return;
  const taken = await tx.sql<{ id: string; value: string }>(
    `SELECT id, ${field.column}::text AS value FROM ${form.table} WHERE ${field.column} = ANY($1::${field.storage}[]) AND deleted_at IS NULL`,
    [values.map((value) => sealed(field, value)) as string[]],
  );
  const holder = new Map(taken.map((row) => [String(opened(field, row.value)), row.id]));
  for (const row of rows) {
    const value = row.values[field.id];
    if (value === null || value === undefined) continue;
    const other = holder.get(String(value));
    if (other !== undefined && other !== row.id) row.errors.push({ field: field.key, code: 'not_unique' });
    else holder.set(String(value), row.id);
  }
}
