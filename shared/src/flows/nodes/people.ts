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
