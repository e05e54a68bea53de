import { z } from 'zod';
import { dateOps, type FieldType } from '../types.js';
import { parseDatetime } from './value.js';

export const datetimeConfig = z.object({ precision: z.enum(['day', 'minute', 'second']).default('minute') });
export type DatetimeConfig = z.infer<typeof datetimeConfig>;

export const datetimeField: FieldType<DatetimeConfig, string> = {
  type: 'datetime',
  label: { zh: '日期时间', en: 'Date and time' },
  group: 'basic',
  config: datetimeConfig,
  storage: 'timestamptz',
  operators: dateOps,
  aggregates: ['count', 'min', 'max'],
  sortable: true,
  groupable: true,
  searchable: false,
  parse: parseDatetime,
};
