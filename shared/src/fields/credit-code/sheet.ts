import { fold } from '../../filter/fold.js';
import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, type SheetFormat } from '../sheet-types.js';
import type { CreditCodeConfig } from './schema.js';
import { parseCreditCode } from './value.js';

export const creditCodeSheet: SheetFormat<CreditCodeConfig> = {
  reader: () => (cell) => {
    const text = fold(cellText(cell)).replace(/^'/, '').trim();
    return saysNothing(text) ? emptyValue : fromParsed(parseCreditCode(text));
  },
  write: (value) => (value === null ? null : String(value)),
};
