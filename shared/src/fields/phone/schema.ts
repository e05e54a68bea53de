import { z } from 'zod';
import { maskPhone } from '../mask.js';
import { type FieldType } from '../types.js';
import { parsePhones } from './value.js';

export const phoneConfig = z.object({ max: z.number().int().min(1).max(5).default(3) });
export type PhoneConfig = z.infer<typeof phoneConfig>;

export const phoneField: FieldType<PhoneConfig, string[]> = {
  type: 'phone',
  label: { zh: '电话', en: 'Phone' },
  group: 'basic',
  config: phoneConfig,
  storage: 'text[]',
  operators: ['hasAny', 'contains', 'empty', 'notEmpty'],
  aggregates: ['count'],
  sortable: false,
  groupable: false,
  searchable: true,
  mayBeEncrypted: true,
  mask: (value) => value.map(maskPhone),
  parse: parsePhones,
};
