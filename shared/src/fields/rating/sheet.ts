import { decimalCell, readAmount } from '../number/sheet.js';
import { cellText, fromParsed } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { RatingConfig } from './schema.js';
import { parseRating } from './value.js';

/** `4`, `4 星`, `4/5` and `★★★★☆`. */
export const ratingSheet: SheetFormat<RatingConfig> = {
  reader: (config) => (cell) => {
    const text = cellText(cell).trim();
    if (/^★+☆*$/.test(text)) return fromParsed(parseRating(text.replaceAll('☆', '').length, config));
    const amount = readAmount(typeof cell === 'string' ? text.replace(/\s*(星|分|\/\s*\d+)$/, '') : cell, 1);
    if ('problem' in amount) return refused('bad_number');
    return amount.text === null ? emptyValue : fromParsed(parseRating(amount.text, config));
  },
  write: (value) => decimalCell(value),
};
