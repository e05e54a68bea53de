import { cellText, fromParsed } from '../sheet-text.js';
import type { SheetFormat } from '../sheet-types.js';
import type { TextConfig } from './schema.js';
import { parseText } from './value.js';

export const textSheet: SheetFormat<TextConfig> = {
  reader: (config) => (cell) => fromParsed(parseText(cellText(cell), config)),
  write: (value) => (value === null ? null : String(value)),
};
