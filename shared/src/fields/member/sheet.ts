import { cellText } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { MemberConfig } from './schema.js';

export const memberSheet: SheetFormat<MemberConfig> = {
  reader:
    (_, { member }) =>
    (cell) => {
      const text = cellText(cell).trim();
      if (text === '') return emptyValue;
      return member?.(text) ?? refused('no_such_member');
    },
  write: (value, _, { nameOf }) => (typeof value === 'string' ? nameOf(value) : null),
};
