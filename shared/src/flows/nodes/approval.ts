import { z } from 'zod';
import type { ShapeText } from '../../errors/shape-texts.js';
import { cardFact, personExpr, valueExpr, valueRef } from '../values.js';
import { nodeBase } from './base.js';

export const approvalModes = ['any', 'all', 'ratio', 'sequential'] as const;

/** What an approver may do beside agreeing and refusing; a node may leave some out. */
export const approverExtras = ['transfer', 'delegate', 'addSigner', 'return', 'askInfo', 'recall', 'cc'] as const;
export type ApproverExtra = (typeof approverExtras)[number];

export const nodeFieldRights = ['read', 'edit', 'required', 'hide'] as const;
export type NodeFieldRight = (typeof nodeFieldRights)[number];

export const timerUnits = ['minute', 'hour', 'day', 'workHour', 'workDay'] as const;
export type TimerUnit = (typeof timerUnits)[number];

/** `workHour` and `workDay` count working time only: working days with 调休, within the flow's hours of work. */
const span = z.object({ amount: z.number().int().min(1).max(10_000), unit: z.enum(timerUnits) });
export type TimeSpan = z.infer<typeof span>;

/** 超时: what happens when nobody has answered by then. */
export const approvalTimer = z.object({
  at: z.union([
    span.extend({ kind: z.literal('after') }),
    /** Days before (negative) or after a date of the record; follows later edits of it. */
    z.object({ kind: z.literal('field'), ref: valueRef, days: z.number().int().min(-366).max(366).default(0) }),
  ]),
  /** escalate: everybody who still waits hands over to the next manager up who is not asked yet; without one he is reminded and the administrators told. */
  action: z.enum(['remind', 'approve', 'reject', 'escalate']),
  /** remind, escalate: again after each of these spans, `times` in all. */
  every: span.optional(),
  times: z.number().int().min(1).max(10).default(1),
});
export type ApprovalTimer = z.infer<typeof approvalTimer>;

/** 审批: ports `approved` and `rejected`. */
export const approvalNode = z.object({
  ...nodeBase,
  type: z.literal('approval'),
  approvers: z.array(personExpr).min(1).max(10),
  /**
   * any: the first answer decides (或签). all: everyone must agree (会签). ratio: enough must agree (比例).
   * sequential: everyone must agree, each asked after the one before (依次).
   */
  mode: z.enum(approvalModes).default('any'),
  /** any, ratio: the approvers are asked one after the other instead of together. */
  oneByOne: z.boolean().optional(),
  /**
   * atOnce, also when absent: one refusal refuses (一票否决). afterAll: all is judged after everybody has answered, and
   * any is refused only when everybody refuses (一票通过).
   */
  refuse: z.enum(['atOnce', 'afterAll']).optional(),
  /** ratio: how many must agree; decided as soon as the result cannot change any more. */
  atLeast: z.object({ unit: z.enum(['percent', 'count']), value: z.number().int().min(1).max(100) }).optional(),
  /** Everybody is asked for an opinion, even after the result is known. */
  collectAll: z.boolean().optional(),
  /** ratio: signers added beside the approvers count too: a count goes up by one each, a share is one of all. */
  addedCount: z.boolean().optional(),
  /** Nobody found: pass, refuse, ask the administrators, the members of `emptyTo`, or the next manager up. */
  whenEmpty: z.enum(['pass', 'reject', 'admin', 'named', 'managerUp']).default('admin'),
  emptyTo: z.array(z.string()).max(20).optional(),
  /**
   * The starter is among the approvers: he decides himself, is passed over as agreed, or his manager decides. Where agreeing
   * takes a signature, a comment or fields, he is not passed over.
   */
  whenStarter: z.enum(['self', 'skip', 'head']).optional(),
  title: valueExpr,
  facts: z.array(cardFact).max(6).default([]),
  /** A refusal needs a reason. */
  commentOnReject: z.boolean().default(false),
  /** A consent needs a comment. */
  commentOnApprove: z.boolean().optional(),
  /** An answer needs a signature by hand. */
  signature: z.boolean().optional(),
  /** What the approvers may do with the trigger record's fields, by field id; `read` where absent. */
  fields: z.record(z.string(), z.enum(nodeFieldRights)).optional(),
  timers: z.array(approvalTimer).max(5).optional(),
  /** What approvers of this node may not do. */
  without: z.array(z.enum(approverExtras)).optional(),
});

/** 抄送: those named may read the record's approval; each reading is noted. */
export const ccNode = z.object({
  ...nodeBase,
  type: z.literal('cc'),
  to: z.array(personExpr).min(1).max(10),
  title: valueExpr,
  facts: z.array(cardFact).max(6).default([]),
});

const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'clock_time' satisfies ShapeText);

/** Rules of all approvals of a flow. */
export const approvalSettings = z.object({
  /** 撤回 by the starter: before anybody decided, at any time before the end, or never. */
  withdraw: z.enum(['beforeFirst', 'beforeEnd', 'never']).default('beforeFirst'),
  /** Minutes between two urgings. */
  urgeMinutes: z.number().int().min(1).max(10_080).default(30),
  /**
   * Who agreed already agrees by himself: never, in the next approval, or in any later one. Not where agreeing takes a
   * signature, a comment or fields.
   */
  samePerson: z.enum(['off', 'adjacent', 'whole']).default('off'),
  /** Fields of the record that nobody may change while the approval is under way, by field id. */
  lock: z.union([z.enum(['off', 'all']), z.array(z.string()).max(200)]).default('off'),
  /** Hours of work that `workHour` counts. */
  hours: z.object({ from: hour, to: hour }).default({ from: '09:00', to: '18:00' }),
});
export type ApprovalSettings = z.infer<typeof approvalSettings>;
export const defaultApprovalSettings: ApprovalSettings = approvalSettings.parse({});
