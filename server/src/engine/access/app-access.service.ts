import type { NamedPrincipal } from '@lianke/shared/access/api';
import { type AppAccess, appAccess } from '@lianke/shared/apps/access';
import type { AppId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { writeAudit } from '../audit/write-audit.js';
import type { TenantContext } from '../context.js';
import { OrgDirectory } from '../org/org-directory.js';
import { bumpAccess, bumpSchema } from '../versions.js';
import { AccessService } from './access.service.js';
import { named, requireKnown } from './principals.js';

export interface AppAccessView {
  visibleTo: NamedPrincipal[] | null;
  admins: NamedPrincipal[];
}

/** Who sees an app and who may change it: set by administrators of the company only. */
@Injectable()
export class AppAccessService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
  ) {}

  async get(ctx: TenantContext, appId: AppId): Promise<AppAccessView> {
    await this.access.require(ctx, 'admin');
    const { access } = await this.stored(ctx, appId);
    const org = await this.org.of(ctx);
    return {
      visibleTo: access.visibleTo && named(org, access.visibleTo),
      admins: named(org, access.admins),
    };
  }

  /** Replaces the rules; they hold from the next request on. */
  async set(ctx: TenantContext, appId: AppId, next: AppAccess): Promise<void> {
    await this.access.require(ctx, 'admin');
    const org = await this.org.of(ctx);
    requireKnown(org, [...(next.visibleTo ?? []), ...next.admins]);
    const before = await this.stored(ctx, appId);
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run('UPDATE lianke.app SET access = $2 WHERE id = $1', [appId, JSON.stringify(next)]);
      await writeAudit(tx, ctx, { action: 'access.app', object: appId, detail: { app: before.name, access: next } });
      await bumpAccess(tx, ctx.tenantId);
      await bumpSchema(tx, ctx.tenantId);
    });
  }

  private async stored(ctx: TenantContext, appId: AppId): Promise<{ name: string; access: AppAccess }> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ name: string; access: unknown }>('SELECT name, access FROM lianke.app WHERE id = $1', [appId]),
    );
    if (!row) throw new AppError('not_found');
    return { name: row.name, access: appAccess.parse(row.access) };
  }
}
