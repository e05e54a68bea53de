import type { DashboardId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import Taro, { useDidShow, usePullDownRefresh, useRouter } from '@tarojs/taro';
import { api } from '../../../api/client.js';
import { Empty, Failed } from '../../../components/empty.js';
import { Screen } from '../../../components/screen.js';
import { SkeletonPage } from '../../../components/skeleton.js';
import { StaleBanner } from '../../../components/stale-banner.js';
import { formById, useCatalog } from '../../../data/forms.js';
import { useLive } from '../../../data/live.js';
import { useResource } from '../../../data/resource.js';
import { useT } from '../../../i18n/index.js';
import { decodeParam } from '../../../platform/navigate.js';
import { WidgetContent } from '../dashboard/widget-card.js';
import '../dashboard/index.scss';

/** One widget with the whole screen to itself, by the filters its dashboard had. */
export default function WidgetPage() {
  const t = useT();
  const { params } = useRouter();
  const id = (params.id ?? '') as DashboardId;
  const asked = decodeParam(params.filters) || undefined;
  const catalog = useCatalog();
  const dashboard = useResource(`dashboard.${id}`, () => api('dashboards.get', { params: { id } }), true);
  const data = useResource(`dashboard.${id}.data${asked ? `.${asked}` : ''}`, () =>
    api('dashboards.data', { params: { id }, query: asked ? { filters: asked } : {} }),
  );
  const widget = dashboard.data?.definition.widgets.find((item) => item.id === params.widget);
  const shown = data.data?.widgets.find((item) => item.id === params.widget);
  const form = widget && formById(catalog.data, widget.formId);
  useDidShow(() => void data.reload());
  usePullDownRefresh(async () => {
    await data.reload();
    Taro.stopPullDownRefresh();
  });
  useLive((formIds) => {
    if (widget && formIds.includes(widget.formId)) void data.reload();
  });
  const error = dashboard.error ?? data.error;
  return (
    <Screen title={widget?.title || t('dashboard.title')}>
      <StaleBanner error={error} at={data.at} />
      {widget && shown ? (
        <View className={`card widget-full widget--${widget.type}`}>
          <WidgetContent widget={widget} data={shown} form={form} full />
        </View>
      ) : null}
      {!shown && (data.loading || dashboard.loading) ? <SkeletonPage /> : null}
      {!shown && !data.loading && error ? <Failed error={error} onRetry={() => void data.reload()} /> : null}
      {dashboard.data && !widget ? <Empty text={t('dashboard.widgetGone')} /> : null}
    </Screen>
  );
}
