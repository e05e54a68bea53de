import { z } from 'zod';
import { dateOps, type FieldType } from '../types.js';
import { parseTime } from './value.js';

export const timeConfig = z.object({ precision: z.enum(['minute', 'second']).default('minute') });
export type TimeConfig = z.infer<typeof timeConfig>;

export const timeField: FieldType<TimeConfig, string> = {
  type: 'time',
  label: { zh: '时间', en: 'Time' },
  group: 'basic',
  config: timeConfig,
  storage: 'text',
  compares: 'clock',
  operators: dateOps,
  aggregates: ['count', 'countDistinct', 'min', 'max'],
  sortable: true,
  groupable: true,
  searchable: false,
  parse: parseTime,
};
