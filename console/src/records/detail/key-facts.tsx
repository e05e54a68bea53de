import type { RecordView } from '@lianke/shared/records/query';
import type { FormView, ReadField } from '../../api/queries.js';
import { isEmptyValue } from '../../fields/renderer.js';
import { FieldValue } from '../../shared/field-value.js';
import { usualColumns } from '../columns.js';
import { stageFieldOf, titleFieldOf } from '../layout.js';
import styles from './detail.module.css';

const shownFacts = 5;
/** What takes more than a line. */
const long: readonly ReadField['type'][] = [
  'longText',
  'richText',
  'subform',
  'attachment',
  'image',
  'signature',
  'address',
  'location',
];

/** The fields that say most about a record: those the form chose for lists, then the first ones that are filled in. */
export function keyFields(form: FormView, record: Pick<RecordView, 'values'>): ReadField[] {
  const apart = [titleFieldOf(form), stageFieldOf(form)];
  const find = (ref: string) => form.fields.find((field) => field.id === ref || field.key === ref);
  const chosen = form.settings.summaryFields.flatMap((ref) => find(ref) ?? []);
  const others = usualColumns(form)
    .flatMap((key) => find(key) ?? [])
    .filter((field) => field.key !== 'owner' && field.key !== 'updatedAt' && !long.includes(field.type));
  return [...new Set([...chosen, ...others])]
    .filter((field) => !apart.includes(field) && !field.masked && !isEmptyValue(record.values[field.key]))
    .slice(0, shownFacts);
}

/** A line under the title with what one wants to know first. */
export function KeyFacts({ form, record }: { form: FormView; record: RecordView }) {
  const fields = keyFields(form, record);
  if (fields.length === 0) return null;
  return (
    <div className={styles.facts}>
      {fields.map((field) => (
        <span key={field.key} className={styles.fact}>
          <span className="muted">{field.name}</span>
          <span className="ellipsis">
            <FieldValue field={field} value={record.values[field.key]} />
          </span>
        </span>
      ))}
    </div>
  );
}
