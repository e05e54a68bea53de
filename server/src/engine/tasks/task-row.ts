import type { FileId, FormId, MemberId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import type { Fact } from './facts.js';

export type TaskState = TaskDetail['state'];

/**
 * `approve`: a voice of the node. `before`, `after`: signers added to a task, heard before its member answers or after he
 * agreed. `advise`: an opinion for whoever delegated. `fill`: fields
 * to fill in. The others are asked of the starter.
 */
export type TaskKind = 'approve' | 'before' | 'after' | 'advise' | 'choose' | 'resubmit' | 'inform' | 'fill';

export interface TaskRow {
  id: TaskId;
  run_id: RunId;
  node: string;
  /** Path and visit of the node that asked (`flows/run-scope.ts`). */
  scope: string;
  iteration: number;
  member_id: MemberId;
  state: TaskState;
  kind: TaskKind;
  /** Place among the tasks of one visit of a node, from 0. */
  position: number;
  taken_from: TaskId | null;
  parent_id: TaskId | null;
  added_by: MemberId | null;
  group_id: string | null;
  group_mode: 'any' | 'all' | 'sequential' | null;
  depth: number;
  title: string;
  /** Its English where it reads differently. */
  title_en: string | null;
  facts: Fact[];
  form_id: FormId;
  record_id: RecordId;
  starter_id: MemberId | null;
  question: string | null;
  chosen: MemberId[] | null;
  comment: string | null;
  /** Null: as typed. `recalled`: why a consent was taken back, as typed. `chosen`: the id of one of the card's reasons. */
  comment_kind: 'recalled' | 'chosen' | null;
  decided_at: string | null;
  decided_by: MemberId | null;
  auto: 'samePerson' | 'starter' | 'timeout' | null;
  closed_by: TaskId | null;
  /** The task whose consent had this one asked. */
  asked_by: TaskId | null;
  was: TaskState | null;
  undone: boolean;
  door: string | null;
  content_hash: string | null;
  /** What the hash covers. */
  content_fields: string[] | null;
  signature: FileId | null;
  attachments: FileId[] | null;
  created_at: string;
}

/** Answers by which an approval goes on or ends. */
export const isAnswer = (task: Pick<TaskRow, 'state'>): boolean =>
  task.state === 'approved' || task.state === 'rejected';

/** Somebody still has to do something about it, now or later. */
export const isOpen = (task: Pick<TaskRow, 'state'>): boolean =>
  task.state === 'pending' || task.state === 'queued' || task.state === 'held';

/** A task that agrees or refuses: of the node itself or added to one that does. */
export const hasVoice = (task: Pick<TaskRow, 'kind'>): boolean =>
  task.kind === 'approve' || task.kind === 'before' || task.kind === 'after';
