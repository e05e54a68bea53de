import type { LocationValue } from '@lianke/shared/fields/location/schema';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { NearbyBody, NearbyItem } from '@lianke/shared/records/nearby';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { RecordReader } from './record-reader.js';
import { ScopeBuilder } from './scope-builder.js';
import { nearbySql, type Passed } from './sql/nearby-sql.js';
import type { ReadScope } from './sql/read-scope.js';

interface Row {
  id: RecordId;
  place: LocationValue;
  source: string | null;
  at: string | null;
  distance: number;
}

/** Records around a point under the reader's rights: rows, fields, and those of the forms whose places count for them. */
@Injectable()
export class NearbyService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly scopes: ScopeBuilder,
    private readonly reader: RecordReader,
  ) {}

  async find(ctx: TenantContext, formId: FormId, query: NearbyBody): Promise<NearbyItem[]> {
    const form = await this.registry.form(ctx, formId);
    if (!(await this.access.can(ctx, form.id, 'view'))) throw new AppError('not_found');
    const scope = await this.scopes.of(ctx);
    const own = locations(form, scope);
    const passed = passedBy(form, scope);
    if (own.length === 0 && passed.length === 0) return [];
    const statement = nearbySql(form, own, passed, query, scope);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Row>(statement.text, statement.values, { last: true }),
    );
    const records = new Map(
      (
        await this.reader.getMany(
          ctx,
          formId,
          rows.map((row) => row.id),
        )
      ).map((record) => [record.id, record]),
    );
    return rows.flatMap((row): NearbyItem[] => {
      const record = records.get(row.id);
      if (!record) return [];
      const { distance, place } = row;
      const source = row.source && scope.forms.get(row.source);
      if (!source || !row.at) return [{ record, distance, place }];
      const at = new Date(row.at).toISOString();
      return [{ record, distance, place, from: { formId: source.id, name: source.name, at } }];
    });
  }
}

/** Location fields whose values the reader gets as they are. */
function locations(form: FormMeta, scope: ReadScope): FieldMeta[] {
  const access = scope.accessOf(form);
  return form.fields.filter((field) => field.typeName === 'location' && !field.cipher && access.sees(field));
}

/** Forms that point at this one and say where that was, as far as the reader sees them. */
function passedBy(form: FormMeta, scope: ReadScope): Passed[] {
  const found = new Map<string, Passed>();
  for (const { form: other, field } of scope.forms.pointingAt(form.id)) {
    const access = scope.accessOf(other);
    if (found.has(other.id) || other.owner || field.storage !== 'uuid' || !access.may('view') || !access.sees(field))
      continue;
    const [location] = locations(other, scope);
    if (location) found.set(other.id, { form: other, relation: field, location });
  }
  return [...found.values()];
}
