import { z } from 'zod';
import { type FieldType, orderedOps } from '../types.js';
import { parsePercent } from './value.js';

/** Bounds and digits count per cent: `max: 100` and `decimals: 1` allow 99.5 %. */
export const percentConfig = z.object({
  decimals: z.number().int().min(0).max(4).default(2),
  min: z.number().optional(),
  max: z.number().optional(),
});
export type PercentConfig = z.infer<typeof percentConfig>;

export const percentField: FieldType<PercentConfig, string> = {
  type: 'percent',
  label: { zh: '百分比', en: 'Percent' },
  group: 'basic',
  config: percentConfig,
  storage: 'numeric',
  operators: orderedOps,
  aggregates: ['count', 'countDistinct', 'avg', 'min', 'max'],
  sortable: true,
  groupable: true,
  searchable: false,
  parse: parsePercent,
};
