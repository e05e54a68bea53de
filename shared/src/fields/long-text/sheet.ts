import { cellText, fromParsed } from '../sheet-text.js';
import type { SheetFormat } from '../sheet-types.js';
import type { LongTextConfig } from './schema.js';
import { parseLongText } from './value.js';

export const longTextSheet: SheetFormat<LongTextConfig> = {
  reader: (config) => (cell) => fromParsed(parseLongText(cellText(cell), config)),
  write: (value) => (value === null ? null : String(value)),
};
