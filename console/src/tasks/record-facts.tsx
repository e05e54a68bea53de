import type { FormId, RecordId } from '@lianke/shared/ids';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { keys, useForm } from '../api/queries.js';
import { isEmptyValue } from '../fields/renderer.js';
import { laidFields, sectionsOf } from '../records/layout.js';
import { FieldValue } from '../shared/field-value.js';

/** The record asked for, read-only: its filled-in fields in the order of the form. */
export function RecordFacts({
  formId,
  id,
  hidden = {},
}: {
  formId: string;
  id: string;
  /** Rights of the node that asks, by field key: what it hides is not shown. */
  hidden?: Readonly<Record<string, string>>;
}) {
  const { t } = useTranslation('tasks');
  const form = useForm(formId);
  const record = useQuery({
    queryKey: keys.data(formId, 'record', id),
    queryFn: () => api('records.get', { params: { formId: formId as FormId, id: id as RecordId } }),
  });
  if (form.error || record.error) return <p className="muted">{t('approval.recordGone')}</p>;
  if (!form.data || !record.data) return <Skeleton active title={false} />;
  const { values } = record.data;
  return (
    <>
      {sectionsOf(form.data).map((section, index) => {
        const filled = laidFields(section).filter(
          ({ field }) => !isEmptyValue(values[field.key]) && hidden[field.key] !== 'hide',
        );
        if (filled.length === 0) return null;
        const title = section.title || section.tab;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: sections have no identity but their place
          <div key={index}>
            {title && <h3 style={{ fontSize: 14, margin: '12px 0 0' }}>{title}</h3>}
            <dl className="approval-facts">
              {filled.map(({ field }) => (
                <div key={field.id}>
                  <dt>{field.name}</dt>
                  <dd>
                    <FieldValue field={field} value={values[field.key]} />
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        );
      })}
    </>
  );
}
