import { readNames, writeNames } from '../id-list-sheet.js';
import type { SheetFormat } from '../sheet-types.js';
import type { MembersConfig } from './schema.js';

export const membersSheet: SheetFormat<MembersConfig> = {
  reader: (_, { member }) => readNames(member, 'no_such_member'),
  write: writeNames,
};
