import { z } from 'zod';
import { maskText } from '../mask.js';
import { type FieldType, textOps } from '../types.js';
import { parseCreditCode } from './value.js';

export const creditCodeConfig = z.object({});
export type CreditCodeConfig = z.infer<typeof creditCodeConfig>;

export const creditCodeField: FieldType<CreditCodeConfig, string> = {
  type: 'creditCode',
  label: { zh: '统一社会信用代码', en: 'Unified social credit code' },
  group: 'advanced',
  config: creditCodeConfig,
  storage: 'text',
  operators: textOps,
  aggregates: ['count', 'countDistinct'],
  sortable: true,
  groupable: false,
  searchable: true,
  mayBeUnique: true,
  mayBeEncrypted: true,
  mask: maskText,
  parse: parseCreditCode,
};
