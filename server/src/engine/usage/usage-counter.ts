import type { TenantId } from '@lianke/shared/ids';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { Loop } from '../../kernel/loop.js';
import { CONFIG, LOGGER } from '../../kernel/tokens.js';
import { TenantDirectory } from '../org/tenant-directory.js';

const everyMs = 60_000;
/** Younger changes wait: transactions that began before may still commit ids below theirs. */
const lagMs = 60_000;
const atOnce = 20_000;
const none = '00000000-0000-0000-0000-000000000000';

/** Adds up what members wrote, week by week, behind the writes. */
@Injectable()
export class UsageCounter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: Loop;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.loop = new Loop('usage', () => this.work(), everyMs, logger);
  }

  onApplicationBootstrap(): void {
    if (this.config.role !== 'api') this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Counts on in every tenant; ids carry the machine's own time. @returns whether any has more to count at once */
  async work(until = Date.now() - lagMs): Promise<boolean> {
    let more = false;
    for (const tenant of await this.tenants.list())
      if ((await this.count(tenant.id, tenant.timeZone, until)) >= atOnce) more = true;
    return more;
  }

  /** Reads changes made before `until` that were not counted yet. @returns how many */
  async count(tenantId: TenantId, timeZone: string, until: number): Promise<number> {
    return this.database.withTenant({ tenantId }, async (tx) => {
      // One process counts a tenant at a time; another finds the mark moved on.
      await tx.run(
        `INSERT INTO lianke.usage_mark (tenant_id, change_id) VALUES ($1, '${none}') ON CONFLICT DO NOTHING`,
        [tenantId],
      );
      const [mark] = await tx.sql<{ change_id: string }>(
        'SELECT change_id FROM lianke.usage_mark WHERE tenant_id = $1 FOR UPDATE',
        [tenantId],
      );
      const [read] = await tx.sql<{ n: number; last: string | null }>(
        `WITH part AS (
           SELECT id, kind, at, actor_id, door FROM ${ident(tenantName(tenantId))}.record_change
           WHERE id > $2 AND id < $3 ORDER BY id LIMIT ${atOnce}),
         added AS (
           INSERT INTO lianke.usage_week AS w (tenant_id, week, member_id, created, changed, phone, desk)
           SELECT $1, date_trunc('week', at AT TIME ZONE $4)::date, actor_id,
             count(*) FILTER (WHERE kind = 'create'), count(*) FILTER (WHERE kind <> 'create'),
             count(*) FILTER (WHERE door IN ('miniapp','chat')), count(*) FILTER (WHERE door IN ('console','import','merge','undo'))
           FROM part WHERE actor_id IS NOT NULL AND door <> 'flow' GROUP BY 2, 3
           ON CONFLICT (tenant_id, week, member_id) DO UPDATE SET created = w.created + excluded.created,
             changed = w.changed + excluded.changed, phone = w.phone + excluded.phone, desk = w.desk + excluded.desk)
         SELECT count(*)::int AS n, (SELECT id FROM part ORDER BY id DESC LIMIT 1) AS last FROM part`,
        [tenantId, mark?.change_id ?? none, firstIdAt(until), timeZone],
      );
      if (read?.last)
        await tx.run('UPDATE lianke.usage_mark SET change_id = $2 WHERE tenant_id = $1', [tenantId, read.last]);
      return read?.n ?? 0;
    });
  }
}

/** The smallest uuid of version 7 that an instant can have. */
function firstIdAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
