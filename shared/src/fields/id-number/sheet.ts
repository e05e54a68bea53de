import { fold } from '../../filter/fold.js';
import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, type SheetFormat } from '../sheet-types.js';
import type { IdNumberConfig } from './schema.js';
import { parseIdNumber } from './value.js';

/** Text only: a number of 18 digits has lost its last three in a spreadsheet and fails the check. */
export const idNumberSheet: SheetFormat<IdNumberConfig> = {
  reader: () => (cell) => {
    const text = fold(cellText(cell)).replace(/^'/, '').trim();
    return saysNothing(text) ? emptyValue : fromParsed(parseIdNumber(text));
  },
  write: (value) => (value === null ? null : String(value)),
};
