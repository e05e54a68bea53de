import { z } from 'zod';
import { dateOps, type FieldType } from '../types.js';
import { parseDate } from './value.js';

export const dateConfig = z.object({});
export type DateConfig = z.infer<typeof dateConfig>;

export const dateField: FieldType<DateConfig, string> = {
  type: 'date',
  label: { zh: '日期', en: 'Date' },
  group: 'basic',
  config: dateConfig,
  storage: 'date',
  operators: dateOps,
  aggregates: ['count', 'countDistinct', 'min', 'max'],
  sortable: true,
  groupable: true,
  searchable: false,
  mayBeUnique: true,
  parse: parseDate,
};
