import { type FlowDefinition, type FlowNode, flowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, FormId, MemberId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { StepKey } from '../flows/run-steps.js';
import type { Org } from '../org/org-directory.js';
import { activeAways, substituteOf } from './aways.js';
import type { TaskKind, TaskRow } from './task-row.js';

const outcomes: Partial<Record<TaskRow['state'], string>> = {
  approved: '同意',
  rejected: '拒绝',
  transferred: '转办',
  returned: '退回',
  removed: '被减签',
  done: '处理',
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
  kinds: readonly TaskKind[] = ['approve', 'before', 'after'],
): Promise<HeldTask> {
  const [seen] = await tx.sql<{ run_id: RunId }>('SELECT run_id FROM lianke.task WHERE id = $1', [id]);
  if (!seen || me === null) throw new AppError('not_found');
  const run = await holdRun(tx, seen.run_id);
  const [task] = await tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE id = $1', [id]);
  if (!task) throw new AppError('not_found');
  if (task.member_id !== me) await mayActFor(tx, task, run, me, org, now);
  const visit = await visitOf(tx, task);
  if (!kinds.includes(task.kind)) throw new AppError('wrong_state', { detail: wrongKind[task.kind] });
  if (task.state === 'queued') throw new AppError('wrong_state', { detail: '前面的审批人还没有同意' });
  if (task.state === 'held') throw new AppError('wrong_state', { detail: '正在等你加签或委派的人先处理' });
  if (task.state === 'closed' && run.withdrawal !== null)
    throw new AppError('already_handled', { who: org.nameOf(run.starter_id), outcome: '撤回' });
  if (task.state !== 'pending') throw handled(task, visit, org);
  const node = run.definition.nodes.find((item) => item.id === task.node);
  if (task.kind !== 'resubmit' && task.kind !== 'fill' && node?.type !== 'approval')
    throw new AppError('wrong_state', { detail: '审批节点已不存在' });
  const at = { runId: task.run_id, node: task.node, scope: task.scope, iteration: task.iteration };
  return { run, task, visit, node: node as ApprovalNodeDefinition, at, me };
}

const wrongKind: Record<TaskKind, string> = {
  approve: '这是一条审批，请同意或拒绝',
  before: '这是一条加签的审批，请同意或拒绝',
  after: '这是一条加签的审批，请同意或拒绝',
  advise: '这是委派来的，请提交意见',
  choose: '请先选择审批人',
  resubmit: '这是退回来的，请修改后重新提交',
  inform: '请补充材料',
  fill: '这是一条填写任务，请填写后提交',
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
  throw new AppError('wrong_state', { detail: `代理期已结束，由 ${org.nameOf(task.member_id)} 自己处理` });
}

/** Every task of the visit that a task belongs to, in the approvers' order. */
export function visitOf(tx: Tx, task: Pick<TaskRow, 'run_id' | 'node' | 'scope' | 'iteration'>): Promise<TaskRow[]> {
  return tx.sql<TaskRow>(
    'SELECT * FROM lianke.task WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4 ORDER BY position, created_at, id',
    [task.run_id, task.node, task.scope, task.iteration],
  );
}

/** Who answered what was asked, for the message to the late. */
function handled(task: TaskRow, visit: readonly TaskRow[], org: Org): AppError {
  if (task.auto === 'timeout') return new AppError('already_handled', { who: '系统', outcome: '按超时处理' });
  const said = visit
    .filter((other) => ['approved', 'rejected', 'returned'].includes(other.state) && other.decided_at !== null)
    .sort((a, b) => ((a.decided_at ?? '') > (b.decided_at ?? '') ? -1 : 1));
  const last = task.state === 'closed' ? said[0] : task;
  return new AppError('already_handled', {
    who: last ? org.nameOf(last.decided_by ?? last.member_id) : '系统',
    outcome: (last && outcomes[last.state]) ?? '关闭',
  });
}
