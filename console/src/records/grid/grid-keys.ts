import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import type { KeyboardEvent } from 'react';
import type { Column } from '../columns.js';
import { type GridItem, recordOf } from './items.js';
import type { Block, Cell } from './use-cells.js';

/** The table as its keys see it. */
export interface KeyedGrid {
  items: readonly GridItem[];
  columns: readonly Column[];
  active: Cell | undefined;
  anchor: Cell | undefined;
  /** The chosen cells. */
  chosen(): Block;
  /** Rows that a page holds. */
  page: number;
  choose(cell: Cell | undefined, from?: Cell): unknown;
  go(cell: Cell, from?: Cell): void;
  edit(row: number, col: number, typed?: string): void;
  mayEdit(column: Column, record: RecordView): boolean;
  onPick(row: number, range: boolean): void;
  onSave(record: RecordView, column: Column, value: Json): void;
  onFill?: ((rows: readonly GridItem[], block: Block) => void) | undefined;
  onClear?: ((rows: readonly GridItem[], block: Block) => void) | undefined;
  onUndo(): void;
  onOpen(record: RecordView): void;
  onToggle(key: string): void;
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const isOneCell = ({ top, bottom, left, right }: Block) => top === bottom && left === right;

/** Does what a key means to the table; false for those that are not the table's. */
export function pressed(event: Key, grid: KeyedGrid): boolean {
  const { items, columns, active } = grid;
  const command = event.ctrlKey || event.metaKey;
  const letter = event.key.toLowerCase();
  if (command && letter === 'z') grid.onUndo();
  else if (command && letter === 'd' && active) grid.onFill?.(items, grid.chosen());
  else if (command && letter === 'a' && items.length > 0)
    grid.choose({ row: items.length - 1, col: columns.length - 1 }, { row: 0, col: 0 });
  else if (command && !event.altKey && jumps[event.key]) jump(jumps[event.key] as Jump, event.shiftKey, grid);
  else return command || event.altKey ? false : alone(event, grid);
  return true;
}

/** Rows and columns go to the first or the last one there is. */
type Jump = { row?: 'first' | 'last'; col?: 'first' | 'last' };
const jumps: Record<string, Jump> = {
  ArrowDown: { row: 'last' },
  ArrowUp: { row: 'first' },
  ArrowLeft: { col: 'first' },
  ArrowRight: { col: 'last' },
  Home: { row: 'first', col: 'first' },
  End: { row: 'last', col: 'last' },
};

/** Ctrl with an arrow, Home or End; with Shift the block goes along. */
function jump(to: Jump, extend: boolean, { items, columns, active, anchor, go }: KeyedGrid): void {
  const at = active ?? { row: 0, col: 0 };
  const place = (side: 'first' | 'last' | undefined, count: number, stay: number) =>
    side === undefined ? stay : side === 'first' ? 0 : count - 1;
  const cell = { row: place(to.row, items.length, at.row), col: place(to.col, columns.length, at.col) };
  go(cell, extend && active ? (anchor ?? active) : undefined);
}

/** Keys without Ctrl. */
function alone(event: Key, grid: KeyedGrid): boolean {
  const { items, columns, active, anchor, page } = grid;
  const at = active ?? { row: 0, col: 0 };
  const item = items[at.row];
  if (item?.kind === 'group' && active && toggled(event.key, item.key, item.open, grid)) return true;
  const moves: Record<string, Cell> = {
    ArrowDown: { row: at.row + 1, col: at.col },
    ArrowUp: { row: at.row - 1, col: at.col },
    ArrowLeft: { row: at.row, col: at.col - 1 },
    ArrowRight: { row: at.row, col: at.col + 1 },
    PageDown: { row: at.row + page, col: at.col },
    PageUp: { row: at.row - page, col: at.col },
    Home: { row: at.row, col: 0 },
    End: { row: at.row, col: columns.length - 1 },
  };
  const move = moves[event.key];
  if (move) {
    grid.go(active ? move : at, event.shiftKey && active ? (anchor ?? active) : undefined);
    return true;
  }
  const record = recordOf(item);
  const column = columns[at.col];
  if (!active || !column) return false;
  if (event.key === 'Escape') grid.choose(undefined);
  else if (event.key === 'Tab') {
    // At either end Tab leaves the table; Escape lets go of the cell before.
    const col = at.col + (event.shiftKey ? -1 : 1);
    if (col < 0 || col >= columns.length) return false;
    grid.go({ row: at.row, col });
  } else if (!record) return false;
  else if (event.key === 'Enter' && column.title) grid.onOpen(record);
  else if (event.key === 'Enter' || event.key === 'F2') grid.edit(at.row, at.col);
  else if (event.key === ' ') grid.onPick(at.row, event.shiftKey);
  else if (event.key === 'Delete' || event.key === 'Backspace') {
    if (anchor && !isOneCell(grid.chosen())) grid.onClear?.(items, grid.chosen());
    else if (grid.mayEdit(column, record)) grid.onSave(record, column, null);
  } else if ([...event.key].length === 1) grid.edit(at.row, at.col, event.key);
  else return false;
  return true;
}

function toggled(key: string, group: string, open: boolean, { onToggle }: KeyedGrid): boolean {
  const does = key === 'Enter' || key === ' ' || (key === 'ArrowRight' && !open) || (key === 'ArrowLeft' && open);
  if (does) onToggle(group);
  return does;
}
