import { readNames, writeNames } from '../id-list-sheet.js';
import type { SheetFormat } from '../sheet-types.js';
import type { DepartmentsConfig } from './schema.js';

export const departmentsSheet: SheetFormat<DepartmentsConfig> = {
  reader: (_, { department }) => readNames(department, 'no_such_department'),
  write: writeNames,
};
