import { decimalCell, readAmount, readNumber } from '../number/sheet.js';
import { fromParsed } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { PercentConfig } from './schema.js';
import { parsePercent } from './value.js';

/** `15%` and the number 0.15 are the same; exports are real numbers. */
export const percentSheet: SheetFormat<PercentConfig> = {
  reader: (config) => (cell) => {
    if (typeof cell === 'string') {
      const found = readNumber(cell);
      if (found?.percent) return fromParsed(parsePercent(found.value.div(100).toFixed(), config));
    }
    const amount = readAmount(cell, 1);
    if ('problem' in amount) return refused('bad_number');
    return amount.text === null ? emptyValue : fromParsed(parsePercent(amount.text, config));
  },
  write: (value) => decimalCell(value),
};
