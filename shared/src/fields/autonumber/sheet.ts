import { cellText, fromParsed } from '../sheet-text.js';
import type { SheetFormat } from '../sheet-types.js';
import { parseText } from '../text/value.js';
import type { AutonumberConfig } from './schema.js';

/** Numbers given before the move stay as they are. */
export const autonumberSheet: SheetFormat<AutonumberConfig> = {
  reader: () => (cell) => fromParsed(parseText(cellText(cell), { maxLength: 60 })),
  write: (value) => (value === null ? null : String(value)),
};
