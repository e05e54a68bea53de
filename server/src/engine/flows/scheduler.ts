import type { Filter } from '@lianke/shared/filter/ast';
import {
  byPolicy,
  candidateRange,
  type DateTrigger,
  duesBetween,
  graceMs,
  nextDue,
  nextLook,
  recordDue,
} from '@lianke/shared/flows/schedule-times';
import { bringsRecord, type Trigger } from '@lianke/shared/flows/triggers';
import type { FlowId, RecordId, TenantId } from '@lianke/shared/ids';
import { dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { CLOCK, LOGGER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { type PublishedFlow, PublishedFlows } from './published-flows.js';
import { eventIdOf, insertRuns, type RunStart } from './run-starts.js';

interface ScheduleRow {
  tenant_id: TenantId;
  flow_id: FlowId;
  covered_to: string;
  epoch: number;
}

/** Records due at one look; more are taken by the next look. */
const maxRecords = 200_000;

/**
 * Starts flows by the clock. One row a flow says up to when everything due has been started; whoever holds it inserts
 * the runs and moves it on in one transaction, and a due time is one event, so no two schedulers start it twice.
 */
@Injectable()
export class Scheduler {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly flows: PublishedFlows,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One round; answers whether any run was started. */
  async work(): Promise<boolean> {
    const now = this.clock.now();
    const rows = await this.database.asSystem((tx) =>
      claim<ScheduleRow>(tx, {
        table: 'flow_schedule',
        key: ['flow_id'],
        ready: `q.next_due_at <= '${now.toISOString()}'::timestamptz`,
        order: 'next_due_at',
        perTenant: 50,
        limit: 200,
        leaseSeconds: 120,
      }),
    );
    let started = false;
    for (const row of rows) {
      try {
        started = (await this.carry(row, now)) || started;
      } catch (error) {
        this.logger.error(
          { err: error, flowId: row.flow_id },
          'a schedule could not be carried out; it is tried again',
        );
      }
    }
    return started;
  }

  private async carry(row: ScheduleRow, now: Date): Promise<boolean> {
    const ctx = await this.tenants.context(row.tenant_id, { kind: 'system', name: 'flow' }, { door: 'flow' });
    const flow = await this.flows.find(ctx, row.flow_id);
    const from = new Date(row.covered_to);
    return this.database.withTenant(ctx, async (tx) => {
      const held = await tx.sql('SELECT 1 FROM lianke.flow_schedule WHERE flow_id = $1 AND epoch = $2 FOR UPDATE', [
        row.flow_id,
        row.epoch,
      ]);
      if (held.length === 0) return false;
      const next = flow && nextTime(flow.definition.trigger, now, ctx.timeZone, await this.isDate(ctx, flow));
      if (!flow || !next) {
        await tx.run('DELETE FROM lianke.flow_schedule WHERE flow_id = $1', [row.flow_id]);
        return false;
      }
      const starts = await this.starts(tx, ctx, flow, from, now);
      const made = await insertRuns(tx, ctx, starts, now);
      await tx.run(
        'UPDATE lianke.flow_schedule SET covered_to = $2, next_due_at = $3, lease_until = NULL WHERE flow_id = $1',
        [row.flow_id, now, next],
      );
      return made.size > 0;
    });
  }

  private async starts(tx: Tx, ctx: TenantContext, flow: PublishedFlow, from: Date, now: Date): Promise<RunStart[]> {
    const { trigger } = flow.definition;
    const start = (due: Date, recordId: RecordId | null): RunStart => ({
      flowId: flow.id,
      version: flow.version,
      eventId: eventIdOf(flow.id, recordId ?? '', due.toISOString()),
      formId: bringsRecord(trigger) ? trigger.formId : null,
      recordId,
      batchId: null,
      starterId: null,
      door: 'system',
      depth: 0,
      input: { dueAt: due.toISOString() },
    });
    if (trigger.type === 'schedule')
      return byPolicy(duesBetween(trigger.plan, from, now, ctx.timeZone), now, trigger.missed).map((due) =>
        start(due, null),
      );
    if (trigger.type !== 'dateArrives') return [];
    const earliest = trigger.missed === 'skip' ? new Date(Math.max(from.getTime(), now.getTime() - graceMs)) : from;
    const due = await this.dueRecords(tx, ctx, trigger, earliest, now);
    return due.map((record) => start(record.due, record.id));
  }

  /** Records whose time lies in `(from, to]` by what their field says now. */
  private async dueRecords(tx: Tx, ctx: TenantContext, trigger: DateTrigger, from: Date, to: Date) {
    const form = (await this.registry.all(ctx)).get(trigger.formId);
    const field = form?.field(trigger.field);
    if (!form || !field) return [];
    const range = candidateRange(trigger, from, to);
    const bound = (instant: Date) => (field.storage === 'date' ? dateIn(ctx.timeZone, instant) : instant.toISOString());
    const window: Filter[] = [
      { field: field.id, op: 'gte', value: bound(range.from) },
      { field: field.id, op: 'lte', value: bound(range.to) },
    ];
    const filter: Filter = { and: trigger.filter ? [...window, trigger.filter] : window };
    const ids = await this.reader.idsIn(tx, ctx, form.id, { filter, sort: [], limit: maxRecords });
    const due: { id: RecordId; due: Date }[] = [];
    for (let at = 0; at < ids.length; at += 1000) {
      for (const record of await this.reader.stored(tx, ctx, form.id, ids.slice(at, at + 1000))) {
        const time = recordDue(trigger, record.values[field.id], ctx.timeZone);
        if (time && time > from && time <= to) due.push({ id: record.id, due: time });
      }
    }
    return due.sort((a, b) => a.due.getTime() - b.due.getTime());
  }

  private async isDate(ctx: TenantContext, flow: PublishedFlow): Promise<boolean> {
    const { trigger } = flow.definition;
    if (trigger.type !== 'dateArrives') return false;
    const form = (await this.registry.all(ctx)).get(trigger.formId);
    return form?.field(trigger.field)?.storage === 'date';
  }
}

/** When a trigger wants to be looked at next; undefined for one that the clock does not start. */
export function nextTime(trigger: Trigger, now: Date, zone: string, dateOnly: boolean): Date | undefined {
  if (trigger.type === 'schedule') return nextDue(trigger.plan, now, zone);
  return trigger.type === 'dateArrives' ? nextLook(trigger, dateOnly, now, zone) : undefined;
}
