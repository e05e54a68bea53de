import type { FormId, RecordId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useDidShow } from '@tarojs/taro';
import { api } from '../../api/client.js';
import { Failed } from '../../components/empty.js';
import { SkeletonPage } from '../../components/skeleton.js';
import { TaskList } from '../../components/task-list.js';
import { useFormat } from '../../data/context.js';
import { factsOf } from '../../data/facts.js';
import { type Catalog, fieldOf, formById, may, pointersTo } from '../../data/forms.js';
import type { FormView, RecordRow } from '../../data/record-types.js';
import { invalidate, useResource } from '../../data/resource.js';
import { type SidebarView, saidInChat } from '../../data/sidebar.js';
import { useTasks } from '../../data/tasks.js';
import { todoFormFor } from '../../data/todo-form.js';
import { visitFields } from '../../data/visit-form.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';
import { RecordHead } from '../record/head.js';
import { FollowUp } from './follow-up.js';
import { TagLine } from './tag-line.js';
import '../record/index.scss';

const shownFacts = 5;

interface Props {
  view: SidebarView;
  form: FormView;
  customerId: string;
  catalog: Catalog;
  onUnlink(): void;
}

/** The customer's card: head, tags, a follow-up in two taps, what waits, and the facts that matter. */
export function LinkedCustomer({ view, form, customerId, catalog, onUnlink }: Props) {
  const record = useResource(`data:${form.id}:record:${customerId}`, () =>
    api('records.get', { params: { formId: form.id as FormId, id: customerId as RecordId } }),
  );
  useDidShow(() => void record.reload());
  if (record.data)
    return (
      <Card
        view={view}
        form={form}
        record={record.data}
        catalog={catalog}
        onChanged={() => void record.reload()}
        onUnlink={onUnlink}
      />
    );
  if (record.error && !record.loading) return <Failed error={record.error} onRetry={() => void record.reload()} />;
  return <SkeletonPage />;
}

interface CardProps {
  view: SidebarView;
  form: FormView;
  record: RecordRow;
  catalog: Catalog;
  onChanged(): void;
  onUnlink(): void;
}

function Card({ view, form, record, catalog, onChanged, onUnlink }: CardProps) {
  const t = useT();
  const format = useFormat();
  const followUp = formById(catalog, view.followUpFormId ?? '');
  const pointers = pointersTo(catalog, form.id).filter((each) => each.form.id === followUp?.id);
  const found = followUp && visitFields(followUp, form.id);
  const tags = view.tagField ? fieldOf(form, view.tagField) : undefined;
  const tasks = useTasks('pending');
  const waiting = (tasks.data?.items ?? []).filter((task) => task.subject?.id === record.id);
  const facts = factsOf(form, record, format).filter(({ field }) => field.id !== tags?.id);
  const customer = { id: record.id, label: record.label };
  return (
    <View>
      <RecordHead brief catalog={catalog} form={form} record={record} followUps={pointers[0]} onChanged={onChanged} />
      {tags ? <TagLine form={form} field={tags} record={record} onChanged={onChanged} /> : null}
      {followUp && found ? (
        <FollowUp
          form={followUp}
          fields={saidInChat(followUp, found)}
          todo={todoFormFor(catalog, form.id)}
          customer={customer}
          onSaved={() => {
            onChanged();
            invalidate(`data:related:${record.id}`);
            void tasks.reload();
          }}
        />
      ) : null}
      <TaskList items={waiting} />
      {facts.length > 0 ? (
        <>
          <View className="section-title">{t('record.facts')}</View>
          <View className="card facts side-card">
            {facts.slice(0, shownFacts).map(({ field, text }) => (
              <View key={field.id} className="fact">
                <View className="fact__name">{field.name}</View>
                <View className="fact__value">{text}</View>
              </View>
            ))}
          </View>
        </>
      ) : null}
      <View className="side-acts">
        <View className="side-act" hoverClass="is-pressed" onClick={onUnlink}>
          {t('sidebar.unlink')}
        </View>
        {may(form, 'view') ? (
          <View
            className="side-act link"
            hoverClass="is-pressed"
            onClick={() => open('/pages/record/index', { formId: form.id, id: record.id })}
          >
            {t('sidebar.openRecord')}
          </View>
        ) : null}
      </View>
    </View>
  );
}
