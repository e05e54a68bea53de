import type { FormId, RecordId } from '@lianke/shared/ids';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { type FormView, keys, useForm } from '../api/queries.js';
import { isEmptyValue, referenceOf } from '../fields/renderer.js';
import { FieldValue } from '../shared/field-value.js';
import { formatDatetime } from '../shared/format.js';

const shown = 3;

/** Who the record is about: its first relation that is filled in. */
function aboutOf(form: FormView, values: Record<string, unknown>) {
  for (const field of form.fields) {
    const reference = field.type === 'relation' ? referenceOf(values[field.key] as never) : null;
    if (reference) return { field, reference };
  }
  return undefined;
}

/** What was asked for the same customer before: the last few records of the form, with amount and state. */
export function Dealings({ formId, id }: { formId: string; id: string }) {
  const { t } = useTranslation('tasks');
  const form = useForm(formId).data;
  const record = useQuery({
    queryKey: keys.data(formId, 'record', id),
    queryFn: () => api('records.get', { params: { formId: formId as FormId, id: id as RecordId } }),
  }).data;
  const about = form && record ? aboutOf(form, record.values) : undefined;
  const before = useQuery({
    queryKey: keys.data(formId, 'dealings', about?.reference.id ?? ''),
    queryFn: () =>
      api('records.query', {
        params: { formId: formId as FormId },
        body: {
          filter: { field: about?.field.key ?? '', op: 'eq', value: about?.reference.id ?? '' },
          sort: [{ field: 'createdAt', dir: 'desc' }],
          limit: shown + 1,
        },
      }),
    enabled: about !== undefined,
  }).data;
  const others = before?.items.filter((item) => item.id !== id).slice(0, shown) ?? [];
  if (!form || !about || !before) return null;
  const total = typeof before.total === 'number' ? before.total - 1 : undefined;
  const telling = ['money', 'select']
    .map((type) => form.fields.find((field) => field.type === type && !field.system))
    .filter((field) => field !== undefined);
  return (
    <section className="approval-card" aria-label={t('approval.dealings', { who: about.reference.label })}>
      <h2>
        {t('approval.dealings', { who: about.reference.label })}
        {total !== undefined && total > 0 && (
          <span className="muted tabular">{t('approval.dealingsN', { n: total, form: form.name })}</span>
        )}
      </h2>
      {others.length === 0 ? (
        <p className="muted">{t('approval.firstTime', { form: form.name })}</p>
      ) : (
        <ul className="dealings">
          {others.map((item) => (
            <li key={item.id}>
              <Link className="ellipsis" to={`/apps/${form.appId}/forms/${form.id}/records/${item.id}`}>
                {item.label}
              </Link>
              {telling.map((field) =>
                isEmptyValue(item.values[field.key]) ? null : (
                  <FieldValue key={field.id} field={field} value={item.values[field.key]} />
                ),
              )}
              <span className="muted tabular">{formatDatetime(String(item.values.createdAt ?? ''), 'day')}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
