import { type FlowDefinition, type FlowNode, firstNode, nextNode } from '@lianke/shared/flows/definition';
import type { RunId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { groupBy } from '../../kernel/group-by.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { CLOCK, LOGGER } from '../../kernel/tokens.js';
import type { TenantContext } from '../context.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { isPlain, moveAll, waitAll } from './group-moves.js';
import type { StepContext, StepOutcome } from './node-type.js';
import { NodeTypes } from './node-types.js';
import { PublishedFlows } from './published-flows.js';
import { RunContexts } from './run-context.js';
import { recordSteps, type StepKey } from './run-steps.js';
import type { RunRow } from './runner.js';

/** Runs of one version that stand at one node and do not touch one record; `woken`: their wait there has ended. */
interface Group {
  ctx: TenantContext;
  definition: FlowDefinition;
  node: FlowNode;
  woken: boolean;
  runs: readonly RunRow[];
}

interface Settled {
  at: StepKey;
  outcome: Extract<StepOutcome, { kind: 'next' | 'wait' }>;
}

/** Runs of one lane go on one after the other: those on one record. */
export const laneOf = (run: Pick<RunRow, 'tenant_id' | 'record_id' | 'id'>): string =>
  `${run.tenant_id}/${run.record_id ?? run.id}`;

/** Below this a group saves nothing. */
const fewest = 2;

/**
 * Carries runs of one flow on together: a step of all of them is one transaction with few statements, so that an import
 * of many records is not as many transactions. Only runs of plain flows (`isPlain`) that act as the system, and only as
 * long as their node types know how (`executeAll`). Whatever is refused or fails is rolled back and left to be carried
 * on run by run, which says what is wrong with which.
 */
@Injectable()
export class RunGroups {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly contexts: RunContexts,
    private readonly flows: PublishedFlows,
    private readonly nodes: NodeTypes,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @param groups what `candidates` found; answers those of `runs` that have to be carried on one by one, in the same order */
  async carry(groups: readonly (readonly RunRow[])[], runs: readonly RunRow[]): Promise<RunRow[]> {
    const ended = new Set<RunId>();
    for (const together of groups) {
      try {
        const waiting = await this.groupsOf(together);
        for (let group = waiting.pop(); group; group = waiting.pop()) {
          const step = await this.step(group);
          for (const id of step.ended) ended.add(id);
          waiting.push(...step.next);
        }
      } catch (error) {
        // Each run meets it again by itself, where it becomes that run's failure.
        if (!(error instanceof AppError)) this.logger.debug({ err: error }, 'runs are carried on one by one');
      }
    }
    return ended.size === 0 ? [...runs] : runs.filter((run) => !ended.has(run.id));
  }

  /**
   * Runs claimed by this worker that may be carried on together, the smallest groups first: of one version and depth,
   * and of the runs on one record only the first.
   */
  candidates(runs: readonly RunRow[]): RunRow[][] {
    const taken = new Set<string>();
    const first = runs.filter((run) => {
      const lane = laneOf(run);
      if (taken.has(lane)) return false;
      taken.add(lane);
      return run.branches === 0 && (run.state === 'ready' || (run.state === 'waiting' && run.node !== null));
    });
    const alike = groupBy(first, (run) => `${run.tenant_id}/${run.flow_id}/${run.version}/${run.depth}/${run.state}`);
    return [...alike.values()].filter((group) => group.length >= fewest).sort((a, b) => a.length - b.length);
  }

  private async groupsOf(runs: readonly RunRow[]): Promise<Group[]> {
    const [run] = runs;
    if (!run) return [];
    const ctx = await this.tenants.context(
      run.tenant_id,
      { kind: 'system', name: 'flow' },
      { door: 'flow', flowId: run.flow_id, depth: run.depth + 1 },
    );
    const definition = await this.flows.version(ctx, run.flow_id, run.version);
    if (definition.runAs || !isPlain(definition)) return [];
    const woken = run.state === 'waiting';
    return this.at({ ctx, definition, woken }, runs, (each) => each.node ?? firstNode(definition));
  }

  private at(
    group: Pick<Group, 'ctx' | 'definition' | 'woken'>,
    runs: readonly RunRow[],
    nodeOf: (run: RunRow) => string | null,
  ): Group[] {
    return [...groupBy(runs, nodeOf)].flatMap(([id, those]) => {
      const node = group.definition.nodes.find((each) => each.id === id);
      const type = node && this.nodes.get(node.type);
      const known = group.woken ? type?.resumeAll : type?.executeAll;
      return node && known && those.length >= fewest ? [{ ...group, node, runs: those }] : [];
    });
  }

  /** One node of all the group's runs in one transaction: which of them are through with this round, and where the others go on. */
  private async step(group: Group): Promise<{ ended: RunId[]; next: Group[] }> {
    const { ctx, definition, node, runs } = group;
    const now = this.clock.now();
    const left = await this.database.withTenant(ctx, async (tx) => {
      const held = await this.hold(tx, group, now);
      const steps = await this.contexts.ofAll(tx, ctx, held, node, now, {
        withDeleted: definition.trigger.type === 'recordDeleted',
        definition,
      });
      const outcomes = await this.outcomes(group, steps);
      const waits = outcomes.flatMap(({ at, outcome }) => (outcome.kind === 'wait' ? [{ at, ...outcome }] : []));
      const nexts = outcomes.flatMap(({ at, outcome }) => (outcome.kind === 'next' ? [{ at, ...outcome }] : []));
      if (waits.length > 0) {
        await recordSteps(tx, ctx, waits, node.type, { state: 'waiting', now });
        const until = waits.map((wait) => ({ runId: wait.at.runId, until: wait.until }));
        await waitAll(tx, ctx.tenantId, node.id, until);
      }
      if (nexts.length > 0) await recordSteps(tx, ctx, nexts, node.type, { state: 'done', now });
      const ways = groupBy(nexts, ({ port }) => nextNode(definition, node.id, port) ?? null);
      for (const [to, those] of ways) {
        const ids = those.map((each) => each.at.runId);
        await moveAll(tx, ctx.tenantId, ids, to ?? undefined, now);
      }
      const to = new Map<RunId, string | null>(waits.map((wait) => [wait.at.runId, null]));
      for (const [way, those] of ways) for (const each of those) to.set(each.at.runId, way);
      return to;
    });
    const going = runs.filter((run) => left.get(run.id));
    return {
      ended: runs.flatMap((run) => (left.get(run.id) === null ? [run.id] : [])),
      next: this.at({ ...group, woken: false }, going, (run) => left.get(run.id) ?? null),
    };
  }

  private async outcomes({ node, woken }: Group, steps: readonly StepContext[]): Promise<Settled[]> {
    // A step that was tried before is carried out by itself, as its policy says.
    if (steps.some((step) => step.again)) throw new AppError('wrong_state', { detail: 'again' });
    const type = this.nodes.get(node.type);
    const outcomes = woken ? await type.resumeAll?.(steps as never) : await type.executeAll?.(steps as never);
    return steps.map(({ at }, index) => {
      const outcome = outcomes?.[index];
      if (outcome?.kind !== 'next' && outcome?.kind !== 'wait')
        throw new AppError('wrong_state', { detail: 'outcome' });
      return { at, outcome };
    });
  }

  /** Locks the runs that are still this worker's and still there, in one order for all workers. */
  private async hold(tx: Tx, { ctx, runs, node, definition, woken }: Group, now: Date): Promise<RunRow[]> {
    const held = await tx.sql<RunRow>(
      `SELECT r.* FROM lianke.run r JOIN unnest($2::uuid[], $3::int[]) AS c(id, epoch) ON c.id = r.id AND c.epoch = r.epoch
       WHERE r.tenant_id = $1 AND r.branches = 0 AND r.state = $4 AND (r.state = 'ready' OR r.due_at <= $5)
       ORDER BY r.id FOR UPDATE OF r`,
      [ctx.tenantId, runs.map((run) => run.id), runs.map((run) => run.epoch), woken ? 'waiting' : 'ready', now],
    );
    return held.filter((run) => (run.node ?? firstNode(definition)) === node.id);
  }
}
