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
  useMemo,
  useRef,
} from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../../shared/is-composing.js';
import type { Column } from '../columns.js';
import type { Leave } from './cell-editor.js';
import { type ChosenCells, chosenSums } from './chosen-sums.js';
import { cellsAsText, textAsCells } from './clipboard.js';
import { FillHandle } from './fill-handle.js';
import styles from './grid.module.css';
import { GridHead, type HeadCallbacks } from './grid-head.js';
import { pressed } from './grid-keys.js';
import { GridMenu } from './grid-menu.js';
import { GridRows } from './grid-rows.js';
import { ImeProxy } from './ime-proxy.js';
import { type GridItem, recordOf } from './items.js';
import { leftOfColumn, revealCell, widthOfColumns } from './reveal.js';
import { type Block, blockOf, type Cell, useCells } from './use-cells.js';
import { useDragChoose } from './use-drag-choose.js';
import { useKeptScroll } from './use-kept-scroll.js';
import { useVirtualRows } from './use-virtual-rows.js';

export type { Block };

const headHeight = 36;
const pickWidth = 44;

interface Props extends HeadCallbacks {
  label: string;
  items: readonly GridItem[];
  columns: readonly Column[];
  sort: readonly SortItem[];
  rowHeight: number;
  loading: boolean;
  stale: boolean;
  hasMore: boolean;
  onNearEnd: () => void;
  /** A row that waits for records came into sight. */
  onWait: (key: string) => void;
  /** Reads again what a row says could not be read. */
  onRetry?: (key: string) => void;
  onToggle: (key: string) => void;
  picked: ReadonlySet<string>;
  onPicked: (ids: Set<string>) => void;
  mayEdit: (column: Column, record: RecordView) => boolean;
  /** The head is without menus: the rows have an order of their own. */
  plain?: boolean;
  /** Enter or Tab left the last cell: a row may be added. */
  onPastEnd?: (() => void) | undefined;
  /** A cell that is not edited in place was to be edited; `typed`: by a letter. */
  onRefusedEdit?: (record: RecordView, column: Column, typed: string) => void;
  onSave: (record: RecordView, column: Column, value: Json) => void;
  /** `block`: the cells that were chosen. */
  onPaste: (rows: readonly GridItem[], block: Block, cells: string[][]) => void;
  /** 向下填充 within a block (`fillPlan`); absent where nothing may be changed. */
  onFill?: ((rows: readonly GridItem[], block: Block, source?: Block) => void) | undefined;
  /** Empties the cells of a block; absent where nothing may be changed. */
  onClear?: ((rows: readonly GridItem[], block: Block) => void) | undefined;
  onUndo: () => void;
  /** Which cells are chosen, once there are several. */
  onChosen?: (chosen: ChosenCells | undefined) => void;
  pathOf: (record: RecordView) => string | undefined;
  onOpen: (record: RecordView) => void;
  /** The last row makes a new record. */
  onAdd?: (() => void) | undefined;
  scrollTop: number;
  onScrollTop: (top: number) => void;
  empty: ReactNode;
}

/** A table of records: virtual rows, one active cell moved by the keyboard, values edited in place. */
export function DataGrid(props: Props) {
  const { columns, rowHeight, picked, hasMore, loading } = props;
  const { t } = useTranslation('records');
  const viewport = useRef<HTMLDivElement>(null);
  const proxy = useRef<HTMLTextAreaElement>(null);
  const cells = useCells(props.items, columns.length);
  const { rows: items, at: active, anchor, editing, choose, extend, beginEdit, endEdit } = cells;
  const lastPick = useRef<number>(-1);
  const width = columns.reduce((sum, column) => sum + column.width, pickWidth);
  const pinnedWidth = columns.reduce((sum, column) => sum + (column.pinned ? column.width : 0), pickWidth);
  const waiting = loading ? 20 : hasMore ? 6 : 0;
  const adds = props.onAdd && !loading && !hasMore && items.length > 0 ? 1 : 0;
  const count = items.length + waiting + adds;
  const { first, last } = useVirtualRows(viewport, count, rowHeight, headHeight);

  const near = !loading && hasMore && last > items.length - 20;
  const latest = useRef({ props, items, active });
  latest.current = { props, items, active };
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again after each page until the edge is out of sight
  useEffect(() => {
    if (near) latest.current.props.onNearEnd();
  }, [near, items.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asks for what came into sight, and again when rows came
  useEffect(() => {
    for (const item of latest.current.items.slice(first, last))
      if (item.kind === 'wait') latest.current.props.onWait(item.key);
  }, [first, last, items]);

  const { onChosen } = props;
  const told = useMemo(
    () => (active && anchor ? chosenSums(items, columns, blockOf(active, anchor)) : undefined),
    [items, columns, active, anchor],
  );
  useEffect(() => onChosen?.(told), [onChosen, told]);
  useEffect(() => () => onChosen?.(undefined), [onChosen]);

  useKeptScroll(viewport, props.scrollTop, props.onScrollTop);

  /** The cell of a row that was asked for by leaving the last one. */
  const awaited = useRef<Cell>(undefined);
  const focusGrid = useCallback(() => proxy.current?.focus({ preventScroll: true }), []);

  const reveal = useCallback(
    (cell: Cell) => {
      const element = viewport.current;
      if (!element) return;
      revealCell(element, latest.current.props.columns, cell, { row: rowHeight, head: headHeight, pick: pickWidth });
    },
    [rowHeight],
  );

  const go = useCallback(
    (cell: Cell, from?: Cell) => {
      const next = choose(cell, from);
      if (next) reveal(next);
    },
    [choose, reveal],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: looks only when the number of rows changes
  useEffect(() => {
    if (awaited.current && awaited.current.row < items.length) go(awaited.current);
    awaited.current = undefined;
  }, [items.length]);

  const edit = useCallback(
    (row: number, col: number, typed = '') => {
      const { props: now, items: rows } = latest.current;
      const column = now.columns[col];
      const record = recordOf(rows[row]);
      if (!column || !record) return;
      if (now.mayEdit(column, record)) beginEdit({ row, col }, typed);
      else now.onRefusedEdit?.(record, column, typed);
    },
    [beginEdit],
  );

  const onCell = useCallback(
    (row: number, col: number, shift: boolean) => {
      const at = latest.current.active;
      if (!shift && at?.row === row && at.col === col) return edit(row, col);
      if (shift) extend({ row, col });
      else choose({ row, col });
      focusGrid();
    },
    [edit, extend, choose, focusGrid],
  );

  const onPick = useCallback((row: number, range: boolean) => {
    const { props: now, items: rows } = latest.current;
    const next = new Set(now.picked);
    const from = range && lastPick.current >= 0 ? lastPick.current : row;
    const on = !now.picked.has(recordOf(rows[row])?.id ?? '');
    for (let at = Math.min(from, row); at <= Math.max(from, row); at++) {
      const id = recordOf(rows[at])?.id;
      if (id === undefined) continue;
      if (on) next.add(id);
      else next.delete(id);
    }
    lastPick.current = row;
    now.onPicked(next);
  }, []);

  const onCommit = useCallback(
    (row: number, col: number, value: Json, leave: Leave) => {
      // The row as it stood when the edit began: what others changed since is compared with it.
      const record = recordOf(latest.current.items[row]);
      const column = latest.current.props.columns[col];
      endEdit();
      if (record && column) latest.current.props.onSave(record, column, value);
      const { items: rows, props: now } = latest.current;
      const past =
        row === rows.length - 1 && (leave === 'down' || (leave === 'next' && col === now.columns.length - 1));
      if (past && now.onPastEnd) {
        awaited.current = { row: row + 1, col: leave === 'down' ? col : Math.min(1, now.columns.length - 1) };
        // What was just saved has to be there first.
        setTimeout(() => latest.current.props.onPastEnd?.());
        return focusGrid();
      }
      if (leave === 'down') go({ row: row + 1, col });
      if (leave === 'next') go({ row, col: col + 1 });
      if (leave === 'previous') go({ row, col: col - 1 });
      if (leave !== 'stay') focusGrid();
    },
    [endEdit, go, focusGrid],
  );

  const onCancel = useCallback(() => {
    endEdit();
    focusGrid();
  }, [endEdit, focusGrid]);

  const onToggle = useCallback((key: string) => latest.current.props.onToggle(key), []);
  const drag = useDragChoose(viewport, {
    head: headHeight,
    still: ({ col }) => (columns[col]?.pinned ? 0 : pinnedWidth),
    choose,
    done: focusGrid,
  });
  const own = (target: EventTarget) => target === viewport.current || target === proxy.current;
  const chosen = (): Block => (active ? blockOf(active, anchor ?? active) : { top: 0, bottom: 0, left: 0, right: 0 });

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (!own(event.target) || isComposing(event.nativeEvent)) return;
    const page = Math.max(1, Math.floor((viewport.current?.clientHeight ?? 400) / rowHeight) - 2);
    const does = pressed(event, { ...props, items, active, anchor, chosen, page, choose, go, edit, onPick });
    if (does) event.preventDefault();
  }

  function chosenText(): string {
    const { top, bottom, left, right } = chosen();
    const records = items.slice(top, bottom + 1).flatMap((item) => recordOf(item) ?? []);
    return cellsAsText(records, columns.slice(left, right + 1));
  }

  function onCopy(event: ClipboardEvent<HTMLDivElement>) {
    if (editing !== undefined || !active || !own(event.target)) return;
    event.clipboardData.setData('text/plain', chosenText());
    event.preventDefault();
  }

  function onPaste(event: ClipboardEvent<HTMLDivElement>) {
    if (editing !== undefined || !own(event.target)) return;
    // An empty table takes a block as new records.
    if (!active && items.length > 0) return;
    props.onPaste(items, chosen(), textAsCells(event.clipboardData.getData('text/plain')));
    event.preventDefault();
  }

  const loaded = items.flatMap((item) => recordOf(item)?.id ?? []);
  const pickedHere = loaded.reduce((sum, id) => sum + (picked.has(id) ? 1 : 0), 0);
  const activeId = active ? `cell-${active.row}-${active.col}` : undefined;
  const activeColumn = active && columns[active.col];
  const leftOf = (col: number) => leftOfColumn(columns, col, pickWidth, viewport.current?.scrollLeft ?? 0);
  const fillable = active && editing === undefined && props.onFill ? chosen() : undefined;
  const { onSort, onFilter, onHide, onResize, onMove, onPin, onGroup } = props;
  return (
    <GridMenu
      block={active && chosen()}
      onChoose={(cell) => {
        choose(cell);
        focusGrid();
      }}
      onCopy={() => void navigator.clipboard?.writeText(chosenText())}
      onFill={fillable && (() => props.onFill?.(items, fillable))}
    >
      <div
        ref={viewport}
        role="grid"
        aria-label={props.label}
        aria-rowcount={hasMore ? -1 : items.length + 1}
        aria-multiselectable
        aria-busy={loading}
        aria-activedescendant={activeId}
        tabIndex={0}
        className={`${styles.viewport} ${props.stale ? styles.stale : ''}`}
        onFocus={(event) => {
          if (event.target === viewport.current) focusGrid();
        }}
        {...drag}
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        onPaste={onPaste}
      >
        <GridHead
          columns={columns}
          sort={props.sort}
          width={width}
          picked={pickedHere === 0 ? 'none' : pickedHere === loaded.length ? 'all' : 'some'}
          plain={props.plain === true}
          onPickAll={(on) => props.onPicked(new Set(on ? loaded : []))}
          onSort={onSort}
          onFilter={onFilter}
          onHide={onHide}
          onResize={onResize}
          onMove={onMove}
          onPin={onPin}
          onGroup={onGroup}
        />
        <div style={{ position: 'relative', height: count === 0 ? 0 : count * rowHeight, width }}>
          <GridRows
            items={items}
            columns={columns}
            first={first}
            last={last}
            rowHeight={rowHeight}
            width={width}
            active={active}
            block={active && anchor ? blockOf(active, anchor) : undefined}
            editing={editing}
            picked={picked}
            pathOf={props.pathOf}
            onAdd={adds > 0 ? props.onAdd : undefined}
            onRetry={props.onRetry}
            onToggle={onToggle}
            onCell={onCell}
            onEdit={edit}
            onPick={onPick}
            onCommit={onCommit}
            onCancel={onCancel}
          />
          <ImeProxy
            ref={proxy}
            label={t('gridInput', { name: props.label })}
            activeId={activeId}
            place={
              active && activeColumn && editing === undefined
                ? {
                    top: active.row * rowHeight,
                    left: leftOf(active.col),
                    width: activeColumn.width,
                    height: rowHeight,
                  }
                : undefined
            }
            onText={(text) => active && edit(active.row, active.col, text)}
          />
          {fillable && (
            <FillHandle
              block={fillable}
              rowHeight={rowHeight}
              rows={items.length}
              place={{ left: leftOf(fillable.left), width: widthOfColumns(columns, fillable) }}
              onFill={(to, source) => props.onFill?.(items, to, source)}
            />
          )}
        </div>
        {count === 0 && (
          <div className={styles.notice} style={{ maxWidth: viewport.current?.clientWidth ?? pinnedWidth }}>
            {props.empty}
          </div>
        )}
      </div>
    </GridMenu>
  );
}
