import { picturesIn } from '../sheet-pictures.js';
import { cellText, saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat } from '../sheet-types.js';
import type { AttachmentConfig } from './schema.js';

/** Pictures in a cell become files; a text in it cannot, and is reported. */
export const attachmentSheet: SheetFormat<AttachmentConfig> = {
  reader: ({ max }, { picture }) => {
    return (cell) => {
      const names = picturesIn(cell);
      if (names.length === 0) return saysNothing(cellText(cell)) ? emptyValue : refused('no_such_file');
      const ids = [...new Set(names.flatMap((name) => picture?.(name) ?? []))];
      const value = ids.length === 0 ? null : ids.slice(0, max);
      if (ids.length > max) return { value, problem: { code: 'too_many', params: { max } } };
      return ids.length < new Set(names).size ? { value, problem: { code: 'not_an_image' } } : { value };
    };
  },
  write: (value, _, { nameOf }) => (Array.isArray(value) ? value.map((id) => nameOf(String(id))).join('、') : null),
};
