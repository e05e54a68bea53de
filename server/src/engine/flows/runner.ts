import { type FlowDefinition, type FlowNode, firstNode } from '@lianke/shared/flows/definition';
import type { FlowId, RunId, TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { CLOCK, LOGGER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { CardCloser } from '../tasks/card-closer.js';
import { ChainMemory } from './chain-memory.js';
import { FlowOwners } from './flow-owners.js';
import type { StepContext, StepOutcome } from './node-type.js';
import { NodeTypes } from './node-types.js';
import { PublishedFlows } from './published-flows.js';
import { actorOf } from './run-actor.js';
import { RunContexts, type RunFacts } from './run-context.js';
import { RunFailures, StepFailed } from './run-failures.js';
import { laneOf, RunGroups } from './run-groups.js';
import { extendLease, giveBackLease, type LeasedRun, leaseSeconds } from './run-lease.js';
import { duePlace, type Move, type Place, RunPlaces } from './run-places.js';
import { ownPath, type Scope } from './run-scope.js';
import { outputOf, recordStep } from './run-steps.js';
import { StepChain } from './step-chain.js';

export interface RunRow extends RunFacts, LeasedRun {
  id: RunId;
  flow_id: FlowId;
  version: number;
  batch_id: string | null;
  depth: number;
  state: 'ready' | 'waiting' | 'calling' | 'done' | 'failed' | 'cancelled';
  node: string | null;
  due_at: string | null;
  branches: number;
  attempts: number;
  /** A step of a chain failed: each step has a transaction of its own. */
  single?: boolean;
}

/** Runs that something wakes at a time; the index `run_timed` is over these. */
const timed = `q.state IN ('waiting','calling') AND q.due_at IS NOT NULL`;
const maxSteps = 500;
const parallel = 4;
/** Runs of one tenant in one claim: few while several have work, so that none waits long for another. */
const claimShare = 50;
const claimAlone = 200;

/** Thrown when another worker holds the run: nothing this one does may count any more. */
export class Fenced extends Error {}

/** Carries runs on: a step's effect and its result commit together or not at all, some steps with the next ones. */
@Injectable()
export class Runner {
  /** Whether the last claim met one tenant at most. */
  private alone = true;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly contexts: RunContexts,
    private readonly org: OrgDirectory,
    private readonly flows: PublishedFlows,
    private readonly nodes: NodeTypes,
    private readonly owners: FlowOwners,
    private readonly failures: RunFailures,
    private readonly cards: CardCloser,
    private readonly groups: RunGroups,
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
        ready: `q.state = 'ready'`,
        order: 'id',
        also: [{ ready: `${timed} AND q.due_at <= '${now}'::timestamptz`, among: timed, order: 'due_at, id' }],
        perTenant: this.alone ? claimAlone : claimShare,
        limit: claimAlone,
        leaseSeconds,
      }),
    );
    this.alone = new Set(runs.map((run) => run.tenant_id)).size <= 1;
    // Runs that come in hundreds are carried on together; whoever has only a few does not wait for them.
    const together = this.groups.candidates(runs);
    const gathered = new Set(together.flat().map(laneOf));
    await Promise.all([
      this.carryEach(runs.filter((run) => !gathered.has(laneOf(run)))),
      this.groups
        .carry(
          together,
          runs.filter((run) => gathered.has(laneOf(run))),
        )
        .then((left) => this.carryEach(left)),
    ]);
    return runs.length > 0;
  }

  /** Runs on one record keep their order; different records go side by side. */
  private async carryEach(runs: readonly RunRow[]): Promise<void> {
    const lanes = new Map<string, Promise<void>>();
    const free = new Set<Promise<void>>();
    for (const run of runs) {
      const lane = laneOf(run);
      const before = lanes.get(lane) ?? Promise.resolve();
      while (free.size >= parallel) await Promise.race(free);
      const work: Promise<void> = before.then(() => this.carry(run)).finally(() => free.delete(work));
      free.add(work);
      lanes.set(lane, work);
    }
    await Promise.all(free);
  }

  /** Executes steps until no path of the run can go on, or it ends or fails. */
  private async carry(run: RunRow): Promise<void> {
    try {
      const ctx = await this.tenants.context(
        run.tenant_id,
        { kind: 'system', name: 'flow' },
        { door: 'flow', runId: run.id, flowId: run.flow_id, depth: run.depth + 1 },
      );
      const definition = await this.flows.version(ctx, run.flow_id, run.version);
      ctx.actor = actorOf(definition, run.starter_id, await this.org.of(ctx));
      let going = true;
      for (let steps = 0; going && steps < maxSteps; steps++) going = await this.step(ctx, run, definition);
      // A long loop gives the others a turn and is claimed again.
      if (going) await this.database.withTenant({ tenantId: run.tenant_id }, (tx) => giveBackLease(tx, run));
    } catch (error) {
      if (error instanceof Fenced) return;
      await this.failures
        .record(run, error)
        .catch((failure) => this.logger.error({ err: failure, runId: run.id }, 'a failed run could not be recorded'));
    }
  }

  /**
   * Steps of a run in one transaction, one or as many as a chain allows; answers whether the run goes on at once. What a
   * chain did is undone with the step in it that fails: the run's steps are then carried out one by one.
   */
  private async step(ctx: TenantContext, run: RunRow, definition: FlowDefinition): Promise<boolean> {
    const chain = run.single ? undefined : new StepChain();
    try {
      return await this.database.withTenant(ctx, (tx) => this.stepsIn(tx, ctx, run, definition, chain));
    } catch (error) {
      if (error instanceof Fenced || !chain?.isLong) throw error;
      run.single = true;
      return true;
    }
  }

  private async stepsIn(
    tx: Tx,
    ctx: TenantContext,
    run: RunRow,
    definition: FlowDefinition,
    chain: StepChain | undefined,
  ): Promise<boolean> {
    const [held] = await tx.sql<RunRow>(
      `SELECT * FROM lianke.run WHERE tenant_id = $1 AND id = $2 AND epoch = $3 AND state IN ('ready','waiting','calling') FOR UPDATE`,
      [ctx.tenantId, run.id, run.epoch],
    );
    if (!held) throw new Fenced();
    const head = { tenantId: ctx.tenantId, runId: run.id };
    const due = await duePlace(tx, { ...held, ...head }, this.clock.now());
    const first = due?.node ?? (due?.scope === ownPath ? firstNode(definition) : null);
    let next = due && first ? { scope: due.scope, node: first, woken: due.woken } : undefined;
    if (!next) {
      // What was due has been done by somebody else meanwhile.
      if (due) await this.placesOf(tx, head, definition).finish();
      else await giveBackLease(tx, run);
      return false;
    }
    const memory = chain && new ChainMemory(tx, head);
    for (;;) {
      const at: Place & { woken: boolean } = next;
      const node = definition.nodes.find((item) => item.id === at.node);
      const places = this.placesOf(tx, head, definition, this.cards.in(tx, ctx), memory);
      if (!node) {
        // The definition lost its nodes.
        await places.finish();
        return false;
      }
      const move = await this.stepAt(tx, ctx, held, definition, places, { ...at, node }, memory);
      if (move !== 'going') {
        await memory?.arrived();
        return false;
      }
      const on = places.next;
      const follows = on && definition.nodes.find((item) => item.id === on.node);
      if (!chain?.add(node.type) || !follows || !chain.takes(follows.type)) {
        await places.write();
        await memory?.arrived();
        break;
      }
      next = { ...on, woken: false };
    }
    await extendLease(tx, run);
    return true;
  }

  private async stepAt(
    tx: Tx,
    ctx: TenantContext,
    run: RunRow,
    definition: FlowDefinition,
    places: RunPlaces,
    { scope, node, woken }: { scope: Scope; node: FlowNode; woken: boolean },
    memory: ChainMemory | undefined,
  ): Promise<Move> {
    const context = await this.contexts.of(tx, ctx, run, { node, scope }, places.now, {
      withDeleted: definition.trigger.type === 'recordDeleted',
      definition,
      memory,
    });
    try {
      const type = this.nodes.get(node.type);
      const outcome =
        woken && type.resume && !context.again
          ? await type.resume(context as never)
          : await type.execute(context as never);
      return await this.settle(context, places, { scope, node: node.id }, outcome, memory);
    } catch (error) {
      if (error instanceof Fenced) throw error;
      throw new StepFailed(context.at, node, memory ? await memory.causeOf(error) : error);
    }
  }

  private async settle(
    step: StepContext,
    places: RunPlaces,
    place: Place,
    outcome: StepOutcome,
    memory: ChainMemory | undefined,
  ): Promise<Move> {
    const record = (state: 'waiting' | 'calling' | 'done', more: { output?: StepOutput; input?: StepOutput }) => {
      memory?.noteStep({ ...step.at, state, output: outputOf(more.output) });
      return recordStep(step.tx, step.ctx, step.at, step.node.type, { state, now: step.now, ...more });
    };
    switch (outcome.kind) {
      case 'next': {
        const recorded = record('done', { output: outcome.output });
        if (memory) memory.send(recorded);
        else await recorded;
        return places.leave(place, outcome.port);
      }
      case 'wait':
        await record('waiting', { output: outcome.output });
        return places.wait(place, outcome.until);
      case 'call':
        await record('calling', { input: outcome.request });
        return places.call(place);
      case 'open':
        await record(outcome.bodies.length > 0 ? 'waiting' : 'done', { output: outcome.output });
        return places.open(place, outcome.bodies);
      case 'end':
        await record('done', { output: outcome.output });
        if (outcome.failed === undefined) return places.finish();
        await this.owners.tellFailure(
          step.tx,
          step.ctx,
          { id: step.runId, flowId: step.flowId },
          outcome.failed,
          step.now,
        );
        return places.finish('failed', outcome.failed);
    }
  }

  private placesOf(
    tx: Tx,
    head: { tenantId: TenantId; runId: RunId },
    definition: FlowDefinition,
    closed?: ConstructorParameters<typeof RunPlaces>[4],
    memory?: ChainMemory,
  ): RunPlaces {
    return new RunPlaces(tx, head, definition, this.clock.now(), closed, memory);
  }
}

type StepOutput = Extract<StepOutcome, { kind: 'next' }>['output'];
