import { readNames, writeNames } from '../id-list-sheet.js';
import type { SheetFormat } from '../sheet-types.js';
import type { RelationsConfig } from './schema.js';

export const relationsSheet: SheetFormat<RelationsConfig> = {
  reader: (_, { record }) => readNames(record, 'no_such_record'),
  write: writeNames,
};
