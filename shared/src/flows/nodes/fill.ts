import { z } from 'zod';
import { cardFact, personExpr, valueExpr } from '../values.js';
import { nodeBase } from './base.js';

export const fillRights = ['read', 'edit', 'required', 'hide'] as const;

/**
 * 填写: asks people to fill chosen fields of a record in, as a task of theirs; required ones must be filled. Goes on when
 * one has (`any`), or all have (`all`). As a source, the record.
 */
export const fillNode = z.object({
  ...nodeBase,
  type: z.literal('fill'),
  people: z.array(personExpr).max(10).default([]),
  who: z.enum(['any', 'all']).default('any'),
  target: z.string().default('trigger'),
  title: valueExpr,
  facts: z.array(cardFact).max(6).default([]),
  /** What may be done with the record's fields, by field id; `read` where absent. */
  fields: z.record(z.string(), z.enum(fillRights)).default({}),
});

/** 评论: says something about a record, in the flow's name; members called by @ are told. */
export const commentNode = z.object({
  ...nodeBase,
  type: z.literal('comment'),
  target: z.string().default('trigger'),
  text: valueExpr,
  mention: z.array(personExpr).max(10).default([]),
});
