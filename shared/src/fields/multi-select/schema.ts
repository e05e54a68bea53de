import { z } from 'zod';
import { optionList } from '../select/schema.js';
import { type FieldType, setOps } from '../types.js';
import { parseMultiSelect } from './value.js';

export const multiSelectConfig = z.object({
  options: optionList.default([]),
  display: z.enum(['dropdown', 'checkbox']).default('dropdown'),
});
export type MultiSelectConfig = z.infer<typeof multiSelectConfig>;

export const multiSelectField: FieldType<MultiSelectConfig, string[]> = {
  type: 'multiSelect',
  label: { zh: '多选框', en: 'Multi-select' },
  group: 'basic',
  config: multiSelectConfig,
  storage: 'text[]',
  operators: setOps,
  aggregates: ['count'],
  sortable: false,
  groupable: true,
  searchable: false,
  parse: parseMultiSelect,
};
