import { z } from 'zod';
import { bad, type FieldType, isBlank, ok, textOps } from '../types.js';

/** How results are shown and kept; the server fills it in from the formula's type. */
export const formulaResult = z.object({ type: z.string(), config: z.record(z.string(), z.json()).default({}) });
export type FormulaResult = z.infer<typeof formulaResult>;

/** What every derived field may say. */
export const derivedConfig = {
  /** Shown also to those who may not see an input. */
  visible: z.boolean().default(false),
  /** Set by the server. */
  result: formulaResult.optional(),
};

export const formulaConfig = z.object({
  /** Stored with field ids; names and keys are accepted and replaced. */
  expression: z.string().max(5000).default(''),
  /** For numbers: digits after the point, and whether they are money. */
  decimals: z.number().int().min(0).max(8).default(2),
  money: z.boolean().default(false),
  unit: z.string().max(10).optional(),
  ...derivedConfig,
});
export type FormulaConfig = z.infer<typeof formulaConfig>;

/** Before its result is known a derived field is a text that nobody fills in. */
export const derivedBehaviour = {
  storage: 'text',
  operators: textOps,
  aggregates: ['count'],
  sortable: true,
  groupable: true,
  searchable: false,
  kept: true,
  parse: (raw: unknown) => (isBlank(raw) ? ok<string>(null) : bad('system_kept')),
} as const;

export const formulaField: FieldType<FormulaConfig, string> = {
  type: 'formula',
  label: { zh: '公式', en: 'Formula' },
  group: 'advanced',
  config: formulaConfig,
  ...derivedBehaviour,
};
