import type { MemberId, TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { Notifier } from '../../ports.js';
import { insertTask, sendAsk } from '../approval-tasks.js';
import type { NodeType, StepContext, StepOutcome } from '../node-type.js';
import { resolvePeople } from '../people.js';
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
    for (const [position, memberId] of approvers.entries()) {
      const task = {
        id: uuid7() as TaskId,
        at: step.at,
        memberId,
        state: step.node.mode === 'sequential' && position > 0 ? ('queued' as const) : ('pending' as const),
        position,
        takenFrom: null,
        title,
        facts,
        formId,
        recordId,
        starterId: step.starterId,
      };
      await insertTask(step.tx, step.ctx, task, step.now);
      if (task.state === 'queued') continue;
      const description = step.starterId ? `${step.org.nameOf(step.starterId)} 提交` : '';
      await sendAsk(this.notifier, step.tx, step.ctx, task, step.node, description);
    }
    return { kind: 'wait', until: null, output: { approvers } };
  }

  async preview(step: Step) {
    const approvers = await this.approvers(step);
    const names = approvers.map((id) => step.org.nameOf(id)).join('、');
    return {
      outcome: approvers.length > 0 ? `${names} ${manner(step.node)}审批，试运行按同意继续` : '没有找到审批人',
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

/** How the approvers decide together, in a word before 审批. */
function manner(node: Step['node']): string {
  switch (node.mode) {
    case 'any':
      return '任一人';
    case 'all':
      return '全部';
    case 'sequential':
      return '依次';
    case 'ratio':
      if (!node.atLeast) return '按比例';
      return node.atLeast.unit === 'count'
        ? `至少 ${node.atLeast.value} 人同意的`
        : `至少 ${node.atLeast.value}% 同意的`;
  }
}
