import { z } from 'zod';
import { uuidOf } from '../ids.js';
import { recordValues } from '../records/write.js';

export const taskKinds = ['approval', 'todo'] as const;
export const urgency = z.enum(['overdue', 'today', 'later', 'none']);

export const taskStates = [
  'pending',
  /** Will be asked once others have agreed. */
  'queued',
  /** Waits for those its member asked first: signers added before him, or whom he delegated to. */
  'held',
  'approved',
  'rejected',
  'transferred',
  /** Sent the approval back to a node passed before. */
  'returned',
  /** A signer who was taken out again. */
  'removed',
  'done',
  'closed',
] as const;

/**
 * What a task asks for. `approve`: agree or refuse; `advise`: an opinion for whoever delegated; `choose`: the approvers of
 * a node; `resubmit`: to mend and hand in what came back; `inform`: to answer an approver's question; `fill`: to fill
 * fields of the record in.
 */
export const taskAsks = ['approve', 'advise', 'choose', 'resubmit', 'inform', 'fill'] as const;

const person = z.object({ id: z.string(), label: z.string() });
export const taskFact = z.object({
  label: z.string(),
  value: z.string(),
  /** The value of a field that is stored encrypted: not to be kept on a device. */
  sealed: z.boolean().optional(),
});

/** An approval waiting for the reader, or an open record of a task form that the reader owns. */
export const taskItem = z.object({
  /** A task id; for a to-do it is the record's id. */
  id: z.string(),
  kind: z.enum(taskKinds),
  title: z.string(),
  /** The title says the value of a field that is stored encrypted: not to be kept on a device. */
  titleSealed: z.boolean().optional(),
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
  state: z.enum(taskStates),
  /** Approvals: what it asks for. */
  ask: z.enum(taskAsks).optional(),
  /** Whose task it is, when the reader answers for somebody who is away (代). */
  actingFor: person.nullable().optional(),
  /** Approvals: can be agreed to without more than a comment, so that several can be done together. */
  simple: z.boolean().optional(),
});
export type TaskItem = z.infer<typeof taskItem>;

/** What lists of 任务中心 may be narrowed to. */
const filters = z.object({
  /** Title, flow or people hold this. */
  search: z.string().max(100).optional(),
  /** Approvals of this flow only. */
  flowId: uuidOf<'flow'>().optional(),
  /** About records of this form; a to-do: records of this task form. */
  formId: uuidOf<'form'>().optional(),
  /** Asked for on this day of the company's zone or later, and not after `to`. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
});
export type TaskFilters = z.infer<typeof filters>;

/** How a task the reader has dealt with ended. */
export const taskOutcomes = ['approved', 'rejected', 'returned', 'transferred', 'done'] as const;

export const taskQuery = filters.extend({
  state: z.enum(['pending', 'done']).default('pending'),
  kind: z.enum(taskKinds).optional(),
  /** Only with state `done`. */
  outcome: z.enum(taskOutcomes).optional(),
  /** Only with state `pending`. */
  urgency: urgency.optional(),
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

export const taskFile = z.object({ id: z.string(), name: z.string(), size: z.number(), mime: z.string() });

export const taskEntry = z.object({
  /** The task behind it, when there is one. */
  task: z.string().nullable(),
  who: person.nullable(),
  /** Whom he acted for (代). */
  actingFor: person.nullable(),
  /** How he came in: one of the node's approvers, a signer added before, after or beside somebody, or asked for advice. */
  role: z.enum(['approver', 'before', 'after', 'beside', 'adviser', 'starter']),
  /**
   * `queued`: asked once those before have agreed. `transferred`: handed to `to`. `stayed`: time was up, with no further
   * manager to hand over to; he was reminded and the administrators told.
   */
  action: z.enum([
    'started',
    'waiting',
    'queued',
    'held',
    'approved',
    'rejected',
    'transferred',
    'returned',
    'removed',
    'closed',
    'withdrawn',
    'chose',
    'resubmitted',
    'informed',
    'filled',
    'unlocked',
    'stayed',
  ]),
  /** What his task asks of him; null where there is none. */
  ask: z.enum(taskAsks).nullable(),
  at: z.string().nullable(),
  comment: z.string().nullable(),
  /** What he was asked, by a question or a return. */
  question: z.string().nullable(),
  node: z.string(),
  to: person.nullable(),
  /** What answered in his place: he had agreed before, is the starter, or the time was up. */
  auto: z.enum(['samePerson', 'starter', 'timeout']).nullable(),
  signature: z.string().nullable(),
  attachments: z.array(taskFile),
  /** A return has undone it since; the return itself stands. */
  undone: z.boolean(),
  /** Through which door the answer came. */
  door: z.string().nullable(),
});
export type TaskEntry = z.infer<typeof taskEntry>;

/** One box of the progress picture. */
export const taskStage = z.object({
  node: z.string(),
  name: z.string(),
  kind: z.enum(['start', 'approval', 'cc', 'branch', 'fill', 'other']),
  state: z.enum(['done', 'rejected', 'current', 'coming']),
  /** Who had or has a part in it, with since when he waits or when he answered. */
  people: z.array(z.object({ who: person, state: z.enum(taskStates), at: z.string().nullable() })),
});
export type TaskStage = z.infer<typeof taskStage>;

/** Who was sent a copy of an approval, and when he first looked at it. */
export const taskCopy = z.object({
  who: person,
  /** Who sent it; null: the flow. */
  by: person.nullable(),
  at: z.string(),
  readAt: z.string().nullable(),
});
export type TaskCopy = z.infer<typeof taskCopy>;

export const taskActions = [
  ...['approve', 'reject', 'advise', 'choose', 'resubmit', 'answer', 'fill'],
  ...['transfer', 'delegate', 'addSigner', 'removeSigner', 'return', 'askInfo', 'recall', 'cc'],
  ...['unlock', 'withdraw', 'urge'],
] as const;

export const taskDetail = taskItem.extend({
  progress: z.array(taskEntry),
  stages: z.array(taskStage),
  /** Copies sent so far, the first first. */
  copies: z.array(taskCopy),
  mayDecide: z.boolean(),
  /** Every action the reader may take now; `taskActions` of the contract. */
  actions: z.array(z.string()),
  runId: z.string().nullable(),
  flowId: z.string().nullable(),
  commentOnReject: z.boolean(),
  commentOnApprove: z.boolean(),
  signature: z.boolean(),
  /** Rights in the record's fields at this node, by field key; `read` where absent. */
  fields: z.record(z.string(), z.enum(['read', 'edit', 'required', 'hide'])),
  /** What the task was opened with: a question, the reason of a return. */
  question: z.string().nullable(),
  /** Where the reader may send it back to: nodes passed, and `start` for the starter. */
  returnTo: z.array(z.object({ node: z.string(), name: z.string(), straight: z.boolean() })),
  /** Signers the reader may take out again. */
  removable: z.array(z.object({ id: z.string(), who: person })),
  /** choose: who can be chosen; anybody when empty. */
  choices: z.array(person),
  /** The record was changed after the last consent. */
  changedAfter: z.boolean(),
  /** The record cannot be edited while this is under way. */
  locked: z.boolean(),
  dueAt: z.string().nullable(),
  urgeFrom: z.string().nullable(),
});
export type TaskDetail = z.infer<typeof taskDetail>;

const comment = z.string().max(1000).optional();
const members = z.array(uuidOf<'member'>()).min(1).max(20);
const files = z.array(uuidOf<'file'>()).max(20).optional();

export const decideBody = z.object({
  comment,
  /** Fields that the node lets its approvers edit, by key. */
  values: recordValues.optional(),
  /** A picture of the signature, uploaded before. */
  signature: uuidOf<'file'>().optional(),
  attachments: files,
  /** Who gets a copy (抄送) of this decision. */
  cc: z.array(uuidOf<'member'>()).max(50).optional(),
});
export type DecideBody = z.infer<typeof decideBody>;
/** Hands a task to a colleague, who answers in the reader's place. */
export const transferTaskBody = z.object({ to: uuidOf<'member'>(), comment });
/** 委派: asks a colleague for his opinion; the task comes back. */
export const delegateTaskBody = z.object({ to: uuidOf<'member'>(), comment });
/** 加签. `before`: they are asked first, then the reader again; `after`: once the reader has agreed; `beside`: at once. */
export const addSignersBody = z.object({
  to: members,
  position: z.enum(['before', 'after', 'beside']),
  /** How the added ones decide together; those beside count like the node's own approvers. */
  mode: z.enum(['any', 'all', 'sequential']).default('all'),
  comment,
});
export const removeSignerBody = z.object({ task: uuidOf<'task'>() });
/** 退回 to a node passed (`start`: the starter); then on from there, or straight back to the node it came from. */
export const returnTaskBody = z.object({
  to: z.string().max(40),
  goOn: z.enum(['next', 'straight']).default('next'),
  comment: z.string().trim().min(1).max(1000),
});
export const askInfoBody = z.object({ comment: z.string().trim().min(1).max(1000) });
export const answerBody = z.object({ comment, attachments: files });
/** 填写: the record's fields that the node lets people fill in, by key. */
export const fillTaskBody = z.object({ values: recordValues.default({}), comment });
export type FillTaskBody = z.infer<typeof fillTaskBody>;
export const recallBody = z.object({ comment });
export const chooseBody = z.object({ to: members });
export const copyTaskBody = z.object({ to: z.array(uuidOf<'member'>()).min(1).max(50), comment });
export const unlockBody = z.object({ reason: z.string().trim().min(1).max(500) });

/** `next`: the reader's next pending approval, for 「已同意，下一条（还有 4 条）」. */
export const decideResult = z.object({
  task: taskDetail,
  next: z.object({ id: z.string() }).nullable(),
  left: z.number().int(),
});

/** 批量同意: each on its own; those left say why. */
export const approveManyBody = z.object({ ids: z.array(uuidOf<'task'>()).min(1).max(100), comment });
export const approveManyResult = z.object({
  done: z.array(z.string()),
  left: z.array(z.object({ id: z.string(), title: z.string(), reason: z.string() })),
});

/** 抄送: a copy for the reader. */
export const copyItem = z.object({
  id: uuidOf<'copy'>(),
  title: z.string(),
  facts: z.array(taskFact),
  flowName: z.string(),
  by: person.nullable(),
  comment: z.string().nullable(),
  subject: z.object({ formId: z.string(), id: z.string(), label: z.string() }),
  /** A task of the run, whose page tells its story; null when nobody was asked. */
  taskId: z.string().nullable(),
  at: z.string(),
  readAt: z.string().nullable(),
});
export type CopyItem = z.infer<typeof copyItem>;
export const copyQuery = filters.extend({
  unread: z.enum(['true', 'false']).optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const copyPage = z.object({
  items: z.array(copyItem),
  cursor: z.string().nullable(),
  unread: z.number().int(),
});

/** 代理: while `member` is away, `to` answers his approvals, also those already waiting. */
export const awayView = z.object({
  id: uuidOf<'away'>(),
  member: person,
  to: person,
  from: z.string(),
  until: z.string(),
  /** Only approvals of these flows; all when empty. */
  flows: z.array(z.object({ id: z.string(), label: z.string() })),
  state: z.enum(['coming', 'active', 'over']),
});
export type AwayView = z.infer<typeof awayView>;
export const awayBody = z.object({
  /** Whose; the reader's own when absent. Administrators and his manager may set it for somebody else. */
  member: uuidOf<'member'>().optional(),
  to: uuidOf<'member'>(),
  from: z.iso.datetime({ offset: true }),
  until: z.iso.datetime({ offset: true }),
  flowIds: z.array(uuidOf<'flow'>()).max(100).default([]),
});

/** 常用意见 of the reader. */
export const phrases = z.object({ items: z.array(z.string().trim().min(1).max(100)).max(20) });

/** The approvals of one record. */
export const recordApproval = z.object({
  runId: z.string(),
  taskId: z.string(),
  flowName: z.string(),
  title: z.string(),
  state: z.enum(['open', 'approved', 'rejected', 'withdrawn', 'failed', 'ended']),
  /** Who asked; null when a schedule or another flow did. */
  starter: person.nullable(),
  /** Whom it waits for, each since he was asked. */
  waiting: z.array(person.extend({ since: z.string() })),
  startedAt: z.string(),
  changedAfter: z.boolean(),
  /** Fields that cannot be edited now, by key; all of them when it is `all`. */
  locked: z.union([z.literal('all'), z.array(z.string())]).nullable(),
  mayUnlock: z.boolean(),
});
export type RecordApproval = z.infer<typeof recordApproval>;

/** An approval that the reader's own record asked for. */
export const startedRun = z.object({
  id: uuidOf<'run'>(),
  /** The task whose page tells its story: one that waits, else the last. */
  taskId: uuidOf<'task'>(),
  title: z.string(),
  flowName: z.string(),
  /** `ended`: over without an approval having decided. */
  state: z.enum(['open', 'returned', 'approved', 'rejected', 'withdrawn', 'failed', 'ended']),
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
export const startedQuery = filters.extend({
  state: startedRun.shape.state.optional(),
  cursor: z.string().optional(),
});

/** Flows in whose approvals the reader has had a part: what lists of 任务中心 can be narrowed to. */
export const taskFlows = z.object({ items: z.array(z.object({ id: uuidOf<'flow'>(), name: z.string() })) });
export const withdrawBody = z.object({ comment: z.string().max(1000).optional() });
