import { decimalCell, fromRounded, readAmount } from '../number/sheet.js';
import { parseDecimal } from '../number/value.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { MoneyConfig } from './schema.js';

/** Amounts are kept in 元; `factor` 10000 reads a column of 万元. */
export const moneySheet: SheetFormat<MoneyConfig> = {
  reader:
    (config, { factor = 1 }) =>
    (cell) => {
      const amount = readAmount(cell, factor);
      if ('problem' in amount) return refused('bad_number');
      return amount.text === null ? emptyValue : fromRounded(amount.text, parseDecimal(amount.text, config));
    },
  write: (value) => decimalCell(value),
};
