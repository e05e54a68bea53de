import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { boxOf } from '../geo/box.js';
import { type FilterOp, filterOps } from './ops.js';

export { type FilterOp, filterOps };

export const relativeRanges = [
  'today',
  'yesterday',
  'tomorrow',
  'thisWeek',
  'lastWeek',
  'nextWeek',
  'thisMonth',
  'lastMonth',
  'nextMonth',
  'thisQuarter',
  'thisYear',
  'lastNDays',
  'nextNDays',
  'moreThanNDaysAgo',
  'overdue',
] as const;
export type RelativeRange = (typeof relativeRanges)[number];

export const relativeValue = z.object({
  rel: z.enum(relativeRanges),
  n: z.number().int().min(0).max(36_600).optional(),
});
export type RelativeValue = z.infer<typeof relativeValue>;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const me = z.object({ me: z.literal(true) });
const myDepartment = z.object({ myDepartment: z.literal(true) });
const filterValue = z.union([
  scalar,
  z.array(z.union([scalar, me, myDepartment])).max(1000),
  relativeValue,
  me,
  myDepartment,
]);
export type FilterValue = z.infer<typeof filterValue>;

/** `field` is a field id or key, or a path through relations: `customer.grade`. */
export const condition = z.object({ field: z.string().max(200), op: z.enum(filterOps), value: filterValue.optional() });
export type Condition = z.infer<typeof condition>;

/** A box says of itself what is wrong with it: what other operators take is no help to whoever sent one. */
const withinCondition = z.strictObject({
  ...condition.shape,
  op: z.literal('within'),
  value: z
    .array(z.number(), 'geo_box' satisfies ShapeText)
    .refine((box) => boxOf(box) !== undefined, 'geo_box' satisfies ShapeText),
});
const otherCondition = z
  .strictObject(condition.shape)
  .refine(({ op }) => op !== 'within', { message: 'geo_box' satisfies ShapeText, path: ['value'] });

export type Filter = { and: Filter[] } | { or: Filter[] } | { not: Filter } | Condition;

/** All operators are two-valued: `ne`, `nin` and `not` include empty values (design §6). */
export const filter: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(filter).max(100) }),
    z.strictObject({ or: z.array(filter).max(100) }),
    z.strictObject({ not: filter }),
    withinCondition,
    otherCondition,
  ]),
);

/** How many conditions a filter holds; callers refuse more than 200. */
export function countConditions(node: Filter): number {
  if ('and' in node) return node.and.reduce((sum, child) => sum + countConditions(child), 0);
  if ('or' in node) return node.or.reduce((sum, child) => sum + countConditions(child), 0);
  if ('not' in node) return countConditions(node.not);
  return 1;
}

/** Field references named in a filter, in order, repeats kept. */
export function fieldsOf(node: Filter): string[] {
  if ('and' in node) return node.and.flatMap(fieldsOf);
  if ('or' in node) return node.or.flatMap(fieldsOf);
  if ('not' in node) return fieldsOf(node.not);
  return [node.field];
}
