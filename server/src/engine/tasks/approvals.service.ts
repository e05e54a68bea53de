import { flowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, MemberId, RunId, TaskId } from '@lianke/shared/ids';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import { FlowWorkers } from '../flows/flow-workers.js';
import { RunPlaces } from '../flows/run-places.js';
import { recordStep } from '../flows/run-steps.js';
import { OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { type TaskRow, taskDetail } from './task-view.js';

const outcomes = { approved: '同意', rejected: '拒绝' } as const;

/** Decisions on approval tasks: the run row is locked first, then the task is compared and set, then the node judged. */
@Injectable()
export class ApprovalsService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    private readonly notifier: Notifier,
    private readonly workers: FlowWorkers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A task of the reader's own, or one whose record he may see; else `not_found`. */
  async get(ctx: TenantContext, id: TaskId): Promise<TaskDetail> {
    const { task, siblings, run } = await this.database.withTenant(ctx, async (tx) => {
      const [task] = await tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE id = $1', [id]);
      if (!task) throw new AppError('not_found');
      const [siblings, runs] = await Promise.all([
        tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE run_id = $1 ORDER BY created_at, id', [task.run_id]),
        tx.sql<{ definition: unknown; started_at: string; state: string }>(
          'SELECT v.definition, r.started_at, r.state FROM lianke.run r JOIN lianke.flow_version v ON v.tenant_id = r.tenant_id AND v.flow_id = r.flow_id AND v.version = r.version WHERE r.id = $1',
          [task.run_id],
        ),
      ]);
      return { task, siblings, run: runs[0] };
    });
    const record = await this.reader.getMany(ctx, task.form_id, [task.record_id]).catch(() => []);
    const me = memberOf(ctx);
    const involved =
      me === null ||
      task.member_id === me ||
      task.starter_id === me ||
      siblings.some((other) => other.member_id === me);
    if (!involved && record.length === 0) throw new AppError('not_found');
    const definition = flowDefinition.parse(run?.definition);
    return taskDetail(
      task,
      siblings,
      definition,
      run?.started_at ?? task.created_at,
      record[0]?.label ?? '',
      await this.org.of(ctx),
      me,
    );
  }

  /**
   * Agrees or refuses as the task's owner. Exactly one of any number of simultaneous decisions wins; the others answer
   * `already_handled` with who decided and how.
   */
  async decide(
    ctx: TenantContext,
    id: TaskId,
    decision: 'approved' | 'rejected',
    comment: string | undefined,
  ): Promise<void> {
    const me = memberOf(ctx);
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const [seen] = await tx.sql<{ run_id: RunId; member_id: MemberId }>(
        'SELECT run_id, member_id FROM lianke.task WHERE id = $1',
        [id],
      );
      if (!seen || seen.member_id !== me) throw new AppError('not_found');
      const [run] = await tx.sql<{
        id: RunId;
        flow_id: FlowId;
        version: number;
        state: string;
        node: string;
        epoch: number;
      }>('SELECT id, flow_id, version, state, node, epoch FROM lianke.run WHERE id = $1 FOR UPDATE', [seen.run_id]);
      const [task] = await tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE id = $1', [id]);
      if (!run || !task) throw new AppError('not_found');
      if (task.state !== 'pending') throw await this.handled(tx, task, org);
      const [version] = await tx.sql<{ definition: unknown }>(
        'SELECT definition FROM lianke.flow_version WHERE flow_id = $1 AND version = $2',
        [run.flow_id, run.version],
      );
      const definition = flowDefinition.parse(version?.definition);
      const node = definition.nodes.find((item) => item.id === task.node);
      if (node?.type !== 'approval') throw new AppError('wrong_state', { detail: '审批节点已不存在' });
      if (decision === 'rejected' && node.commentOnReject && !comment?.trim())
        throw new AppError('invalid_request', { detail: '拒绝需要填写原因' });
      const now = this.clock.now();
      await tx.run('UPDATE lianke.task SET state = $2, comment = $3, decided_at = $4 WHERE id = $1', [
        id,
        decision,
        comment?.trim() || null,
        now,
      ]);
      const all = await tx.sql<TaskRow>(
        'SELECT * FROM lianke.task WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4 ORDER BY created_at, id',
        [run.id, task.node, task.scope, task.iteration],
      );
      const result = judge(node.mode, all);
      const text = `${org.nameOf(me)} 已${outcomes[decision]}`;
      if (!result) {
        await this.notifier.update(tx, ctx, { about: { kind: 'task', id }, outcome: text, by: me });
        return;
      }
      await tx.run(
        `UPDATE lianke.task SET state = 'closed', decided_at = $5 WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4 AND state = 'pending'`,
        [run.id, task.node, task.scope, task.iteration, now],
      );
      for (const other of all) {
        if (other.id !== id && other.state !== 'pending') continue;
        await this.notifier.update(tx, ctx, { about: { kind: 'task', id: other.id }, outcome: text, by: me });
      }
      const at = { runId: run.id, node: node.id, scope: task.scope, iteration: task.iteration };
      await recordStep(tx, ctx, at, node.type, { state: 'done', now, output: { outcome: result } });
      const places = new RunPlaces(tx, { tenantId: ctx.tenantId, runId: run.id }, definition, now);
      await places.leave({ scope: task.scope, node: node.id }, result);
      tx.afterCommit(() => this.workers.ring());
    });
  }

  /** Who answered what was asked, for the message to the late. */
  private async handled(tx: Tx, task: TaskRow, org: Awaited<ReturnType<OrgDirectory['of']>>): Promise<AppError> {
    const decided = await tx.sql<TaskRow>(
      `SELECT * FROM lianke.task WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4 AND state IN ('approved','rejected') ORDER BY decided_at DESC`,
      [task.run_id, task.node, task.scope, task.iteration],
    );
    const last = decided.find((other) => other.id === task.id) ?? decided[0];
    return new AppError('already_handled', {
      who: last ? org.nameOf(last.member_id) : '系统',
      outcome: last?.state === 'rejected' ? '拒绝' : last ? '同意' : '关闭',
    });
  }
}

/** The node's result once it cannot change any more. 或签: the first answer. 会签: one refusal, or everybody's consent. */
function judge(mode: 'any' | 'all', tasks: readonly TaskRow[]): 'approved' | 'rejected' | undefined {
  if (tasks.some((task) => task.state === 'rejected')) return 'rejected';
  if (mode === 'any') return tasks.some((task) => task.state === 'approved') ? 'approved' : undefined;
  return tasks.every((task) => task.state === 'approved') ? 'approved' : undefined;
}
