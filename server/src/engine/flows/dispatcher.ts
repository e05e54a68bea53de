import { FilterFault } from '@lianke/shared/filter/evaluate';
import type { BatchId, EventId, FlowId, FormId, MemberId, RecordId, RunId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import { groupBy } from '../../kernel/group-by.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { CLOCK, LOGGER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import type { RecordEventKind, StoredValues } from '../records/contracts.js';
import { openImage } from '../sealed/sealed-images.js';
import { LoopGuard, maxDepth } from './loop-guard.js';
import { type PublishedFlow, PublishedFlows } from './published-flows.js';
import { RecordWatch } from './record-watch.js';
import { gatherBatchRuns, insertRuns, type RunStart } from './run-starts.js';
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
  batch_id: BatchId | null;
  actor_id: MemberId | null;
  door: string;
  depth: number;
  cause_run_id: RunId | null;
  cause_flow_id: FlowId | null;
  epoch: number;
}

/** Attempts at an event on its own before it is set aside. */
const maxAttempts = 5;

/** Turns record events into runs: each event starts each matching flow once, whatever crashes in between. */
@Injectable()
export class Dispatcher {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly flows: PublishedFlows,
    private readonly guard: LoopGuard,
    private readonly watch: RecordWatch,
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
      const edited = rows.filter((event) => event.kind === 'updated');
      await this.watch.edited(ctx, edited, this.clock.now());
      await this.dispatch(
        ctx,
        rows.sort((a, b) => (a.id < b.id ? -1 : 1)),
      );
    }
    return events.length > 0;
  }

  /**
   * Events that stayed behind for a minute, one by one: one that cannot be dispatched holds up no other, and after some
   * attempts is set aside as failed. Answers how many there were.
   */
  async overdue(ctx: TenantContext): Promise<number> {
    const events = await this.database.withTenant(ctx, (tx) =>
      tx.sql<EventRow & { attempts: number }>(
        `UPDATE lianke.event SET epoch = epoch + 1, attempts = attempts + 1, lease_until = clock_timestamp() + interval '30 seconds'
         WHERE tenant_id = $1 AND id IN (
           SELECT id FROM lianke.event WHERE tenant_id = $1 AND state = 'new' AND created_at < clock_timestamp() - interval '60 seconds'
             AND (lease_until IS NULL OR lease_until < clock_timestamp()) ORDER BY created_at, id LIMIT 200 FOR UPDATE SKIP LOCKED)
         RETURNING *`,
        [ctx.tenantId],
      ),
    );
    for (const event of events.sort((a, b) => (a.id < b.id ? -1 : 1))) {
      try {
        if (event.kind === 'updated') await this.watch.edited(ctx, [event], this.clock.now());
        await this.dispatch(ctx, [event]);
      } catch (error) {
        this.logger.error({ err: error, eventId: event.id }, 'an event could not be dispatched');
        if (event.attempts < maxAttempts) continue;
        await this.database.withTenant(ctx, (tx) =>
          tx.run(
            `UPDATE lianke.event SET state = 'failed', error = $3, lease_until = NULL WHERE tenant_id = $1 AND id = $2 AND epoch = $4`,
            [ctx.tenantId, event.id, String(error).slice(0, 500), event.epoch],
          ),
        );
      }
    }
    return events.length;
  }

  /** Inserts the runs and closes the events in one transaction; an event another worker took over is left to it. */
  private async dispatch(ctx: TenantContext, events: readonly EventRow[]): Promise<void> {
    const single: RunStart[] = [];
    const gathered: RunStart[] = [];
    const looping = new Set<FlowId>();
    for (const event of events) {
      for (const flow of await this.matching(ctx, event)) {
        if (event.depth >= maxDepth) looping.add(flow.id);
        else if ('perBatch' in flow.definition.trigger && flow.definition.trigger.perBatch)
          gathered.push(startBy(event, flow));
        else single.push(startBy(event, flow));
      }
    }
    const now = this.clock.now();
    await this.database.withTenant(ctx, async (tx) => {
      const held = await tx.sql<{ id: EventId }>(
        `UPDATE lianke.event e SET state = 'done', lease_until = NULL FROM unnest($1::uuid[], $2::int[]) AS c(id, epoch)
         WHERE e.tenant_id = $3 AND e.id = c.id AND e.epoch = c.epoch AND e.state = 'new' RETURNING e.id`,
        [events.map((event) => event.id), events.map((event) => event.epoch), ctx.tenantId],
      );
      const mine = new Set(held.map((row) => row.id));
      const isMine = (start: RunStart) => mine.has(start.eventId);
      const over = await this.guard.overBudget(tx, single.concat(gathered).filter(isMine), now);
      const allowed = (start: RunStart) => isMine(start) && !over.has(start.flowId);
      if (single.some(allowed)) await insertRuns(tx, ctx, single.filter(allowed), now);
      if (gathered.some(allowed)) await gatherBatchRuns(tx, ctx, gathered.filter(allowed), now);
      for (const flowId of new Set([...over, ...looping]))
        await this.guard.pause(tx, ctx, flowId, events, over.has(flowId));
    });
  }

  private async matching(ctx: TenantContext, event: EventRow): Promise<PublishedFlow[]> {
    const form = (await this.registry.all(ctx)).get(event.form_id);
    if (!form) return [];
    const images = { ...event, before: openImage(form, event.before), after: openImage(form, event.after) };
    const env = { timeZone: ctx.timeZone, now: this.clock.now(), me: event.actor_id, myDepartments: [] };
    const flows = await this.flows.watching(ctx, event.form_id);
    return flows.filter((flow) => {
      try {
        return matchesTrigger(flow.definition.trigger, form, { ...images, flowId: event.cause_flow_id }, env);
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

function startBy(event: EventRow, flow: PublishedFlow): RunStart {
  return {
    flowId: flow.id,
    version: flow.version,
    eventId: event.id,
    formId: event.form_id,
    recordId: event.record_id,
    batchId: event.batch_id,
    starterId: event.actor_id,
    door: event.door,
    depth: event.depth,
  };
}
