import { type FlowDefinition, type FlowNode, flowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, MemberId, RunId, TaskId } from '@lianke/shared/ids';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { Org } from '../org/org-directory.js';
import type { TaskRow } from './task-view.js';

const outcomes: Partial<Record<TaskRow['state'], string>> = {
  approved: '同意',
  rejected: '拒绝',
  transferred: '转办',
};

/** A pending task whose run's row this transaction has locked: nothing about the run changes until it ends. */
export interface HeldTask {
  task: TaskRow;
  /** Every task of the same visit of the node, in the approvers' order. */
  visit: TaskRow[];
  definition: FlowDefinition;
  node: Extract<FlowNode, { type: 'approval' }>;
}

/**
 * Locks the run of the member's own pending task. Throws `not_found` when it is not his, and `already_handled` with who
 * did what when it does not wait any more.
 */
export async function holdTask(tx: Tx, id: TaskId, me: MemberId | null, org: Org): Promise<HeldTask> {
  const [seen] = await tx.sql<{ run_id: RunId; member_id: MemberId }>(
    'SELECT run_id, member_id FROM lianke.task WHERE id = $1',
    [id],
  );
  if (!seen || seen.member_id !== me) throw new AppError('not_found');
  const [run] = await tx.sql<{
    flow_id: FlowId;
    version: number;
    starter_id: MemberId | null;
    withdrawal: string | null;
  }>('SELECT flow_id, version, starter_id, withdrawal FROM lianke.run WHERE id = $1 FOR UPDATE', [seen.run_id]);
  const [task] = await tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE id = $1', [id]);
  if (!run || !task) throw new AppError('not_found');
  const visit = await visitOf(tx, task);
  if (task.state === 'queued') throw new AppError('wrong_state', { detail: '前面的审批人还没有同意' });
  if (task.state === 'closed' && run.withdrawal !== null)
    throw new AppError('already_handled', { who: org.nameOf(run.starter_id), outcome: '撤回' });
  if (task.state !== 'pending') throw handled(task, visit, org);
  const [version] = await tx.sql<{ definition: unknown }>(
    'SELECT definition FROM lianke.flow_version WHERE flow_id = $1 AND version = $2',
    [run.flow_id, run.version],
  );
  const definition = flowDefinition.parse(version?.definition);
  const node = definition.nodes.find((item) => item.id === task.node);
  if (node?.type !== 'approval') throw new AppError('wrong_state', { detail: '审批节点已不存在' });
  return { task, visit, definition, node };
}

/** Every task of the visit that a task belongs to, in the approvers' order. */
export function visitOf(tx: Tx, task: TaskRow): Promise<TaskRow[]> {
  return tx.sql<TaskRow>(
    'SELECT * FROM lianke.task WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4 ORDER BY position, created_at, id',
    [task.run_id, task.node, task.scope, task.iteration],
  );
}

/** Who answered what was asked, for the message to the late. */
function handled(task: TaskRow, visit: readonly TaskRow[], org: Org): AppError {
  const said = visit
    .filter((other) => other.state === 'approved' || other.state === 'rejected')
    .sort((a, b) => ((a.decided_at ?? '') > (b.decided_at ?? '') ? -1 : 1));
  const last = task.state === 'closed' ? said[0] : task;
  return new AppError('already_handled', {
    who: last ? org.nameOf(last.member_id) : '系统',
    outcome: (last && outcomes[last.state]) ?? '关闭',
  });
}
