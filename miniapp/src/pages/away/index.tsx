import { View } from '@tarojs/components';
import { useDidShow } from '@tarojs/taro';
import { api } from '../../api/client.js';
import { Empty, Failed } from '../../components/empty.js';
import { Screen } from '../../components/screen.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { AwayForm } from './away-form.js';
import { AwayRow } from './away-row.js';
import '../../fields/fields.scss';
import '../../components/field-box.scss';
import './index.scss';

/** 审批代理: who answers one's approvals while one is away, and for whom one answers. */
export default function AwayPage() {
  const t = useT();
  const aways = useResource('aways', () => api('aways.list', {}));
  useDidShow(() => void aways.reload());
  const items = aways.data?.items ?? [];
  const reload = () => void aways.reload();
  return (
    <Screen title={t('away.title')}>
      <AwayForm onSaved={reload} />
      <View className="section-title">{t('away.list')}</View>
      {!aways.data && aways.loading ? (
        <View className="card">
          <SkeletonRows count={3} />
        </View>
      ) : null}
      {!aways.data && aways.error && !aways.loading ? <Failed error={aways.error} onRetry={reload} /> : null}
      {items.length > 0 ? (
        <View className="card">
          {items.map((away) => (
            <AwayRow key={away.id} away={away} onEnded={reload} />
          ))}
        </View>
      ) : null}
      {aways.data && items.length === 0 ? <Empty text={t('away.none')} /> : null}
    </Screen>
  );
}
