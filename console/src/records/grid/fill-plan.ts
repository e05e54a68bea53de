import type { Block } from './use-cells.js';

/** Which row of a block takes its values from which. */
export interface Filled {
  to: number;
  from: number;
}

/**
 * 向下填充: the block's first row in the rows under it, a single row the one above it; with `source`, its rows again and
 * again down to the block's end.
 */
export function fillPlan(block: Block, source?: Block): Filled[] {
  const rows = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
  if (source) {
    const height = source.bottom - source.top + 1;
    return rows(source.bottom + 1, block.bottom).map((to, at) => ({ to, from: source.top + (at % height) }));
  }
  if (block.top === block.bottom) return block.top > 0 ? [{ to: block.top, from: block.top - 1 }] : [];
  return rows(block.top + 1, block.bottom).map((to) => ({ to, from: block.top }));
}
