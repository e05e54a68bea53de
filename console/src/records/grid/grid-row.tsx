// biome-ignore-all lint/a11y/useSemanticElements: virtual rows cannot stand in a table element; the roles say what they are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active cell (aria-activedescendant)
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { Checkbox } from 'antd';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { fieldRenderers } from '../../fields/registry.js';
import { FieldValue } from '../../shared/field-value.js';
import { type Column, pinnedLeft } from '../columns.js';
import { CellEditor, type Leave } from './cell-editor.js';
import { CellLink } from './cell-link.js';
import styles from './grid.module.css';

export interface RowCallbacks {
  /** `extend`: draws a block from the active cell to here. */
  onCell: (row: number, col: number, extend: boolean) => void;
  onEdit: (row: number, col: number) => void;
  onPick: (row: number, range: boolean) => void;
  onCommit: (row: number, col: number, value: Json, leave: Leave) => void;
  onCancel: () => void;
}

interface Props extends RowCallbacks {
  record: RecordView;
  row: number;
  columns: readonly Column[];
  top: number;
  height: number;
  width: number;
  picked: boolean;
  /** Column of the active cell when it is in this row. */
  active: number;
  /** First and last column of the chosen block in this row; -1 when it is not in it. */
  blockFrom: number;
  blockTo: number;
  /** Text typed over the active cell, `''` for an ordinary edit; undefined when it is not edited. */
  editing: string | undefined;
  /** Address of the record's page; none in the recycle bin. */
  path: string | undefined;
}

function RecordRow(props: Props) {
  const { record, row, columns, top, height, width, picked, active, editing, path } = props;
  const { t } = useTranslation('records');
  const tall = height > 40;
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      aria-selected={picked}
      className={`${styles.row} ${picked ? styles.picked : ''} ${tall ? styles.tall : ''}`}
      style={{ transform: `translateY(${top}px)`, height, width }}
    >
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the checkbox inside has the keyboard */}
      <div
        role="gridcell"
        className={`${styles.cell} ${styles.pick}`}
        onClick={(event) => {
          if (event.target === event.currentTarget) props.onPick(row, event.shiftKey);
        }}
      >
        <Checkbox
          checked={picked}
          aria-label={t('selectRow', { name: record.label })}
          onChange={(event) => props.onPick(row, event.nativeEvent.shiftKey)}
        />
      </div>
      {columns.map((column, col) => {
        const { field } = column;
        const edited = active === col && editing !== undefined;
        const right = fieldRenderers[field.type].align === 'right';
        const classes = [styles.cell, column.pinned && styles.titleCell, right && styles.right];
        if (active === col) classes.push(styles.active);
        if (edited) classes.push(styles.editing);
        if (col >= props.blockFrom && col <= props.blockTo) classes.push(styles.inBlock);
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the grid, which has the focus
          <div
            key={field.key}
            id={`cell-${row}-${col}`}
            role="gridcell"
            aria-colindex={col + 2}
            className={classes.filter(Boolean).join(' ')}
            style={{ width: column.width, ...(column.pinned ? { left: pinnedLeft(columns, col) } : {}) }}
            onClick={(event) => !edited && props.onCell(row, col, event.shiftKey)}
            onDoubleClick={() => !edited && props.onEdit(row, col)}
          >
            {edited ? (
              <CellEditor
                field={field}
                value={record.values[field.key]}
                typed={editing === '' ? undefined : editing}
                onCommit={(value, leave) => props.onCommit(row, col, value, leave)}
                onCancel={props.onCancel}
              />
            ) : column.title && path ? (
              <Link to={path} className={styles.titleLink} title={record.label} tabIndex={-1} draggable={false}>
                {record.values[field.key] === null || record.values[field.key] === undefined ? (
                  record.label || '—'
                ) : (
                  <FieldValue field={field} value={record.values[field.key]} />
                )}
              </Link>
            ) : (
              <>
                <span className={styles.value} title={fieldRenderers[field.type].text(field, record.values[field.key])}>
                  {field.type === 'richText' || field.type === 'longText' ? (
                    // Headings, lists and line breaks do not fit into one line.
                    fieldRenderers[field.type].text(field, record.values[field.key])
                  ) : (
                    <FieldValue field={field} value={record.values[field.key]} />
                  )}
                </span>
                {active === col && <CellLink field={field} value={record.values[field.key]} />}
              </>
            )}
          </div>
        );
      })}
    </div>
  );
}

/** One record as a row; drawn again only when something of it changed. */
export const GridRow = memo(RecordRow);

/** A row whose record is on its way. */
export function SkeletonRow({ columns, top, height, width }: Pick<Props, 'columns' | 'top' | 'height' | 'width'>) {
  return (
    <div className={styles.row} style={{ transform: `translateY(${top}px)`, height, width }} aria-hidden>
      <div className={`${styles.cell} ${styles.pick}`} />
      {columns.map((column, col) => (
        <div
          key={column.field.key}
          className={`${styles.cell} ${column.pinned ? styles.titleCell : ''}`}
          style={{ width: column.width, ...(column.pinned ? { left: pinnedLeft(columns, col) } : {}) }}
        >
          <span className={styles.bone} />
        </div>
      ))}
    </div>
  );
}
