import { flowDefinition } from '@lianke/shared/flows/definition';
import type { TaskId } from '@lianke/shared/ids';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import { sendAsk } from '../flows/approval-tasks.js';
import { FlowWorkers } from '../flows/flow-workers.js';
import { RunPlaces } from '../flows/run-places.js';
import { recordStep } from '../flows/run-steps.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { type HeldTask, holdTask, visitOf } from './held-task.js';
import { judge } from './judge.js';
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
        tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE run_id = $1 ORDER BY created_at, position, id', [task.run_id]),
        tx.sql<{ definition: unknown; started_at: string; finished_at: string | null; withdrawal: string | null }>(
          'SELECT v.definition, r.started_at, r.finished_at, r.withdrawal FROM lianke.run r JOIN lianke.flow_version v ON v.tenant_id = r.tenant_id AND v.flow_id = r.flow_id AND v.version = r.version WHERE r.id = $1',
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
      run ?? { started_at: task.created_at, finished_at: null, withdrawal: null },
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
      const { task, definition, node } = await holdTask(tx, id, me, org);
      if (decision === 'rejected' && node.commentOnReject && !comment?.trim())
        throw new AppError('invalid_request', { detail: '拒绝需要填写原因' });
      const now = this.clock.now();
      await tx.run('UPDATE lianke.task SET state = $2, comment = $3, decided_at = $4 WHERE id = $1', [
        id,
        decision,
        comment?.trim() || null,
        now,
      ]);
      const visit = await visitOf(tx, task);
      const result = judge(node, visit);
      const text = `${org.nameOf(me)} 已${outcomes[decision]}`;
      await this.notifier.update(tx, ctx, { about: { kind: 'task', id }, outcome: text, by: me });
      if (!result) {
        const next = visit.find((other) => other.state === 'queued');
        if (next && !visit.some((other) => other.state === 'pending')) await this.ask(tx, ctx, next, node, org, now);
        return;
      }
      await tx.run(
        `UPDATE lianke.task SET state = 'closed', decided_at = $5 WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4 AND state IN ('pending','queued')`,
        [task.run_id, task.node, task.scope, task.iteration, now],
      );
      for (const other of visit)
        if (other.state === 'pending')
          await this.notifier.update(tx, ctx, { about: { kind: 'task', id: other.id }, outcome: text, by: me });
      const at = { runId: task.run_id, node: node.id, scope: task.scope, iteration: task.iteration };
      await recordStep(tx, ctx, at, node.type, { state: 'done', now, output: { outcome: result } });
      const places = new RunPlaces(tx, { tenantId: ctx.tenantId, runId: task.run_id }, definition, now);
      await places.leave({ scope: task.scope, node: node.id }, result);
      tx.afterCommit(() => this.workers.ring());
    });
  }

  /** 依次: the next approver's turn. */
  private async ask(tx: Tx, ctx: TenantContext, task: TaskRow, node: HeldTask['node'], org: Org, now: Date) {
    await tx.run(`UPDATE lianke.task SET state = 'pending', created_at = $2 WHERE id = $1`, [task.id, now]);
    const at = { runId: task.run_id, node: task.node, scope: task.scope, iteration: task.iteration };
    const description = task.starter_id ? `${org.nameOf(task.starter_id)} 提交` : '';
    await sendAsk(this.notifier, tx, ctx, { ...task, at, memberId: task.member_id }, node, description);
  }
}
