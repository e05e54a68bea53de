import type { FormDraft } from '@lianke/shared/forms/versions';
import type { FormId, MemberId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import { Database } from '../../../kernel/database/database.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { CLOCK } from '../../../kernel/tokens.js';
import { AccessService } from '../../access/access.service.js';
import { memberOf, type TenantContext } from '../../context.js';
import { OrgDirectory } from '../../org/org-directory.js';
import { FormRegistry } from '../form-registry.js';

interface DraftRow {
  design: Record<string, Json>;
  base: Record<string, Json>;
  version: number;
  revision: number;
  saved_by: MemberId | null;
  saved_at: string;
}

/** One draft a form, shared by its designers; the running form does not change with it. */
@Injectable()
export class FormDraftsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async get(ctx: TenantContext, formId: FormId): Promise<FormDraft | null> {
    await this.designed(ctx, formId);
    return this.read(ctx, formId);
  }

  /** Keeps the draft. Someone else's newer one answers `version_conflict` with it as `current`. */
  async save(
    ctx: TenantContext,
    formId: FormId,
    draft: Pick<FormDraft, 'design' | 'base' | 'version' | 'revision'>,
  ): Promise<{ revision: number; savedAt: string }> {
    await this.designed(ctx, formId);
    const at = this.clock.now();
    const values = [
      ctx.tenantId,
      formId,
      draft.design as never,
      draft.base as never,
      draft.version,
      memberOf(ctx),
      at,
      draft.revision,
    ];
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ revision: number }>(
        draft.revision === 0
          ? `INSERT INTO lianke.form_draft (tenant_id, form_id, design, base, version, saved_by, saved_at, revision)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8 + 1) ON CONFLICT DO NOTHING RETURNING revision`
          : `UPDATE lianke.form_draft SET design = $3, base = $4, version = $5, saved_by = $6, saved_at = $7, revision = revision + 1
             WHERE tenant_id = $1 AND form_id = $2 AND revision = $8 RETURNING revision`,
        values,
      ),
    );
    if (!row) throw new AppError('version_conflict', {}, { current: await this.read(ctx, formId) });
    return { revision: row.revision, savedAt: at.toISOString() };
  }

  async drop(ctx: TenantContext, formId: FormId): Promise<void> {
    await this.designed(ctx, formId);
    await this.database.withTenant(ctx, (tx) => tx.run('DELETE FROM lianke.form_draft WHERE form_id = $1', [formId]));
  }

  private async read(ctx: TenantContext, formId: FormId): Promise<FormDraft | null> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<DraftRow>(
        'SELECT design, base, version, revision, saved_by, saved_at FROM lianke.form_draft WHERE form_id = $1',
        [formId],
      ),
    );
    if (!row) return null;
    const by = row.saved_by && (await this.org.of(ctx)).members.get(row.saved_by);
    return {
      design: row.design,
      base: row.base,
      version: row.version,
      revision: row.revision,
      savedAt: row.saved_at,
      savedBy: by ? { id: by.id, name: by.name } : null,
    };
  }

  private async designed(ctx: TenantContext, formId: FormId): Promise<void> {
    const form = await this.registry.form(ctx, formId);
    await this.access.requireDesign(ctx, form.appId);
  }
}
