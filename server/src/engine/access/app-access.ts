import { type AppAccess, appAccess, appTrial, type Principal } from '@lianke/shared/apps/access';
import type { AppId, DepartmentId } from '@lianke/shared/ids';
import { type PoolSettings, poolSettings } from '@lianke/shared/pools/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { TenantContext } from '../context.js';
import type { Org, OrgMember } from '../org/org-directory.js';
import { VersionedCache } from '../versioned-cache.js';

/** Which apps limit who sees or changes them, and of which forms records are shared, at one access version. */
export interface AccessRules {
  apps: ReadonlyMap<AppId, AppAccess>;
  /** Form id → ids of the members, departments and roles that records of it are shared with. */
  shared: ReadonlyMap<string, ReadonlySet<string>>;
  /** Form id → the rules of its pool. */
  pools: ReadonlyMap<string, PoolSettings>;
}

@Injectable()
export class AccessRuleBook {
  private readonly cache = new VersionedCache<AccessRules>();

  constructor(private readonly database: Database) {}

  of(ctx: TenantContext): Promise<AccessRules> {
    return this.cache.get(ctx.tenantId, String(ctx.accessVersion), () =>
      this.database.withTenant(ctx, async (tx) => {
        const [apps, shares, pools] = await Promise.all([
          tx.sql<{ id: AppId; access: unknown; trial: unknown }>(
            `SELECT id, access, trial FROM lianke.app WHERE access <> '{}' OR trial IS NOT NULL`,
          ),
          tx.sql<{ form_id: string; principals: string[] }>(
            'SELECT form_id, array_agg(DISTINCT principal_id) AS principals FROM lianke.record_share GROUP BY form_id',
          ),
          tx.sql<{ form_id: string; settings: unknown }>('SELECT form_id, settings FROM lianke.pool'),
        ]);
        return {
          apps: new Map(apps.map((row) => [row.id, audience(appAccess.parse(row.access), row.trial)])),
          shared: new Map(shares.map((row) => [row.form_id, new Set(row.principals)])),
          pools: new Map(pools.map((row) => [row.form_id, poolSettings.parse(row.settings)])),
        };
      }),
    );
  }
}

/** While an app is tried out, its testers are those it is open to. */
function audience(access: AppAccess, trial: unknown): AppAccess {
  return trial === null ? access : { ...access, visibleTo: appTrial.parse(trial).testers };
}

/** Ids by which lists of principals name a member: his own, his departments' and those above them, his roles'. */
export function principalsOf(org: Org, member: OrgMember): string[] {
  return [
    member.id,
    ...member.roleIds,
    ...withAbove(
      org,
      member.departments.map((place) => place.id),
    ),
  ];
}

/** Departments with those above them, each once. */
export function withAbove(org: Org, departments: readonly DepartmentId[]): DepartmentId[] {
  const ids = new Set<DepartmentId>();
  for (const id of departments) {
    let at = org.departments.get(id);
    while (at && !ids.has(at.id)) {
      ids.add(at.id);
      at = at.parentId ? org.departments.get(at.parentId) : undefined;
    }
  }
  return [...ids];
}

/** Whether a list of principals names a holder of these ids. */
export function names(list: readonly Principal[], ids: readonly string[]): boolean {
  return list.some((principal) => ids.includes(principal.id));
}
