import type { MemberId, TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { Notifier } from '../../ports.js';
import type { NodeType, StepContext, StepOutcome } from '../node-type.js';
import { resolvePeople } from '../people.js';
import { effectKey } from '../run-steps.js';
import { cardFacts } from './message.js';

type Step = StepContext<Extract<StepContext['node'], { type: 'approval' }>>;

/** 审批: makes a task for each approver and waits; decisions move the run on (`engine/tasks/approvals.service.ts`). */
@Injectable()
export class ApprovalNode implements NodeType<'approval'> {
  readonly type = 'approval';

  constructor(private readonly notifier: Notifier) {}

  async execute(step: Step): Promise<StepOutcome> {
    const approvers = await this.approvers(step);
    if (approvers.length === 0) {
      const port = step.node.whenEmpty === 'pass' ? 'approved' : 'rejected';
      return { kind: 'next', port, output: { outcome: port, note: '没有找到审批人' } };
    }
    const { formId, recordId } = step.values.record('trigger');
    const title = await step.values.text(step.node.title);
    const facts = await cardFacts(step, step.node.facts);
    for (const memberId of approvers) {
      const taskId = uuid7() as TaskId;
      await step.tx.run(
        `INSERT INTO lianke.task (tenant_id, id, run_id, node, member_id, title, facts, form_id, record_id, starter_id, created_at, scope, iteration) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
        [
          step.ctx.tenantId,
          taskId,
          step.runId,
          step.node.id,
          memberId,
          title,
          JSON.stringify(facts),
          formId,
          recordId,
          step.starterId,
          step.now,
          step.at.scope,
          step.at.iteration,
        ],
      );
      await this.notifier.enqueue(step.tx, step.ctx, {
        card: {
          kind: 'approval',
          title,
          description: step.starterId ? `${step.org.nameOf(step.starterId)} 提交` : '',
          facts,
          path: `/pages/task/index?id=${taskId}`,
          // A refusal that needs a reason is given on the page, not on the card.
          buttons: [
            { text: '同意', action: `approve:${taskId}`, style: 'primary' },
            ...(step.node.commentOnReject
              ? []
              : [{ text: '拒绝', action: `reject:${taskId}`, style: 'danger' as const }]),
          ],
        },
        to: [memberId],
        key: `${effectKey(step.at)}:${taskId}`,
        about: { kind: 'task', id: taskId },
      });
    }
    return { kind: 'wait', until: null, output: { approvers } };
  }

  async preview(step: Step) {
    const approvers = await this.approvers(step);
    const names = approvers.map((id) => step.org.nameOf(id)).join('、');
    return {
      outcome:
        approvers.length > 0
          ? `${names} ${step.node.mode === 'any' ? '任一人' : '全部'}审批，试运行按同意继续`
          : '没有找到审批人',
      lines: [
        { label: '标题', value: await step.values.text(step.node.title) },
        ...(await cardFacts(step, step.node.facts)),
      ],
      port: approvers.length > 0 || step.node.whenEmpty === 'pass' ? 'approved' : 'rejected',
    };
  }

  private async approvers(step: Step): Promise<MemberId[]> {
    const found = await resolvePeople(step.node.approvers, step.values, step.org, step.starterId);
    return found.length === 0 && step.node.whenEmpty === 'admin' ? step.org.admins() : found;
  }
}
