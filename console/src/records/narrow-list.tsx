import type { RecordView } from '@lianke/shared/records/query';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { isEmptyValue } from '../fields/renderer.js';
import { FieldValue } from '../shared/field-value.js';
import type { Column } from './columns.js';
import styles from './narrow-list.module.css';
import type { Records } from './use-records.js';

/** Facts on a card besides the title. */
const facts = 4;

interface Props {
  records: Records;
  columns: readonly Column[];
  pathOf: (record: RecordView) => string | undefined;
  empty: ReactNode;
}

/** The table in a narrow window: a card a record, its title and first values under one another. */
export function NarrowList({ records, columns, pathOf, empty }: Props) {
  const { t } = useTranslation('records');
  if (records.loading) return <Skeleton active style={{ padding: 16 }} paragraph={{ rows: 8 }} />;
  if (records.items.length === 0) return <>{empty}</>;
  const title = columns.find((column) => column.title)?.field;
  return (
    <div className={styles.list}>
      {records.items.map((record) => {
        const shown = columns
          .filter(({ field }) => field !== title && !isEmptyValue(record.values[field.key]))
          .slice(0, facts);
        const path = pathOf(record);
        return (
          <article key={record.id} className={styles.card}>
            <h3 className="ellipsis">{path ? <Link to={path}>{record.label || '—'}</Link> : record.label || '—'}</h3>
            {shown.map(({ field }) => (
              <div key={field.key} className={styles.fact}>
                <span className="muted ellipsis">{field.name}</span>
                <span className="ellipsis">
                  <FieldValue field={field} value={record.values[field.key]} />
                </span>
              </div>
            ))}
          </article>
        );
      })}
      {records.hasMore && (
        <Button block type="link" loading={records.loadingMore} onClick={records.loadMore}>
          {t('loadMore')}
        </Button>
      )}
    </div>
  );
}
