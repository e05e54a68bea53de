import { bare } from '@lianke/shared/fields/sheet-text';
import { foldTranslate } from '@lianke/shared/filter/fold';
import { type FormId, isUuid, type MemberId, type RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import { rulesFor } from '../duplicates/duplicate-keys.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { ScopeBuilder } from './scope-builder.js';
import { maskedSql, scopeSql, seenColumn } from './sql/filter-sql.js';
import { Params } from './sql/params.js';
import type { ReadScope } from './sql/read-scope.js';

export interface LookupRequest {
  formId: FormId;
  /** Field keys or ids, or `id` for the record's own; text is compared without width, case and blanks, everything else as stored. */
  fields: readonly string[];
  /** Wanted values of the first field; the caller compares the others. */
  first: readonly string[];
  /** A relation field to read along. */
  parent?: string;
  /** Records the reader may not see, too, where a duplicate rule over these fields tells him of them anyway. */
  repeats?: boolean;
}

export interface FoundRecord {
  id: RecordId;
  /** Null also for whoever may not see owners. */
  owner: MemberId | null;
  /** Empty for a record outside the reader's scope. */
  title: string;
  /** Comparable values of `fields`; a record with several values in one of them is found once for each. */
  keys: (string | null)[];
  parent: RecordId | null;
}

/** Finds many records by what is written in them, for imports. */
@Injectable()
export class RecordLookup {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly scopes: ScopeBuilder,
  ) {}

  /** True while the form holds no live record: nothing need be looked for. */
  async isEmpty(ctx: TenantContext, formId: FormId): Promise<boolean> {
    const form = await this.registry.form(ctx, formId);
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ some: boolean }>(`SELECT EXISTS (SELECT FROM ${form.table} WHERE deleted_at IS NULL) AS some`),
    );
    return row?.some !== true;
  }

  /** Live records whose first field has one of the wanted values, oldest first. */
  async find(ctx: TenantContext, request: LookupRequest): Promise<FoundRecord[]> {
    if (request.first.length === 0) return [];
    const form = await this.registry.form(ctx, request.formId);
    const scope = await this.scopes.of(ctx);
    return this.database.withTenant(ctx, (tx) => findRecords(tx, form, request, scope));
  }
}

/** The same inside of a transaction. `scope`: only what this reader may see. */
export async function findRecords(
  tx: Tx,
  form: FormMeta,
  request: Omit<LookupRequest, 'formId'>,
  scope?: ReadScope,
): Promise<FoundRecord[]> {
  const fields = request.fields.map((ref) => form.field(ref) ?? (ref === 'id' ? 'id' : known(undefined, ref)));
  const [first] = fields;
  if (!first || request.first.length === 0) return [];
  const params = new Params();
  const wanted =
    first === 'id'
      ? `t.id = ANY(${params.add(request.first.filter(isUuid), 'uuid[]')})`
      : wantedSql(first, request.first, params);
  const where = ['t.deleted_at IS NULL', wanted];
  const seen = scope ? sightOf(form, fields, scope, params) : 'true';
  const access = scope?.accessOf(form);
  const told = new Set(fields.flatMap((field) => (field === 'id' ? [] : [field.id])));
  const ruled = access && rulesFor(form, access).some((rule) => rule.parts.every((part) => told.has(part.field.id)));
  if (!(request.repeats && ruled)) where.push(seen);
  // A rule tells of records out of sight, but not of what he sees with stars.
  else if (scope)
    for (const field of fields) {
      const masked = field === 'id' ? undefined : maskedSql(field, form, 't', scope, params);
      if (masked) where.push(`NOT ${masked}`);
    }
  const columns = fields.map((field, index) => `${comparable(field, index, params)} AS k${index}`);
  const apart = fields.flatMap((field, index) =>
    field !== 'id' && isList(field) ? `LEFT JOIN LATERAL unnest(t.${field.column}) AS u${index}(v) ON true` : [],
  );
  const sees = (field: FieldMeta | undefined) => field !== undefined && (!access || access.compares(field));
  const named = form.title && sees(form.title) ? form.title : undefined;
  const label = named && (scope ? seenColumn(named, form, 't', scope, params) : `t.${named.column}`);
  const title = label ? `CASE WHEN ${seen} THEN ${label}::text END` : `''`;
  const owner = sees(form.field('owner')) ? 't.owner_id' : 'NULL::uuid AS owner_id';
  const parent = request.parent ? `t.${known(form.field(request.parent), request.parent).column}` : 'NULL::uuid';
  const rows = await tx.sql<Record<string, string | null>>(
    `SELECT t.id, ${owner}, ${title} AS title, ${parent} AS parent, ${columns.join(', ')} FROM ${form.table} t ${apart.join(' ')} WHERE ${where.join(' AND ')} ORDER BY t.created_at, t.id`,
    params.values,
  );
  const keyed = (row: Record<string, string | null>) =>
    fields.map((field, index) => openedKey(field, row[`k${index}`] ?? null));
  const names = new Set(request.first);
  // Encrypted texts are compared here: what they say without width, case and blanks no column holds.
  const found = first !== 'id' && first.cipher ? rows.filter((row) => names.has(keyed(row)[0] ?? '')) : rows;
  return found.map((row) => ({
    id: row.id as RecordId,
    owner: row.owner_id as MemberId | null,
    title: row.title ?? '',
    keys: keyed(row),
    parent: row.parent as RecordId | null,
  }));
}

/** The rows that the reader sees and whose values he may be told. */
function sightOf(form: FormMeta, fields: readonly (FieldMeta | 'id')[], scope: ReadScope, params: Params): string {
  const access = scope.accessOf(form);
  const readable = access.may('view') && fields.every((field) => field === 'id' || access.compares(field));
  if (!readable) return 'false';
  const masked = fields.flatMap((field) => (field === 'id' ? [] : (maskedSql(field, form, 't', scope, params) ?? [])));
  const rows = scopeSql(access.scope, form, 't', scope, params) ?? 'true';
  return [rows, ...masked.map((condition) => `NOT ${condition}`)].join(' AND ');
}

function known(field: FieldMeta | undefined, ref: string): FieldMeta {
  if (!field) throw new AppError('unknown_field', { field: ref });
  return field;
}

function wantedSql(field: FieldMeta, wanted: readonly string[], params: Params): string {
  const { cipher } = field;
  if (!cipher) return `${comparable(field, 0, params)} = ANY(${params.add([...wanted], 'text[]')})`;
  if (field.typeName === 'text') return `t.${field.column} IS NOT NULL`;
  return `${isList(field) ? 'u0.v' : `t.${field.column}`} = ANY(${params.add(
    wanted.map((value) => cipher.sealText(value)),
    'text[]',
  )})`;
}

/** What a key says; those of encrypted fields come as they are stored. */
function openedKey(field: FieldMeta | 'id', stored: string | null): string | null {
  if (field === 'id' || !field.cipher || stored === null) return stored;
  const plain = field.cipher.openText(stored);
  return field.typeName === 'text' ? bare(plain) : plain;
}

/** Each value of a list finds the record. */
function isList(field: FieldMeta): boolean {
  return field.storage.endsWith('[]');
}

/** SQL of the text a field is compared by: of an instant its canonical form, of a text what `bare` of shared/fields/sheet-text makes of it. */
function comparable(field: FieldMeta | 'id', at: number, params: Params): string {
  if (field === 'id') return 't.id::text';
  if (isList(field)) return `u${at}.v::text`;
  if (field.storage === 'timestamptz')
    return `to_char(t.${field.column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  if (field.typeName !== 'text' || field.cipher) return `t.${field.column}::text`;
  const folded = `translate(t.${field.column}, ${params.add(foldTranslate.from, 'text')}, ${params.add(foldTranslate.to, 'text')})`;
  return `regexp_replace(${folded}, ${params.add('[\\s\\u00a0\\u200b\\ufeff]+', 'text')}, '', 'g')`;
}
