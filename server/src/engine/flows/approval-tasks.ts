import type { CardWords } from '@lianke/shared/chat/cards';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowNode } from '@lianke/shared/flows/definition';
import { refuseReasonKey, refuseReasons } from '@lianke/shared/flows/refuse-reasons';
import type { FlowId, FormId, MemberId, RecordId, TaskId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { keptSaid, type Said, saidIn } from '../../kernel/errors/said.js';
import type { TenantContext } from '../context.js';
import type { Org } from '../org/org-directory.js';
import type { Notifier } from '../ports.js';
import { activeAways, substituteOf } from '../tasks/aways.js';
import type { Fact } from '../tasks/facts.js';
import type { TaskKind, TaskRow, TaskState } from '../tasks/task-row.js';
import type { ToldCuts } from '../tasks/told-cuts.js';
import { effectKey, type StepKey } from './run-steps.js';

type ApprovalNode = Extract<FlowNode, { type: 'approval' }>;

/** A question to one member, as it is first written. */
export interface NewTask {
  id: TaskId;
  at: StepKey;
  memberId: MemberId;
  state: TaskState;
  kind?: TaskKind;
  /** Place among the tasks of this visit of the node, from 0. */
  position: number;
  /** The task it was handed over from. */
  takenFrom?: TaskId | null;
  parent?: TaskId | null;
  addedBy?: MemberId | null;
  group?: { id: string; mode: 'any' | 'all' | 'sequential' } | null;
  depth?: number;
  question?: string | null;
  auto?: TaskRow['auto'];
  title: Said;
  facts: Fact[];
  formId: FormId;
  recordId: RecordId;
  starterId: MemberId | null;
}

export async function insertTask(tx: Tx, ctx: TenantContext, task: NewTask, now: Date): Promise<void> {
  const [title, english] = keptSaid(task.title);
  await tx.run(
    `INSERT INTO lianke.task (tenant_id, id, run_id, node, scope, iteration, member_id, state, position, taken_from, title, facts, form_id, record_id, starter_id, created_at,
       kind, parent_id, added_by, group_id, group_mode, depth, question, auto, decided_at, title_en)
     VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26)`,
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
      task.takenFrom ?? null,
      title,
      JSON.stringify(task.facts),
      task.formId,
      task.recordId,
      task.starterId,
      now,
      task.kind ?? 'approve',
      task.parent ?? null,
      task.addedBy ?? null,
      task.group?.id ?? null,
      task.group?.mode ?? null,
      task.depth ?? 0,
      task.question ?? null,
      task.auto ?? null,
      task.auto ? now : null,
      english,
    ],
  );
}

/** What a card that asks is made of. */
export interface Ask {
  task: Pick<TaskRow, 'id' | 'member_id' | 'facts' | 'kind'> & { title: Said };
  at: StepKey;
  flowId: FlowId;
  node: Pick<ApprovalNode, 'commentOnReject' | 'commentOnApprove' | 'signature' | 'fields'>;
  /** Says who asks. */
  description: Said;
  /** Tells a repeated card from the first. */
  again?: string;
  now: Date;
}

/** Sends the approver, or whoever answers for him, the card that asks. */
export async function sendAsk(
  { notifier, cuts }: { notifier: Notifier; cuts: ToldCuts },
  tx: Tx,
  ctx: TenantContext,
  org: Org,
  ask: Ask,
): Promise<void> {
  const substitute = substituteOf(await activeAways(tx, ask.now), ask.task.member_id, ask.flowId);
  const task = substitute ? { ...ask.task, ...(await cuts.told(tx, ctx, ask, substitute)) } : ask.task;
  const key = `${effectKey(ask.at)}:${task.id}`;
  await notifier.enqueue(tx, ctx, {
    card: {
      kind: 'approval',
      title: task.title,
      description: substitute ? insteadOf(org.nameOf(task.member_id), ask.description) : ask.description,
      facts: task.facts,
      path: `/pages/task/index?id=${task.id}`,
      ...answersOf(task, ask.node),
    },
    to: [substitute ?? task.member_id],
    key: ask.again === undefined ? key : `${key}:${ask.again}`,
    about: { kind: 'task', id: task.id },
  });
}

/** 「王芳 提交」; nothing where nobody started it. */
export function submittedBy(org: Org, starterId: MemberId | null): Said {
  if (starterId === null) return '';
  const name = org.nameOf(starterId);
  return { zh: `${name} 提交`, en: `Submitted by ${name}` };
}

/** Who asks, and for whom the reader answers. */
function insteadOf(name: string, description: Said): Words {
  const [zh, en] = [saidIn(description, 'zh'), saidIn(description, 'en')];
  return {
    zh: [zh, `代 ${name} 处理`].filter(Boolean).join('，'),
    en: [en, `you answer for ${name}`].filter(Boolean).join('; '),
  };
}

/**
 * What takes more than a press is done on the page: a signature, fields, advice, a choice. A refusal offers reasons with
 * it, or opens the page where one must be written.
 */
function answersOf(task: Ask['task'], node: Ask['node']): Pick<CardWords, 'buttons' | 'choice'> {
  const voice = task.kind === 'approve' || task.kind === 'before' || task.kind === 'after';
  if (!voice || needsPage(node))
    return {
      buttons: [{ text: { zh: '去处理', en: 'Open' }, action: `open:${task.id}`, style: 'primary', opens: true }],
    };
  const agree = { text: { zh: '同意', en: 'Approve' }, action: `approve:${task.id}`, style: 'primary' as const };
  const refuse = { text: { zh: '拒绝', en: 'Reject' }, action: `reject:${task.id}`, style: 'danger' as const };
  if (node.commentOnReject)
    return { buttons: [agree, { ...refuse, text: { zh: '写理由拒绝', en: 'Reject…' }, opens: true }] };
  return {
    buttons: [agree, refuse],
    choice: { key: refuseReasonKey, title: { zh: '拒绝理由', en: 'Reason' }, options: [...refuseReasons] },
  };
}

/** Agreeing at this node takes a comment, a signature or fields. */
export function needsPage(node: Ask['node']): boolean {
  const required = Object.values(node.fields ?? {}).includes('required');
  return node.commentOnApprove === true || node.signature === true || required;
}
