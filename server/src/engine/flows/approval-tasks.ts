import type { FlowNode } from '@lianke/shared/flows/definition';
import type { FormId, MemberId, RecordId, TaskId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import type { TenantContext } from '../context.js';
import type { Notifier } from '../ports.js';
import { effectKey, type StepKey } from './run-steps.js';

/** A question to one approver, as it is first written. */
export interface ApprovalTask {
  id: TaskId;
  at: StepKey;
  memberId: MemberId;
  /** `queued`: asked once those before have agreed. */
  state: 'pending' | 'queued';
  /** Place among the tasks of this visit of the node, from 0. */
  position: number;
  /** The task it was handed over from. */
  takenFrom: TaskId | null;
  title: string;
  facts: { label: string; value: string }[];
  formId: FormId;
  recordId: RecordId;
  starterId: MemberId | null;
}

export async function insertTask(tx: Tx, ctx: TenantContext, task: ApprovalTask, now: Date): Promise<void> {
  await tx.run(
    `INSERT INTO lianke.task (tenant_id, id, run_id, node, scope, iteration, member_id, state, position, taken_from, title, facts, form_id, record_id, starter_id, created_at)
     VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
    [
      ctx.tenantId,
      task.id,
      task.at.runId,
      task.at.node,
      task.at.scope,
      task.at.iteration,
      task.memberId,
      task.state,
      task.position,
      task.takenFrom,
      task.title,
      JSON.stringify(task.facts),
      task.formId,
      task.recordId,
      task.starterId,
      now,
    ],
  );
}

/** Sends the approver the card that asks; `description` says who asks, `again` tells a repeated card from the first. */
export async function sendAsk(
  notifier: Notifier,
  tx: Tx,
  ctx: TenantContext,
  task: Pick<ApprovalTask, 'id' | 'at' | 'memberId' | 'title' | 'facts'>,
  node: Pick<Extract<FlowNode, { type: 'approval' }>, 'commentOnReject'>,
  description: string,
  again?: string,
): Promise<void> {
  const key = `${effectKey(task.at)}:${task.id}`;
  await notifier.enqueue(tx, ctx, {
    card: {
      kind: 'approval',
      title: task.title,
      description,
      facts: task.facts,
      path: `/pages/task/index?id=${task.id}`,
      // A refusal that needs a reason is given on the page, not on the card.
      buttons: [
        { text: '同意', action: `approve:${task.id}`, style: 'primary' },
        ...(node.commentOnReject ? [] : [{ text: '拒绝', action: `reject:${task.id}`, style: 'danger' as const }]),
      ],
    },
    to: [task.memberId],
    key: again === undefined ? key : `${key}:${again}`,
    about: { kind: 'task', id: task.id },
  });
}
