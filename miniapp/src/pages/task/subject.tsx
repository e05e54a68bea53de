import type { FormId, RecordId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { api } from '../../api/client.js';
import { useFormat } from '../../data/context.js';
import { factsOf, type NodeRights, withoutHidden } from '../../data/facts.js';
import { formById, useCatalog } from '../../data/forms.js';
import { useResource } from '../../data/resource.js';
import { open } from '../../platform/navigate.js';

interface Props {
  subject: { formId: string; id: string; label: string };
  /** What the node that asks hides is not shown. */
  rights: NodeRights;
}

/** The record that is asked for, under the facts of the card. Without the right to read it, its name stands alone. */
export function Subject({ subject, rights }: Props) {
  const format = useFormat();
  const catalog = useCatalog();
  const form = formById(catalog.data, subject.formId);
  const record = useResource(form ? `data:${form.id}:record:${subject.id}` : null, () =>
    api('records.get', { params: { formId: subject.formId as FormId, id: subject.id as RecordId } }),
  );
  const shown = form ? withoutHidden(form, rights) : undefined;
  const facts = shown && record.data ? factsOf(shown, record.data, format).filter((fact) => !fact.field.system) : [];
  const name = record.data?.label || subject.label;
  return (
    <View>
      <View className="section-title">
        {form?.name ?? format.t('task.subject')}
        {record.data ? (
          <View
            className="section-title__side link"
            onClick={() => open('/pages/record/index', { formId: subject.formId, id: subject.id })}
          >
            {format.t('task.openRecord')}
          </View>
        ) : null}
      </View>
      <View className="card facts">
        <View className="fact">
          {name || (form && record.loading) ? (
            <View className="fact__value subject-name">{name}</View>
          ) : (
            <View className="fact__value muted">{format.t('task.recordGone')}</View>
          )}
        </View>
        {facts.map(({ field, text }) => (
          <View key={field.id} className="fact">
            <View className="fact__name">{field.name}</View>
            <View className="fact__value">{text}</View>
          </View>
        ))}
      </View>
    </View>
  );
}
