import { View } from '@tarojs/components';
import Taro, { useDidShow, usePullDownRefresh } from '@tarojs/taro';
import { useState } from 'react';
import { Chips } from '../../components/chips.js';
import { Empty, Failed } from '../../components/empty.js';
import { Screen } from '../../components/screen.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { StaleBanner } from '../../components/stale-banner.js';
import { Tag } from '../../components/tag.js';
import { openTask, TaskList } from '../../components/task-list.js';
import { useFormat } from '../../data/context.js';
import { useLive } from '../../data/live.js';
import { type Task, type TaskState, useTasks } from '../../data/tasks.js';
import { ago } from '../../data/time.js';
import { useT } from '../../i18n/index.js';
import { CopiesList } from './copies-list.js';
import { StartedList } from './started-list.js';
import './index.scss';

type Kind = 'all' | 'todo' | 'approval' | 'done' | 'started' | 'copies';

export default function Tasks() {
  const t = useT();
  const [kind, setKind] = useState<Kind>('all');
  const state: TaskState = kind === 'done' ? 'done' : 'pending';
  const tasks = useTasks(state);
  useDidShow(() => void tasks.reload());
  usePullDownRefresh(async () => {
    await tasks.reload();
    Taro.stopPullDownRefresh();
  });
  useLive(() => void tasks.reload());
  const counts = tasks.data?.counts;
  const label = (text: string, count: number | undefined) => (count ? `${text} ${count}` : text);
  const chips = [
    { key: 'all', label: label(t('tasks.all'), state === 'pending' ? counts?.all : undefined) },
    { key: 'todo', label: t('tasks.todo') },
    { key: 'approval', label: label(t('tasks.approval'), state === 'pending' ? counts?.approvals : undefined) },
    { key: 'done', label: t('tasks.done') },
    { key: 'started', label: t('started.tab') },
    { key: 'copies', label: t('copies.tab') },
  ];
  const items = (tasks.data?.items ?? []).filter((task) => kind === 'all' || kind === 'done' || task.kind === kind);
  return (
    <Screen title={t('tab.tasks')} tab>
      <View className="filter-bar">
        <Chips items={chips} on={[kind]} onTap={(key) => setKind(key as Kind)} />
      </View>
      {kind === 'started' ? (
        <StartedList />
      ) : kind === 'copies' ? (
        <CopiesList />
      ) : (
        <>
          <StaleBanner error={tasks.error} at={tasks.at} />
          {!tasks.data && tasks.loading ? <SkeletonRows /> : null}
          {!tasks.data && tasks.error && !tasks.loading ? <Failed error={tasks.error} onRetry={tasks.reload} /> : null}
          {state === 'pending' ? <TaskList items={items} /> : <DoneList items={items} />}
          {tasks.data && items.length === 0 ? (
            <Empty text={t(kind === 'done' ? 'tasks.noneDone' : 'tasks.none')} />
          ) : null}
        </>
      )}
    </Screen>
  );
}

const outcomeColors = {
  pending: 'blue',
  queued: 'gray',
  held: 'gray',
  returned: 'orange',
  removed: 'gray',
  approved: 'green',
  rejected: 'red',
  transferred: 'gray',
  done: 'gray',
  closed: 'gray',
} as const;

function DoneList({ items }: { items: readonly Task[] }) {
  const { t, zone, now } = useFormat();
  return (
    <View>
      {items.map((task) => (
        <View key={task.id} className="row" hoverClass="is-pressed" onClick={() => openTask(task)}>
          <View className="row__main">
            <View className="ellipsis">{task.title}</View>
            <View className="row__line ellipsis">
              {[task.starter?.label ?? task.subject?.label, ago(t, zone, Date.parse(task.createdAt), now)]
                .filter(Boolean)
                .join(' · ')}
            </View>
          </View>
          <View className="row__side">
            <Tag label={t(`outcome.${task.state}`)} color={outcomeColors[task.state]} />
          </View>
        </View>
      ))}
    </View>
  );
}
