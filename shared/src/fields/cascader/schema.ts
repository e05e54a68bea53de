import { z } from 'zod';
import type { ShapeText } from '../../errors/shape-texts.js';
import { optionColors } from '../select/schema.js';
import { type FieldType } from '../types.js';
import { parseCascader } from './value.js';

/** A choice and what may be chosen under it. `id` is stored; it equals the first label and stays when renamed. */
export interface CascaderOption {
  id: string;
  label: string;
  color?: (typeof optionColors)[number] | undefined;
  children?: CascaderOption[] | undefined;
}

const maxDepth = 5;
const maxOptions = 2000;

const option: z.ZodType<CascaderOption> = z.lazy(() =>
  z.object({
    id: z
      .string()
      .min(1)
      .max(60)
      .refine((id) => !id.includes('/'), 'option_slash' satisfies ShapeText),
    label: z
      .string()
      .min(1)
      .max(60)
      .refine((label) => !label.includes('/'), 'option_slash' satisfies ShapeText),
    color: z.enum(optionColors).optional(),
    children: siblings.optional(),
  }),
);
const siblings: z.ZodType<CascaderOption[]> = z
  .array(option)
  .max(1000)
  .refine((list) => new Set(list.map((item) => item.id)).size === list.length, 'options_repeat' satisfies ShapeText)
  .refine((list) => new Set(list.map((item) => item.label)).size === list.length, 'options_repeat' satisfies ShapeText);

function depthOf(list: readonly CascaderOption[]): number {
  return list.reduce((deepest, item) => Math.max(deepest, 1 + depthOf(item.children ?? [])), 0);
}

function countOf(list: readonly CascaderOption[]): number {
  return list.reduce((sum, item) => sum + 1 + countOf(item.children ?? []), 0);
}

export const cascaderConfig = z.object({
  options: siblings
    .default([])
    .refine((list) => depthOf(list) <= maxDepth, {
      error: 'too_many_levels' satisfies ShapeText,
      params: { max: maxDepth },
    })
    .refine((list) => countOf(list) <= maxOptions, {
      error: 'too_many_options' satisfies ShapeText,
      params: { max: maxOptions },
    }),
  /** Choosing may end above the last level. */
  anyLevel: z.boolean().optional(),
});
export type CascaderConfig = z.infer<typeof cascaderConfig>;

/** `eq` and `in` mean exactly that choice, `hasAny` also everything under it. */
export const cascaderField: FieldType<CascaderConfig, string> = {
  type: 'cascader',
  label: { zh: '级联选择', en: 'Cascading select' },
  group: 'basic',
  config: cascaderConfig,
  storage: 'text',
  compares: 'path',
  operators: ['eq', 'ne', 'in', 'nin', 'hasAny', 'empty', 'notEmpty'],
  aggregates: ['count', 'countDistinct'],
  sortable: true,
  groupable: true,
  searchable: false,
  parse: parseCascader,
};
