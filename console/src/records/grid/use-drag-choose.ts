import { type PointerEvent as ReactPointerEvent, type RefObject, useEffect, useRef } from 'react';
import { cellAt } from './cell-at.js';
import type { Cell } from './use-cells.js';

/** How near to an edge the table goes on by itself, px. */
const edge = 8;
/** How far it goes in a frame, px. */
const pace = 14;

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Point {
  x: number;
  y: number;
}

/** How far the table scrolls in a frame while the pointer is at or past an edge of its moving part. */
export function paceAt(box: Box, { x, y }: Point): Point {
  const along = (at: number, from: number, to: number) => (at > to - edge ? pace : at < from + edge ? -pace : 0);
  return { x: along(x, box.left, box.right), y: along(y, box.top, box.bottom) };
}

/** The point of the box nearest to the pointer, which may be outside of it. */
export function within(box: Box, { x, y }: Point): Point {
  return {
    x: Math.max(box.left + 1, Math.min(box.right - 1, x)),
    y: Math.max(box.top + 1, Math.min(box.bottom - 1, y)),
  };
}

interface Options {
  /** Height of the head. */
  head: number;
  /** Width of the columns that stand still, for a drag that begins in this cell: it is none while drawn over them. */
  still: (from: Cell) => number;
  /** Chooses the block between two cells. */
  choose: (cell: Cell, from: Cell) => void;
  /** The button was let go of. */
  done: () => void;
}

/** Where a drag may begin: links are drawn away by the browser, and what is edited has a selection of its own. */
const notHere = 'input, textarea, button, [contenteditable], [role=columnheader], [role=separator]';

/**
 * Choosing a block of cells by drawing over it with the mouse, as in a spreadsheet. At an edge the table goes on by
 * itself. A finger scrolls instead. Gives the handlers of the element that scrolls.
 */
export function useDragChoose(viewport: RefObject<HTMLElement | null>, options: Options) {
  const latest = useRef(options);
  latest.current = options;
  const stop = useRef<() => void>(undefined);
  /** The click that ends a drag chooses or edits nothing. */
  const swallow = useRef(false);
  useEffect(() => () => stop.current?.(), []);

  function begin(event: ReactPointerEvent) {
    swallow.current = false;
    const from = cellAt(event.target);
    const element = viewport.current;
    const own = (event.target as Element).closest(notHere);
    if (!from || !element || own || event.button !== 0 || event.shiftKey || event.pointerType === 'touch') return;
    let at: Point | undefined;
    let last = from;
    let drawn = false;
    let frame = 0;

    const area = (): Box => {
      const { left, top } = element.getBoundingClientRect();
      const { head } = latest.current;
      return { left, top: top + head, right: left + element.clientWidth, bottom: top + element.clientHeight };
    };
    const draw = () => {
      if (!at) return;
      const point = within(area(), at);
      const cell = cellAt(document.elementFromPoint(point.x, point.y));
      if (!cell || (cell.row === last.row && cell.col === last.col)) return;
      last = cell;
      drawn = true;
      latest.current.choose(cell, from);
    };
    const go = () => {
      if (!at) return;
      const box = area();
      const { x, y } = paceAt({ ...box, left: box.left + latest.current.still(from) }, at);
      if (drawn) {
        element.scrollLeft += x;
        element.scrollTop += y;
        draw();
      }
      frame = requestAnimationFrame(go);
    };
    const move = (moved: PointerEvent) => {
      if (moved.buttons === 0) return end();
      const first = at === undefined;
      at = { x: moved.clientX, y: moved.clientY };
      draw();
      if (first) frame = requestAnimationFrame(go);
    };
    const end = () => {
      stop.current?.();
      swallow.current = drawn;
      if (drawn) latest.current.done();
    };
    stop.current = () => {
      at = undefined;
      cancelAnimationFrame(frame);
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', end);
      window.removeEventListener('pointercancel', end);
      stop.current = undefined;
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', end);
    window.addEventListener('pointercancel', end);
  }

  return {
    onPointerDown: begin,
    onClickCapture: (event: { stopPropagation(): void; preventDefault(): void }) => {
      if (!swallow.current) return;
      swallow.current = false;
      event.stopPropagation();
      event.preventDefault();
    },
  };
}
