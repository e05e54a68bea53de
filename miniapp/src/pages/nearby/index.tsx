import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FormId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import Taro, { usePullDownRefresh, useRouter } from '@tarojs/taro';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.js';
import { Chips } from '../../components/chips.js';
import { Empty, Failed } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import { NoForm } from '../../components/no-form.js';
import { Screen } from '../../components/screen.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { Tag } from '../../components/tag.js';
import { callCustomer } from '../../data/call-customer.js';
import { useFormat } from '../../data/context.js';
import { distanceText } from '../../data/distance.js';
import { phonesOf, summaryLine, tagOf } from '../../data/facts.js';
import { type Catalog, crmForm, formById, useCatalog } from '../../data/forms.js';
import type { FormView } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { ago } from '../../data/time.js';
import { useT } from '../../i18n/index.js';
import { navigateTo } from '../../platform/contact.js';
import { open } from '../../platform/navigate.js';
import { usePlace } from '../visit/place.js';
import './index.scss';

type Item = AnswerOf<'records.nearby'>['items'][number];
const circles = [1000, 3000, 10_000, 50_000];

/** 附近: customers, or records of another form, by their distance from here. */
export default function NearbyPage() {
  const t = useT();
  const { params } = useRouter();
  const catalog = useCatalog();
  const form = params.formId ? formById(catalog.data, params.formId) : crmForm(catalog.data, 'customer');
  return (
    <Screen title={t('nearby.title')} skeleton={<SkeletonRows />}>
      {form && catalog.data ? <Around form={form} catalog={catalog.data} /> : null}
      {form ? null : <NoForm catalog={catalog} skeleton={<SkeletonRows />} />}
    </Screen>
  );
}

function Around({ form, catalog }: { form: FormView; catalog: Catalog }) {
  const t = useT();
  const place = usePlace(true);
  const [within, setWithin] = useState(3000);
  const here = place.found;
  const found = useResource(here ? `data:${form.id}:nearby:${within}:${here.lat}:${here.lng}` : null, async () => {
    if (!here) return [];
    const body = { lat: here.lat, lng: here.lng, within, limit: 100 };
    return (await api('records.nearby', { params: { formId: form.id as FormId }, body })).items;
  });
  usePullDownRefresh(place.again);
  useEffect(() => {
    if (place.state !== 'busy') Taro.stopPullDownRefresh();
  }, [place.state]);
  return (
    <View>
      <View className="nearby-bar">
        <Chips
          items={circles.map((metres) => ({ key: String(metres), label: t('nearby.within', { km: metres / 1000 }) }))}
          on={[String(within)]}
          onTap={(key) => setWithin(Number(key))}
        />
      </View>
      {place.state === 'off' ? (
        <Empty text={t('nearby.noPlace')} action={t('common.retry')} onAction={place.again} />
      ) : null}
      {place.state === 'busy' || (here && found.loading && !found.data) ? <SkeletonRows /> : null}
      {found.error && !found.data && !found.loading ? (
        <Failed error={found.error} onRetry={() => void found.reload()} />
      ) : null}
      {found.data?.map((item) => (
        <Row key={item.record.id} item={item} form={form} catalog={catalog} />
      ))}
      {found.data?.length === 0 ? <Empty text={t('nearby.none', { km: within / 1000 })} /> : null}
    </View>
  );
}

function Row({ item, form, catalog }: { item: Item; form: FormView; catalog: Catalog }) {
  const format = useFormat();
  const { t, zone, now } = format;
  const { record, distance, place, from } = item;
  const tag = tagOf(form, record);
  const where = from
    ? t('nearby.passed', { form: from.name, time: ago(t, zone, Date.parse(from.at), now) })
    : (place.name ?? place.address ?? '');
  const customer = crmForm(catalog, 'customer')?.id === form.id;
  const go = () => navigateTo({ lat: place.lat, lng: place.lng, name: record.label || t('record.untitled') });
  return (
    <View
      className="row"
      hoverClass="is-pressed"
      onClick={() => open('/pages/record/index', { formId: form.id, id: record.id })}
    >
      <View className="row__main">
        <View className="nearby-name">
          <View className="row__title ellipsis">{record.label || t('record.untitled')}</View>
          {tag ? <Tag label={tag.label} color={tag.color} /> : null}
        </View>
        <View className="row__line ellipsis">
          <View className="nearby-far num">{distanceText(t, distance)}</View>
          {where ? ` · ${where}` : ''}
        </View>
        <View className="row__line ellipsis">{summaryLine(form, record, format)}</View>
      </View>
      <View className="nearby-acts" onClick={(event) => event.stopPropagation()}>
        {customer || phonesOf(form, record).length > 0 ? (
          <View
            className="nearby-act"
            aria-label={t('customer.call')}
            onClick={() => void callCustomer(form, record, catalog)}
          >
            <Icon name="phone" />
          </View>
        ) : null}
        <View className="nearby-act" aria-label={t('customer.navigate')} onClick={go}>
          <Icon name="nav" />
        </View>
      </View>
    </View>
  );
}
