import { z } from 'zod';
import type { ShapeText } from '../../errors/shape-texts.js';
import { choiceOps, type FieldType } from '../types.js';
import { parseSelect } from './value.js';

/** Ten soft tints; each theme has its own shade of each. */
export const optionColors = [
  'gray',
  'blue',
  'cyan',
  'green',
  'lime',
  'gold',
  'orange',
  'red',
  'magenta',
  'purple',
] as const;
export type OptionColor = (typeof optionColors)[number];

/** `id` is stored; it equals the first label and stays when the option is renamed. */
export const selectOption = z.object({
  id: z.string().min(1).max(60),
  label: z.string().min(1).max(60),
  color: z.enum(optionColors).default('gray'),
  disabled: z.boolean().optional(),
});
export type SelectOption = z.infer<typeof selectOption>;

export const optionList = z
  .array(selectOption)
  .max(1000)
  .refine((list) => new Set(list.map((option) => option.id)).size === list.length, 'options_repeat' satisfies ShapeText)
  .refine(
    (list) => new Set(list.map((option) => option.label)).size === list.length,
    'options_repeat' satisfies ShapeText,
  );

export const selectConfig = z.object({
  options: optionList.default([]),
  display: z.enum(['dropdown', 'radio']).default('dropdown'),
  /** A pipeline stage: shown as a stage bar, grouped in this order in funnels. */
  stages: z.boolean().optional(),
});
export type SelectConfig = z.infer<typeof selectConfig>;

export const selectField: FieldType<SelectConfig, string> = {
  type: 'select',
  label: { zh: '下拉框', en: 'Select' },
  group: 'basic',
  config: selectConfig,
  storage: 'text',
  operators: choiceOps,
  aggregates: ['count', 'countDistinct'],
  sortable: true,
  groupable: true,
  searchable: false,
  parse: parseSelect,
};
