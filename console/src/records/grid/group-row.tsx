// biome-ignore-all lint/a11y/useSemanticElements: virtual rows cannot stand in a table element; the roles say what they are
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid itself has the focus and names its active cell (aria-activedescendant)
import { CaretDownOutlined, CaretRightOutlined, PlusOutlined, ReloadOutlined } from '@ant-design/icons';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../../api/errors.js';
import { fieldRenderers } from '../../fields/registry.js';
import { FieldValue } from '../../shared/field-value.js';
import { formatTotal } from '../../shared/format.js';
import type { Column } from '../columns.js';
import { periodText } from '../group/group-model.js';
import styles from './grid.module.css';
import type { GroupItem } from './items.js';

interface Place {
  row: number;
  top: number;
  height: number;
  width: number;
  active: boolean;
}

interface Props extends Place {
  group: GroupItem;
  columns: readonly Column[];
  onToggle: (key: string) => void;
}

/** What a group's records share, as its head says it. */
export function GroupName({ group }: { group: GroupItem }) {
  const { t } = useTranslation('records');
  if (group.value === null) return <span className="muted">{t('groupNone', { name: group.field.name })}</span>;
  if (group.unit && typeof group.value === 'string') return <>{periodText(group.value, group.unit)}</>;
  // Groups take lists apart: the renderers of lists read one item as a list of one.
  return <FieldValue field={group.field} value={group.value} />;
}

/** The head of a group: a click opens or closes it, sums stand under their columns. */
export const GroupRow = memo(function GroupRow({ group, columns, row, top, height, width, active, onToggle }: Props) {
  const { t } = useTranslation('records');
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      aria-level={group.level + 1}
      aria-expanded={group.open}
      className={`${styles.row} ${styles.groupRow} ${group.level > 0 ? styles.inner : ''}`}
      style={{ transform: `translateY(${top}px)`, height, width }}
      onClick={() => onToggle(group.key)}
      onKeyDown={undefined}
    >
      <div
        id={`cell-${row}-0`}
        role="gridcell"
        className={`${styles.groupHead} ${active ? styles.active : ''}`}
        style={{ paddingLeft: 14 + group.level * 22 }}
      >
        {group.open ? <CaretDownOutlined /> : <CaretRightOutlined />}
        <span className="muted">{group.field.name}</span>
        <span className={styles.groupName}>
          <GroupName group={group} />
        </span>
        <span className="muted tabular">{t('rows', { n: formatTotal(group.count) })}</span>
      </div>
      {columns.map((column, col) => {
        const sum = group.sums[column.field.key];
        if (sum === undefined || column.pinned) return null;
        const left = columns.slice(0, col).reduce((all, each) => all + each.width, 44);
        return (
          <div key={column.field.key} className={`${styles.groupSum} tabular`} style={{ left, width: column.width }}>
            {fieldRenderers[column.field.type].text(column.field, sum)}
          </div>
        );
      })}
    </div>
  );
});

/** Records of a group that could not be read: why, and reading them again. */
export function FailedRow({
  error,
  row,
  top,
  height,
  width,
  active,
  onRetry,
}: Place & { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation('common');
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      className={`${styles.row} ${styles.addRow}`}
      style={{ transform: `translateY(${top}px)`, height, width }}
    >
      <div id={`cell-${row}-0`} role="gridcell" className={`${styles.groupHead} ${active ? styles.active : ''}`}>
        <span className="muted">{messageOf(error)}</span>
        <button type="button" tabIndex={-1} className={styles.add} onClick={onRetry}>
          <ReloadOutlined /> {t('retry')}
        </button>
      </div>
    </div>
  );
}

/** The last row: makes a new record; a block pasted here makes many. */
export function AddRow({ row, top, height, width, active, onAdd }: Place & { onAdd: () => void }) {
  const { t } = useTranslation('records');
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      className={`${styles.row} ${styles.addRow}`}
      style={{ transform: `translateY(${top}px)`, height, width }}
    >
      <div id={`cell-${row}-0`} role="gridcell" className={`${styles.groupHead} ${active ? styles.active : ''}`}>
        <button type="button" tabIndex={-1} className={styles.add} onClick={onAdd}>
          <PlusOutlined /> {t('addRow')}
        </button>
      </div>
    </div>
  );
}
