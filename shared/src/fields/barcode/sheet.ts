import { cellText, fromParsed } from '../sheet-text.js';
import type { SheetFormat } from '../sheet-types.js';
import { parseText } from '../text/value.js';
import type { BarcodeConfig } from './schema.js';

export const barcodeSheet: SheetFormat<BarcodeConfig> = {
  reader: (config) => (cell) => fromParsed(parseText(cellText(cell), config)),
  write: (value) => (value === null ? null : String(value)),
};
