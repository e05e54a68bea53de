// biome-ignore-all lint/a11y/useSemanticElements: virtual rows cannot stand in a table element; the roles say what they are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active cell (aria-activedescendant)

import { ArrowDownOutlined, ArrowUpOutlined, DownOutlined } from '@ant-design/icons';
import { shownAs } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { SortItem } from '@lianke/shared/records/query';
import { Button, Checkbox, Dropdown, type MenuProps } from 'antd';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Column, clampWidth } from '../columns.js';
import styles from './grid.module.css';

export interface HeadCallbacks {
  onSort: (key: string, dir: 'asc' | 'desc' | null) => void;
  onFilter: (key: string) => void;
  onHide: (key: string) => void;
  onResize: (key: string, width: number) => void;
}

interface Props extends HeadCallbacks {
  columns: readonly Column[];
  sort: readonly SortItem[];
  width: number;
  picked: 'none' | 'some' | 'all';
  onPickAll: (picked: boolean) => void;
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

function HeadCell({ column, sort, ...on }: { column: Column; sort: SortItem | undefined } & HeadCallbacks) {
  const { t } = useTranslation('records');
  const { field } = column;
  const type = fieldTypes[shownAs(field).type];
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
    ...(column.title ? [] : [{ key: 'hide', label: t('hideColumn') }]),
  ];
  return (
    <div
      role="columnheader"
      aria-sort={sort ? (sort.dir === 'asc' ? 'ascending' : 'descending') : 'none'}
      className={`${styles.headCell} ${column.title ? styles.titleCell : ''}`}
      style={{ width: column.width }}
    >
      <span className={`${styles.headName} ellipsis`} title={field.name}>
        {field.name}
        {field.rules?.required && <span style={{ color: 'var(--ant-color-error)' }}> *</span>}
      </span>
      {sort && (sort.dir === 'asc' ? <ArrowUpOutlined /> : <ArrowDownOutlined />)}
      <Dropdown
        trigger={['click']}
        menu={{
          items,
          onClick: ({ key }) => {
            if (key === 'filter') on.onFilter(field.key);
            else if (key === 'hide') on.onHide(field.key);
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
      <Resizer column={column} onResize={(width) => on.onResize(field.key, width)} />
    </div>
  );
}

/** The table's head: choose all, and a menu, sorting mark and width handle for each column. */
export function GridHead({ columns, sort, width, picked, onPickAll, ...on }: Props) {
  const { t } = useTranslation('records');
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
      {columns.map((column) => (
        <HeadCell
          key={column.field.key}
          column={column}
          sort={sort.find((item) => item.field === column.field.key || item.field === column.field.id)}
          {...on}
        />
      ))}
    </div>
  );
}
