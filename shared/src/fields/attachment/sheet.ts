import { cellText, saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { AttachmentConfig } from './schema.js';

/** A cell cannot hold a file: what stands in it is reported, never guessed. */
export const attachmentSheet: SheetFormat<AttachmentConfig> = {
  reader: () => (cell) => (saysNothing(cellText(cell)) ? emptyValue : refused('no_such_file')),
  write: (value, _, { nameOf }) => (Array.isArray(value) ? value.map((id) => nameOf(String(id))).join('、') : null),
};
