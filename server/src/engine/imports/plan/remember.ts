import type { SheetValue } from '@lianke/shared/fields/sheet-types';
import type { CompiledColumn } from './compiled.js';

const remembered = 2000;

/**
 * Columns repeat their texts, and each row is read more than once: a text is read once. A column that turns out to hold a
 * different text in every row is read plainly again. Values are never changed in place.
 */
export function remembering(read: CompiledColumn['read']): CompiledColumn['read'] {
  let known: Map<string, SheetValue> | undefined = new Map();
  let missed = 0;
  return (cell) => {
    if (typeof cell !== 'string' || !known) return read(cell);
    const before = known.get(cell);
    if (before) return before;
    const value = read(cell);
    if (known.size < remembered) known.set(cell, value);
    else if (++missed > 4 * remembered) known = undefined;
    return value;
  };
}
