import type { SheetCell } from './sheet-types.js';

/** Begins a cell that holds pictures instead of text; a private character, so no text of a sheet is taken for one. */
const mark = '\uE000picture:';

/** A cell that holds pictures. @param names what the pictures are called inside the file */
export function pictureCell(names: readonly string[]): string {
  return mark + names.join('\n');
}

/** Names of the pictures in a cell; none when it holds something else. */
export function picturesIn(cell: SheetCell): string[] {
  return typeof cell === 'string' && cell.startsWith(mark) ? cell.slice(mark.length).split('\n') : [];
}

/** The cell for people to look at: pictures as 〔图片〕. */
export function shownCell(cell: SheetCell): SheetCell {
  const count = picturesIn(cell).length;
  return count === 0 ? cell : count === 1 ? '〔图片〕' : `〔图片 × ${count}〕`;
}
