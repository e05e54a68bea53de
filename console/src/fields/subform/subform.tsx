import { Popover, Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { i18n } from '../../i18n/index.js';
import type { EditorProps, FieldRenderer, ValueProps } from '../renderer.js';
import { rowsOf } from './rows.js';
import styles from './subform.module.css';

// The table brings the grid along, which itself shows fields.
const Table = lazy(async () => ({ default: (await import('./subform-table.js')).SubformTable }));

function Value({ field, value }: ValueProps) {
  const { t } = useTranslation('fields');
  const rows = rowsOf(value);
  if (rows.length === 0) return null;
  if (rows[0]?.values)
    return (
      <Suspense fallback={<Skeleton active title={false} />}>
        <Table field={field} value={value} />
      </Suspense>
    );
  const names = rows.slice(0, 10).map((row) => row.label || '—');
  return (
    <Popover
      trigger={['hover', 'focus']}
      title={field.name}
      content={
        <ol className={styles.names}>
          {names.map((name, at) => (
            // Rows are called by their place.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={at}>{name}</li>
          ))}
          {rows.length > names.length && <li className="muted">{t('moreRows', { n: rows.length - names.length })}</li>}
        </ol>
      }
    >
      <span className={styles.count}>{t('rows', { n: rows.length })}</span>
    </Popover>
  );
}

function Editor(props: EditorProps) {
  return (
    <Suspense fallback={<Skeleton active title={false} />}>
      <Table {...props} />
    </Suspense>
  );
}

export const subform: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => {
    const n = rowsOf(value).length;
    return n === 0 ? '' : i18n.t('fields:rows', { n });
  },
  inCell: false,
  width: 110,
};
