import type { Words } from '@lianke/shared/errors/issue-text';
import { type FlowDefinition, type FlowNode, flowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, FormId, MemberId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import type { StepKey } from '../flows/run-steps.js';
import type { Org } from '../org/org-directory.js';
import { activeAways, substituteOf } from './aways.js';
import type { TaskKind, TaskRow } from './task-row.js';

const outcomes: Partial<Record<TaskRow['state'], Words>> = {
  approved: { zh: '同意', en: 'approved' },
  rejected: { zh: '拒绝', en: 'refused' },
  transferred: { zh: '转办', en: 'handed over' },
  returned: { zh: '退回', en: 'returned' },
  removed: { zh: '被减签', en: 'taken out' },
  done: { zh: '处理', en: 'done' },
};

/** A run whose row this transaction has locked: nothing about it changes until it ends. */
export interface HeldRun {
  id: RunId;
  flow_id: FlowId;
  version: number;
  state: 'ready' | 'waiting' | 'calling' | 'done' | 'failed' | 'cancelled';
  form_id: FormId | null;
  record_id: RecordId | null;
  starter_id: MemberId | null;
  withdrawal: string | null;
  urged_at: string | null;
  lock: 'all' | string[] | null;
  unlocked: { by: string; at: string; reason: string } | null;
  definition: FlowDefinition;
}

export type ApprovalNodeDefinition = Extract<FlowNode, { type: 'approval' }>;

/** A task that waits for the member at hand, in a locked run. */
export interface HeldTask {
  run: HeldRun;
  task: TaskRow;
  /** Every task of the same visit of the node, in the approvers' order. */
  visit: TaskRow[];
  node: ApprovalNodeDefinition;
  at: StepKey;
  /** Who acts: the task's member, or whoever answers for him while he is away. */
  me: MemberId;
}

export async function holdRun(tx: Tx, id: RunId): Promise<HeldRun> {
  const [run] = await tx.sql<Omit<HeldRun, 'definition'>>(
    'SELECT id, flow_id, version, state, form_id, record_id, starter_id, withdrawal, urged_at, lock, unlocked FROM lianke.run WHERE id = $1 FOR UPDATE',
    [id],
  );
  if (!run) throw new AppError('not_found');
  const [version] = await tx.sql<{ definition: unknown }>(
    'SELECT definition FROM lianke.flow_version WHERE flow_id = $1 AND version = $2',
    [run.flow_id, run.version],
  );
  return { ...run, definition: flowDefinition.parse(version?.definition) };
}

/**
 * Locks the run of a pending task of the member, or of somebody he answers for. Throws `not_found` when it is nobody's of
 * these, and `already_handled` with who did what when it does not wait any more. `kinds` are those that may be meant.
 */
export async function holdTask(
  tx: Tx,
  id: TaskId,
  me: MemberId | null,
  org: Org,
  now: Date,
  kinds: readonly TaskKind[] = voices,
): Promise<HeldTask> {
  const [seen] = await tx.sql<{ run_id: RunId }>('SELECT run_id FROM lianke.task WHERE id = $1', [id]);
  if (!seen || me === null) throw new AppError('not_found');
  const run = await holdRun(tx, seen.run_id);
  const [task] = await tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE id = $1', [id]);
  if (!task) throw new AppError('not_found');
  if (task.member_id !== me) await mayActFor(tx, task, run, me, org, now);
  const visit = await visitOf(tx, task);
  if (!kinds.includes(task.kind)) throw refusal('wrong_state', wrongKind[task.kind]);
  if (task.state === 'queued')
    throw refusal('wrong_state', { zh: '前面的审批人还没有同意', en: 'the approvers before you have not agreed yet' });
  if (task.state === 'held')
    throw refusal('wrong_state', {
      zh: '正在等你加签或委派的人先处理',
      en: 'it waits until those whom you added or asked for advice have answered',
    });
  if (task.state === 'closed' && run.withdrawal !== null)
    throw alreadyHandled(org.nameOf(run.starter_id), { zh: '撤回', en: 'withdrawn' });
  if (task.state !== 'pending') throw handled(task, visit, org);
  const node = run.definition.nodes.find((item) => item.id === task.node);
  if (task.kind !== 'resubmit' && task.kind !== 'fill' && node?.type !== 'approval')
    throw refusal('wrong_state', { zh: '审批节点已不存在', en: 'the approval step is no longer in the flow' });
  const at = { runId: task.run_id, node: task.node, scope: task.scope, iteration: task.iteration };
  return { run, task, visit, node: node as ApprovalNodeDefinition, at, me };
}

const addedSigner = {
  zh: '这是一条加签的审批，请同意或拒绝',
  en: 'you were added to this approval; approve or refuse it',
};

const wrongKind: Record<TaskKind, Words> = {
  approve: { zh: '这是一条审批，请同意或拒绝', en: 'this is an approval; approve or refuse it' },
  before: addedSigner,
  after: addedSigner,
  advise: { zh: '这是委派来的，请提交意见', en: 'your advice is asked for here; give your opinion' },
  choose: { zh: '请先选择审批人', en: 'choose the approvers first' },
  resubmit: { zh: '这是退回来的，请修改后重新提交', en: 'it was sent back to you; mend it and submit it again' },
  inform: { zh: '请补充材料', en: 'an approver asks you for more; add the information' },
  fill: { zh: '这是一条填写任务，请填写后提交', en: 'this is a task to fill in; fill in the fields and submit them' },
};

async function mayActFor(
  tx: Tx,
  task: TaskRow,
  run: { flow_id: FlowId },
  me: MemberId,
  org: Org,
  now: Date,
): Promise<void> {
  const aways = await activeAways(tx, now);
  if (substituteOf(aways, task.member_id, run.flow_id) === me) return;
  const [over] = await tx.sql('SELECT 1 FROM lianke.away WHERE member_id = $1 AND to_id = $2 LIMIT 1', [
    task.member_id,
    me,
  ]);
  if (!over) throw new AppError('not_found');
  throw refusal('wrong_state', {
    zh: `代理期已结束，由 ${org.nameOf(task.member_id)} 自己处理`,
    en: `your time as substitute is over; it is for ${org.nameOf(task.member_id)} to answer`,
  });
}

/** Kinds that agree or refuse. */
export const voices: readonly TaskKind[] = ['approve', 'before', 'after'];

/** Every task of the visit that a task belongs to, in the approvers' order. */
export function visitOf(tx: Tx, task: Pick<TaskRow, 'run_id' | 'node' | 'scope' | 'iteration'>): Promise<TaskRow[]> {
  return tx.sql<TaskRow>(
    'SELECT * FROM lianke.task WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4 ORDER BY position, created_at, id',
    [task.run_id, task.node, task.scope, task.iteration],
  );
}

/** Who answered what was asked, for the message to the late. */
function handled(task: TaskRow, visit: readonly TaskRow[], org: Org): AppError {
  if (task.auto === 'timeout') return alreadyHandled(theSystem, { zh: '按超时处理', en: 'time was up' });
  const said = visit
    .filter((other) => ['approved', 'rejected', 'returned'].includes(other.state) && other.decided_at !== null)
    .sort((a, b) => ((a.decided_at ?? '') > (b.decided_at ?? '') ? -1 : 1));
  const last = task.state === 'closed' ? said[0] : task;
  return alreadyHandled(
    last ? org.nameOf(last.decided_by ?? last.member_id) : theSystem,
    (last && outcomes[last.state]) ?? { zh: '关闭', en: 'closed' },
  );
}

const theSystem: Words = { zh: '系统', en: 'The system' };

function alreadyHandled(who: string | Words, outcome: Words): AppError {
  const said = typeof who === 'string' ? { zh: who, en: who } : who;
  return new AppError(
    'already_handled',
    { who: said.zh, outcome: outcome.zh },
    { english: { who: said.en, outcome: outcome.en } },
  );
}
