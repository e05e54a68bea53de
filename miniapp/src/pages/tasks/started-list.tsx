import type { AnswerOf } from '@lianke/shared/api/contracts';
import { View } from '@tarojs/components';
import { useReachBottom } from '@tarojs/taro';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { Failed } from '../../components/empty.js';
import { Named } from '../../components/named.js';
import { RowWindow } from '../../components/row-window.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { Tag } from '../../components/tag.js';
import { useFormat } from '../../data/context.js';
import { useGrowing } from '../../data/task-pages.js';
import { ago } from '../../data/time.js';
import { useT } from '../../i18n/index.js';
import { NoTasks } from './no-tasks.js';
import { StartedSheet } from './started-sheet.js';
import { stateIn, type TaskFilter } from './task-filter.js';

type Run = AnswerOf<'runs.started'>['items'][number];

const colors = {
  open: 'blue',
  returned: 'orange',
  approved: 'green',
  rejected: 'red',
  withdrawn: 'gray',
  failed: 'red',
  ended: 'gray',
} as const;

interface Props {
  search: string;
  filter: TaskFilter;
  onClear: (() => void) | undefined;
}

/** 我发起的: how far each approval has come; a tap opens what can be done about it. */
export function StartedList({ search, filter: { state, ...filter }, onClear }: Props) {
  const { t, zone, now } = useFormat();
  const query = { ...filter, state: stateIn('started', state), search: search || undefined };
  const runs = useGrowing<Run, AnswerOf<'runs.started'>>(`tasks.started.${JSON.stringify(query)}`, (cursor) =>
    api('runs.started', { query: { ...query, cursor } }),
  );
  useReachBottom(runs.loadMore);
  const [chosen, setChosen] = useState<Run | null>(null);
  const items = runs.data?.items ?? [];
  return (
    <View>
      {!runs.data && runs.loading ? <SkeletonRows /> : null}
      {!runs.data && runs.error && !runs.loading ? <Failed error={runs.error} onRetry={runs.reload} /> : null}
      <RowWindow
        items={items}
        row={(run) => (
          <View key={run.id} className="row" hoverClass="is-pressed" onClick={() => setChosen(run)}>
            <View className="row__main">
              <View className="ellipsis">{run.title}</View>
              <View className="row__line ellipsis">
                <Named
                  text={[ago(t, zone, Date.parse(run.startedAt), now), waitingLine(t, run)].filter(Boolean).join(' · ')}
                />
              </View>
            </View>
            <View className="row__side">
              <Tag label={t(`started.state.${run.state}`)} color={colors[run.state]} />
            </View>
          </View>
        )}
      />
      {runs.data && items.length === 0 ? <NoTasks none={t('started.none')} search={search} onClear={onClear} /> : null}
      {chosen ? (
        <StartedSheet
          run={chosen}
          onClose={() => setChosen(null)}
          onDone={() => {
            setChosen(null);
            void runs.reload();
          }}
        />
      ) : null}
    </View>
  );
}

function waitingLine(t: ReturnType<typeof useT>, run: Run): string {
  return run.waiting.length > 0
    ? t('started.waiting', { who: run.waiting.map((who) => who.label).join(t('common.comma')) })
    : '';
}
