import type { Words } from '@lianke/shared/errors/issue-text';
import type { TaskId } from '@lianke/shared/ids';
import { asJson } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { memberOf, type TenantContext } from '../context.js';
import { lockRecord } from '../flows/record-lock.js';
import { leftKey, straightKey, wentKey } from '../flows/run-places.js';
import { openerOf, ownPath } from '../flows/run-scope.js';
import { recordStep } from '../flows/run-steps.js';
import { continueTimers, pauseTimers, visitOutput } from '../flows/visit-timers.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { doneBy, nameOfActor } from './answer.js';
import { ApprovalDesk } from './approval-desk.js';
import { type HeldRun, type HeldTask, holdRun, visitOf } from './held-task.js';
import { nodesFrom } from './passed-nodes.js';
import { hasVoice, type TaskRow } from './task-row.js';

/** Nodes that do nothing outside of the run: going back over them undoes everything they did. */
const harmless = new Set(['branch', 'parallel', 'approval', 'fill', 'delay']);

interface LaterStep {
  node: string;
  scope: string;
  iteration: number;
  type: string;
  state: string;
}

/** What stands in the way of taking a consent back. */
const obstacles = {
  nothing: { zh: '没有可以撤回的同意', en: 'there is no consent to take back' },
  ended: { zh: '流程已经结束', en: 'the flow has already ended' },
  gone: { zh: '审批节点已不存在', en: 'the approval step is no longer in the flow' },
  without: {
    zh: '这个节点不允许撤回同意',
    en: 'this step does not let its approvers take their consent back',
  },
  answered: {
    zh: '后面的人已经处理，不能撤回',
    en: 'somebody after you has already acted, so the consent cannot be taken back',
  },
  past: { zh: '流程已经往后走，不能撤回', en: 'the flow has gone on, so the consent cannot be taken back' },
  joined: {
    zh: '并行分支已经汇合，不能撤回',
    en: 'the parallel branches have already joined, so the consent cannot be taken back',
  },
  carriedOut: {
    zh: '后面的节点已经执行，不能撤回',
    en: 'later steps have already been carried out, so the consent cannot be taken back',
  },
} as const;
type Obstacle = keyof typeof obstacles;

/** An approver takes his own consent back while whoever comes next has not acted. */
@Injectable()
export class RecallsService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly desk: ApprovalDesk,
  ) {}

  /** Whether `recall` would be allowed now; reads only. */
  async possible(tx: Tx, run: HeldRun, task: TaskRow, me: string): Promise<boolean> {
    return (await this.obstacle(tx, run, task, me)) === undefined;
  }

  /** Throws `not_found` for a consent that is not the member's, `wrong_state` with what stands in the way. */
  async recall(ctx: TenantContext, id: TaskId, comment: string | undefined): Promise<void> {
    const me = memberOf(ctx);
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const [seen] = await tx.sql<Pick<TaskRow, 'run_id'>>('SELECT run_id FROM lianke.task WHERE id = $1', [id]);
      if (!seen || me === null) throw new AppError('not_found');
      const run = await holdRun(tx, seen.run_id);
      const [task] = await tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE id = $1', [id]);
      if (!task || (task.decided_by ?? task.member_id) !== me) throw new AppError('not_found');
      const obstacle = await this.obstacle(tx, run, task, me);
      if (obstacle !== undefined) throw refusal('wrong_state', obstacles[obstacle]);
      const node = run.definition.nodes.find((item) => item.id === task.node);
      if (node?.type !== 'approval') throw refusal('wrong_state', obstacles.gone);
      const at = { runId: task.run_id, node: task.node, scope: task.scope, iteration: task.iteration };
      const held: HeldTask = { run, task, visit: await visitOf(tx, task), node, at, me };
      const text = doneBy(nameOfActor(held, org), { zh: '撤回了同意', en: 'Consent taken back' });
      await this.takeBack(tx, ctx, org, held, text);
      const why = comment?.trim() || null;
      await tx.run(
        `UPDATE lianke.task SET state = 'pending', was = 'approved', comment = $2, comment_kind = 'recalled', decided_at = NULL, decided_by = NULL, content_hash = NULL, content_fields = NULL, signature = NULL, attachments = NULL WHERE id = $1`,
        [id, why],
      );
      await this.desk.ask(tx, ctx, org, held, task, text, `recall:${this.desk.now().getTime()}`);
      await this.desk.settle(tx, ctx, org, held, text);
    });
  }

  /** Brings the node, and those who were asked or closed because of the consent, back to where they were before it. */
  private async takeBack(tx: Tx, ctx: TenantContext, org: Org, held: HeldTask, text: Words): Promise<void> {
    const { run, task, node, at, visit } = held;
    const now = this.desk.now();
    const [step] = await tx.sql<{ state: string }>(
      'SELECT state FROM lianke.step WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4',
      [at.runId, at.node, at.scope, at.iteration],
    );
    if (step?.state === 'done') {
      const went = await this.wentStraight(tx, task);
      const later = await this.later(tx, run, task, went);
      if (went !== null) await this.keepStraight(tx, ctx, held, went, later);
      for (const other of later) {
        await tx.run(
          `UPDATE lianke.step SET undone = true, state = 'skipped', finished_at = $5 WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4`,
          [run.id, other.node, other.scope, other.iteration, now],
        );
        for (const open of await visitOf(tx, { ...other, run_id: run.id })) {
          await this.desk.close(tx, ctx, open, task.id, text, true);
          await tx.run('UPDATE lianke.task SET undone = true WHERE id = $1', [open.id]);
        }
      }
      const due = await continueTimers(tx, ctx, { at, node, definition: run.definition, now });
      // Jumping ends what waits on the path, so the visit waits again only after it.
      await this.desk.places(tx, ctx, run).jumpBack({ scope: at.scope, node: node.id }, due);
      const { outcome: _, ...kept } = await visitOutput(tx, ctx, at);
      await recordStep(tx, ctx, at, node.type, { state: 'waiting', now, output: asJson(kept) });
      await lockRecord(tx, ctx, run.id, run.definition);
    }
    for (const other of visit) {
      // Those whom this consent made superfluous are asked again; those who were asked because of it wait again.
      if (other.closed_by === task.id && other.was) {
        const asked = other.was === 'pending' && other.kind !== 'advise' && other.kind !== 'inform';
        await tx.run(
          `UPDATE lianke.task SET state = was, was = 'closed', closed_by = NULL, decided_at = NULL, created_at = $2 WHERE id = $1`,
          [other.id, asked ? this.desk.now() : other.created_at],
        );
        // Whoever was asked is, out of his turn too: one may have been added beside somebody who signs in turn.
        if (asked) await this.desk.ask(tx, ctx, org, held, other, undefined, `again:${this.desk.now().getTime()}`);
      } else if (other.state === 'pending' && other.asked_by === task.id) {
        await tx.run(`UPDATE lianke.task SET state = was, was = 'pending', asked_by = NULL WHERE id = $1`, [other.id]);
        await this.desk.tell(tx, ctx, other.id, text, true);
      }
    }
  }

  private async obstacle(tx: Tx, run: HeldRun, task: TaskRow, me: string): Promise<Obstacle | undefined> {
    if (task.state !== 'approved' || task.auto !== null || task.undone || !hasVoice(task)) return 'nothing';
    if ((task.decided_by ?? task.member_id) !== me) return 'nothing';
    if (run.state === 'done' || run.state === 'failed' || run.state === 'cancelled') return 'ended';
    const node = run.definition.nodes.find((item) => item.id === task.node);
    if (node?.type !== 'approval') return 'gone';
    if (node.without?.includes('recall')) return 'without';
    const visit = await visitOf(tx, task);
    const acted = (other: TaskRow) => other.state !== 'pending' && other.state !== 'queued' && other.state !== 'closed';
    for (const other of visit) if (other.asked_by === task.id && acted(other)) return 'answered';
    const [step] = await tx.sql<{ state: string }>(
      'SELECT state FROM lianke.step WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4',
      [task.run_id, task.node, task.scope, task.iteration],
    );
    if (step?.state === 'waiting') return undefined;
    if (step?.state !== 'done') return 'past';
    if (!(await this.pathStands(tx, run, task))) return 'joined';
    for (const other of await this.later(tx, run, task, await this.wentStraight(tx, task))) {
      if (!harmless.has(other.type)) return 'carriedOut';
      if (other.type !== 'approval' && other.type !== 'fill') continue;
      if (other.state !== 'waiting') return 'answered';
      const tasks = await visitOf(tx, { ...other, run_id: run.id });
      if (tasks.some((item) => acted(item) && item.auto === null)) return 'answered';
    }
    return undefined;
  }

  /** The path of the consent still is where it can go back; or it ended and its siblings still go on. */
  private async pathStands(tx: Tx, run: HeldRun, task: TaskRow): Promise<boolean> {
    if (task.scope === ownPath) return true;
    const rows = await tx.sql('SELECT 1 FROM lianke.branch WHERE run_id = $1 AND scope = $2', [run.id, task.scope]);
    if (rows.length > 0) return true;
    const opener = openerOf(task.scope);
    const node = run.definition.nodes.find((item) => item.id === opener.node);
    if (node?.type !== 'parallel') return false;
    const open = await tx.sql(
      `SELECT 1 FROM lianke.step WHERE run_id = $1 AND node = $2 AND scope = $3 AND state = 'waiting' AND NOT undone`,
      [run.id, opener.node, opener.scope],
    );
    return open.length > 0;
  }

  /** The node that the consent led straight back to, past those between; null when it went on as drawn. */
  private async wentStraight(tx: Tx, task: TaskRow): Promise<string | null> {
    const [row] = await tx.sql<{ node: string | null }>('SELECT straight->>$2 AS node FROM lianke.run WHERE id = $1', [
      task.run_id,
      wentKey(task),
    ]);
    return row?.node ?? null;
  }

  /** The consent that is asked for again leads straight back again, to where its timers have as much left as now. */
  private async keepStraight(
    tx: Tx,
    ctx: TenantContext,
    { run, at }: HeldTask,
    went: string,
    later: readonly LaterStep[],
  ): Promise<void> {
    const node = run.definition.nodes.find((item) => item.id === went);
    const visit = later.find((item) => item.node === went && item.state === 'waiting');
    const left =
      node?.type === 'approval' && visit
        ? await pauseTimers(tx, ctx, {
            at: { ...visit, runId: run.id },
            node,
            definition: run.definition,
            now: this.desk.now(),
          })
        : [];
    await tx.run('UPDATE lianke.run SET straight = straight - $2::text || $3::jsonb WHERE id = $1', [
      run.id,
      wentKey(at),
      JSON.stringify({ [straightKey(at)]: went, [leftKey({ scope: at.scope, node: went })]: left }),
    ]);
  }

  /** What was begun behind the consent on its path, and has not been undone: what a straight way left out stands. */
  private later(tx: Tx, run: HeldRun, task: TaskRow, went: string | null): Promise<LaterStep[]> {
    const behind = [...nodesFrom(run.definition, went ?? task.node)].filter((node) => node !== task.node);
    return tx.sql<LaterStep>(
      `SELECT node, scope, iteration, type, state FROM lianke.step WHERE run_id = $1 AND starts_with(scope, $2) AND node = ANY($3) AND NOT undone AND state <> 'skipped'`,
      [run.id, task.scope, behind],
    );
  }
}
