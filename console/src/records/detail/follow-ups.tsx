import { MessageOutlined } from '@ant-design/icons';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../../api/client.js';
import { type FormView, keys, type ReadField, useForms } from '../../api/queries.js';
import { isEmptyValue, referenceOf } from '../../fields/renderer.js';
import { FieldValue } from '../../shared/field-value.js';
import { usualColumns } from '../columns.js';
import { titleFieldOf } from '../layout.js';
import styles from './detail.module.css';
import { When } from './when.js';

interface Source {
  form: FormView;
  relation: ReadField;
  time: ReadField;
}

export interface FollowUp {
  id: string;
  at: string;
  source: Source;
  record: RecordView;
}

const readAtOnce = 30;
const facts = 3;

/** Records that point at `recordId` through this relation field. */
export function pointingAt(field: ReadField, recordId: string): Filter {
  return fieldTypes[field.type].storage === 'uuid[]'
    ? { field: field.id, op: 'hasAny', value: [recordId] }
    : { field: field.id, op: 'eq', value: recordId };
}

/** Where contacts with a record are noted: what the form's 最后联系时间 counts. */
function sourcesOf(form: FormView, forms: readonly FormView[]): Source[] {
  const all = form.fields.flatMap((field) => {
    const { sources } = field.config as { sources?: { formId: string; relation: string; time: string }[] };
    return field.type === 'lastContact' ? (sources ?? []) : [];
  });
  return all.flatMap((source) => {
    const from = forms.find((item) => item.id === source.formId);
    const relation = from?.fields.find((field) => field.id === source.relation);
    const time = from?.fields.find((field) => field.id === source.time);
    return from && relation && time ? [{ form: from, relation, time }] : [];
  });
}

/** The latest contacts with a record, out of every form that notes some. */
export function useFollowUps(form: FormView, recordId: string): FollowUp[] {
  const forms = useForms();
  const sources = sourcesOf(form, forms.data ?? []);
  const results = useQueries({
    queries: sources.map(({ form: from, relation, time }) => ({
      queryKey: keys.data(from.id, 'followUps', relation.id, recordId),
      queryFn: () =>
        api('records.query', {
          params: { formId: from.id as FormId },
          body: {
            filter: pointingAt(relation, recordId),
            sort: [{ field: time.key, dir: 'desc' as const }],
            limit: readAtOnce,
            total: false,
          },
        }),
    })),
  });
  return sources.flatMap((source, index) =>
    (results[index]?.data?.items ?? []).flatMap((record) => {
      const at = record.values[source.time.key];
      return typeof at === 'string' ? [{ id: record.id, at, source, record }] : [];
    }),
  );
}

/** One contact in the timeline: who, what was said, and the facts noted with it. */
export function FollowUpItem({ item }: { item: FollowUp }) {
  const { t } = useTranslation('records');
  const { form, relation, time } = item.source;
  const title = titleFieldOf(form);
  const shown = usualColumns(form)
    .flatMap((key) => form.fields.find((field) => field.key === key) ?? [])
    .filter((field) => !field.system && ![title, relation, time].includes(field))
    .filter((field) => !isEmptyValue(item.record.values[field.key]))
    .slice(0, facts);
  const who = referenceOf(item.record.values.owner)?.label ?? referenceOf(item.record.values.createdBy)?.label ?? '';
  return (
    <li className={styles.entry}>
      <span className={styles.mark} aria-hidden>
        <MessageOutlined />
      </span>
      <div style={{ minWidth: 0 }}>
        <div className={styles.entryHead}>
          <strong>{who}</strong>
          <span>{t('followUp', { name: form.name })}</span>
          <When at={item.at} />
        </div>
        <div>
          <Link to={`/apps/${form.appId}/forms/${form.id}/records/${item.id}`}>{item.record.label || form.name}</Link>
        </div>
        {shown.length > 0 && (
          <div className={styles.changes}>
            {shown.map((field) => (
              <div key={field.key} className={styles.change}>
                <span className="muted">{field.name}</span>
                <span>
                  <FieldValue field={field} value={item.record.values[field.key]} />
                </span>
              </div>
            ))}
          </div>
        )}
      </div>
    </li>
  );
}
