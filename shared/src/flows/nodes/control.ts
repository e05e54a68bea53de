import { z } from 'zod';
import { filter } from '../../filter/ast.js';
import { valueExpr } from '../values.js';
import { nodeBase, wayId } from './base.js';

/** 条件分支: the first case that holds leads on, port `case:<id>`; none leads to port `else`. Filters read the trigger record as it is now. */
export const branchNode = z.object({
  ...nodeBase,
  type: z.literal('branch'),
  cases: z
    .array(z.object({ id: wayId, name: z.string().max(40).default(''), filter }))
    .min(1)
    .max(20),
});

/** 延时: a duration, or until a date field's value. */
export const delayNode = z.object({
  ...nodeBase,
  type: z.literal('delay'),
  wait: z.union([
    z.object({
      kind: z.literal('for'),
      amount: z.number().int().min(1).max(10_000),
      unit: z.enum(['minute', 'hour', 'day']),
    }),
    z.object({ kind: z.literal('until'), value: valueExpr }),
  ]),
});

/**
 * 并行分支: every way `way:<id>` goes on at once; a way ends where its last node has no way on. Port `next` follows when
 * all ways have ended, or (`join: any`) as soon as one has, the others then being cut off. A way with `when` is gone only
 * where that holds (包容分支): those begun are waited for, and where none is, `next` follows at once.
 */
export const parallelNode = z.object({
  ...nodeBase,
  type: z.literal('parallel'),
  ways: z
    .array(z.object({ id: wayId, name: z.string().max(40).default(''), when: filter.optional() }))
    .min(2)
    .max(10),
  join: z.enum(['all', 'any']).default('all'),
});

/**
 * 循环: carries the nodes behind port `each` out for every record found by the node `over`, one after another, each with
 * a result of its own; inside, this node's id stands for the record at hand. Port `next` follows.
 */
export const loopNode = z.object({
  ...nodeBase,
  type: z.literal('loop'),
  over: z.string().max(40),
});

/** 结束 the whole run, with a result shown in the run list; as a failure when `failed`. */
export const endNode = z.object({
  ...nodeBase,
  type: z.literal('end'),
  message: z.string().max(200).optional(),
  failed: z.boolean().optional(),
});
