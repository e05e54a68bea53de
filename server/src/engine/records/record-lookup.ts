import { foldTranslate } from '@lianke/shared/filter/fold';
import { type FormId, isUuid, type MemberId, type RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import { rulesFor } from '../duplicates/duplicate-keys.js';
import type { FieldMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { ScopeBuilder } from './scope-builder.js';
import { scopeSql } from './sql/filter-sql.js';
import { Params } from './sql/params.js';

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
  /** Comparable values of `fields`. */
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
    const fields = request.fields.map((ref) => form.field(ref) ?? (ref === 'id' ? 'id' : known(undefined, ref)));
    const [first] = fields;
    if (!first) return [];
    const params = new Params();
    const wanted =
      first === 'id'
        ? `t.id = ANY(${params.add(request.first.filter(isUuid), 'uuid[]')})`
        : `${comparable(first, params)} = ANY(${params.add([...request.first], 'text[]')})`;
    const where = ['t.deleted_at IS NULL', wanted];
    const scope = await this.scopes.of(ctx);
    const access = scope.accessOf(form);
    const told = new Set(fields.flatMap((field) => (field === 'id' ? [] : [field.id])));
    const ruled = rulesFor(form, access).some((rule) => rule.parts.every((part) => told.has(part.field.id)));
    const readable = access.may('view') && fields.every((field) => field === 'id' || access.sees(field));
    const seen = readable ? (scopeSql(access.scope, form, 't', scope, params) ?? 'true') : 'false';
    if (!(request.repeats && ruled)) where.push(seen);
    const columns = fields.map((field, index) => `${comparable(field, params)} AS k${index}`);
    const title =
      form.title && access.sees(form.title) ? `CASE WHEN ${seen} THEN t.${form.title.column}::text END` : `''`;
    const ownerField = form.field('owner');
    const owner = ownerField && access.sees(ownerField) ? 't.owner_id' : 'NULL::uuid AS owner_id';
    const parent = request.parent ? `t.${known(form.field(request.parent), request.parent).column}` : 'NULL::uuid';
    const text = `SELECT t.id, ${owner}, ${title} AS title, ${parent} AS parent, ${columns.join(', ')} FROM ${form.table} t WHERE ${where.join(' AND ')} ORDER BY t.created_at, t.id`;
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Record<string, string | null>>(text, params.values),
    );
    return rows.map((row) => ({
      id: row.id as RecordId,
      owner: row.owner_id as MemberId | null,
      title: row.title ?? '',
      keys: fields.map((_, index) => row[`k${index}`] ?? null),
      parent: row.parent as RecordId | null,
    }));
  }
}

function known(field: FieldMeta | undefined, ref: string): FieldMeta {
  if (!field) throw new AppError('unknown_field', { field: ref });
  return field;
}

/** SQL of what `bare` of shared/fields/sheet-text makes of a text. */
function comparable(field: FieldMeta | 'id', params: Params): string {
  if (field === 'id') return 't.id::text';
  if (field.typeName !== 'text') return `t.${field.column}::text`;
  const folded = `translate(t.${field.column}, ${params.add(foldTranslate.from, 'text')}, ${params.add(foldTranslate.to, 'text')})`;
  return `regexp_replace(${folded}, ${params.add('[\\s\\u00a0\\u200b\\ufeff]+', 'text')}, '', 'g')`;
}
