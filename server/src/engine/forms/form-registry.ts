import type { DuplicateRule } from '@lianke/shared/duplicates/api';
import type { AppId, FormId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { SecretBox } from '../../kernel/secrets/secret-box.js';
import { SECRETS } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { FieldVault } from '../sealed/field-vault.js';
import { VersionedCache } from '../versioned-cache.js';
import { type FormDefinition, FormMeta } from './form-meta.js';
import { parentKey } from './subform-meta.js';

interface FormRow {
  id: FormId;
  app_id: AppId;
  key: string;
  name: string;
  version: number;
  watched: boolean;
  definition: FormDefinition;
  duplicates: DuplicateRule[];
  converting: boolean;
  updated_at: string;
}

/** All forms of a tenant at one schema version. */
export class TenantForms {
  private readonly byId: Map<FormId, FormMeta>;
  /** Forms of the rows of all subforms. */
  readonly parts: readonly FormMeta[];

  constructor(readonly list: readonly FormMeta[]) {
    this.parts = list.flatMap((form) => form.parts);
    this.byId = new Map([...list, ...this.parts].map((form) => [form.id, form]));
  }

  get(id: string): FormMeta | undefined {
    return this.byId.get(id as FormId);
  }

  /** Forms and forms of rows: everything that has a table. */
  get all(): readonly FormMeta[] {
    return [...this.list, ...this.parts];
  }

  /** Relation fields of any form that point at `id`; rows belong to their record without pointing at it. */
  pointingAt(id: FormId): { form: FormMeta; field: FormMeta['fields'][number] }[] {
    return this.all.flatMap((form) =>
      form.fields
        .filter(
          (field) =>
            field.type.refers === 'record' &&
            !field.part &&
            !(form.owner && field.key === parentKey) &&
            (field.config as { formId: string }).formId === id,
        )
        .map((field) => ({ form, field })),
    );
  }
}

/** Compiled metadata, cached per process by the tenant's schema version. */
@Injectable()
export class FormRegistry {
  private readonly cache = new VersionedCache<TenantForms>();

  private readonly vault: FieldVault;

  constructor(
    private readonly database: Database,
    @Inject(SECRETS) secrets: SecretBox,
  ) {
    this.vault = new FieldVault(secrets);
  }

  all(ctx: TenantContext): Promise<TenantForms> {
    return this.cache.get(ctx.tenantId, String(ctx.schemaVersion), () =>
      this.database.withTenant(ctx, (tx) => this.load(tx, ctx)),
    );
  }

  async forms(ctx: TenantContext): Promise<readonly FormMeta[]> {
    return (await this.all(ctx)).list;
  }

  /** The form, or `not_found`. */
  async form(ctx: TenantContext, formId: string): Promise<FormMeta> {
    const form = (await this.all(ctx)).get(formId);
    if (!form) throw new AppError('not_found');
    return form;
  }

  async byKey(ctx: TenantContext, key: string): Promise<FormMeta | undefined> {
    return (await this.forms(ctx)).find((form) => form.key === key);
  }

  /** Reads past the cache, inside a transaction that just changed the metadata. */
  async load(tx: Tx, ctx: { tenantId: TenantContext['tenantId'] }): Promise<TenantForms> {
    const rows = await tx.sql<FormRow>(
      'SELECT id, app_id, key, name, version, watched, definition, duplicates, converting, updated_at FROM lianke.form WHERE deleted_at IS NULL ORDER BY sort, created_at, id',
    );
    return new TenantForms(
      rows.map(
        (row) =>
          new FormMeta(
            ctx.tenantId,
            row.id,
            row.app_id,
            row.key,
            row.name,
            row.version,
            row.watched,
            row.definition,
            row.updated_at,
            undefined,
            row.duplicates,
            row.converting,
            this.vault,
          ),
      ),
    );
  }
}
