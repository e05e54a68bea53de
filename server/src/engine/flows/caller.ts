import type { Words } from '@lianke/shared/errors/issue-text';
import { type FlowNode, nextNode } from '@lianke/shared/flows/definition';
import type { FlowId, RunId, TenantId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { keptSaid, type Said } from '../../kernel/errors/said.js';
import { OutboundError } from '../../kernel/outbound/outbound-http.js';
import { CLOCK } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { CardCloser } from '../tasks/card-closer.js';
import { FlowOwners } from './flow-owners.js';
import type { CallOutcome } from './node-type.js';
import { NodeTypes } from './node-types.js';
import { NotSent } from './outside/pieces.js';
import { PublishedFlows } from './published-flows.js';
import { putOff } from './retries.js';
import { RunPlaces } from './run-places.js';
import { effectKey, recordStep, type StepKey } from './run-steps.js';
import { Fenced, type RunRow } from './runner.js';

const leaseSeconds = 120;
const parallel = 32;
const perTenant = 8;
const maxAttempts = 6;

interface CallRow {
  node: string;
  scope: string;
  iteration: number;
  input: Json;
  /** Attempts whose answer is known, and whether one is under way or was when its worker died. */
  output: { attempts?: number; sent?: boolean } | null;
}

interface Call {
  run: RunRow;
  at: StepKey;
  node: FlowNode;
  request: Json;
  attempt: number;
}

/**
 * Asks other systems on behalf of runs: intended before, done after, nothing locked in between. Slow targets hold up
 * no other step, and one tenant's at most `perTenant` calls at a time.
 *
 * A call whose answer never came, because the worker died or the line broke, is sent again with the same key when that
 * cannot act twice; otherwise the run fails with the question for a person.
 */
@Injectable()
export class Caller {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly flows: PublishedFlows,
    private readonly nodes: NodeTypes,
    private readonly owners: FlowOwners,
    private readonly cards: CardCloser,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One round; answers whether any run wanted a call. */
  async work(): Promise<boolean> {
    const runs = await this.database.asSystem((tx) =>
      claim<RunRow>(tx, {
        table: 'run',
        key: ['id'],
        ready: `q.state = 'calling'`,
        order: 'id',
        perTenant,
        limit: parallel,
        leaseSeconds,
      }),
    );
    await Promise.all(runs.map((run) => this.carry(run)));
    return runs.length > 0;
  }

  private async carry(run: RunRow): Promise<void> {
    const ctx = await this.tenants.context(
      run.tenant_id,
      { kind: 'system', name: 'flow' },
      { door: 'flow', runId: run.id, flowId: run.flow_id, depth: run.depth + 1 },
    );
    try {
      const call = await this.intend(ctx, run);
      if (!call) return;
      const type = this.nodes.get(call.node.type);
      const answer = await type
        .call?.(call.node as never, call.request, effectKey(call.at), ctx)
        .then((value) => ({ value }))
        .catch((error: unknown) => ({ error }));
      await this.settle(ctx, run, call, answer ?? { error: new Error('a node without a call') });
    } catch (error) {
      if (!(error instanceof Fenced)) throw error;
    }
  }

  /** Marks the attempt before it is made; undefined when it must not be made. */
  private intend(ctx: TenantContext, run: RunRow): Promise<Call | undefined> {
    return this.database.withTenant(ctx, async (tx) => {
      const { places, definition } = await this.hold(tx, ctx, run);
      const [row] = await tx.sql<CallRow>(
        `SELECT node, scope, iteration, input, output FROM lianke.step WHERE tenant_id = $1 AND run_id = $2 AND state = 'calling' ORDER BY scope, node LIMIT 1`,
        [ctx.tenantId, run.id],
      );
      const node = definition.nodes.find((item) => item.id === row?.node);
      if (!row || !node) {
        await places.finish('failed', {
          zh: '流程正在调用的节点已不存在',
          en: 'the step that was calling is not there any more',
        });
        return undefined;
      }
      const at = { runId: run.id, node: row.node, scope: row.scope, iteration: row.iteration };
      // After a refusal the answer stands there, and the count begins anew.
      const before = { attempts: row.output?.attempts ?? 0, sent: row.output?.sent ?? false };
      if (before.sent && !this.nodes.get(node.type).repeatable?.(node as never)) {
        await this.ask(tx, ctx, { at, node });
        return undefined;
      }
      await this.mark(tx, ctx, { at, node }, { attempts: before.attempts + 1, sent: true });
      return { run, at, node, request: row.input, attempt: before.attempts + 1 };
    });
  }

  private settle(
    ctx: TenantContext,
    run: RunRow,
    call: Call,
    answer: { value: Json } | { error: unknown },
  ): Promise<void> {
    return this.database.withTenant(ctx, async (tx) => {
      const { places, definition } = await this.hold(tx, ctx, run);
      const type = this.nodes.get(call.node.type);
      const place = { scope: call.at.scope, node: call.at.node };
      const now = this.clock.now();
      if ('error' in answer && !wasNotSent(answer.error)) {
        if (!type.repeatable?.(call.node as never)) return this.ask(tx, ctx, call);
        return this.again(tx, ctx, run, places, call, reasonOf(answer.error));
      }
      const outcome: CallOutcome | undefined =
        'error' in answer
          ? { kind: 'failed', reason: reasonOf(answer.error), output: null }
          : type.answered?.(call.node as never, answer.value, call.attempt, call.request);
      if (outcome?.kind === 'again') return this.again(tx, ctx, run, places, call, outcome.reason);
      if (outcome?.kind === 'more') {
        const input = outcome.request;
        await recordStep(tx, ctx, call.at, call.node.type, { state: 'calling', now, input });
        await this.mark(tx, ctx, call, { attempts: 0, sent: false });
        await places.call(place);
        return this.giveBack(tx, ctx, run);
      }
      if (outcome?.kind === 'next') {
        await recordStep(tx, ctx, call.at, call.node.type, { state: 'done', now, output: outcome.output });
        await places.leave(place, outcome.port);
      } else if (
        outcome?.kind === 'failed' &&
        (await this.later(tx, ctx, places, call, outcome.reason, outcome.passing === true))
      ) {
        return;
      } else if (outcome?.kind === 'failed' && nextNode(definition, call.node.id, 'failed')) {
        const { reason, output } = outcome;
        await recordStep(tx, ctx, call.at, call.node.type, { state: 'done', now, error: reason, output });
        await places.leave(place, 'failed');
      } else {
        const error = outcome?.reason ?? silent;
        await recordStep(tx, ctx, call.at, call.node.type, { state: 'failed', now, error, output: outcome?.output });
        // A refusal without words of its own is known all the same: trying it again needs nobody to look first.
        if (!outcome?.output) await this.mark(tx, ctx, call, { attempts: 0, sent: false });
        await this.stop(tx, ctx, run, error, now);
      }
      await this.giveBack(tx, ctx, run);
    });
  }

  /** Nobody knows whether the target acted: a person looks there, then retries or cancels the run. */
  private async ask(tx: Tx, ctx: TenantContext, call: { at: StepKey; node: FlowNode }): Promise<void> {
    const now = this.clock.now();
    const error: Words = {
      zh: '请求已发出，但没有收到结果：请先到对方系统确认是否已生效，再决定重试或取消',
      en: 'the request was sent but no result came: look in the other system whether it took effect, then try again or cancel',
    };
    await recordStep(tx, ctx, call.at, call.node.type, { state: 'failed', now, error });
    await this.mark(tx, ctx, call, { attempts: 0, sent: false });
    await this.stop(tx, ctx, { id: call.at.runId }, error, now);
  }

  private async again(
    tx: Tx,
    ctx: TenantContext,
    run: RunRow,
    places: RunPlaces,
    call: Call,
    reason: Said,
  ): Promise<void> {
    if (call.attempt >= maxAttempts) {
      const now = this.clock.now();
      if (await this.later(tx, ctx, places, call, reason, true)) return;
      await recordStep(tx, ctx, call.at, call.node.type, { state: 'failed', now, error: reason });
      await this.mark(tx, ctx, call, { attempts: 0, sent: false });
      await this.stop(tx, ctx, run, reason, now);
      return;
    }
    await this.mark(tx, ctx, call, { attempts: call.attempt, sent: false });
    await places.call({ scope: call.at.scope, node: call.at.node });
    // Later each time: 2, 4, 8 … seconds.
    await tx.run(
      `UPDATE lianke.run SET lease_until = clock_timestamp() + make_interval(secs => $3) WHERE tenant_id = $1 AND id = $2`,
      [ctx.tenantId, run.id, 2 ** call.attempt],
    );
  }

  /** Asks anew when the node's own policy says so; what was sent before has its answer by then. */
  private async later(
    tx: Tx,
    ctx: TenantContext,
    places: RunPlaces,
    call: Call,
    error: Said,
    passing: boolean,
  ): Promise<boolean> {
    const failed = { at: call.at, node: call.node, error, passing, now: this.clock.now() };
    if (!(await putOff(tx, ctx, places, failed))) return false;
    await this.mark(tx, ctx, call, { attempts: 0, sent: false });
    return true;
  }

  private async mark(
    tx: Tx,
    ctx: TenantContext,
    call: { at: StepKey; node: FlowNode },
    output: { attempts: number; sent: boolean },
  ): Promise<void> {
    await tx.run(
      `UPDATE lianke.step SET output = $6::jsonb WHERE tenant_id = $1 AND run_id = $2 AND node = $3 AND scope = $4 AND iteration = $5`,
      [ctx.tenantId, call.at.runId, call.at.node, call.at.scope, call.at.iteration, JSON.stringify(output)],
    );
  }

  private async stop(tx: Tx, ctx: TenantContext, run: { id: RunId }, error: Said, now: Date): Promise<void> {
    await tx.run(
      `UPDATE lianke.run SET state = 'failed', error = $3, error_en = $4, finished_at = $5, lease_until = NULL WHERE tenant_id = $1 AND id = $2`,
      [ctx.tenantId, run.id, ...keptSaid(error), now],
    );
    await this.owners.tellFailure(tx, ctx, { id: run.id, flowId: ctx.cause.flowId as FlowId }, error, now);
  }

  private async giveBack(tx: Tx, ctx: TenantContext, run: RunRow): Promise<void> {
    await tx.run('UPDATE lianke.run SET lease_until = NULL WHERE tenant_id = $1 AND id = $2', [ctx.tenantId, run.id]);
  }

  private async hold(tx: Tx, ctx: TenantContext, run: RunRow) {
    const held = await tx.sql<{ tenant_id: TenantId }>(
      `SELECT tenant_id FROM lianke.run WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND state IN ('ready','waiting','calling') FOR UPDATE`,
      [ctx.tenantId, run.id, run.epoch],
    );
    if (held.length === 0) throw new Fenced();
    const definition = await this.flows.version(ctx, run.flow_id, run.version);
    const places = new RunPlaces(
      tx,
      { tenantId: ctx.tenantId, runId: run.id },
      definition,
      this.clock.now(),
      this.cards.in(tx, ctx),
    );
    return { definition, places };
  }
}

const silent: Words = { zh: '没有回应', en: 'no answer' };

function reasonOf(error: unknown): Said {
  if (error instanceof NotSent) return error.words;
  return error instanceof Error ? error.message : silent;
}

/** Failures that happen before the first byte leaves: nobody need look whether the target acted. */
function wasNotSent(error: unknown): boolean {
  return error instanceof NotSent || (error instanceof OutboundError && ['bad_url', 'blocked'].includes(error.reason));
}
