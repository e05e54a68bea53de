import { z } from 'zod';
import { dateOps, type FieldType } from '../types.js';
import { parseDateRange } from './value.js';

export const dateRangeConfig = z.object({
  /** Longest period allowed, in days, both ends counted. */
  maxDays: z.number().int().min(1).max(36_600).optional(),
});
export type DateRangeConfig = z.infer<typeof dateRangeConfig>;

/** Comparisons look at the first day, `contains` at whether the period and the given dates (or those from one to another) share a day. */
export const dateRangeField: FieldType<DateRangeConfig, string> = {
  type: 'dateRange',
  label: { zh: '日期区间', en: 'Date range' },
  group: 'basic',
  config: dateRangeConfig,
  storage: 'text',
  compares: 'period',
  operators: [...dateOps, 'contains'],
  aggregates: ['count', 'countDistinct'],
  sortable: true,
  groupable: false,
  searchable: false,
  parse: parseDateRange,
};
