import { type FlowDefinition, nextNode } from '@lianke/shared/flows/definition';
import type { RunId, TaskId, TenantId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { keptSaid, type Said } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { ChainMemory } from './chain-memory.js';
import { unlockRecord } from './record-lock.js';
import { innerScope, openerOf, ownPath, type Scope, scopeKey } from './run-scope.js';
import { readSteps, recordStep, type StepRow } from './run-steps.js';

/** Where one path of a run stands. */
export interface Place {
  scope: Scope;
  node: string;
}

/** Under which key `run.straight` keeps where a place leads straight back to, and what its timers had left. */
export const straightKey = (place: Place): string => `${place.scope}|${place.node}`;
export const leftKey = (place: Place): string => `left|${place.scope}|${place.node}`;
/** Where a place has led straight back to: who takes the consent back there is asked for it again, and it leads there again. */
export const wentKey = (place: Place): string => `went|${place.scope}|${place.node}`;

/** `going`: a path of the run can be carried on at once. */
export type Move = 'going' | 'resting' | 'finished';

interface Head {
  tenantId: TenantId;
  runId: RunId;
}

/** What every run's row is set to at its end. */
export const ended =
  'due_at = NULL, branches = 0, lease_until = NULL, lock = NULL, wake_parent = parent_run_id IS NOT NULL';

/**
 * Moves of a run's paths. The caller has locked the run's row, so paths that arrive at the same instant follow one
 * another. A run left with a ready path keeps its lease: whoever holds it sees that path, else the run can be claimed.
 * One left without gives the lease back.
 */
export class RunPlaces {
  /** After a move that left the run going: the path to carry on next. */
  next: Place | undefined;

  constructor(
    private readonly tx: Tx,
    private readonly run: Head,
    private readonly definition: FlowDefinition,
    readonly now: Date,
    /** Told of the tasks that are closed with a path, so that their cards say so. */
    private readonly closed?: (tasks: TaskId[]) => Promise<void>,
    /** Of a chain: where its path goes on is written once, by `write`. */
    private readonly memory?: ChainMemory,
  ) {}

  /** Writes down where the chain's path stands, as far as it is not written. */
  async write(): Promise<void> {
    const unwritten = this.memory?.takeUnwritten();
    if (!unwritten) return;
    if (unwritten.at.scope === ownPath) await this.writeOwn('ready', unwritten.at.node, null);
    else {
      await this.updateBranch(unwritten.at.scope, unwritten.row, `state = 'ready', node = $5, due_at = NULL`, [
        unwritten.at.node,
      ]);
      await this.sumUp();
    }
  }

  /** Leaves a node by a port; at the end of a body the node around it goes on, at the end of all the run is done. */
  async leave(from: Place, port: string): Promise<Move> {
    const left = this.definition.nodes.find((node) => node.id === from.node);
    if (left?.type === 'approval') await unlockRecord(this.tx, this.run, this.definition);
    if (port === 'approved' || left?.type === 'fill') {
      const back = await this.straightBack(from);
      if (back) return this.standAt({ scope: from.scope, node: back }, 'ready', null);
    }
    let place = from;
    let next = nextNode(this.definition, place.node, port);
    while (!next) {
      if (place.scope === ownPath) return this.finish();
      const outer = await this.endOfBody(place.scope);
      if (typeof outer === 'string') return outer;
      place = outer;
      next = nextNode(this.definition, place.node, 'next');
    }
    return this.standAt({ scope: place.scope, node: next }, 'ready', null);
  }

  /** Stays at a node until something happens or `due` has come. */
  wait(place: Place, due: Date | null): Promise<Move> {
    return this.standAt(place, 'waiting', due);
  }

  /** Stays at a node while another system is asked. */
  call(place: Place): Promise<Move> {
    return this.standAt(place, 'calling', null);
  }

  /** Opens the given ways of a parallel node, or the first round of a loop; none at all leaves it at once. */
  async open(place: Place, bodies: readonly { key: string | number; port: string }[]): Promise<Move> {
    const ways = bodies.flatMap((body) => {
      const node = nextNode(this.definition, place.node, body.port);
      return node ? [{ scope: innerScope(place.scope, place.node, body.key), node }] : [];
    });
    if (ways.length === 0) return this.leave(place, 'next');
    const row = this.memory?.overwrite(place.scope) ?? place.scope;
    if (place.scope === ownPath) await this.updateRun(`state = 'waiting', node = $3, due_at = NULL`, [place.node]);
    else await this.updateBranch(place.scope, row, `state = 'split', node = $5, due_at = NULL`, [place.node]);
    await this.insertBranches(place, ways);
    return this.sumUp();
  }

  /** Puts a path somewhere else, ending whatever was open inside of it: a return to an earlier node. */
  async jump(place: Place): Promise<Move> {
    await this.cut(place.scope);
    return this.standAt(place, 'ready', null);
  }

  /** The same to wait there, at a visit of the node that was left already: a recall. A path that had ended is begun anew. */
  async jumpBack(place: Place, due: Date | null): Promise<Move> {
    await this.cut(place.scope);
    if (place.scope !== ownPath && !(await this.hasPath(place.scope))) {
      const opener = openerOf(place.scope);
      await this.insertBranches(opener, [place]);
    }
    return this.standAt(place, 'waiting', due);
  }

  /** Where a node that was returned to leads when it was asked to lead straight back; asked once. */
  private async straightBack(place: Place): Promise<string | null> {
    const key = straightKey(place);
    const [row] = await this.tx.sql<{ node: string | null }>(
      'SELECT straight->>$3 AS node FROM lianke.run WHERE tenant_id = $1 AND id = $2',
      [this.run.tenantId, this.run.runId, key],
    );
    if (!row?.node) return null;
    await this.updateRun('straight = straight - $3::text || $4::jsonb', [
      key,
      JSON.stringify({ [wentKey(place)]: row.node }),
    ]);
    return row.node;
  }

  /** Whether a path of the run is still under way; the run's own is while the run is. */
  async hasPath(scope: Scope): Promise<boolean> {
    if (scope === ownPath) return true;
    const rows = await this.tx.sql('SELECT 1 FROM lianke.branch WHERE tenant_id = $1 AND run_id = $2 AND scope = $3', [
      this.run.tenantId,
      this.run.runId,
      scope,
    ]);
    return rows.length > 0;
  }

  /** Ends the run and every path of it. */
  async finish(state: 'done' | 'failed' | 'cancelled' = 'done', error: Said | null = null): Promise<Move> {
    this.memory?.takeUnwritten();
    await this.cut(ownPath, false);
    if (state !== 'failed') await this.tellApprovalEnd();
    await this.updateRun(`state = $3, error = $4, error_en = $5, finished_at = $6, ${ended}`, [
      state,
      ...keptSaid(error),
      this.now,
    ]);
    return 'finished';
  }

  /** How the run's approval ended is an event of its record, for the flows that wait for it. */
  private async tellApprovalEnd(): Promise<void> {
    if (!this.definition.nodes.some((node) => node.type === 'approval')) return;
    await this.tx.run(
      `INSERT INTO lianke.event (tenant_id, id, form_id, record_id, kind, before, after, changed, actor_id, door, depth, cause_run_id, cause_flow_id)
       SELECT r.tenant_id, $3, r.form_id, r.record_id, k.kind, '{}', '{}', '{}', r.starter_id, 'flow', r.depth + 1, r.id, r.flow_id
       FROM lianke.run r JOIN lianke.form f ON f.tenant_id = r.tenant_id AND f.id = r.form_id AND f.watched
       CROSS JOIN LATERAL (SELECT CASE WHEN r.withdrawal IS NOT NULL THEN 'withdrawn' ELSE (
         SELECT s.output->>'outcome' FROM lianke.step s WHERE s.tenant_id = r.tenant_id AND s.run_id = r.id AND s.type = 'approval' AND s.state = 'done'
         ORDER BY s.finished_at DESC, s.iteration DESC LIMIT 1) END AS kind) k
       WHERE r.tenant_id = $1 AND r.id = $2 AND r.record_id IS NOT NULL AND k.kind IN ('approved','rejected','withdrawn')`,
      [this.run.tenantId, this.run.runId, uuid7()],
    );
  }

  private async standAt(place: Place, state: 'ready' | 'waiting' | 'calling', due: Date | null): Promise<Move> {
    const row = this.memory?.overwrite(place.scope) ?? place.scope;
    if (this.memory && state === 'ready') return this.goOn(place, row);
    if (place.scope === ownPath) {
      await this.writeOwn(state, place.node, due);
      this.next = state === 'ready' ? place : undefined;
      return state === 'ready' ? 'going' : 'resting';
    }
    await this.updateBranch(place.scope, row, `state = $5, node = $6, due_at = $7`, [state, place.node, due]);
    return this.sumUp();
  }

  private goOn(place: Place, row: Scope): Move {
    this.memory?.stands(place, row);
    this.next = place;
    return 'going';
  }

  private async writeOwn(state: 'ready' | 'waiting' | 'calling', node: string, due: Date | null): Promise<void> {
    await this.updateRun(
      `state = $3, node = $4, due_at = $5, branches = 0, attempts = 0${state === 'ready' ? '' : ', lease_until = NULL'}`,
      [state, node, due],
    );
  }

  /**
   * A path has come to the end of a body: the place of the node around it once that is through, else how the run goes
   * on meanwhile.
   */
  private async endOfBody(scope: Scope): Promise<Place | Move> {
    const row = this.memory?.overwrite(scope) ?? scope;
    const outer = openerOf(scope);
    const node = this.definition.nodes.find((item) => item.id === outer.node);
    const round = node?.type === 'loop' ? await this.nextRound(outer, Number(scopeKey(scope)) + 1) : undefined;
    if (round && this.memory) return this.goOn(round, row);
    const ended = await this.tx.run(
      'DELETE FROM lianke.branch WHERE tenant_id = $1 AND run_id = $2 AND scope = $3',
      [this.run.tenantId, this.run.runId, row],
      { repeated: true },
    );
    if (ended === 0) throw new Error(`run ${this.run.runId} has no path ${scope}`);
    if (round) {
      await this.insertBranches(outer, [round]);
      return this.sumUp();
    }
    if (node?.type === 'parallel') {
      if (node.join === 'any') await this.cut(innerScope(outer.scope, outer.node, '').slice(0, -1), false);
      else if (await this.hasOpen(outer)) return this.sumUp();
    }
    const visit = await this.openVisit(outer);
    if (visit) {
      const at = { runId: this.run.runId, ...outer, iteration: visit.iteration };
      await recordStep(this.tx, this.run, at, node?.type ?? 'parallel', { state: 'done', now: this.now });
      this.memory?.noteStep({ ...at, state: 'done', output: null });
    }
    return outer;
  }

  private async nextRound(loop: Place, round: number): Promise<Place | undefined> {
    const node = nextNode(this.definition, loop.node, 'each');
    const visit = node && (await this.openVisit(loop));
    if (!visit || round >= (visit.output?.rounds ?? 0)) return undefined;
    return { scope: innerScope(loop.scope, loop.node, round), node };
  }

  private async openVisit(place: Place): Promise<StepRow | undefined> {
    const steps =
      (await this.memory?.stepsAround(place.scope)) ??
      (await readSteps(this.tx, this.run.tenantId, [this.run.runId], [place.scope]));
    return steps.findLast((step) => step.node === place.node && step.scope === place.scope && step.state === 'waiting');
  }

  private async hasOpen(opener: Place): Promise<boolean> {
    const rows = await this.tx.sql(
      'SELECT 1 FROM lianke.branch WHERE tenant_id = $1 AND run_id = $2 AND outer_scope = $3 AND opened_by = $4 LIMIT 1',
      [this.run.tenantId, this.run.runId, opener.scope, opener.node],
    );
    return rows.length > 0;
  }

  /** Ends every path whose scope begins so, with what waits there for people; the path `begin` itself stays. */
  private async cut(begin: string, keepSelf = true): Promise<void> {
    this.memory?.forgetSteps();
    const inside = `tenant_id = $1 AND run_id = $2 AND starts_with(scope, $3)${keepSelf ? ' AND scope <> $3' : ''}`;
    const values = [this.run.tenantId, this.run.runId, begin] as const;
    await this.tx.run(`DELETE FROM lianke.branch WHERE ${inside}`, values);
    await this.tx.run(
      `UPDATE lianke.step SET state = 'skipped', finished_at = $4 WHERE tenant_id = $1 AND run_id = $2 AND starts_with(scope, $3) AND state IN ('waiting','calling')`,
      [...values, this.now],
    );
    const tasks = await this.tx.sql<{ id: TaskId }>(
      `UPDATE lianke.task SET was = state, state = 'closed', decided_at = $4 WHERE tenant_id = $1 AND run_id = $2 AND starts_with(scope, $3) AND state IN ('pending','queued','held') RETURNING id`,
      [...values, this.now],
    );
    if (tasks.length > 0) await this.closed?.(tasks.map((task) => task.id));
    await unlockRecord(this.tx, this.run, this.definition);
  }

  private async insertBranches(opener: Place, ways: readonly Place[]): Promise<void> {
    await this.tx.run(
      `INSERT INTO lianke.branch (tenant_id, run_id, scope, outer_scope, opened_by, node, state)
       SELECT $1, $2, w.scope, $3, $4, w.node, 'ready' FROM unnest($5::text[], $6::text[]) AS w(scope, node)`,
      [
        this.run.tenantId,
        this.run.runId,
        opener.scope,
        opener.node,
        ways.map((way) => way.scope),
        ways.map((way) => way.node),
      ],
    );
  }

  /** The run's row says what its paths want: ready before calling before waiting, and the earliest time. */
  private async sumUp(): Promise<Move> {
    const [row] = await this.tx.sql<{ state: string; next: Place | null }>(
      `UPDATE lianke.run r SET branches = b.open, due_at = b.due, attempts = 0,
         lease_until = CASE WHEN b.ready THEN r.lease_until END, state = CASE WHEN b.ready THEN 'ready' WHEN b.calling THEN 'calling' ELSE 'waiting' END
       FROM (SELECT count(*)::int AS open, coalesce(bool_or(state = 'ready'), false) AS ready,
               coalesce(bool_or(state = 'calling'), false) AS calling, min(due_at) FILTER (WHERE state = 'waiting') AS due
             FROM lianke.branch WHERE tenant_id = $1 AND run_id = $2) b
       WHERE r.tenant_id = $1 AND r.id = $2
       RETURNING r.state, (SELECT jsonb_build_object('scope', n.scope, 'node', n.node) FROM lianke.branch n
         WHERE n.tenant_id = $1 AND n.run_id = $2 AND n.state = 'ready' ORDER BY n.scope LIMIT 1) AS next`,
      [this.run.tenantId, this.run.runId],
      { repeated: true },
    );
    this.next = row?.next ?? undefined;
    return row?.state === 'ready' ? 'going' : 'resting';
  }

  private updateRun(set: string, values: readonly (string | Date | null)[]): Promise<number> {
    return this.tx.run(
      `UPDATE lianke.run SET ${set} WHERE tenant_id = $1 AND id = $2`,
      [this.run.tenantId, this.run.runId, ...values],
      { repeated: true },
    );
  }

  /** @param row scope of the path's row, which differs from its own after rounds of a loop in one chain */
  private updateBranch(
    scope: Scope,
    row: Scope,
    set: string,
    values: readonly (string | Date | null)[],
  ): Promise<number> {
    return this.tx.run(
      `UPDATE lianke.branch SET scope = $4, ${set} WHERE tenant_id = $1 AND run_id = $2 AND scope = $3`,
      [this.run.tenantId, this.run.runId, row, scope, ...values],
      { repeated: true },
    );
  }
}

/** The path to carry on next: a ready one before one whose time has come; undefined when none is due. */
export async function duePlace(
  tx: Tx,
  run: { tenantId: TenantId; runId: RunId; node: string | null; state: string; branches: number },
  now: Date,
): Promise<{ scope: Scope; node: string | null; woken: boolean } | undefined> {
  if (run.branches === 0)
    return { scope: ownPath, node: run.node, woken: run.state === 'waiting' && run.node !== null };
  const [branch] = await tx.sql<{ scope: string; node: string; state: string }>(
    `SELECT scope, node, state FROM lianke.branch WHERE tenant_id = $1 AND run_id = $2
       AND (state = 'ready' OR (state = 'waiting' AND due_at <= $3)) ORDER BY state, scope LIMIT 1`,
    [run.tenantId, run.runId, now],
  );
  return branch && { scope: branch.scope, node: branch.node, woken: branch.state === 'waiting' };
}
