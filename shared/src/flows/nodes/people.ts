import { z } from 'zod';
import { cardFact, personExpr, valueExpr } from '../values.js';
import { nodeBase } from './base.js';

/** 发消息: a card in the receivers' chat. `kind: task` is a reminder of a task record with 完成 and 稍后 in the card.
 * Nobody is told the same about the same record twice a day. */
export const messageNode = z.object({
  ...nodeBase,
  type: z.literal('message'),
  kind: z.enum(['notice', 'task']).default('notice'),
  to: z.array(personExpr).min(1).max(10),
  title: valueExpr,
  facts: z.array(cardFact).max(6).default([]),
  /** task: the card comes again until the task is done, `times` at most; then the receiver's manager is told. */
  remind: z
    .object({
      everyHours: z.number().int().min(1).max(720).default(24),
      times: z.number().int().min(1).max(10).default(2),
      manager: z.boolean().default(true),
    })
    .optional(),
  /** The record the card opens: `trigger` or an earlier node's id. */
  record: z.string().default('trigger'),
  /** Comes through its reader's silent hours, where he lets urgent messages. */
  urgent: z.boolean().optional(),
});
