import type { Block, PageSize, Table, TableCell, TableRow } from '../blocks.js';
import { breakLines, fitted, type Line, type PageNumbers } from './lines.js';
import type { Pen } from './pen.js';

/** Something with a height that stands on a page as a whole, or can be cut in two. */
export interface Box {
  height: number;
  draw(pen: Pen, x: number, y: number): void;
  /** The part that fits into `height`, and the rest; undefined when nothing of it does. */
  split?(height: number): [Box, Box] | undefined;
  /** Boxes that stand again above it when it begins a page. */
  heads?: readonly Box[];
  /** Is not left behind at the foot of a page. */
  withNext?: boolean;
  /** Ends the page. */
  breaks?: boolean;
}

const unknown: PageNumbers = { page: '1', pages: '1' };
const padding = { x: 5, y: 3 };
const ink = '#8c8c8c';

/** Blocks as boxes below one another, in a place this wide. */
export function boxesOf(blocks: readonly Block[], width: number, page: PageSize, numbers = unknown): Box[] {
  return blocks.flatMap((block): Box[] => {
    if (block.kind === 'pageBreak') return [{ height: 0, breaks: true, draw: () => undefined }];
    if (block.kind === 'table') return tableBoxes(block, width, page, numbers);
    const room = width - block.indent;
    const lines = breakLines(
      block.inlines.map((inline) =>
        inline.kind === 'image' ? { ...inline, image: fitted(inline.image, room, roomOf(page)) } : inline,
      ),
      room,
      numbers,
    );
    const style = block.inlines.find((inline) => inline.kind === 'text');
    return lines.map((line, index) => {
      const natural = line.ascent + line.descent;
      const size = Math.max(natural, ...(style ? [style.size * block.leading] : []));
      const before = index === 0 ? block.before : 0;
      const after = index === lines.length - 1 ? block.after : 0;
      return {
        height: before + size + after,
        draw: (pen, x, y) => {
          const rest = room - line.width;
          const shift = block.align === 'center' ? rest / 2 : block.align === 'right' ? rest : 0;
          drawLine(pen, line, x + block.indent + shift, y + before + (size - natural) / 2);
        },
      };
    });
  });
}

/** Height between the margins. */
export function roomOf(page: PageSize): number {
  return page.height - page.margin.top - page.margin.bottom;
}

function drawLine(pen: Pen, line: Line, left: number, top: number): void {
  const baseline = top + line.ascent;
  let x = left;
  for (const part of line.parts) {
    if (part.kind === 'image') {
      pen.image(part.image, x, baseline - part.image.height);
      x += part.image.width;
    } else {
      pen.text(part.piece, x, baseline);
      x += part.piece.width;
    }
  }
}

function tableBoxes(table: Table, width: number, page: PageSize, numbers: PageNumbers): Box[] {
  const sum = table.widths.reduce((total, item) => total + item, 0) || 1;
  const scale = width / sum;
  const widths = table.widths.map((item) => item * scale);
  const leading: TableRow[] = [];
  for (const row of table.rows) {
    if (!row.header) break;
    leading.push(row);
  }
  // A table of heads only repeats none.
  const heads = leading.length < table.rows.length ? leading : [];
  const made = table.rows.map((row, index) => rowBox(row, widths, table, page, numbers, table.rows[index + 1]));
  const above = made.slice(0, heads.length);
  return made.map((box, index) => (index < heads.length ? { ...box, withNext: true } : { ...box, heads: above }));
}

interface CellBox {
  x: number;
  width: number;
  boxes: Box[];
  cell: TableCell;
  /** It goes on in the row below. */
  open: boolean;
}

function rowBox(
  row: TableRow,
  widths: readonly number[],
  table: Table,
  page: PageSize,
  numbers: PageNumbers,
  next?: TableRow,
): Box {
  const cells: CellBox[] = [];
  let column = 0;
  let x = 0;
  for (const cell of row.cells) {
    const width = widths.slice(column, column + cell.span).reduce((sum, item) => sum + item, 0);
    const blocks = cell.rows === 'covered' ? [] : cell.blocks;
    const open = (cell.rows !== undefined && coveredAt(next, column)) ?? false;
    cells.push({ x, width, cell, open, boxes: boxesOf(blocks, Math.max(10, width - 2 * padding.x), page, numbers) });
    column += cell.span;
    x += width;
  }
  return cellsBox(cells, row.minHeight, table.borders);
}

/** Whether the cell at a column is covered by the one above it. */
function coveredAt(row: TableRow | undefined, column: number): boolean {
  let at = 0;
  for (const cell of row?.cells ?? []) {
    if (at === column) return cell.rows === 'covered';
    at += cell.span;
  }
  return false;
}

function cellsBox(cells: readonly CellBox[], minHeight: number, borders: boolean): Box {
  const content = Math.max(0, ...cells.map(({ boxes }) => heightOf(boxes)));
  const height = Math.max(minHeight, content + 2 * padding.y);
  return {
    height,
    draw: (pen, left, top) => {
      for (const { x, width, boxes, cell, open } of cells) {
        if (cell.fill) pen.fill(left + x, top, width, height, cell.fill);
        if (borders) pen.frame(left + x, top, width, height, ink, cell.rows !== 'covered', !open);
        let y = top + padding.y;
        for (const box of boxes) {
          box.draw(pen, left + x + padding.x, y);
          y += box.height;
        }
      }
    },
    split: (room) => {
      const parts = cells.map((cell) => ({ cell, taken: taken(cell.boxes, room - 2 * padding.y) }));
      if (parts.every(({ taken }) => taken[0].length === 0)) return undefined;
      const first = parts.map(({ cell, taken }) => ({ ...cell, boxes: taken[0] }));
      const rest = parts.map(({ cell, taken }) => ({ ...cell, boxes: taken[1] }));
      return [cellsBox(first, 0, borders), cellsBox(rest, 0, borders)];
    },
  };
}

/** The boxes that fit into `room` from the top, the last one cut if it can be, and what is left. */
function taken(boxes: readonly Box[], room: number): [Box[], Box[]] {
  const first: Box[] = [];
  let left = room;
  for (const [index, box] of boxes.entries()) {
    if (box.height > left) {
      const halves = box.split?.(left);
      return halves
        ? [
            [...first, halves[0]],
            [halves[1], ...boxes.slice(index + 1)],
          ]
        : [first, boxes.slice(index)];
    }
    first.push(box);
    left -= box.height;
  }
  return [first, []];
}

export function heightOf(boxes: readonly Box[]): number {
  return boxes.reduce((sum, box) => sum + box.height, 0);
}
