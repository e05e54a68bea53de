// biome-ignore-all lint/a11y/useSemanticElements: virtual rows cannot stand in a table element; the roles say what they are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active cell (aria-activedescendant)

import { ArrowDownOutlined, ArrowUpOutlined, DownOutlined } from '@ant-design/icons';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import type { SortItem } from '@lianke/shared/records/query';
import { Button, Checkbox, Dropdown, type MenuProps } from 'antd';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldRenderers } from '../../fields/registry.js';
import { type Column, clampWidth, deletedAtKey, deletedByKey, pinnedLeft } from '../columns.js';
import styles from './grid.module.css';

export interface HeadCallbacks {
  onSort: (key: string, dir: 'asc' | 'desc' | null) => void;
  onFilter: (key: string) => void;
  onHide: (key: string) => void;
  onResize: (key: string, width: number) => void;
  /** Puts a column where another stands. */
  onMove: (key: string, over: string) => void;
  /** So many columns stay while the rest scrolls sideways. */
  onPin: (columns: number) => void;
  onGroup: (key: string) => void;
}

/** Columns of the recycle bin stand where they stand. */
const recycleKeys: readonly string[] = [deletedAtKey, deletedByKey];

interface Props extends HeadCallbacks {
  columns: readonly Column[];
  sort: readonly SortItem[];
  width: number;
  picked: 'none' | 'some' | 'all';
  onPickAll: (picked: boolean) => void;
  /** Without menus. */
  plain: boolean;
}

function Resizer({ column, onResize }: { column: Column; onResize: (width: number) => void }) {
  const { t } = useTranslation('records');
  const [from, setFrom] = useState<{ x: number; width: number }>();
  const move = (event: PointerEvent) => {
    if (from) onResize(clampWidth(from.width + event.clientX - from.x));
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-valuenow={column.width}
      aria-label={t('resize', { name: column.field.name })}
      className={`${styles.resizer} ${from ? styles.resizing : ''}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom({ x: event.clientX, width: column.width });
        event.preventDefault();
      }}
      onPointerMove={move}
      onPointerUp={() => setFrom(undefined)}
      onPointerCancel={() => setFrom(undefined)}
      onKeyDown={(event: KeyboardEvent) => {
        const step = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0;
        if (step === 0) return;
        event.preventDefault();
        event.stopPropagation();
        onResize(clampWidth(column.width + step));
      }}
    />
  );
}

interface CellProps extends HeadCallbacks {
  columns: readonly Column[];
  col: number;
  column: Column;
  sort: SortItem | undefined;
  plain: boolean;
  dragged: string | undefined;
  onDrag: (key: string | undefined) => void;
}

function HeadCell({ columns, col, column, sort, plain, dragged, onDrag, ...on }: CellProps) {
  const { t } = useTranslation('records');
  const [over, setOver] = useState(false);
  const { field } = column;
  const movable = !plain && !column.title && !recycleKeys.includes(field.key);
  const before = columns[col - 1];
  const after = columns[col + 1];
  const lastPinned = column.pinned && !after?.pinned;
  const type = behaviourOf(field);
  const right = fieldRenderers[field.type].align === 'right';
  const items: MenuProps['items'] = [
    ...(type.sortable
      ? [
          { key: 'asc', label: t('sortAsc'), icon: <ArrowUpOutlined /> },
          { key: 'desc', label: t('sortDesc'), icon: <ArrowDownOutlined /> },
          ...(sort ? [{ key: 'off', label: t('sortOff') }] : []),
          { type: 'divider' as const },
        ]
      : []),
    ...(type.operators.length > 0 ? [{ key: 'filter', label: t('filterBy') }] : []),
    ...(type.groupable ? [{ key: 'group', label: t('groupByColumn') }] : []),
    { type: 'divider' as const },
    ...(lastPinned && col > 0
      ? [{ key: 'unpin', label: t('unpin') }]
      : col < 6 && !lastPinned
        ? [{ key: 'pin', label: t('pin') }]
        : []),
    ...(movable && before && !before.title ? [{ key: 'left', label: t('moveLeft') }] : []),
    ...(movable && after ? [{ key: 'right', label: t('moveRight') }] : []),
    ...(movable ? [{ key: 'hide', label: t('hideColumn') }] : []),
  ];
  return (
    <div
      role="columnheader"
      aria-sort={sort ? (sort.dir === 'asc' ? 'ascending' : 'descending') : 'none'}
      className={`${styles.headCell} ${column.pinned ? styles.titleCell : ''} ${right ? styles.headRight : ''} ${over ? styles.dropHere : ''}`}
      style={{ width: column.width, ...(column.pinned ? { left: pinnedLeft(columns, col) } : {}) }}
      onDragOver={(event) => {
        if (!dragged || !movable || dragged === field.key) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (dragged && movable) on.onMove(dragged, field.key);
        onDrag(undefined);
      }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the column's menu moves it by keyboard */}
      <span
        className={`${styles.headName} ellipsis`}
        title={field.name}
        draggable={movable}
        onDragStart={(event) => {
          event.dataTransfer.setData('text/plain', field.name);
          event.dataTransfer.effectAllowed = 'move';
          onDrag(field.key);
        }}
        onDragEnd={() => onDrag(undefined)}
      >
        {field.name}
        {field.rules?.required && <span style={{ color: 'var(--ant-color-error)' }}> *</span>}
      </span>
      {sort && (sort.dir === 'asc' ? <ArrowUpOutlined /> : <ArrowDownOutlined />)}
      {!plain && (
        <Dropdown
          trigger={['click']}
          menu={{
            items,
            onClick: ({ key }) => {
              if (key === 'filter') on.onFilter(field.key);
              else if (key === 'hide') on.onHide(field.key);
              else if (key === 'group') on.onGroup(field.key);
              else if (key === 'pin') on.onPin(col + 1);
              else if (key === 'unpin') on.onPin(1);
              else if (key === 'left' && before) on.onMove(field.key, before.field.key);
              else if (key === 'right' && after) on.onMove(field.key, after.field.key);
              else on.onSort(field.key, key === 'off' ? null : (key as 'asc' | 'desc'));
            },
          }}
        >
          <Button
            type="text"
            size="small"
            className={styles.menu ?? ''}
            icon={<DownOutlined style={{ fontSize: 10 }} />}
            aria-label={t('columnMenu', { name: field.name })}
          />
        </Dropdown>
      )}
      <Resizer column={column} onResize={(width) => on.onResize(field.key, width)} />
    </div>
  );
}

/** The table's head: choose all, and a menu, sorting mark and width handle for each column. */
export function GridHead({ columns, sort, width, picked, onPickAll, plain, ...on }: Props) {
  const { t } = useTranslation('records');
  const [dragged, setDragged] = useState<string>();
  return (
    <div className={styles.head} style={{ width }} role="row" aria-rowindex={1}>
      <div role="columnheader" className={`${styles.headCell} ${styles.pick}`}>
        <Checkbox
          aria-label={t('selectAll')}
          checked={picked === 'all'}
          indeterminate={picked === 'some'}
          onChange={(event) => onPickAll(event.target.checked)}
        />
      </div>
      {columns.map((column, col) => (
        <HeadCell
          key={column.field.key}
          columns={columns}
          plain={plain}
          col={col}
          column={column}
          dragged={dragged}
          onDrag={setDragged}
          sort={sort.find((item) => item.field === column.field.key || item.field === column.field.id)}
          {...on}
        />
      ))}
    </div>
  );
}
