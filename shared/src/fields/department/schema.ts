import { z } from 'zod';
import { choiceOps, type FieldType } from '../types.js';
import { parseDepartment } from './value.js';

export const departmentConfig = z.object({ default: z.enum(['none', 'mine']).default('none') });
export type DepartmentConfig = z.infer<typeof departmentConfig>;

export const departmentField: FieldType<DepartmentConfig, string> = {
  type: 'department',
  label: { zh: '部门', en: 'Department' },
  group: 'advanced',
  config: departmentConfig,
  storage: 'uuid',
  refers: 'department',
  operators: choiceOps,
  aggregates: ['count', 'countDistinct'],
  sortable: false,
  groupable: true,
  searchable: false,
  parse: parseDepartment,
};
