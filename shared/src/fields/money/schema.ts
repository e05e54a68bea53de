import { z } from 'zod';
import { parseDecimal } from '../number/value.js';
import { type FieldType, orderedOps } from '../types.js';

export const moneyConfig = z.object({
  decimals: z.number().int().min(0).max(4).default(2),
  currency: z.string().length(3).default('CNY'),
  /** Only how it is shown: values are always stored in the currency's main unit (元). */
  display: z.enum(['yuan', 'wan']).default('yuan'),
  min: z.number().optional(),
  max: z.number().optional(),
});
export type MoneyConfig = z.infer<typeof moneyConfig>;

export const moneyField: FieldType<MoneyConfig, string> = {
  type: 'money',
  label: { zh: '金额', en: 'Money' },
  group: 'basic',
  config: moneyConfig,
  storage: 'numeric',
  operators: orderedOps,
  aggregates: ['count', 'countDistinct', 'sum', 'avg', 'min', 'max'],
  sortable: true,
  groupable: false,
  searchable: false,
  mayBeEncrypted: true,
  parse: parseDecimal,
};
