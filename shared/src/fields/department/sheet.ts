import { cellText } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { DepartmentConfig } from './schema.js';

export const departmentSheet: SheetFormat<DepartmentConfig> = {
  reader:
    (_, { department }) =>
    (cell) => {
      const text = cellText(cell).trim();
      if (text === '') return emptyValue;
      return department?.(text) ?? refused('no_such_department');
    },
  write: (value, _, { nameOf }) => (typeof value === 'string' ? nameOf(value) : null),
};
