import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';

/** Rows have a sheet of their own; the record's cell says how many there are. */
export const subformSheet: SheetFormat = {
  reader: () => (cell) =>
    cell === null || cell === '' ? emptyValue : refused('wrong_type', { expected: '[{values}]' }),
  write: (value) => (Array.isArray(value) && value.length > 0 ? `${value.length} 行` : null),
};
