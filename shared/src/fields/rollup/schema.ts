import { z } from 'zod';
import { filter } from '../../filter/ast.js';
import { uuidOf } from '../../ids.js';
import { derivedBehaviour, derivedConfig } from '../formula/schema.js';
import type { FieldType } from '../types.js';

export const rollupFns = ['count', 'sum', 'avg', 'min', 'max', 'join'] as const;
export type RollupFn = (typeof rollupFns)[number];

/** A number, date or text made of the records whose `relation` points here. References in input may be keys or names. */
export const rollupConfig = z.object({
  formId: uuidOf<'form'>(),
  relation: z.string().max(60),
  fn: z.enum(rollupFns).default('count'),
  /** What is added up; not needed for `count`. */
  field: z.string().max(60).optional(),
  /** Only records that meet it, over the related form's own fields. */
  filter: filter.optional(),
  /** Between joined texts. */
  separator: z.string().max(10).default('、'),
  /** Digits after the point of an average. */
  decimals: z.number().int().min(0).max(8).default(2),
  ...derivedConfig,
});
export type RollupConfig = z.infer<typeof rollupConfig>;

export const rollupField: FieldType<RollupConfig, string> = {
  type: 'rollup',
  label: { zh: '汇总', en: 'Rollup' },
  group: 'relation',
  config: rollupConfig,
  ...derivedBehaviour,
};
