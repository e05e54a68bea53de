import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { aggregateFns } from '../fields/types.js';
import { filter } from '../filter/ast.js';
import { groupUnits } from '../time/zone.js';
import { rowActions } from './row-actions.js';

export const sortItem = z.object({ field: z.string().max(200), dir: z.enum(['asc', 'desc']).default('asc') });
export type SortItem = z.infer<typeof sortItem>;

export const recordQuery = z.object({
  filter: filter.optional(),
  sort: z.array(sortItem).max(5).optional(),
  /** Field keys or ids, or paths through relations; all readable fields when absent. */
  fields: z.array(z.string().max(200)).max(200).optional(),
  limit: z.number().int().min(1).max(200).default(50),
  cursor: z.string().max(4000).optional(),
  search: z.string().max(100).optional(),
  /** `true`: exact to 10,000 then `{atLeast}`; `"exact"`: exact; `false`: none. */
  total: z.union([z.boolean(), z.literal('exact')]).default(true),
  /** Records of the recycle bin instead of live ones. */
  deleted: z.boolean().optional(),
});
export type RecordQuery = z.infer<typeof recordQuery>;

export const total = z.union([z.number().int(), z.object({ atLeast: z.number().int() })]);
export type Total = z.infer<typeof total>;

export const reference = z.object({ id: z.string(), label: z.string() });
export type Reference = z.infer<typeof reference>;

/** A record as it is read. `values` is keyed by field key; references are `{id, label}`, files `{id, name, size, mime}`. */
export const recordView = z.object({
  id: z.string(),
  version: z.number().int(),
  /** What stands for the record in links and lists. */
  label: z.string(),
  values: z.record(z.string(), z.json()),
  deletedAt: z.string().optional(),
  /** Keys of fields that have stars in this record and not in every one. */
  masked: z.array(z.string()).optional(),
  /** Of a single record that was read: what the reader may do with it, where roles give rows of their own. */
  actions: z.array(z.enum(rowActions)).optional(),
});
export type RecordView = z.infer<typeof recordView>;

export const recordPage = z.object({
  items: z.array(recordView),
  cursor: z.string().nullable(),
  total: total.optional(),
});
export type RecordPage = z.infer<typeof recordPage>;

export const aggregateQuery = z.object({
  filter: filter.optional(),
  search: z.string().max(100).optional(),
  groupBy: z
    .array(z.object({ field: z.string().max(200), unit: z.enum(groupUnits).optional() }))
    .max(3)
    .default([]),
  metrics: z
    .array(
      z.object({
        fn: z.enum(aggregateFns),
        field: z.string().max(200).optional(),
        as: z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'key' satisfies ShapeText),
      }),
    )
    .min(1)
    .max(10),
  /** `field` is a metric's `as` or `group0`, `group1` … */
  sort: z.array(sortItem).max(3).default([]),
  limit: z.number().int().min(1).max(1000).default(200),
});
export type AggregateQuery = z.infer<typeof aggregateQuery>;

/** One group: keys in `groupBy` order (references as `{id,label}`, units as the first date of the period), metrics by `as` (decimals as strings, counts as numbers). */
export const aggregateItem = z.object({
  groups: z.array(z.union([z.string(), z.number(), z.boolean(), z.null(), reference])),
  metrics: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type AggregateItem = z.infer<typeof aggregateItem>;
