import type { FormId, RecordId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { api } from '../../api/client.js';
import { useFormat } from '../../data/context.js';
import { type NodeRights, withoutHidden } from '../../data/facts.js';
import { fieldOfType, formById, useCatalog } from '../../data/forms.js';
import { type FormView, isRef, type ReadField, type RecordRow } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { wallClock } from '../../data/time.js';
import { formatField } from '../../fields/registry.js';
import { open } from '../../platform/navigate.js';

const shown = 3;

/** Who the record is about: its first relation that is filled in. */
function aboutOf(form: FormView, record: RecordRow) {
  for (const field of form.fields) {
    const value = field.type === 'relation' ? record.values[field.key] : undefined;
    if (isRef(value)) return { field, who: value };
  }
  return undefined;
}

interface Props {
  subject: { formId: string; id: string };
  /** What the node that asks hides is not shown of earlier records either. */
  rights: NodeRights;
}

/** What was asked for the same customer before: the last few records of the form, with amount and state. */
export function Dealings({ subject, rights }: Props) {
  const format = useFormat();
  const { t, zone } = format;
  const catalog = useCatalog();
  const found = formById(catalog.data, subject.formId);
  const form = found ? withoutHidden(found, rights) : undefined;
  const record = useResource(form ? `data:${form.id}:record:${subject.id}` : null, () =>
    api('records.get', { params: { formId: subject.formId as FormId, id: subject.id as RecordId } }),
  );
  const about = form && record.data ? aboutOf(form, record.data) : undefined;
  const before = useResource(about ? `data:${subject.formId}:dealings:${about.who.id}` : null, () =>
    api('records.query', {
      params: { formId: subject.formId as FormId },
      body: {
        filter: { field: about?.field.key ?? '', op: 'eq', value: about?.who.id ?? '' },
        sort: [{ field: 'createdAt', dir: 'desc' }],
        limit: shown + 1,
        total: true,
      },
    }),
  );
  if (!form || !about || !before.data) return null;
  const others = before.data.items.filter((item) => item.id !== subject.id).slice(0, shown);
  const total = typeof before.data.total === 'number' ? before.data.total - 1 : 0;
  const telling = [fieldOfType(form, 'money'), fieldOfType(form, 'select')].filter(
    (field): field is ReadField => field !== undefined,
  );
  return (
    <View>
      <View className="section-title">
        {t('dealings.title', { who: about.who.label })}
        {total > 0 ? (
          <View className="section-title__side num">{t('dealings.before', { n: total, form: form.name })}</View>
        ) : null}
      </View>
      <View className="card facts">
        {others.length === 0 ? (
          <View className="fact muted">{t('dealings.first', { form: form.name })}</View>
        ) : (
          others.map((item) => (
            <View
              key={item.id}
              className="dealing"
              hoverClass="is-pressed"
              onClick={() => open('/pages/record/index', { formId: form.id, id: item.id })}
            >
              <View className="ellipsis">{item.label}</View>
              <View className="dealing__facts ellipsis num">
                {[
                  ...telling.map((field) => formatField(field, item.values[field.key], format)),
                  wallClock(zone, Date.parse(String(item.values.createdAt ?? ''))).date,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </View>
            </View>
          ))
        )}
      </View>
    </View>
  );
}
