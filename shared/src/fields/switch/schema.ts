import { z } from 'zod';
import { type FieldType } from '../types.js';
import { parseSwitch } from './value.js';

export const switchConfig = z.object({});
export type SwitchConfig = z.infer<typeof switchConfig>;

export const switchField: FieldType<SwitchConfig, boolean> = {
  type: 'switch',
  label: { zh: '开关', en: 'Switch' },
  group: 'basic',
  config: switchConfig,
  storage: 'boolean',
  operators: ['eq', 'ne', 'empty', 'notEmpty'],
  aggregates: ['count'],
  sortable: true,
  groupable: true,
  searchable: false,
  parse: parseSwitch,
};
