import { fieldsOf } from '@lianke/shared/filter/ast';
import {
  type DeletedView,
  type SavedView,
  savedView,
  type ViewDef,
  type ViewInput,
  type ViewPatch,
  viewDef,
  viewRefs,
} from '@lianke/shared/forms/views';
import type { FormId, MemberId, ViewId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import { OrgDirectory } from '../org/org-directory.js';
import { FormRegistry } from './form-registry.js';
import { checkLook } from './view-look.js';

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
    private readonly org: OrgDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(ctx: TenantContext, formId: FormId): Promise<SavedView[]> {
    await this.readable(ctx, formId);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ViewRow>(
        'SELECT id, form_id, owner_id, definition FROM lianke.view WHERE form_id = $1 AND deleted_at IS NULL AND (owner_id IS NULL OR owner_id = $2) ORDER BY sort, created_at, id',
        [formId, memberOf(ctx)],
      ),
    );
    return rows.map((row) => present(row, ctx));
  }

  /** The form's views in the recycle bin, the last deleted first: one's own, and shared ones for designers. */
  async deleted(ctx: TenantContext, formId: FormId): Promise<DeletedView[]> {
    await this.readable(ctx, formId);
    const designs = await this.access.mayDesign(ctx, (await this.registry.form(ctx, formId)).appId);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ViewRow & { deleted_at: string; deleted_by: MemberId | null }>(
        `SELECT id, form_id, owner_id, definition, deleted_at, deleted_by FROM lianke.view
         WHERE form_id = $1 AND deleted_at IS NOT NULL AND (owner_id = $2 OR owner_id IS NULL AND $3)
         ORDER BY deleted_at DESC, id LIMIT 100`,
        [formId, memberOf(ctx), designs],
      ),
    );
    const org = await this.org.of(ctx);
    return rows.map((row) => ({
      id: row.id,
      name: row.definition.name,
      type: row.definition.type,
      shared: row.owner_id === null,
      deletedAt: new Date(row.deleted_at).toISOString(),
      deletedBy: row.deleted_by ? org.nameOf(row.deleted_by) : '',
    }));
  }

  /** Brings a deleted view back as it was, where it stood; one that is there already is answered as it is. */
  async restore(ctx: TenantContext, formId: FormId, viewId: ViewId): Promise<SavedView> {
    const row = await this.mine(ctx, formId, viewId, true);
    await this.database.withTenant(ctx, (tx) =>
      tx.run('UPDATE lianke.view SET deleted_at = NULL, deleted_by = NULL WHERE id = $1', [viewId]),
    );
    return present(row, ctx);
  }

  /** Empties the bin of what was deleted before then; answers how many went. */
  sweep(ctx: TenantContext, before: Date): Promise<number> {
    return this.database.withTenant(ctx, (tx) => tx.run('DELETE FROM lianke.view WHERE deleted_at < $1', [before]));
  }

  async create(ctx: TenantContext, formId: FormId, input: ViewInput): Promise<SavedView> {
    const view = viewDef.parse(input);
    const owner = await this.ownerFor(ctx, formId, view, []);
    const row: ViewRow = { id: uuid7() as ViewId, form_id: formId, owner_id: owner, definition: view };
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'INSERT INTO lianke.view (tenant_id, id, form_id, owner_id, definition, sort) VALUES ($1, $2, $3, $4, $5, (SELECT coalesce(max(sort), 0) + 1 FROM lianke.view WHERE tenant_id = $1 AND form_id = $3))',
        [ctx.tenantId, row.id, formId, owner, view as never],
      ),
    );
    return present(row, ctx);
  }

  async update(ctx: TenantContext, formId: FormId, viewId: ViewId, change: ViewPatch): Promise<SavedView> {
    const row = await this.mine(ctx, formId, viewId);
    if (row.definition.locked && change.locked !== false)
      throw refusal('wrong_state', { zh: '视图已锁定，请先解锁', en: 'the view is locked; unlock it first' });
    const definition = viewDef.parse({ ...row.definition, ...change });
    const owner = await this.ownerFor(ctx, formId, definition, refsOf(row.definition));
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
    const row = await this.mine(ctx, formId, viewId);
    if (row.definition.locked)
      throw refusal('wrong_state', { zh: '视图已锁定，请先解锁', en: 'the view is locked; unlock it first' });
    await this.database.withTenant(ctx, (tx) =>
      tx.run('UPDATE lianke.view SET deleted_at = $2, deleted_by = $3 WHERE id = $1', [
        viewId,
        this.clock.now(),
        memberOf(ctx),
      ]),
    );
  }

  private async readable(ctx: TenantContext, formId: FormId): Promise<void> {
    await this.registry.form(ctx, formId);
    if (!(await this.access.can(ctx, formId, 'view'))) throw new AppError('not_found');
  }

  /**
   * Checks the definition's fields and answers who owns the view: nobody when it is shared. What it named `before` may be
   * gone by now: a view is mended part by part.
   */
  private async ownerFor(
    ctx: TenantContext,
    formId: FormId,
    view: ViewDef,
    before: readonly string[],
  ): Promise<MemberId | null> {
    await this.readable(ctx, formId);
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    for (const ref of refsOf(view).filter((each) => !before.includes(each))) {
      const field = form.field(ref.split('.')[0] ?? '');
      if (!field || !access.mayRead(field)) throw new AppError('unknown_field', { field: ref });
    }
    checkLook(form, view, before);
    if (!view.shared) return memberOf(ctx);
    await this.access.requireDesign(ctx, form.appId);
    return null;
  }

  private async mine(ctx: TenantContext, formId: FormId, viewId: ViewId, withDeleted = false): Promise<ViewRow> {
    await this.readable(ctx, formId);
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<ViewRow>(
        `SELECT id, form_id, owner_id, definition FROM lianke.view
         WHERE id = $1 AND form_id = $2 AND (deleted_at IS NULL OR $3)`,
        [viewId, formId, withDeleted],
      ),
    );
    if (!row || (row.owner_id !== null && row.owner_id !== memberOf(ctx))) throw new AppError('not_found');
    if (row.owner_id === null) await this.access.requireDesign(ctx, (await this.registry.form(ctx, formId)).appId);
    return row;
  }
}

function refsOf(view: ViewDef): string[] {
  return [...viewRefs(view), ...(view.filter ? fieldsOf(view.filter) : [])];
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
