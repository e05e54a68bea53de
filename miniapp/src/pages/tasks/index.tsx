import { View } from '@tarojs/components';
import Taro, { useDidShow, usePullDownRefresh, useReachBottom } from '@tarojs/taro';
import { useState } from 'react';
import { Chips } from '../../components/chips.js';
import { Failed } from '../../components/empty.js';
import { RowWindow } from '../../components/row-window.js';
import { Screen } from '../../components/screen.js';
import { SearchBox } from '../../components/search-box.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { StaleBanner } from '../../components/stale-banner.js';
import { Tag } from '../../components/tag.js';
import { openTask, TaskList } from '../../components/task-list.js';
import { useFormat } from '../../data/context.js';
import { useLive } from '../../data/live.js';
import { useTaskPages } from '../../data/task-pages.js';
import type { Task, TaskState } from '../../data/tasks.js';
import { ago } from '../../data/time.js';
import { useT } from '../../i18n/index.js';
import { BulkBar, BulkLeft, type BulkReport } from './bulk-bar.js';
import { CopiesList } from './copies-list.js';
import { NoTasks } from './no-tasks.js';
import { StartedList } from './started-list.js';
import { stateIn, type TaskTab, useTaskFilter } from './task-filter.js';
import './index.scss';
import { Named } from '../../components/named.js';

type Kind = 'all' | 'todo' | 'approval' | 'done' | 'started' | 'copies';

export default function Tasks() {
  const t = useT();
  const [kind, setKind] = useState<Kind>('all');
  const [search, setSearch] = useState('');
  const [picked, setPicked] = useState<readonly string[] | null>(null);
  const [report, setReport] = useState<BulkReport | null>(null);
  const listed = kind !== 'started' && kind !== 'copies';
  const state: TaskState = kind === 'done' ? 'done' : 'pending';
  const tab: TaskTab = kind === 'started' || kind === 'copies' ? kind : state;
  const { filter, clear, button, sheet } = useTaskFilter(tab);
  const { state: word, ...narrowed } = filter;
  const tasks = useTaskPages({
    ...narrowed,
    state,
    kind: kind === 'todo' || kind === 'approval' ? kind : undefined,
    urgency: stateIn('pending', word),
    outcome: stateIn('done', word),
    search,
  });
  useDidShow(() => void tasks.reload());
  useReachBottom(() => {
    if (listed) tasks.loadMore();
  });
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
  const items = tasks.data?.items ?? [];
  const simple = items.filter((task) => task.simple).map((task) => task.id as string);
  const picks = state === 'pending' && listed && picked !== null;
  const toggle = (task: Task) =>
    setPicked((old) => (old?.includes(task.id) ? old.filter((id) => id !== task.id) : [...(old ?? []), task.id]));
  const show = (next: Kind) => {
    setKind(next);
    setPicked(null);
  };
  return (
    <Screen title={t('tab.tasks')} tab>
      <View className="tasks-top">
        <View className="tasks-top__line">
          <SearchBox value={search} placeholder={t('tasks.search')} onSearch={setSearch} />
          {button}
          {listed && state === 'pending' && (picks || simple.length > 1) ? (
            <View className="tasks-top__pick link" onClick={() => setPicked(picks ? null : [])}>
              {t(picks ? 'bulk.stop' : 'bulk.pick')}
            </View>
          ) : null}
        </View>
        <View className="filter-bar">
          <Chips items={chips} on={[kind]} onTap={(key) => show(key as Kind)} />
        </View>
      </View>
      {report ? <BulkLeft report={report} onClose={() => setReport(null)} /> : null}
      {kind === 'started' ? (
        <StartedList search={search} filter={filter} onClear={clear} />
      ) : kind === 'copies' ? (
        <CopiesList search={search} filter={filter} onClear={clear} />
      ) : (
        <>
          <StaleBanner error={tasks.error} at={tasks.at} />
          {!tasks.data && tasks.loading ? <SkeletonRows /> : null}
          {!tasks.data && tasks.error && !tasks.loading ? <Failed error={tasks.error} onRetry={tasks.reload} /> : null}
          {state === 'pending' ? (
            <TaskList
              items={picks ? items.filter((task) => task.kind === 'approval') : items}
              listKey={tasks.key}
              picking={picks ? { picked: picked ?? [], onPick: toggle } : undefined}
            />
          ) : (
            <DoneList items={items} />
          )}
          {tasks.data && items.length === 0 ? (
            <NoTasks none={t(kind === 'done' ? 'tasks.noneDone' : 'tasks.none')} search={search} onClear={clear} />
          ) : null}
          {tasks.data?.cursor ? <View className="list-end">{t('tasks.loading')}</View> : null}
        </>
      )}
      {sheet}
      {picks ? (
        <BulkBar
          picked={picked ?? []}
          all={simple}
          onPick={setPicked}
          onDone={(result) => {
            setReport(result);
            setPicked(null);
          }}
        />
      ) : null}
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
      <RowWindow
        items={items}
        row={(task) => (
          <View key={task.id} className="row" hoverClass="is-pressed" onClick={() => openTask(task)}>
            <View className="row__main">
              <View className="ellipsis">
                <Named text={task.title} />
              </View>
              <View className="row__line ellipsis">
                <Named
                  text={[task.starter?.label ?? task.subject?.label, ago(t, zone, Date.parse(task.createdAt), now)]
                    .filter(Boolean)
                    .join(' · ')}
                />
              </View>
            </View>
            <View className="row__side">
              <Tag label={t(`outcome.${task.state}`)} color={outcomeColors[task.state]} />
            </View>
          </View>
        )}
      />
    </View>
  );
}
