import { ExportOutlined } from '@ant-design/icons';
import type { Json } from '@lianke/shared/json';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import type { ReadField } from '../../api/queries.js';
import { targetOf } from '../../fields/relation.js';
import { referenceOf } from '../../fields/renderer.js';
import styles from './grid.module.css';

/** The arrow of the chosen cell that leads where its value points: a record, a web address, a mail. */
export function CellLink({ field, value }: { field: ReadField; value: Json | undefined }) {
  const { t } = useTranslation('records');
  const stay = (event: { stopPropagation: () => void }) => event.stopPropagation();
  if (field.type === 'relation') {
    const record = referenceOf(value);
    if (!record) return null;
    return (
      <Link
        className={styles.follow}
        to={`/forms/${targetOf(field)}/records/${record.id}`}
        aria-label={t('openRow', { name: record.label })}
        onClick={stay}
        onDoubleClick={stay}
      >
        <ExportOutlined />
      </Link>
    );
  }
  if (typeof value !== 'string' || value === '') return null;
  const href = field.type === 'email' ? `mailto:${value}` : /^https?:\/\//i.test(value) ? value : undefined;
  if ((field.type !== 'email' && field.type !== 'url') || !href) return null;
  return (
    <a
      className={styles.follow}
      href={href}
      target="_blank"
      rel="noreferrer noopener"
      aria-label={t('openRow', { name: value })}
      onClick={stay}
      onDoubleClick={stay}
    >
      <ExportOutlined />
    </a>
  );
}
