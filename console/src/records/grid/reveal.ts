import type { Column } from '../columns.js';
import type { Block, Cell } from './use-cells.js';

/** Scrolls the table so far that the whole cell can be seen, beside the columns that stand still. */
export function revealCell(
  element: HTMLElement,
  columns: readonly Column[],
  cell: Cell,
  sizes: { row: number; head: number; pick: number },
): void {
  const top = cell.row * sizes.row;
  if (top < element.scrollTop) element.scrollTop = top;
  const bottom = top + sizes.row + sizes.head;
  if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  const column = columns[cell.col];
  if (!column || column.pinned) return;
  const before = columns.slice(0, cell.col);
  const left = before.reduce((sum, each) => sum + (each.pinned ? 0 : each.width), 0);
  const frozen = columns.reduce((sum, each) => sum + (each.pinned ? each.width : 0), sizes.pick);
  if (left < element.scrollLeft) element.scrollLeft = left;
  if (left + column.width + frozen > element.scrollLeft + element.clientWidth)
    element.scrollLeft = left + column.width + frozen - element.clientWidth;
}

/** Where a column begins in the table's body; one that stands still goes along with the scrolling. */
export function leftOfColumn(columns: readonly Column[], col: number, pick: number, scrollLeft: number): number {
  const before = columns.slice(0, col).reduce((sum, column) => sum + column.width, pick);
  return columns[col]?.pinned ? before + scrollLeft : before;
}

/** How wide a block of cells is. */
export function widthOfColumns(columns: readonly Column[], { left, right }: Block): number {
  return columns.slice(left, right + 1).reduce((sum, column) => sum + column.width, 0);
}
