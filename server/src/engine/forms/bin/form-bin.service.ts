import type { FormView } from '@lianke/shared/forms/definition';
import type { DeletedForm } from '@lianke/shared/forms/versions';
import type { AppId, FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { AccessService } from '../../access/access.service.js';
import type { TenantContext } from '../../context.js';
import { DerivedFields } from '../../derived/derived-fields.js';
import { bumpSchema } from '../../versions.js';
import { type FormDefinition, FormMeta } from '../form-meta.js';
import { FormRegistry } from '../form-registry.js';
import { viewOf } from '../form-view.js';
import { ownFields } from '../subform-meta.js';

interface Row {
  id: FormId;
  app_id: AppId;
  key: string;
  name: string;
  version: number;
  watched: boolean;
  definition: FormDefinition;
  updated_at: string;
  deleted_at: string;
}

/** Deleted forms: they wait with their data, views and versions until somebody brings them back or their time is up. */
@Injectable()
export class FormBin {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly derived: DerivedFields,
  ) {}

  /** Deleted forms of an app, the last deleted first, each with its number of records. */
  async list(ctx: TenantContext, appId: AppId): Promise<DeletedForm[]> {
    const known = await this.database.withTenant(ctx, (tx) =>
      tx.sql('SELECT 1 FROM lianke.app WHERE id = $1', [appId]),
    );
    if (known.length === 0) throw new AppError('not_found');
    await this.access.requireDesign(ctx, appId);
    return this.database.withTenant(ctx, async (tx) => {
      const rows = await deletedRows(tx, 'app_id = $1', appId);
      const found: DeletedForm[] = [];
      for (const row of rows) {
        const { table } = metaOf(ctx, row);
        const [count] = await tx.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE deleted_at IS NULL`);
        found.push({ id: row.id, name: row.name, deletedAt: row.deleted_at, records: count?.n ?? 0 });
      }
      return found;
    });
  }

  /**
   * Brings a form back with its data. A name or key that another form took since gets a number; a form it points at
   * that is deleted too has to come back first.
   */
  async restore(ctx: TenantContext, formId: FormId): Promise<FormView> {
    const forms = await this.database.withTenant(ctx, (tx) => this.registry.load(tx, ctx));
    const [row] = await this.database.withTenant(ctx, (tx) => deletedRows(tx, 'id = $1', formId));
    if (!row) {
      // Whoever restores what is there already, or sends the same twice, gets it as it is.
      const live = forms.get(formId);
      if (!live) throw new AppError('not_found');
      await this.access.requireDesign(ctx, live.appId);
      return viewOf(live, await this.access.ofForm(ctx, live));
    }
    await this.access.requireDesign(ctx, row.app_id);
    const others = forms.list.filter((form) => form.appId === row.app_id);
    const name = free(row.name, new Set(others.map((form) => form.name)), 40);
    const key = free(row.key, new Set(others.map((form) => form.key)), 40);
    const form = metaOf(ctx, { ...row, name, key });
    const missing = [form, ...form.parts]
      .flatMap(ownFields)
      .find(
        (field) =>
          field.type.refers === 'record' &&
          !field.derived &&
          !field.part &&
          (field.config as { formId: string }).formId !== form.id &&
          !forms.get((field.config as { formId: string }).formId),
      );
    if (missing)
      throw refusal('wrong_state', {
        zh: `字段“${missing.name}”关联的表单也删除了，请先恢复它`,
        en: `the form that field "${missing.name}" relates to is deleted too; restore it first`,
      });
    const settled = this.derived.settle(forms.list, form);
    await this.database.withTenant(ctx, async (tx) => {
      const back = await tx.run(
        'UPDATE lianke.form SET deleted_at = NULL, name = $2, key = $3 WHERE id = $1 AND deleted_at IS NOT NULL',
        [formId, name, key],
      );
      if (back === 0) throw new AppError('not_found');
      for (const item of settled)
        await tx.run('UPDATE lianke.form SET definition = $2 WHERE id = $1', [item.id, item.definition as never]);
      await this.derived.requestBuilds(tx, ctx, forms.list, settled);
      await bumpSchema(tx, ctx.tenantId);
    });
    const seen = settled.find((item) => item.id === formId) ?? form;
    return viewOf(seen, await this.access.ofForm({ ...ctx, actor: { kind: 'system', name: 'seed' } }, seen));
  }
}

function deletedRows(tx: Tx, where: string, id: string): Promise<Row[]> {
  return tx.sql<Row>(
    `SELECT id, app_id, key, name, version, watched, definition, updated_at, deleted_at FROM lianke.form
     WHERE deleted_at IS NOT NULL AND ${where} ORDER BY deleted_at DESC LIMIT 100`,
    [id],
  );
}

function metaOf(ctx: { tenantId: TenantContext['tenantId'] }, row: Row): FormMeta {
  const { id, app_id, key, name, version, watched, definition, updated_at } = row;
  return new FormMeta(ctx.tenantId, id, app_id, key, name, version, watched, definition, updated_at);
}

/** The name, or with the first number that makes it free. */
function free(name: string, taken: ReadonlySet<string>, longest: number): string {
  let found = name;
  for (let n = 2; taken.has(found); n++) found = `${name.slice(0, longest - String(n).length)}${n}`;
  return found;
}
