import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import type { Column } from '../columns.js';
import type { Leave } from './cell-editor.js';
import { GridRow, SkeletonRow } from './grid-row.js';
import { AddRow, FailedRow, GroupRow } from './group-row.js';
import { type GridItem, keyOf } from './items.js';
import type { Block, Cell } from './use-cells.js';

interface Props {
  items: readonly GridItem[];
  columns: readonly Column[];
  /** Rows in sight; those past the end of `items` are still on their way. */
  first: number;
  last: number;
  rowHeight: number;
  width: number;
  active: Cell | undefined;
  block: Block | undefined;
  editing: string | undefined;
  picked: ReadonlySet<string>;
  pathOf: (record: RecordView) => string | undefined;
  /** The row after the last one makes a new record. */
  onAdd: (() => void) | undefined;
  onRetry: ((key: string) => void) | undefined;
  onToggle: (key: string) => void;
  onCell: (row: number, col: number, shift: boolean) => void;
  onEdit: (row: number, col: number, typed?: string) => void;
  onPick: (row: number, range: boolean) => void;
  onCommit: (row: number, col: number, value: Json, leave: Leave) => void;
  onCancel: () => void;
}

/** The rows in sight, each in its place: records, heads of groups, and what waits or could not be read. */
export function GridRows(props: Props) {
  const { items, columns, first, last, rowHeight, width, active, block, editing, picked } = props;
  const { pathOf, onAdd, onRetry, onToggle, onCell, onEdit, onPick, onCommit, onCancel } = props;
  const rows = [];
  for (let row = first; row < last; row++) {
    const item = items[row];
    const place = { row, top: row * rowHeight, height: rowHeight, width };
    const here = active?.row === row;
    if (!item && row === items.length && onAdd) {
      rows.push(<AddRow key="add" {...place} active={false} onAdd={() => onAdd?.()} />);
    } else if (!item || item.kind === 'wait') {
      rows.push(<SkeletonRow key={`wait-${row}`} columns={columns} {...place} />);
    } else if (item.kind === 'failed') {
      const retry = () => onRetry?.(item.key);
      rows.push(<FailedRow key={keyOf(item)} error={item.error} {...place} active={here} onRetry={retry} />);
    } else if (item.kind === 'group') {
      rows.push(
        <GroupRow key={keyOf(item)} group={item} columns={columns} {...place} active={here} onToggle={onToggle} />,
      );
    } else {
      const inBlock = block && row >= block.top && row <= block.bottom;
      rows.push(
        <GridRow
          key={keyOf(item)}
          record={item.record}
          columns={columns}
          {...place}
          picked={picked.has(item.record.id)}
          active={here ? active.col : -1}
          blockFrom={inBlock ? block.left : -1}
          blockTo={inBlock ? block.right : -1}
          editing={here ? editing : undefined}
          path={pathOf(item.record)}
          onCell={onCell}
          onEdit={onEdit}
          onPick={onPick}
          onCommit={onCommit}
          onCancel={onCancel}
        />,
      );
    }
  }
  return <>{rows}</>;
}
