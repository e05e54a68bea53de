import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { api } from '../../api/client.js';
import { FieldBox } from '../../components/field-box.js';
import { formById, useCatalog } from '../../data/forms.js';
import type { Json, ReadField, Values } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { LastingFilesContext } from '../../fields/field-uploads.js';
import { ParentRecordContext } from '../../fields/parent-record.js';
import { useT } from '../../i18n/index.js';

interface Props {
  detail: AnswerOf<'tasks.get'>;
  shown: Values;
  onChange(field: ReadField, value: Json): void;
}

/** Fields that this node lets its approver edit or wants him to fill in. */
export function NodeFields({ detail, shown, onChange }: Props) {
  const t = useT();
  const catalog = useCatalog();
  const subject = detail.subject;
  const form = subject ? formById(catalog.data, subject.formId) : undefined;
  const record = useResource(form && subject ? `data:${form.id}:record:${subject.id}` : null, () =>
    api('records.get', { params: { formId: subject?.formId as FormId, id: subject?.id as RecordId } }),
  );
  const fields = (form?.fields ?? []).filter((field) => ['edit', 'required'].includes(detail.fields[field.key] ?? ''));
  if (!record.data || fields.length === 0) return null;
  const values = record.data.values;
  return (
    <ParentRecordContext.Provider value={{ fields: form?.fields ?? [], values: { ...values, ...shown } }}>
      <View className="section-title">{t('task.fill')}</View>
      <LastingFilesContext.Provider value="page">
        <View className="card">
          {fields.map((field) => {
            const required = detail.fields[field.key] === 'required';
            const asked = { ...field, rules: { ...field.rules, required } } as ReadField;
            return (
              <FieldBox
                key={field.key}
                field={asked}
                value={field.key in shown ? shown[field.key] : values[field.key]}
                onChange={(value) => onChange(field, value)}
              />
            );
          })}
        </View>
      </LastingFilesContext.Provider>
    </ParentRecordContext.Provider>
  );
}
