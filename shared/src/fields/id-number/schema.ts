import { z } from 'zod';
import { type FieldType, textOps } from '../types.js';
import { maskIdNumber, parseIdNumber } from './value.js';

export const idNumberConfig = z.object({
  /** Lists and pages show the middle as stars until one asks for it. */
  masked: z.boolean().default(true),
});
export type IdNumberConfig = z.infer<typeof idNumberConfig>;

export const idNumberField: FieldType<IdNumberConfig, string> = {
  type: 'idNumber',
  label: { zh: '身份证号', en: 'ID card number' },
  group: 'advanced',
  config: idNumberConfig,
  storage: 'text',
  operators: textOps,
  aggregates: ['count', 'countDistinct'],
  sortable: true,
  groupable: false,
  searchable: false,
  mayBeUnique: true,
  mayBeEncrypted: true,
  mask: (value) => maskIdNumber(String(value)),
  parse: parseIdNumber,
};
