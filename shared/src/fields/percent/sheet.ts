import { decimalCell, fromRounded, readAmount, readNumber } from '../number/sheet.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { PercentConfig } from './schema.js';
import { parsePercent, percentOf } from './value.js';

const shown = (share: string) => `${percentOf(share)}%`;

/** `15%` and the number 0.15 are the same; exports are real numbers. */
export const percentSheet: SheetFormat<PercentConfig> = {
  reader: (config) => (cell) => {
    if (typeof cell === 'string') {
      const found = readNumber(cell);
      if (found?.percent) {
        const text = found.value.div(100).toFixed();
        return fromRounded(text, parsePercent(text, config), shown);
      }
    }
    const amount = readAmount(cell, 1);
    if ('problem' in amount) return refused('bad_number');
    return amount.text === null ? emptyValue : fromRounded(amount.text, parsePercent(amount.text, config), shown);
  },
  write: (value) => decimalCell(value),
};
