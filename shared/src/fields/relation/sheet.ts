import { cellText } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { RelationConfig } from './schema.js';

export const relationSheet: SheetFormat<RelationConfig> = {
  reader:
    (_, { record }) =>
    (cell) => {
      const text = cellText(cell).trim();
      if (text === '') return emptyValue;
      return record?.(text) ?? refused('no_such_record');
    },
  write: (value, _, { nameOf }) => (typeof value === 'string' ? nameOf(value) : null),
};
