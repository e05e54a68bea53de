import { z } from 'zod';
import { uuidOf } from '../ids.js';
import { recordValues } from '../records/write.js';

export const taskKinds = ['approval', 'todo'] as const;
export const urgency = z.enum(['overdue', 'today', 'later', 'none']);

const person = z.object({ id: z.string(), label: z.string() });
export const taskFact = z.object({ label: z.string(), value: z.string() });

/** An approval waiting for the reader, or an open record of a task form that the reader owns. */
export const taskItem = z.object({
  /** A task id; for a to-do it is the record's id. */
  id: z.string(),
  kind: z.enum(taskKinds),
  title: z.string(),
  facts: z.array(taskFact),
  /** The record it is about (approval: the record asked for; to-do: the subject). */
  subject: z.object({ formId: z.string(), id: z.string(), label: z.string() }).nullable(),
  /** To-do: the task record itself. */
  record: z.object({ formId: z.string(), id: z.string() }).nullable(),
  starter: person.nullable(),
  /** Date or instant. */
  due: z.string().nullable(),
  urgency,
  createdAt: z.string(),
  state: z.enum(['pending', 'queued', 'approved', 'rejected', 'transferred', 'done', 'closed']),
});
export type TaskItem = z.infer<typeof taskItem>;

export const taskQuery = z.object({
  state: z.enum(['pending', 'done']).default('pending'),
  kind: z.enum(taskKinds).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional(),
});

export const taskPage = z.object({
  items: z.array(taskItem),
  cursor: z.string().nullable(),
  total: z.number().int(),
  /** `overdue` and `today` are to-dos; approvals are counted apart, whatever their date. */
  counts: z.object({
    overdue: z.number().int(),
    today: z.number().int(),
    approvals: z.number().int(),
    all: z.number().int(),
  }),
});
export type TaskPage = z.infer<typeof taskPage>;

export const taskEntry = z.object({
  who: person.nullable(),
  /** `queued`: asked once those before have agreed. `transferred`: handed to `to`. */
  action: z.enum(['started', 'waiting', 'queued', 'approved', 'rejected', 'transferred', 'closed', 'withdrawn']),
  at: z.string().nullable(),
  comment: z.string().nullable(),
  node: z.string(),
  to: person.nullable(),
});
export const taskDetail = taskItem.extend({
  progress: z.array(taskEntry),
  mayDecide: z.boolean(),
  runId: z.string().nullable(),
  commentOnReject: z.boolean(),
});
export type TaskDetail = z.infer<typeof taskDetail>;

export const decideBody = z.object({ comment: z.string().max(1000).optional(), values: recordValues.optional() });
/** Hands a task to a colleague, who answers in the reader's place. */
export const transferTaskBody = z.object({ to: uuidOf<'member'>(), comment: z.string().max(1000).optional() });

/** `next`: the reader's next pending approval, for 「已同意，下一条（还有 4 条）」. */
export const decideResult = z.object({
  task: taskDetail,
  next: z.object({ id: z.string() }).nullable(),
  left: z.number().int(),
});

/** An approval that the reader's own record asked for. */
export const startedRun = z.object({
  id: uuidOf<'run'>(),
  /** The task whose page tells its story: one that waits, else the last. */
  taskId: uuidOf<'task'>(),
  title: z.string(),
  flowName: z.string(),
  /** `ended`: over without an approval having decided. */
  state: z.enum(['open', 'approved', 'rejected', 'withdrawn', 'failed', 'ended']),
  /** Whom it waits for, in the approvers' order. */
  waiting: z.array(person),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  /** Why it was taken back, `''` without a reason; null when it was not. */
  withdrawal: z.string().nullable(),
  mayWithdraw: z.boolean(),
  /** Somebody could be urged; before `urgeFrom`, when it is set, that is refused. */
  mayUrge: z.boolean(),
  urgeFrom: z.string().nullable(),
});
export type StartedRun = z.infer<typeof startedRun>;
export const withdrawBody = z.object({ comment: z.string().max(1000).optional() });
