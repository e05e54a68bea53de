import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, type SheetFormat } from '../sheet-types.js';
import type { UrlConfig } from './schema.js';
import { parseUrl } from './value.js';

export const urlSheet: SheetFormat<UrlConfig> = {
  reader: () => (cell) => {
    const text = cellText(cell).trim();
    return saysNothing(text) ? emptyValue : fromParsed(parseUrl(text));
  },
  write: (value) => (value === null ? null : String(value)),
};
