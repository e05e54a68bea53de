import { FilterFault } from '@lianke/shared/filter/evaluate';
import type { EventId, FlowId, FormId, MemberId, RecordId, RunId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import { groupBy } from '../../kernel/group-by.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { CLOCK, LOGGER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import type { RecordEventKind, StoredValues } from '../records/contracts.js';
import { PublishedFlows } from './published-flows.js';
import { matchesTrigger } from './trigger-match.js';

interface EventRow {
  tenant_id: TenantId;
  id: EventId;
  form_id: FormId;
  record_id: RecordId;
  kind: RecordEventKind;
  before: StoredValues;
  after: StoredValues;
  changed: string[];
  batch_id: string | null;
  actor_id: MemberId | null;
  door: string;
  depth: number;
  epoch: number;
}

/** A chain of flows longer than this is a loop. */
export const maxDepth = 16;

/** Turns record events into runs: each event starts each matching flow once, whatever crashes in between. */
@Injectable()
export class Dispatcher {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly flows: PublishedFlows,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One round; answers whether any event was waiting. */
  async work(): Promise<boolean> {
    const events = await this.database.asSystem((tx) =>
      claim<EventRow>(tx, {
        table: 'event',
        key: ['id'],
        ready: `q.state = 'new'`,
        order: 'created_at, id',
        perTenant: 200,
        limit: 1000,
        leaseSeconds: 30,
      }),
    );
    for (const [tenantId, rows] of groupBy(events, (event) => event.tenant_id)) {
      const ctx = await this.tenants.context(tenantId, { kind: 'system', name: 'flow' });
      await this.dispatch(
        ctx,
        rows.sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
    }
    return events.length > 0;
  }

  /** Inserts the runs and closes the events in one transaction; an event another worker took over is left to it. */
  private async dispatch(ctx: TenantContext, events: readonly EventRow[]): Promise<void> {
    const runs: { event: EventRow; flowId: FlowId; version: number }[] = [];
    for (const event of events) {
      if (event.depth >= maxDepth) {
        this.logger.warn(
          { tenantId: ctx.tenantId, formId: event.form_id, recordId: event.record_id },
          'flows start one another in a loop; this event starts none',
        );
        continue;
      }
      for (const flow of await this.matching(ctx, event)) runs.push({ event, flowId: flow.id, version: flow.version });
    }
    await this.database.withTenant(ctx, async (tx) => {
      const held = await tx.sql<{ id: string }>(
        `UPDATE lianke.event e SET state = 'done', lease_until = NULL FROM unnest($1::uuid[], $2::int[]) AS c(id, epoch)
         WHERE e.tenant_id = $3 AND e.id = c.id AND e.epoch = c.epoch AND e.state = 'new' RETURNING e.id`,
        [events.map((event) => event.id), events.map((event) => event.epoch), ctx.tenantId],
      );
      const mine = new Set(held.map((row) => row.id));
      const fresh = runs.filter((run) => mine.has(run.event.id));
      if (fresh.length === 0) return;
      await tx.run(
        `INSERT INTO lianke.run (tenant_id, id, flow_id, version, event_id, form_id, record_id, batch_id, starter_id, door, depth, state, started_at)
         SELECT $1, r.id, r.flow_id, r.version, r.event_id, r.form_id, r.record_id, r.batch_id, r.starter_id, r.door, r.depth, 'ready', $2
         FROM unnest($3::uuid[], $4::uuid[], $5::int[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::int[])
           AS r(id, flow_id, version, event_id, form_id, record_id, batch_id, starter_id, door, depth)
         ON CONFLICT (tenant_id, flow_id, event_id) DO NOTHING`,
        [
          ctx.tenantId,
          this.clock.now(),
          fresh.map(() => uuid7() as RunId),
          fresh.map((run) => run.flowId),
          fresh.map((run) => run.version),
          fresh.map((run) => run.event.id),
          fresh.map((run) => run.event.form_id),
          fresh.map((run) => run.event.record_id),
          fresh.map((run) => run.event.batch_id),
          fresh.map((run) => run.event.actor_id),
          fresh.map((run) => run.event.door),
          fresh.map((run) => run.event.depth),
        ],
      );
    });
  }

  private async matching(ctx: TenantContext, event: EventRow): Promise<{ id: FlowId; version: number }[]> {
    const form = (await this.registry.all(ctx)).get(event.form_id);
    if (!form) return [];
    const env = { timeZone: ctx.timeZone, now: this.clock.now(), me: event.actor_id, myDepartments: [] };
    const flows = await this.flows.watching(ctx, event.form_id);
    return flows.filter((flow) => {
      try {
        return matchesTrigger(flow.definition.trigger, form, event, env);
      } catch (error) {
        if (!(error instanceof FilterFault)) throw error;
        this.logger.warn(
          { flowId: flow.id, err: error },
          'the condition of a flow cannot be evaluated any more; the flow did not start',
        );
        return false;
      }
    });
  }
}
