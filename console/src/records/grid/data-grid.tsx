// biome-ignore-all lint/a11y/useSemanticElements: virtual rows cannot stand in a table element; the roles say what they are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active cell (aria-activedescendant)
import type { Json } from '@lianke/shared/json';
import type { RecordView, SortItem } from '@lianke/shared/records/query';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { fieldRenderers } from '../../fields/registry.js';
import type { Column } from '../columns.js';
import type { Leave } from './cell-editor.js';
import styles from './grid.module.css';
import { GridHead, type HeadCallbacks } from './grid-head.js';
import { GridRow, SkeletonRow } from './grid-row.js';
import { useVirtualRows } from './use-virtual-rows.js';

const headHeight = 36;
const pickWidth = 44;

interface Props extends HeadCallbacks {
  label: string;
  records: readonly RecordView[];
  columns: readonly Column[];
  sort: readonly SortItem[];
  rowHeight: number;
  loading: boolean;
  stale: boolean;
  hasMore: boolean;
  onNearEnd: () => void;
  picked: ReadonlySet<string>;
  onPicked: (ids: Set<string>) => void;
  mayEdit: (column: Column) => boolean;
  onSave: (record: RecordView, column: Column, value: Json) => void;
  onPaste: (at: { row: number; col: number }, cells: string[][]) => void;
  /** Repeats the first row of a block of cells in the rows under it; a single row takes the one above. */
  onFill: (block: Block) => void;
  onUndo: () => void;
  pathOf: (record: RecordView) => string | undefined;
  onOpen: (record: RecordView) => void;
  scrollTop: number;
  onScrollTop: (top: number) => void;
  empty: ReactNode;
}

interface Cell {
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

function blockOf(a: Cell, b: Cell): Block {
  return {
    top: Math.min(a.row, b.row),
    bottom: Math.max(a.row, b.row),
    left: Math.min(a.col, b.col),
    right: Math.max(a.col, b.col),
  };
}

/** A table of records: virtual rows, one active cell moved by the keyboard, values edited in place. */
export function DataGrid(props: Props) {
  const { records, columns, rowHeight, picked, hasMore, loading } = props;
  const viewport = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<Cell>();
  /** The other corner of a block that Shift has drawn. */
  const [anchor, setAnchor] = useState<Cell>();
  const [editing, setEditing] = useState<string>();
  const lastPick = useRef<number>(-1);
  const width = columns.reduce((sum, column) => sum + column.width, pickWidth);
  const waiting = loading ? 20 : hasMore ? 6 : 0;
  const count = records.length + waiting;
  const { first, last } = useVirtualRows(viewport, count, rowHeight, headHeight);

  const near = !loading && hasMore && last > records.length - 20;
  const onNearEnd = useRef(props.onNearEnd);
  onNearEnd.current = props.onNearEnd;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again after each page until the edge is out of sight
  useEffect(() => {
    if (near) onNearEnd.current();
  }, [near, records.length]);

  const latest = useRef(props);
  latest.current = props;
  const activeNow = useRef(active);
  activeNow.current = active;
  // The place survives a visit to a record's page: restored once, kept while scrolling.
  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element) return;
    element.scrollTop = latest.current.scrollTop;
    const keep = () => latest.current.onScrollTop(element.scrollTop);
    element.addEventListener('scrollend', keep);
    return () => element.removeEventListener('scrollend', keep);
  }, []);

  const focusGrid = useCallback(() => viewport.current?.focus({ preventScroll: true }), []);

  const reveal = useCallback(
    (cell: Cell) => {
      const element = viewport.current;
      if (!element) return;
      const top = cell.row * rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      const bottom = top + rowHeight + headHeight;
      if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
      const list = latest.current.columns;
      if (cell.col === 0) return;
      const left = list.slice(1, cell.col).reduce((sum, column) => sum + column.width, 0);
      const frozen = pickWidth + (list[0]?.width ?? 0);
      const own = list[cell.col]?.width ?? 0;
      if (left < element.scrollLeft) element.scrollLeft = left;
      if (left + own + frozen > element.scrollLeft + element.clientWidth) {
        element.scrollLeft = left + own + frozen - element.clientWidth;
      }
    },
    [rowHeight],
  );

  const go = useCallback(
    (cell: Cell, from?: Cell) => {
      const { records: rows, columns: list } = latest.current;
      if (rows.length === 0) return;
      const next = {
        row: Math.max(0, Math.min(rows.length - 1, cell.row)),
        col: Math.max(0, Math.min(list.length - 1, cell.col)),
      };
      setEditing(undefined);
      setAnchor(from);
      setActive(next);
      reveal(next);
    },
    [reveal],
  );

  const edit = useCallback((row: number, col: number, typed = '') => {
    const column = latest.current.columns[col];
    if (!column || !latest.current.records[row] || !latest.current.mayEdit(column)) return;
    setActive({ row, col });
    setEditing(typed);
  }, []);

  const onCell = useCallback(
    (row: number, col: number, extend: boolean) => {
      const at = activeNow.current;
      if (!extend && at?.row === row && at.col === col) return edit(row, col);
      setEditing(undefined);
      if (extend) setAnchor((now) => now ?? at);
      else setAnchor(undefined);
      setActive({ row, col });
      focusGrid();
    },
    [edit, focusGrid],
  );

  const onPick = useCallback((row: number, range: boolean) => {
    const { records: rows, picked: now, onPicked } = latest.current;
    const next = new Set(now);
    const from = range && lastPick.current >= 0 ? lastPick.current : row;
    const on = !now.has(rows[row]?.id ?? '');
    for (let at = Math.min(from, row); at <= Math.max(from, row); at++) {
      const id = rows[at]?.id;
      if (id === undefined) continue;
      if (on) next.add(id);
      else next.delete(id);
    }
    lastPick.current = row;
    onPicked(next);
  }, []);

  const onCommit = useCallback(
    (row: number, col: number, value: Json, leave: Leave) => {
      const record = latest.current.records[row];
      const column = latest.current.columns[col];
      setEditing(undefined);
      if (record && column) latest.current.onSave(record, column, value);
      if (leave === 'down') go({ row: row + 1, col });
      if (leave === 'next') go({ row, col: col + 1 });
      if (leave === 'previous') go({ row, col: col - 1 });
      if (leave !== 'stay') focusGrid();
    },
    [go, focusGrid],
  );

  const onCancel = useCallback(() => {
    setEditing(undefined);
    focusGrid();
  }, [focusGrid]);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (event.target !== event.currentTarget) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') {
      event.preventDefault();
      props.onUndo();
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd' && active) {
      event.preventDefault();
      props.onFill(blockOf(active, anchor ?? active));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = active ?? { row: 0, col: 0 };
    const page = Math.max(1, Math.floor((viewport.current?.clientHeight ?? 400) / rowHeight) - 2);
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
    const record = records[at.row];
    const column = columns[at.col];
    if (move) go(active ? move : at, event.shiftKey && active ? (anchor ?? active) : undefined);
    else if (!active || !record || !column) return;
    else if (event.key === 'Enter' && column.title) props.onOpen(record);
    else if (event.key === 'Enter' || event.key === 'F2') edit(at.row, at.col);
    else if (event.key === ' ') onPick(at.row, event.shiftKey);
    else if ((event.key === 'Delete' || event.key === 'Backspace') && props.mayEdit(column)) {
      props.onSave(record, column, null);
    } else if (event.key === 'Escape') setActive(undefined);
    else if ([...event.key].length === 1) edit(at.row, at.col, event.key);
    else return;
    event.preventDefault();
  }

  function onCopy(event: ClipboardEvent<HTMLDivElement>) {
    if (editing !== undefined || !active || !window.getSelection()?.isCollapsed) return;
    const { top, bottom, left, right } = blockOf(active, anchor ?? active);
    const lines = records.slice(top, bottom + 1).map((record) =>
      columns
        .slice(left, right + 1)
        .map(({ field }) => fieldRenderers[field.type].text(field, record.values[field.key]).replace(/[\t\r\n]+/g, ' '))
        .join('\t'),
    );
    event.clipboardData.setData('text/plain', lines.join('\n'));
    event.preventDefault();
  }

  function onPaste(event: ClipboardEvent<HTMLDivElement>) {
    if (editing !== undefined || !active || event.target !== event.currentTarget) return;
    const text = event.clipboardData.getData('text/plain').replace(/\r\n?/g, '\n').replace(/\n$/, '');
    const block = blockOf(active, anchor ?? active);
    props.onPaste(
      { row: block.top, col: block.left },
      text.split('\n').map((line) => line.split('\t')),
    );
    event.preventDefault();
  }

  const pickedHere = records.reduce((sum, record) => sum + (picked.has(record.id) ? 1 : 0), 0);
  const block = active && anchor ? blockOf(active, anchor) : undefined;
  const rows = [];
  for (let row = first; row < last; row++) {
    const record = records[row];
    const top = row * rowHeight;
    if (!record) {
      rows.push(<SkeletonRow key={`wait-${row}`} columns={columns} top={top} height={rowHeight} width={width} />);
      continue;
    }
    const here = active?.row === row;
    const inBlock = block && row >= block.top && row <= block.bottom;
    rows.push(
      <GridRow
        key={record.id}
        record={record}
        row={row}
        columns={columns}
        top={top}
        height={rowHeight}
        width={width}
        picked={picked.has(record.id)}
        active={here ? active.col : -1}
        blockFrom={inBlock ? block.left : -1}
        blockTo={inBlock ? block.right : -1}
        editing={here ? editing : undefined}
        path={props.pathOf(record)}
        onCell={onCell}
        onEdit={edit}
        onPick={onPick}
        onCommit={onCommit}
        onCancel={onCancel}
      />,
    );
  }
  const { onSort, onFilter, onHide, onResize } = props;
  return (
    <div
      ref={viewport}
      role="grid"
      aria-label={props.label}
      aria-rowcount={hasMore ? -1 : records.length + 1}
      aria-multiselectable
      aria-busy={loading}
      aria-activedescendant={active ? `cell-${active.row}-${active.col}` : undefined}
      tabIndex={0}
      className={`${styles.viewport} ${props.stale ? styles.stale : ''}`}
      onKeyDown={onKeyDown}
      onCopy={onCopy}
      onPaste={onPaste}
    >
      <GridHead
        columns={columns}
        sort={props.sort}
        width={width}
        picked={pickedHere === 0 ? 'none' : pickedHere === records.length ? 'all' : 'some'}
        onPickAll={(on) => props.onPicked(new Set(on ? records.map((record) => record.id) : []))}
        onSort={onSort}
        onFilter={onFilter}
        onHide={onHide}
        onResize={onResize}
      />
      {count === 0 ? (
        <div className={styles.notice}>{props.empty}</div>
      ) : (
        <div style={{ position: 'relative', height: count * rowHeight, width }}>{rows}</div>
      )}
    </div>
  );
}
