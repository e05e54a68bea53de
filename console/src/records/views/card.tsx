import type { RecordView } from '@lianke/shared/records/query';
import { Link } from 'react-router-dom';
import type { FormView, ReadField } from '../../api/queries.js';
import { isEmptyValue } from '../../fields/renderer.js';
import { FieldValue } from '../../shared/field-value.js';
import styles from './views.module.css';

export function recordPath(form: FormView, id: string): string {
  return `/apps/${form.appId}/forms/${form.id}/records/${id}`;
}

/** A record's title and its filled fields, as they stand on a card. */
export function CardBody({
  form,
  record,
  fields,
}: {
  form: FormView;
  record: RecordView;
  fields: readonly ReadField[];
}) {
  return (
    <>
      <Link
        to={recordPath(form, record.id)}
        className={`${styles.cardTitle} ellipsis`}
        title={record.label}
        draggable={false}
      >
        {record.label || '—'}
      </Link>
      {fields
        .filter((field) => !isEmptyValue(record.values[field.key]))
        .map((field) => (
          <div key={field.key} className={styles.cardLine}>
            <span className="muted ellipsis" title={field.name}>
              {field.name}
            </span>
            <span className="ellipsis">
              <FieldValue field={field} value={record.values[field.key]} />
            </span>
          </div>
        ))}
    </>
  );
}
