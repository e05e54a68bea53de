import { z } from 'zod';
import { type FieldType, setOps } from '../types.js';
import { parseDepartments } from './value.js';

export const departmentsConfig = z.object({ max: z.number().int().min(1).max(200).default(50) });
export type DepartmentsConfig = z.infer<typeof departmentsConfig>;

export const departmentsField: FieldType<DepartmentsConfig, string[]> = {
  type: 'departments',
  label: { zh: '部门多选', en: 'Departments' },
  group: 'advanced',
  config: departmentsConfig,
  storage: 'uuid[]',
  refers: 'department',
  operators: setOps,
  aggregates: ['count'],
  sortable: false,
  groupable: true,
  searchable: false,
  parse: parseDepartments,
};
