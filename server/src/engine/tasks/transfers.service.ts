import type { MemberId, TaskId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import { insertTask, sendAsk } from '../flows/approval-tasks.js';
import { OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { holdTask } from './held-task.js';
import type { TaskState } from './task-view.js';

/** A colleague in one of these already has, had or will have his own voice in this visit of the node. */
const voices: readonly TaskState[] = ['pending', 'queued', 'approved', 'rejected'];

/** 转办: somebody else answers in one's place. */
@Injectable()
export class TransfersService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly notifier: Notifier,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Hands the member's own pending task to an active colleague, who takes its place among the approvers. Throws
   * `not_found`, `already_handled`, or `invalid_request` when that colleague cannot take it.
   */
  async transfer(ctx: TenantContext, id: TaskId, to: MemberId, comment: string | undefined): Promise<void> {
    const me = memberOf(ctx);
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const { task, visit, node } = await holdTask(tx, id, me, org);
      if (to === me) throw new AppError('invalid_request', { detail: '不能转办给自己' });
      if (org.members.get(to)?.state !== 'active')
        throw new AppError('invalid_request', { detail: '转办的成员不存在或已离职，请换一位' });
      if (visit.some((other) => other.member_id === to && voices.includes(other.state)))
        throw new AppError('invalid_request', { detail: `${org.nameOf(to)} 已经是这一步的审批人，请换一位` });
      const now = this.clock.now();
      await tx.run(`UPDATE lianke.task SET state = 'transferred', comment = $2, decided_at = $3 WHERE id = $1`, [
        id,
        comment?.trim() || null,
        now,
      ]);
      const mine = org.nameOf(me);
      await this.notifier.update(tx, ctx, {
        about: { kind: 'task', id },
        outcome: `${mine} 已转办给 ${org.nameOf(to)}`,
        by: me,
      });
      const successor = {
        id: uuid7() as TaskId,
        at: { runId: task.run_id, node: task.node, scope: task.scope, iteration: task.iteration },
        memberId: to,
        state: 'pending' as const,
        position: task.position,
        takenFrom: task.id,
        title: task.title,
        facts: task.facts,
        formId: task.form_id,
        recordId: task.record_id,
        starterId: task.starter_id,
      };
      await insertTask(tx, ctx, successor, now);
      const asked = task.starter_id ? `${org.nameOf(task.starter_id)} 提交，${mine} 转办` : `${mine} 转办`;
      await sendAsk(this.notifier, tx, ctx, successor, node, asked);
    });
  }
}
