import { View } from '@tarojs/components';
import Taro, { useDidShow, usePullDownRefresh, useReachBottom } from '@tarojs/taro';
import { Chips } from '../../components/chips.js';
import { Fab, mayLogVisit } from '../../components/fab.js';
import { useFilterSheet } from '../../components/filter-sheet.js';
import { Icon } from '../../components/icon.js';
import { NoForm } from '../../components/no-form.js';
import { RecordList } from '../../components/record-list.js';
import { Screen } from '../../components/screen.js';
import { SearchBox } from '../../components/search-box.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { Taken } from '../../components/taken.js';
import { hasBatch, openBatch } from '../../data/batch-page.js';
import { callCustomer } from '../../data/call-customer.js';
import { useFormat } from '../../data/context.js';
import { customerChoice, neglected, neglectedView, useViews, viewByKey, viewChips } from '../../data/customers.js';
import { dealLine, useDeals } from '../../data/deals.js';
import { crmForm, may, useCatalog } from '../../data/forms.js';
import { bothOf } from '../../data/list-filter.js';
import { useLive } from '../../data/live.js';
import { poolOf, poolView, usePools } from '../../data/pools.js';
import type { FormView } from '../../data/record-types.js';
import { usePages } from '../../data/use-pages.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';
import { useStore } from '../../store/store.js';
import './index.scss';
import { ByContact, useByContact } from './by-contact.js';
import { PoolList } from './pool-list.js';

export default function Customers() {
  const t = useT();
  const catalog = useCatalog();
  const form = crmForm(catalog.data, 'customer');
  return (
    <Screen title={t('tab.customers')} tab>
      {form ? <CustomerList form={form} /> : null}
      {form ? null : <NoForm catalog={catalog} text={t('customers.noForm')} skeleton={<SkeletonRows count={8} />} />}
      <Fab catalog={catalog.data} />
    </Screen>
  );
}

function CustomerList({ form }: { form: FormView }) {
  const t = useT();
  const catalog = useCatalog();
  const { view: viewKey, search } = useStore(customerChoice);
  const filters = useFilterSheet(form);
  const views = useViews(form);
  const named = views.data ?? [];
  const unseen = neglected(form, named);
  const view = viewByKey(named, viewKey);
  const filter = bothOf(view?.filter ?? (unseen?.key === viewKey ? unseen.filter : undefined), filters.chosen);
  const query = { filter, sort: view?.sort.length ? view.sort : undefined, search: search || undefined };
  const pages = usePages({ formId: form.id, ...query }, { key: 'customers', fields: form.fields });
  const batch = hasBatch(form) ? (id?: string) => openBatch(form, query, id) : undefined;
  const deals = useDeals(
    catalog.data,
    form,
    pages.items.map((record) => record.id),
  );
  const format = useFormat();
  useDidShow(() => void pages.reload());
  useReachBottom(() => void pages.loadMore());
  usePullDownRefresh(async () => {
    await Promise.all([pages.reload(), views.reload()]);
    Taro.stopPullDownRefresh();
  });
  useLive((formIds) => {
    if (formIds.includes(form.id)) void pages.reload();
  });
  const own = unseen?.key === neglectedView ? [{ key: neglectedView, label: t('customers.neglected') }] : [];
  const pools = usePools();
  const pool = poolOf(pools.data, form);
  const inPool = pool !== undefined && viewKey === poolView;
  const chips = [
    ...viewChips(named, t('customers.all')),
    ...own,
    ...(pool ? [{ key: poolView, label: `${t('pool.title')} ${pool.waiting}` }] : []),
  ];
  const byContact = useByContact(catalog.data, form, inPool ? '' : search);
  const onlyByContact = pages.state === 'ready' && pages.items.length === 0 && (byContact.data?.length ?? 0) > 0;
  const add = may(form, 'create')
    ? () => open('/pages/form/index', { formId: form.id, title: search || undefined })
    : undefined;
  const logsVisits = mayLogVisit(catalog.data);
  return (
    <View>
      <View className="customers-top">
        <View className="customers-top__line">
          <View className="customers-top__search">
            <SearchBox
              value={search}
              placeholder={t(inPool ? 'pool.search' : 'customers.search')}
              onSearch={(text) => customerChoice.set({ search: text })}
            />
          </View>
          <View className="customers-top__acts">
            <View
              className="customers-top__near"
              hoverClass="is-pressed"
              aria-label={t('nearby.title')}
              onClick={() => open('/pages/nearby/index', { formId: form.id })}
            >
              <Icon name="place" />
            </View>
            {inPool ? null : filters.button}
            {add ? (
              <View className="customers-top__add link" hoverClass="is-pressed" onClick={add}>
                {t('common.new')}
              </View>
            ) : null}
          </View>
        </View>
        <View className="customers-top__views">
          <Chips line items={chips} on={[view?.id ?? viewKey]} onTap={(key) => customerChoice.set({ view: key })} />
          {batch && !inPool && pages.items.length > 0 ? (
            <View className="customers-top__pick link" onClick={() => batch()}>
              {t('batch.pick')}
            </View>
          ) : null}
        </View>
      </View>
      {search && !inPool ? <Taken form={form} text={search} /> : null}
      {search && !inPool && pages.state !== 'failed' ? (
        <ByContact
          catalog={catalog.data}
          form={form}
          search={search}
          found={byContact}
          shown={new Set(pages.items.map((record) => record.id))}
        />
      ) : null}
      {inPool ? (
        <PoolList form={form} pool={pool} search={search} onChanged={() => void pools.reload()} />
      ) : onlyByContact ? null : (
        <RecordList
          form={form}
          pages={pages}
          empty={search ? t('list.noMatch', { text: search }) : t(filters.clear ? 'filter.none' : 'customers.none')}
          onNew={add}
          onClear={filters.clear}
          onHold={batch && ((record) => batch(record.id))}
          leadOf={(record) => dealLine(catalog.data, deals.get(record.id), format)}
          actionsOf={(record) => [
            { key: 'call', label: t('customer.call'), run: () => void callCustomer(form, record, catalog.data) },
            ...(logsVisits
              ? [
                  {
                    key: 'visit',
                    label: t('customer.followUp'),
                    primary: true,
                    run: () => open('/pages/visit/index', { customerId: record.id }),
                  },
                ]
              : []),
          ]}
        />
      )}
      {filters.sheet}
    </View>
  );
}
