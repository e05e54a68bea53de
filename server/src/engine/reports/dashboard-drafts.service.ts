import type { DashboardDefinition, DashboardDraft, DashboardView } from '@lianke/shared/dashboards/definition';
import type { DashboardId, MemberId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { bumpSchema } from '../versions.js';
import { DashboardsService } from './dashboards.service.js';
import { requireOwnOfLent } from './lent-pages.js';

interface DraftRow {
  definition: DashboardDefinition;
  draft: DashboardDefinition | null;
  version: number;
  draft_version: number | null;
  draft_revision: number;
  draft_by: MemberId | null;
  draft_at: string | null;
}

const columns = 'definition, draft, version, draft_version, draft_revision, draft_by, draft_at';
const noDraft = 'draft = NULL, draft_version = NULL, draft_by = NULL, draft_at = NULL';

/** One draft a page, shared by its designers; what readers see changes only when it is published. */
@Injectable()
export class DashboardDraftsService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly dashboards: DashboardsService,
    private readonly org: OrgDirectory,
    private readonly registry: FormRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async get(ctx: TenantContext, id: DashboardId): Promise<DashboardDraft> {
    await this.requireDesign(ctx, id);
    return this.read(ctx, id);
  }

  /**
   * Keeps the draft; one that is as published is none. Someone else's newer one answers `version_conflict` with it as
   * `current`.
   */
  async save(
    ctx: TenantContext,
    id: DashboardId,
    draft: Pick<DashboardDraft, 'definition' | 'version' | 'revision'>,
  ): Promise<DashboardDraft> {
    await this.requireDesign(ctx, id);
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<DraftRow>(
        `UPDATE lianke.dashboard SET draft = NULLIF($2::jsonb, definition), draft_version = $3, draft_by = $4, draft_at = $5,
           draft_revision = draft_revision + 1
         WHERE id = $1 AND draft_revision = $6 RETURNING ${columns}`,
        [id, draft.definition as never, draft.version, memberOf(ctx), this.clock.now(), draft.revision],
      ),
    );
    if (!row) throw new AppError('version_conflict', {}, { current: await this.read(ctx, id) });
    return this.present(ctx, row);
  }

  /** Forgets the draft; answers what is published, which one then works on. */
  async drop(ctx: TenantContext, id: DashboardId): Promise<DashboardDraft> {
    await this.requireDesign(ctx, id);
    await this.database.withTenant(ctx, (tx) =>
      tx.run(`UPDATE lianke.dashboard SET ${noDraft}, draft_revision = draft_revision + 1 WHERE id = $1`, [id]),
    );
    return this.read(ctx, id);
  }

  /**
   * Makes the draft what everybody sees. `version_conflict` when somebody saved it since, or changed the published page
   * since it was begun.
   */
  async publish(ctx: TenantContext, id: DashboardId, revision: number): Promise<DashboardView> {
    await this.requireDesign(ctx, id);
    const forms = await this.registry.all(ctx);
    const done = await this.database.withTenant(ctx, async (tx) => {
      const [row] = await tx.sql<DraftRow>(`SELECT ${columns} FROM lianke.dashboard WHERE id = $1 FOR UPDATE`, [id]);
      if (row?.draft) await requireOwnOfLent(tx, ctx, { access: this.access, forms }, id, [row.definition, row.draft]);
      const changed = await tx.run(
        `UPDATE lianke.dashboard SET definition = coalesce(draft, definition), published = true, ${noDraft},
           draft_revision = draft_revision + 1, version = version + 1, updated_at = $3
         WHERE id = $1 AND draft_revision = $2
           AND CASE WHEN draft IS NULL THEN NOT published ELSE draft_version = version END`,
        [id, revision, this.clock.now()],
      );
      // A page that is published for the first time comes into everybody's navigation.
      if (changed > 0) await bumpSchema(tx, ctx.tenantId);
      return changed > 0;
    });
    if (done) return this.dashboards.get(ctx, id);
    const current = await this.read(ctx, id);
    if (current.revision === revision && !current.pending)
      throw refusal('wrong_state', { zh: '没有要发布的修改', en: 'there are no changes to publish' });
    throw new AppError('version_conflict', {}, { current });
  }

  private async requireDesign(ctx: TenantContext, id: DashboardId): Promise<void> {
    await this.access.requireDesign(ctx, (await this.dashboards.get(ctx, id)).appId);
  }

  private async read(ctx: TenantContext, id: DashboardId): Promise<DashboardDraft> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<DraftRow>(`SELECT ${columns} FROM lianke.dashboard WHERE id = $1`, [id]),
    );
    if (!row) throw new AppError('not_found');
    return this.present(ctx, row);
  }

  private async present(ctx: TenantContext, row: DraftRow): Promise<DashboardDraft> {
    const pending = row.draft !== null;
    const by = pending && row.draft_by ? (await this.org.of(ctx)).members.get(row.draft_by) : undefined;
    return {
      definition: row.draft ?? row.definition,
      pending,
      version: (pending ? row.draft_version : null) ?? row.version,
      revision: row.draft_revision,
      savedAt: pending ? row.draft_at : null,
      savedBy: by ? { id: by.id, name: by.name } : null,
    };
  }
}
