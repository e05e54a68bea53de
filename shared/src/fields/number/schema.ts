import { z } from 'zod';
import { type FieldType, orderedOps } from '../types.js';
import { parseDecimal } from './value.js';

export const numberConfig = z.object({
  /** Digits after the point; more are rounded half up. */
  decimals: z.number().int().min(0).max(8).default(2),
  min: z.number().optional(),
  max: z.number().optional(),
  unit: z.string().max(10).optional(),
});
export type NumberConfig = z.infer<typeof numberConfig>;

export const numberField: FieldType<NumberConfig, string> = {
  type: 'number',
  label: { zh: '数字', en: 'Number' },
  group: 'basic',
  config: numberConfig,
  storage: 'numeric',
  operators: orderedOps,
  aggregates: ['count', 'countDistinct', 'sum', 'avg', 'min', 'max'],
  sortable: true,
  groupable: true,
  searchable: false,
  mayBeUnique: true,
  mayBeEncrypted: true,
  parse: parseDecimal,
};
