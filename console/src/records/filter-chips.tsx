import { CloseOutlined } from '@ant-design/icons';
import type { Filter } from '@lianke/shared/filter/ast';
import type { Total } from '@lianke/shared/records/query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDrilled } from '../demo/use-drilled.js';
import { topLevel } from '../shared/filter-model.js';
import { FilterText } from '../shared/filter-text.js';
import { formatTotal } from '../shared/format.js';
import styles from './records.module.css';
import type { Grid } from './use-grid.js';

/** The conditions in force as chips; each can be taken away. */
export function FilterChips({ grid, onEdit }: { grid: Grid; onEdit: () => void }) {
  const { t } = useTranslation('records');
  const parts = topLevel(grid.filter);
  if (parts.length === 0) return null;
  const without = (at: number): Filter | undefined => {
    const rest = parts.filter((_, index) => index !== at);
    return rest.length === 0 ? undefined : rest.length === 1 ? rest[0] : { and: rest };
  };
  return (
    <div className={styles.chips}>
      {parts.map((part, index) => (
        <span key={JSON.stringify(part)} className={styles.chip}>
          {/* biome-ignore lint/a11y/useSemanticElements: the chip holds a second button */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: 筛选 opens the same by keyboard */}
          <span className="ellipsis" role="button" tabIndex={-1} style={{ cursor: 'pointer' }} onClick={onEdit}>
            <FilterText filter={part} fields={grid.form.fields} />
          </span>
          <button
            type="button"
            aria-label={t('removeFilter', { text: String(index + 1) })}
            onClick={() => grid.setFilter(without(index))}
          >
            <CloseOutlined />
          </button>
        </span>
      ))}
      <Button type="link" size="small" onClick={() => grid.setFilter(undefined)}>
        {t('clearFilters')}
      </Button>
    </div>
  );
}

/** What a dashboard handed over: its number repeated, its condition in words, and 清除. */
export function DrillBar({ grid, total }: { grid: Grid; total: Total | undefined }) {
  const { t } = useTranslation('records');
  useDrilled(grid.drill !== undefined && total !== undefined);
  if (!grid.drill) return null;
  return (
    <div className={styles.drill}>
      <strong className="tabular">{total === undefined ? '…' : t('rows', { n: formatTotal(total) })}</strong>
      <span className="ellipsis">
        <span className="muted">{t('drill')} · </span>
        <FilterText filter={grid.drill} fields={grid.form.fields} />
      </span>
      <span className={styles.grow} />
      <Button size="small" type="link" onClick={grid.clearDrill}>
        {t('clear')}
      </Button>
    </div>
  );
}
