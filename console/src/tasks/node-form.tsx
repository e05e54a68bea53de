import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { keys, useForm } from '../api/queries.js';
import { toWrite } from '../records/values.js';
import { FieldEditor } from '../shared/field-editor.js';

/** Values to be written with the decision, by field key. */
export type NodeValues = Record<string, Json>;

interface Props {
  task: TaskDetail;
  shown: Record<string, Json>;
  /** `shown` as the editor holds it, `written` as the API takes it. */
  onChange: (key: string, shown: Json, written: Json) => void;
}

/** Fields that this node lets its approver edit or wants him to fill in. */
export function NodeForm({ task, shown, onChange }: Props) {
  const { t } = useTranslation('taskActions');
  const formId = task.subject?.formId ?? '';
  const form = useForm(formId);
  const record = useQuery({
    queryKey: keys.data(formId, 'record', task.subject?.id ?? ''),
    queryFn: () =>
      api('records.get', { params: { formId: formId as FormId, id: (task.subject?.id ?? '') as RecordId } }),
  });
  const fields = (form.data?.fields ?? []).filter((field) =>
    ['edit', 'required'].includes(task.fields[field.key] ?? ''),
  );
  if (!(task.mayDecide || task.actions.includes('fill')) || fields.length === 0) return null;
  return (
    <section className="approval-card" aria-label={t('fill')}>
      <h2>{t('fill')}</h2>
      {fields.map((field) => (
        <div key={field.id} style={{ marginBottom: 12 }}>
          <label htmlFor={`node-${field.key}`}>
            {task.fields[field.key] === 'required' && (
              <span aria-hidden style={{ color: 'var(--ant-color-error)' }}>
                *{' '}
              </span>
            )}
            {field.name}
          </label>
          <FieldEditor
            id={`node-${field.key}`}
            field={field}
            label={field.name}
            value={field.key in shown ? shown[field.key] : record.data?.values[field.key]}
            onChange={(value) => onChange(field.key, value, toWrite(field, value))}
          />
        </div>
      ))}
    </section>
  );
}
