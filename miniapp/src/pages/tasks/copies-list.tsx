import type { AnswerOf } from '@lianke/shared/api/contracts';
import { View } from '@tarojs/components';
import { useReachBottom } from '@tarojs/taro';
import { api } from '../../api/client.js';
import { Failed } from '../../components/empty.js';
import { Named } from '../../components/named.js';
import { RowWindow } from '../../components/row-window.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { Tag } from '../../components/tag.js';
import { useFormat } from '../../data/context.js';
import { useGrowing } from '../../data/task-pages.js';
import { ago } from '../../data/time.js';
import { open } from '../../platform/navigate.js';
import { NoTasks } from './no-tasks.js';
import type { TaskFilter } from './task-filter.js';

interface Props {
  search: string;
  filter: TaskFilter;
  onClear: (() => void) | undefined;
}

type Copy = AnswerOf<'copies.list'>['items'][number];

/** 抄送我的: opening one marks it as read. */
export function CopiesList({ search, filter: { state: _, ...filter }, onClear }: Props) {
  const { t, zone, now } = useFormat();
  const query = { ...filter, search: search || undefined };
  const copies = useGrowing<Copy, AnswerOf<'copies.list'>>(`tasks.copies.${JSON.stringify(query)}`, (cursor) =>
    api('copies.list', { query: { ...query, cursor } }),
  );
  useReachBottom(copies.loadMore);
  const items = copies.data?.items ?? [];
  const show = (copy: Copy) => {
    if (!copy.readAt) void api('copies.read', { params: { id: copy.id } }).then(() => copies.reload());
    if (copy.taskId) open('/pages/task/index', { id: copy.taskId });
    else open('/pages/record/index', { formId: copy.subject.formId, id: copy.subject.id });
  };
  return (
    <View>
      {!copies.data && copies.loading ? <SkeletonRows /> : null}
      {!copies.data && copies.error && !copies.loading ? <Failed error={copies.error} onRetry={copies.reload} /> : null}
      <RowWindow
        items={items}
        row={(copy) => (
          <View key={copy.id} className="row" hoverClass="is-pressed" onClick={() => show(copy)}>
            <View className="row__main">
              <View className="ellipsis">{copy.title}</View>
              <View className="row__line ellipsis">
                <Named
                  text={[copy.by?.label, ago(t, zone, Date.parse(copy.at), now), copy.comment]
                    .filter(Boolean)
                    .join(' · ')}
                />
              </View>
            </View>
            <View className="row__side">{copy.readAt ? null : <Tag label={t('copies.unread')} color="blue" />}</View>
          </View>
        )}
      />
      {copies.data && items.length === 0 ? <NoTasks none={t('copies.none')} search={search} onClear={onClear} /> : null}
    </View>
  );
}
