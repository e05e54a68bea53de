import { fieldsOf } from '@lianke/shared/filter/ast';
import { type SavedView, savedView, type ViewDef } from '@lianke/shared/forms/views';
import type { FormId, MemberId, ViewId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from './form-registry.js';

interface ViewRow {
  id: ViewId;
  form_id: FormId;
  owner_id: MemberId | null;
  definition: ViewDef;
}

/** Saved views: shared ones are changed by designers, personal ones by their owner. A view is never a right. */
@Injectable()
export class ViewsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
  ) {}

  async list(ctx: TenantContext, formId: FormId): Promise<SavedView[]> {
    await this.readable(ctx, formId);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ViewRow>(
        'SELECT id, form_id, owner_id, definition FROM lianke.view WHERE form_id = $1 AND (owner_id IS NULL OR owner_id = $2) ORDER BY sort, created_at, id',
        [formId, memberOf(ctx)],
      ),
    );
    return rows.map((row) => present(row, ctx));
  }

  async create(ctx: TenantContext, formId: FormId, view: ViewDef): Promise<SavedView> {
    const owner = await this.ownerFor(ctx, formId, view);
    const row: ViewRow = { id: uuid7() as ViewId, form_id: formId, owner_id: owner, definition: view };
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'INSERT INTO lianke.view (tenant_id, id, form_id, owner_id, definition, sort) VALUES ($1, $2, $3, $4, $5, (SELECT coalesce(max(sort), 0) + 1 FROM lianke.view WHERE tenant_id = $1 AND form_id = $3))',
        [ctx.tenantId, row.id, formId, owner, view as never],
      ),
    );
    return present(row, ctx);
  }

  async update(ctx: TenantContext, formId: FormId, viewId: ViewId, change: Partial<ViewDef>): Promise<SavedView> {
    const row = await this.mine(ctx, formId, viewId);
    const definition = { ...row.definition, ...change };
    const owner = await this.ownerFor(ctx, formId, definition);
    await this.database.withTenant(ctx, (tx) =>
      tx.run('UPDATE lianke.view SET definition = $2, owner_id = $3 WHERE id = $1', [
        viewId,
        definition as never,
        owner,
      ]),
    );
    return present({ ...row, definition, owner_id: owner }, ctx);
  }

  async remove(ctx: TenantContext, formId: FormId, viewId: ViewId): Promise<void> {
    await this.mine(ctx, formId, viewId);
    await this.database.withTenant(ctx, (tx) => tx.run('DELETE FROM lianke.view WHERE id = $1', [viewId]));
  }

  private async readable(ctx: TenantContext, formId: FormId): Promise<void> {
    await this.registry.form(ctx, formId);
    if (!(await this.access.can(ctx, formId, 'view'))) throw new AppError('not_found');
  }

  /** Checks the definition's fields and answers who owns the view: nobody when it is shared. */
  private async ownerFor(ctx: TenantContext, formId: FormId, view: ViewDef): Promise<MemberId | null> {
    await this.readable(ctx, formId);
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    for (const ref of [
      ...view.columns,
      ...view.sort.map((item) => item.field),
      ...(view.filter ? fieldsOf(view.filter) : []),
    ]) {
      const field = form.field(ref.split('.')[0] ?? '');
      if (!field || !access.mayRead(field)) throw new AppError('unknown_field', { field: ref });
    }
    if (!view.shared) return memberOf(ctx);
    await this.access.require(ctx, 'design');
    return null;
  }

  private async mine(ctx: TenantContext, formId: FormId, viewId: ViewId): Promise<ViewRow> {
    await this.readable(ctx, formId);
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ViewRow>('SELECT id, form_id, owner_id, definition FROM lianke.view WHERE id = $1 AND form_id = $2', [
        viewId,
        formId,
      ]),
    );
    if (!row || (row.owner_id !== null && row.owner_id !== memberOf(ctx))) throw new AppError('not_found');
    if (row.owner_id === null) await this.access.require(ctx, 'design');
    return row;
  }
}

function present(row: ViewRow, ctx: TenantContext): SavedView {
  return savedView.parse({
    ...row.definition,
    id: row.id,
    formId: row.form_id,
    shared: row.owner_id === null,
    mine: row.owner_id !== null && row.owner_id === memberOf(ctx),
  });
}
