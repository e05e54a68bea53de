import { View } from '@tarojs/components';
import Taro, { useDidShow, usePullDownRefresh } from '@tarojs/taro';
import { Empty, Failed } from '../../components/empty.js';
import { Fab } from '../../components/fab.js';
import { Screen } from '../../components/screen.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { StaleBanner } from '../../components/stale-banner.js';
import { TaskList } from '../../components/task-list.js';
import { useCatalog } from '../../data/forms.js';
import { useLive } from '../../data/live.js';
import { useOutbox } from '../../data/outbox.js';
import { invalidate } from '../../data/resource.js';
import { useTasks } from '../../data/tasks.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';
import { useSession } from '../../session/session.js';
import { Apps } from './apps.js';
import { Bell } from './bell.js';
import { Month } from './month.js';
import { Targets } from './targets.js';
import { TodayLine } from './today.js';
import { Visits } from './visits.js';
import './index.scss';
import { Named } from '../../components/named.js';

export default function Workbench() {
  const t = useT();
  const { me } = useSession();
  const tasks = useTasks('pending');
  const catalog = useCatalog();
  const waiting = useOutbox();
  useDidShow(() => {
    void tasks.reload();
    void catalog.reload();
  });
  usePullDownRefresh(async () => {
    invalidate('data:');
    await Promise.all([tasks.reload(), catalog.reload()]);
    Taro.stopPullDownRefresh();
  });
  useLive(() => {
    void tasks.reload();
    invalidate('data:month');
  });
  const items = tasks.data?.items ?? [];
  return (
    <Screen title={t('tab.workbench')} tab>
      <View className="today">
        <View className="today__top">
          <View className="today__who ellipsis">
            <Named text={me ? t('workbench.who', { name: me.member.name, tenant: me.tenant.name }) : ''} />
          </View>
          <Bell />
        </View>
        <TodayLine loaded={tasks.data !== undefined} items={items} catalog={catalog.data} />
      </View>
      <StaleBanner error={tasks.error} at={tasks.at} />
      {waiting.length > 0 ? (
        <View className="banner" onClick={() => open('/pages/me/index')}>
          <View className="banner__text">{t('outbox.waiting', { n: waiting.length })}</View>
        </View>
      ) : null}
      {!tasks.data && tasks.loading ? (
        <View className="card">
          <SkeletonRows count={4} />
        </View>
      ) : null}
      {!tasks.data && tasks.error && !tasks.loading ? <Failed error={tasks.error} onRetry={tasks.reload} /> : null}
      <Visits catalog={catalog.data} todos={tasks.data?.items} />
      <TaskList items={items} />
      <Targets />
      <Month catalog={catalog.data} />
      <Apps catalog={catalog.data} />
      {catalog.data && catalog.data.apps.length === 0 ? <Empty text={t('workbench.noApps')} /> : null}
      <Fab catalog={catalog.data} />
    </Screen>
  );
}
