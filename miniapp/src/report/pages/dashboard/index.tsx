import type { DashboardId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import Taro, { useDidShow, usePullDownRefresh, useRouter } from '@tarojs/taro';
import { api } from '../../../api/client.js';
import { Empty, Failed } from '../../../components/empty.js';
import { Screen } from '../../../components/screen.js';
import { SkeletonPage } from '../../../components/skeleton.js';
import { StaleBanner } from '../../../components/stale-banner.js';
import { formById, useCatalog } from '../../../data/forms.js';
import { keptWidgets } from '../../../data/kept-widgets.js';
import { useLive } from '../../../data/live.js';
import { useResource } from '../../../data/resource.js';
import { useT } from '../../../i18n/index.js';
import { open } from '../../../platform/navigate.js';
import { FilterChips, useFilterValues } from './filter-chips.js';
import { WidgetCard } from './widget-card.js';
import './index.scss';

/** A dashboard on the phone: its widgets under one another, live. */
export default function Dashboard() {
  const t = useT();
  const { params } = useRouter();
  const id = (params.id ?? '') as DashboardId;
  const catalog = useCatalog();
  const dashboard = useResource(`dashboard.${id}`, () => api('dashboards.get', { params: { id } }), true);
  const bar = useFilterValues(dashboard.data?.definition);
  const asked = bar.chosen && JSON.stringify(bar.chosen);
  const data = useResource(
    dashboard.data ? `dashboard.${id}.data${asked ? `.${asked}` : ''}` : null,
    () => api('dashboards.data', { params: { id }, query: asked ? { filters: asked } : {} }),
    // What it opens with is what is read offline.
    asked === undefined && keptWidgets(dashboard.data?.definition.widgets, catalog.data),
  );
  const widgets = dashboard.data?.definition.widgets ?? [];
  // Bones promise that something is on its way: not after a read that failed.
  const shown = data.data || !data.error || data.loading ? widgets : [];
  useDidShow(() => void data.reload());
  usePullDownRefresh(async () => {
    await Promise.all([dashboard.reload(), data.reload()]);
    Taro.stopPullDownRefresh();
  });
  useLive((formIds) => {
    if (widgets.some((widget) => formIds.includes(widget.formId))) void data.reload();
  });
  return (
    <Screen title={dashboard.data?.name ?? t('dashboard.title')}>
      <StaleBanner error={data.error ?? dashboard.error} at={data.at} />
      {widgets.length > 0 ? <FilterChips filters={bar.filters} values={bar.values} onChange={bar.put} /> : null}
      {widgets.length > 0 && shown.length === 0 ? (
        <Failed error={data.error} onRetry={() => void data.reload()} />
      ) : null}
      <View className="widgets">
        {shown.map((widget) => (
          <WidgetCard
            key={widget.id}
            widget={widget}
            data={data.data?.widgets.find((item) => item.id === widget.id)}
            form={formById(catalog.data, widget.formId)}
            onFull={() => open('/report/pages/widget/index', { id, widget: widget.id, filters: asked })}
          />
        ))}
      </View>
      {dashboard.data && widgets.length === 0 ? <Empty text={t('dashboard.empty')} /> : null}
      {!dashboard.data && dashboard.loading ? <SkeletonPage /> : null}
      {!dashboard.data && !dashboard.loading && dashboard.error ? (
        <Failed error={dashboard.error} onRetry={() => void dashboard.reload()} />
      ) : null}
    </Screen>
  );
}
