import { useCallback, useMemo, useRef, useState } from 'react';
import { type GridItem, heldStill, keyOf, recordOf } from './items.js';

export interface Cell {
  row: number;
  col: number;
}

/** Rows and columns of a block of cells, both ends included. */
export interface Block {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** The block between two corners. */
export function blockOf(a: Cell, b: Cell): Block {
  return {
    top: Math.min(a.row, b.row),
    bottom: Math.max(a.row, b.row),
    left: Math.min(a.col, b.col),
    right: Math.max(a.col, b.col),
  };
}

interface Active extends Cell {
  /** The row's own key: the chosen cell goes with its row when others come or go. */
  key: string;
}

interface Editing {
  /** What was typed over the cell; empty for an ordinary edit. */
  typed: string;
  /** Rows as they stood when it began, and the edited record's id. */
  rows: readonly GridItem[];
  id: string;
}

/** Which cell is chosen, which block is drawn, and what is edited; rows stand still while a cell is edited. */
export function useCells(items: readonly GridItem[], columns: number) {
  const [active, setActive] = useState<Active>();
  /** The other corner of a block that Shift has drawn. */
  const [anchor, setAnchor] = useState<Cell>();
  const [editing, setEditing] = useState<Editing>();
  const rows = useMemo(() => (editing ? heldStill(editing.rows, items, editing.id) : items), [editing, items]);
  const at = useMemo((): Cell | undefined => {
    if (!active || rows.length === 0) return undefined;
    const here = rows[active.row];
    const row = here && keyOf(here) === active.key ? active.row : rows.findIndex((item) => keyOf(item) === active.key);
    return {
      row: row >= 0 ? row : Math.min(active.row, rows.length - 1),
      col: Math.min(active.col, Math.max(0, columns - 1)),
    };
  }, [active, rows, columns]);

  const latest = useRef({ rows, at });
  latest.current = { rows, at };

  /** Chooses a cell within the table; `from` is the other corner of a block. */
  const choose = useCallback(
    (cell: Cell | undefined, from?: Cell): Cell | undefined => {
      const list = latest.current.rows;
      setEditing(undefined);
      setAnchor(from);
      if (!cell || list.length === 0) {
        setActive(undefined);
        return undefined;
      }
      const row = Math.max(0, Math.min(list.length - 1, cell.row));
      const item = list[row];
      const next = { row, col: Math.max(0, Math.min(columns - 1, cell.col)) };
      setActive({ ...next, key: item ? keyOf(item) : '' });
      return next;
    },
    [columns],
  );

  const beginEdit = useCallback((cell: Cell, typed: string) => {
    const list = latest.current.rows;
    const item = list[cell.row];
    const record = recordOf(item);
    if (!item || !record) return;
    setActive({ ...cell, key: keyOf(item) });
    setAnchor(undefined);
    setEditing({ typed, rows: list, id: record.id });
  }, []);
  const endEdit = useCallback(() => setEditing(undefined), []);
  /** Draws a block from the chosen cell to this one. */
  const extend = useCallback((cell: Cell) => choose(cell, anchor ?? latest.current.at), [choose, anchor]);

  return { rows, at, anchor, editing: editing?.typed, choose, extend, beginEdit, endEdit };
}
