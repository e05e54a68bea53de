import { errorCodes, fillMessage } from '@lianke/shared/errors/codes';
import { type FlowDefinition, type FlowNode } from '@lianke/shared/flows/definition';
import type { FlowId, FormId, MemberId, RecordId, RunId, TenantId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { CLOCK, LOGGER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { RecordReader } from '../records/record-reader.js';
import type { StepContext, StepOutcome } from './node-type.js';
import { NodeTypes } from './node-types.js';
import { PublishedFlows } from './published-flows.js';
import { type RunRecord, RunValues, type RunValuesEnv } from './run-values.js';

export interface RunRow {
  tenant_id: TenantId;
  id: RunId;
  flow_id: FlowId;
  version: number;
  form_id: FormId;
  record_id: RecordId;
  batch_id: string | null;
  starter_id: MemberId | null;
  door: string;
  depth: number;
  state: 'ready' | 'waiting' | 'done' | 'failed' | 'cancelled';
  node: string | null;
  due_at: string | null;
  attempts: number;
  epoch: number;
}

const maxSteps = 500;
const maxAttempts = 5;
const leaseSeconds = 60;
const parallel = 4;

/** Thrown when another worker holds the run: nothing this one does may count any more. */
class Fenced extends Error {}

/** Carries runs on, one transaction a step: the step's effect and its result commit together or not at all. */
@Injectable()
export class Runner {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    private readonly flows: PublishedFlows,
    private readonly nodes: NodeTypes,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One round; answers whether any run was ready or due. */
  async work(): Promise<boolean> {
    const now = this.clock.now().toISOString();
    const runs = await this.database.asSystem((tx) =>
      claim<RunRow>(tx, {
        table: 'run',
        key: ['id'],
        ready: `(q.state = 'ready' OR (q.state = 'waiting' AND q.due_at <= '${now}'::timestamptz))`,
        order: 'id',
        perTenant: 50,
        limit: 200,
        leaseSeconds,
      }),
    );
    // Runs on one record keep their order; different records go side by side.
    const lanes = new Map<string, Promise<void>>();
    const free = new Set<Promise<void>>();
    for (const run of runs) {
      const lane = `${run.tenant_id}/${run.record_id}`;
      const before = lanes.get(lane) ?? Promise.resolve();
      while (free.size >= parallel) await Promise.race(free);
      const work: Promise<void> = before.then(() => this.carry(run)).finally(() => free.delete(work));
      free.add(work);
      lanes.set(lane, work);
    }
    await Promise.all(free);
    return runs.length > 0;
  }

  /** Executes steps until the run waits, ends or fails. */
  private async carry(run: RunRow): Promise<void> {
    try {
      const ctx = await this.tenants.context(
        run.tenant_id,
        { kind: 'system', name: 'flow' },
        { door: 'flow', runId: run.id, flowId: run.flow_id, depth: run.depth + 1 },
      );
      const definition = await this.flows.version(ctx, run.flow_id, run.version);
      let going = true;
      for (let steps = 0; going && steps < maxSteps; steps++) going = await this.step(ctx, run, definition);
      if (going)
        await this.fail(
          run,
          run.node ?? '',
          new AppError('wrong_state', { detail: `流程超过 ${maxSteps} 步，已停下` }),
        );
    } catch (error) {
      if (error instanceof Fenced) return;
      await this.fail(run, run.node ?? '', error).catch((failure) =>
        this.logger.error({ err: failure, runId: run.id }, 'a failed run could not be recorded'),
      );
    }
  }

  /** One step in one transaction; answers whether the run goes on at once. */
  private async step(ctx: TenantContext, run: RunRow, definition: FlowDefinition): Promise<boolean> {
    return this.database.withTenant(ctx, async (tx) => {
      const [held] = await tx.sql<RunRow>(
        `SELECT * FROM lianke.run WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND state IN ('ready','waiting') FOR UPDATE`,
        [ctx.tenantId, run.id, run.epoch],
      );
      if (!held) throw new Fenced();
      const now = this.clock.now();
      const nodeId = held.node ?? (firstNode(definition) || null);
      const node = definition.nodes.find((item) => item.id === nodeId);
      run.node = nodeId;
      if (!node) {
        await this.finish(tx, ctx, run, now);
        return false;
      }
      const context = await this.context(tx, ctx, held, node, now);
      const type = this.nodes.get(node.type);
      const outcome =
        held.state === 'waiting' && type.resume
          ? await type.resume(context as never)
          : await type.execute(context as never);
      return this.settle(tx, ctx, run, definition, node, outcome, now);
    });
  }

  private async settle(
    tx: Tx,
    ctx: TenantContext,
    run: RunRow,
    definition: FlowDefinition,
    node: FlowNode,
    outcome: StepOutcome,
    now: Date,
  ): Promise<boolean> {
    const waiting = outcome.kind === 'wait';
    await recordStep(tx, ctx, run.id, node, waiting ? 'waiting' : 'done', outcome.output, now);
    if (outcome.kind === 'wait') {
      await tx.run(
        `UPDATE lianke.run SET state = 'waiting', node = $3, due_at = $4, lease_until = NULL WHERE tenant_id = $1 AND id = $2`,
        [ctx.tenantId, run.id, node.id, outcome.until],
      );
      return false;
    }
    const next = outcome.kind === 'next' ? nextNode(definition, node.id, outcome.port) : null;
    if (!next) {
      await this.finish(tx, ctx, run, now);
      return false;
    }
    await tx.run(
      `UPDATE lianke.run SET state = 'ready', node = $3, due_at = NULL, attempts = 0, lease_until = clock_timestamp() + interval '${leaseSeconds} seconds' WHERE tenant_id = $1 AND id = $2`,
      [ctx.tenantId, run.id, next],
    );
    run.node = next;
    return true;
  }

  private async finish(tx: Tx, ctx: TenantContext, run: RunRow, now: Date): Promise<void> {
    await tx.run(
      `UPDATE lianke.run SET state = 'done', finished_at = $3, due_at = NULL, lease_until = NULL WHERE tenant_id = $1 AND id = $2`,
      [ctx.tenantId, run.id, now],
    );
  }

  /**
   * Refusals (`AppError`) end the run with their reason: the same input would be refused again. Anything else is
   * tried again, later each time, and fails after five attempts.
   */
  private async fail(run: RunRow, nodeId: string, error: unknown): Promise<void> {
    const final = error instanceof AppError || run.attempts + 1 >= maxAttempts;
    const message =
      error instanceof AppError ? fillMessage(errorCodes[error.code].zh, error.params) : '系统出错，已多次重试';
    if (!(error instanceof AppError))
      this.logger.error({ err: error, runId: run.id, node: nodeId }, 'a flow step failed');
    const definition = await this.definitionOf(run);
    const node = definition?.nodes.find((item) => item.id === nodeId);
    await this.database.withTenant({ tenantId: run.tenant_id }, async (tx) => {
      const now = this.clock.now();
      const mine = `tenant_id = $1 AND id = $2 AND epoch = $3 AND state IN ('ready','waiting')`;
      const key = [run.tenant_id, run.id, run.epoch, message] as const;
      const changed = final
        ? await tx.run(
            `UPDATE lianke.run SET state = 'failed', error = $4, finished_at = $5, lease_until = NULL WHERE ${mine}`,
            [...key, now],
          )
        : await tx.run(
            `UPDATE lianke.run SET attempts = attempts + 1, error = $4, lease_until = clock_timestamp() + make_interval(secs => power(2, attempts + 1)) WHERE ${mine}`,
            [...key],
          );
      if (changed > 0 && final && node)
        await recordStep(tx, { tenantId: run.tenant_id }, run.id, node, 'failed', null, now, message);
    });
  }

  private async definitionOf(run: RunRow): Promise<FlowDefinition | undefined> {
    const ctx = await this.tenants.context(run.tenant_id, { kind: 'system', name: 'flow' });
    return this.flows.version(ctx, run.flow_id, run.version).catch(() => undefined);
  }

  /** What a node sees: the trigger's record and those of the nodes before it. */
  async context(
    tx: Tx,
    ctx: TenantContext,
    run: Pick<RunRow, 'id' | 'form_id' | 'record_id' | 'starter_id' | 'door'>,
    node: FlowNode,
    now: Date,
  ): Promise<StepContext> {
    const [forms, org] = await Promise.all([this.registry.all(ctx), this.org.of(ctx)]);
    const steps = await tx.sql<{ node: string; output: { record?: RunRecord } | null }>(
      `SELECT node, output FROM lianke.step WHERE tenant_id = $1 AND run_id = $2 AND state = 'done'`,
      [ctx.tenantId, run.id],
    );
    const records = new Map<string, RunRecord>([['trigger', { formId: run.form_id, recordId: run.record_id }]]);
    for (const step of steps) if (step.output?.record) records.set(step.node, step.output.record);
    return this.contextWith(
      tx,
      ctx,
      { runId: run.id, starterId: run.starter_id, bulk: run.door === 'import', records },
      node,
      now,
      forms,
      org,
    );
  }

  contextWith(
    tx: Tx,
    ctx: TenantContext,
    run: {
      runId: RunId;
      starterId: MemberId | null;
      bulk: boolean;
      records: ReadonlyMap<string, RunRecord>;
      /** A trial run's own view of records; stored ones when absent. */
      load?: RunValuesEnv['load'];
    },
    node: FlowNode,
    now: Date,
    forms: Awaited<ReturnType<FormRegistry['all']>>,
    org: Awaited<ReturnType<OrgDirectory['of']>>,
  ): StepContext {
    const values = new RunValues({
      tx,
      ctx,
      forms,
      org,
      now,
      starterId: run.starterId,
      records: run.records,
      load: run.load ?? ((at, as, formId, ids) => this.reader.stored(at, as, formId, ids)),
    });
    return {
      tx,
      ctx,
      runId: run.runId,
      node,
      values,
      forms,
      org,
      starterId: run.starterId,
      now,
      env: { timeZone: ctx.timeZone, now, me: run.starterId, myDepartments: [] },
      bulk: run.bulk,
    };
  }
}

/** A step's row; a waiting step becomes done or failed in place. */
export async function recordStep(
  tx: Tx,
  ctx: { tenantId: TenantId },
  runId: RunId,
  node: FlowNode,
  state: 'waiting' | 'done' | 'failed',
  output: Json,
  now: Date,
  error: string | null = null,
): Promise<void> {
  await tx.run(
    `INSERT INTO lianke.step (tenant_id, run_id, node, type, state, output, error, started_at, finished_at) VALUES ($1,$2,$3,$4,$5,$6::jsonb,$7,$8,$9)
     ON CONFLICT (tenant_id, run_id, node, iteration) DO UPDATE SET state = excluded.state, output = coalesce(excluded.output, lianke.step.output), error = excluded.error, finished_at = excluded.finished_at`,
    [
      ctx.tenantId,
      runId,
      node.id,
      node.type,
      state,
      output === null ? null : JSON.stringify(output),
      error,
      now,
      state === 'waiting' ? null : now,
    ],
  );
}

export function firstNode(definition: FlowDefinition): string | undefined {
  return definition.edges.find((edge) => edge.from === 'trigger')?.to;
}

/** The node a port leads to; a node with a single way on may leave its edge's port out. */
export function nextNode(definition: FlowDefinition, from: string, port: string): string | null {
  return definition.edges.find((edge) => edge.from === from && (edge.port ?? 'next') === port)?.to ?? null;
}
