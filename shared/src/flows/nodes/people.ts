import { z } from 'zod';
import { cardFact, personExpr, valueExpr } from '../values.js';
import { nodeBase } from './base.js';

/** 发消息: a card in the receivers' chat. `kind: task` is a reminder of a task record with 完成 in the card. */
export const messageNode = z.object({
  ...nodeBase,
  type: z.literal('message'),
  kind: z.enum(['notice', 'task']).default('notice'),
  to: z.array(personExpr).min(1).max(10),
  title: valueExpr,
  facts: z.array(cardFact).max(6).default([]),
  /** The record the card opens: `trigger` or an earlier node's id. */
  record: z.string().default('trigger'),
});

export const approvalModes = ['any', 'all', 'ratio', 'sequential'] as const;

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
  /** all: a refusal refuses at once, also when absent, or after everybody has answered. */
  refuse: z.enum(['atOnce', 'afterAll']).optional(),
  /** ratio: how many must agree; decided as soon as the result cannot change any more. */
  atLeast: z.object({ unit: z.enum(['percent', 'count']), value: z.number().int().min(1).max(100) }).optional(),
  /** Nobody found: pass, refuse, or ask the administrators. */
  whenEmpty: z.enum(['pass', 'reject', 'admin']).default('admin'),
  title: valueExpr,
  facts: z.array(cardFact).max(6).default([]),
  /** A refusal needs a reason. */
  commentOnReject: z.boolean().default(false),
});
