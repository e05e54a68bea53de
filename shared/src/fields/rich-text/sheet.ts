import { cellText, fromParsed } from '../sheet-text.js';
import type { SheetFormat } from '../sheet-types.js';
import { writeHtml } from './html.js';
import type { RichTextConfig } from './schema.js';
import { linesDocument, parseRichText, richPlainText } from './value.js';

/** Cells hold the text without its look: a line a paragraph. */
export const richTextSheet: SheetFormat<RichTextConfig> = {
  reader: (config) => (cell) => fromParsed(parseRichText(writeHtml(linesDocument(cellText(cell))), config)),
  write: (value) => (value === null ? null : richPlainText(String(value))),
};
