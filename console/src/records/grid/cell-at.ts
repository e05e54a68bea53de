import type { Cell } from './use-cells.js';

/** The cell that something on the screen belongs to, by the id of its element. */
export function cellAt(target: EventTarget | null): Cell | undefined {
  const found = target instanceof Element ? target.closest('[id^="cell-"]')?.id : undefined;
  const [, row, col] = found?.match(/^cell-(\d+)-(\d+)$/) ?? [];
  return row !== undefined && col !== undefined ? { row: Number(row), col: Number(col) } : undefined;
}
