import { z } from 'zod';
import { bad, type FieldType, ok, textOps } from '../types.js';

export const autonumberConfig = z.object({
  prefix: z.string().max(20).default(''),
  /** Date part after the prefix, in the tenant's zone; its change also restarts the counter when `reset` says so. */
  date: z.enum(['none', 'YYYY', 'YYYYMM', 'YYYYMMDD']).default('YYYYMMDD'),
  digits: z.number().int().min(1).max(10).default(4),
  reset: z.enum(['never', 'year', 'month', 'day']).default('day'),
  /** After the number. */
  suffix: z.string().max(20).default(''),
  /** Every number is given, in the order of the commits: creates wait for one another. Without it refused writes leave gaps. */
  gapless: z.boolean().default(false),
});
export type AutonumberConfig = z.infer<typeof autonumberConfig>;

export const autonumberField: FieldType<AutonumberConfig, string> = {
  type: 'autonumber',
  label: { zh: '自动编号', en: 'Autonumber' },
  group: 'advanced',
  config: autonumberConfig,
  storage: 'text',
  operators: textOps,
  aggregates: ['count'],
  sortable: true,
  groupable: false,
  searchable: true,
  kept: true,
  parse: (raw) => (typeof raw === 'string' ? ok(raw) : bad('system_kept')),
};
