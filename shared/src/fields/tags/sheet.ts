import { cellText, fromParsed } from '../sheet-text.js';
import type { SheetFormat } from '../sheet-types.js';
import type { TagsConfig } from './schema.js';
import { parseTags } from './value.js';

/** What separates words in one cell: commas and semicolons of both widths, 、, bars, line breaks. */
export const separators = /[,，;；、|｜\n\r\t]+/;

export const tagsSheet: SheetFormat<TagsConfig> = {
  // Tags hold no blanks in practice, and many ledgers separate them by one.
  reader: () => (cell) =>
    fromParsed(
      parseTags(
        cellText(cell)
          .replace(/[#＃]/g, ' ')
          .split(/[,，;；、|｜\s]+/),
      ),
    ),
  write: (value) => (Array.isArray(value) ? value.join('、') : null),
};
