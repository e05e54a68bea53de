import type { TaskId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { Metrics } from '../../kernel/metrics/metrics.js';
import { CLOCK, LOGGER, METRICS } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { CardCloser, mendedTexts } from '../tasks/card-closer.js';
import { Dispatcher } from './dispatcher.js';

/** What must hold of runs, and the statement that mends it where it does not. */
const repairs: readonly { kind: string; sql: string; takesNow?: boolean }[] = [
  {
    kind: 'path_of_ended_run',
    sql: `DELETE FROM lianke.branch b USING lianke.run r
      WHERE r.tenant_id = b.tenant_id AND r.id = b.run_id AND r.state IN ('done','cancelled')`,
  },
  {
    kind: 'count_of_paths',
    sql: `UPDATE lianke.run r SET branches = c.open FROM (
        SELECT r.id, (SELECT count(*)::int FROM lianke.branch b WHERE b.tenant_id = r.tenant_id AND b.run_id = r.id) AS open
        FROM lianke.run r WHERE r.state IN ('ready','waiting','calling') AND r.branches > 0) c
      WHERE r.id = c.id AND r.branches <> c.open AND c.open > 0`,
  },
  {
    kind: 'lost_end_of_subflow',
    sql: `UPDATE lianke.run c SET wake_parent = true FROM lianke.run p
      WHERE p.tenant_id = c.tenant_id AND p.id = c.parent_run_id AND p.state = 'waiting' AND c.state IN ('done','cancelled') AND NOT c.wake_parent
        AND EXISTS (SELECT 1 FROM lianke.step s WHERE s.tenant_id = p.tenant_id AND s.run_id = p.id AND s.node = c.parent_node
          AND s.scope = c.parent_scope AND s.state = 'waiting' AND s.output->>'run' = c.id::text)`,
  },
  {
    kind: 'lost_schedule',
    takesNow: true,
    sql: `INSERT INTO lianke.flow_schedule (tenant_id, flow_id, next_due_at, covered_to)
      SELECT f.tenant_id, f.id, $1, $1 FROM lianke.flow f
      JOIN lianke.flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version
      WHERE f.enabled AND v.definition->'trigger'->>'type' IN ('schedule','dateArrives')
        AND NOT EXISTS (SELECT 1 FROM lianke.flow_schedule s WHERE s.tenant_id = f.tenant_id AND s.flow_id = f.id)`,
  },
];

/** Open tasks of runs that have ended, those that wait for others among them. */
const strayTasks = `UPDATE lianke.task t SET was = t.state, state = 'closed', decided_at = coalesce(t.decided_at, $1) FROM lianke.run r
  WHERE r.tenant_id = t.tenant_id AND r.id = t.run_id AND t.state IN ('pending','queued','held') AND r.state IN ('done','cancelled') RETURNING t.id`;

/** Mends what one kind of thing must hold; how many by kind. */
export type Mender = (ctx: TenantContext) => Promise<ReadonlyMap<string, number>>;

/** Checks every minute what must hold of runs, mends what does not, and counts what it mended. */
@Injectable()
export class Reconciler {
  private readonly repaired;
  private readonly others: Mender[] = [];

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly dispatcher: Dispatcher,
    private readonly cards: CardCloser,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.repaired = metrics.counter('flow_repairs_total', 'What the flow engine had to mend, by kind', ['kind']);
  }

  /** What else must hold, known to another service. */
  also(mender: Mender): void {
    this.others.push(mender);
  }

  /** One round over all tenants; answers false: the next one is due in a minute. */
  async work(): Promise<boolean> {
    for (const tenant of await this.tenants.list()) {
      for (const [kind, count] of await this.mend(tenant.id)) {
        this.repaired.inc({ kind }, count);
        this.logger.error({ tenantId: tenant.id, kind, count }, 'an invariant of runs did not hold and was mended');
      }
    }
    return false;
  }

  /** Mends one tenant's runs; how many by kind, only kinds that were found. */
  async mend(tenantId: TenantId): Promise<Map<string, number>> {
    const ctx = await this.tenants.context(tenantId, { kind: 'system', name: 'flow' }, { door: 'flow' });
    const found = new Map<string, number>();
    const note = (kind: string, count: number) => {
      if (count > 0) found.set(kind, (found.get(kind) ?? 0) + count);
    };
    await this.database.withTenant(ctx, async (tx: Tx) => {
      for (const repair of repairs)
        note(repair.kind, await tx.run(repair.sql, repair.takesNow ? [this.clock.now()] : []));
      const strays = await tx.sql<{ id: TaskId }>(strayTasks, [this.clock.now()]);
      note('task_of_ended_run', strays.length);
      await this.cards.in(tx, ctx, mendedTexts.ended)(strays.map((task) => task.id));
    });
    note('late_event', await this.dispatcher.overdue(ctx));
    for (const mender of this.others) for (const [kind, count] of await mender(ctx)) note(kind, count);
    return found;
  }
}
