import type { FormId, RecordId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { api } from '../../api/client.js';
import { Empty, Failed } from '../../components/empty.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { useFormat } from '../../data/context.js';
import type { FormView, RecordRow } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { ago } from '../../data/time.js';
import { timelineOf } from '../../data/timeline.js';
import { open } from '../../platform/navigate.js';
import type { RelatedRecords } from './related.js';

/** 动态: who changed or visited what, newest first. */
export function Timeline({
  form,
  record,
  followUps,
}: {
  form: FormView;
  record: RecordRow;
  followUps?: RelatedRecords;
}) {
  const format = useFormat();
  const { t, zone, now } = format;
  // The version is part of the key: a change brings a new entry.
  const history = useResource(`data:${form.id}:history:${record.id}:${record.version}`, () =>
    api('records.history', { params: { formId: form.id as FormId, id: record.id as RecordId }, query: {} }),
  );
  const items = timelineOf(form, history.data?.items ?? [], followUps, format);
  if (items.length === 0 && history.loading) return <SkeletonRows count={3} />;
  if (items.length === 0 && history.error)
    return <Failed error={history.error} onRetry={() => void history.reload()} />;
  if (items.length === 0) return <Empty text={t('record.noTimeline')} />;
  return (
    <View className="card timeline">
      {items.map(({ key, who, at, text, record: target }) => (
        <View
          key={key}
          className={`timeline__item ${target ? 'timeline__item--visit' : ''}`}
          onClick={target ? () => open('/pages/record/index', target) : undefined}
        >
          <View className="timeline__who">
            {who}
            <View className="timeline__at">{ago(t, zone, at, now)}</View>
          </View>
          <View className="timeline__text">{text}</View>
        </View>
      ))}
    </View>
  );
}
