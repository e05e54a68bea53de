import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormId, MemberId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import type { TaskDetail, TaskItem } from '@lianke/shared/tasks/api';
import type { Org } from '../org/org-directory.js';

export type TaskState = 'pending' | 'queued' | 'approved' | 'rejected' | 'transferred' | 'closed';

export interface TaskRow {
  id: TaskId;
  run_id: RunId;
  node: string;
  /** Path and visit of the node that asked (`flows/run-scope.ts`). */
  scope: string;
  iteration: number;
  member_id: MemberId;
  state: TaskState;
  /** Place among the tasks of one visit of a node, from 0. */
  position: number;
  taken_from: TaskId | null;
  title: string;
  facts: { label: string; value: string }[];
  form_id: FormId;
  record_id: RecordId;
  starter_id: MemberId | null;
  comment: string | null;
  decided_at: string | null;
  created_at: string;
}

/** An approval as the list shows it. */
export function approvalItem(task: TaskRow, recordLabel: string, org: Org): TaskItem {
  return {
    id: task.id,
    kind: 'approval',
    title: task.title,
    facts: task.facts,
    subject: { formId: task.form_id, id: task.record_id, label: recordLabel },
    record: null,
    starter: task.starter_id ? { id: task.starter_id, label: org.nameOf(task.starter_id) } : null,
    due: null,
    urgency: 'today',
    createdAt: task.created_at,
    state: task.state,
  };
}

/** An approval with everybody's part in it, in the order it happened; who still waits or will be asked comes last. */
export function taskDetail(
  task: TaskRow,
  siblings: readonly TaskRow[],
  definition: FlowDefinition,
  run: { started_at: string; finished_at: string | null; withdrawal: string | null },
  recordLabel: string,
  org: Org,
  me: MemberId | null,
): TaskDetail {
  const nameOfNode = (id: string) => definition.nodes.find((node) => node.id === id)?.name || '审批';
  const person = (id: MemberId | null) => (id ? { id, label: org.nameOf(id) } : null);
  const node = definition.nodes.find((item) => item.id === task.node);
  const answered = siblings
    .filter((other) => other.state !== 'pending' && other.state !== 'queued')
    .sort((a, b) => ((a.decided_at ?? '') < (b.decided_at ?? '') ? -1 : 1));
  const open = [
    ...siblings.filter((other) => other.state === 'pending'),
    ...siblings.filter((other) => other.state === 'queued').sort((a, b) => a.position - b.position),
  ];
  const successor = (id: TaskId) => siblings.find((other) => other.taken_from === id)?.member_id ?? null;
  return {
    ...approvalItem(task, recordLabel, org),
    progress: [
      { who: person(task.starter_id), action: 'started', at: run.started_at, comment: null, node: '发起', to: null },
      ...answered.map((other) => ({
        who: person(other.member_id),
        action: other.state as 'approved' | 'rejected' | 'transferred' | 'closed',
        at: other.decided_at,
        comment: other.comment,
        node: nameOfNode(other.node),
        to: other.state === 'transferred' ? person(successor(other.id)) : null,
      })),
      ...open.map((other) => ({
        who: person(other.member_id),
        action: other.state === 'queued' ? ('queued' as const) : ('waiting' as const),
        at: other.state === 'queued' ? null : other.created_at,
        comment: null,
        node: nameOfNode(other.node),
        to: null,
      })),
      ...(run.withdrawal === null
        ? []
        : [
            {
              who: person(task.starter_id),
              action: 'withdrawn' as const,
              at: run.finished_at,
              comment: run.withdrawal || null,
              node: '发起',
              to: null,
            },
          ]),
    ],
    mayDecide: task.state === 'pending' && task.member_id === me,
    runId: task.run_id,
    commentOnReject: node?.type === 'approval' && node.commentOnReject,
  };
}
