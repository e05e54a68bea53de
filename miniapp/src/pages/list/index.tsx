import type { Filter } from '@lianke/shared/filter/ast';
import { nounOf } from '@lianke/shared/forms/noun';
import { View } from '@tarojs/components';
import { useDidShow, useReachBottom, useRouter } from '@tarojs/taro';
import { useState } from 'react';
import { Button } from '../../components/button.js';
import { Chips } from '../../components/chips.js';
import { useFilterSheet } from '../../components/filter-sheet.js';
import { NoForm } from '../../components/no-form.js';
import { RecordList } from '../../components/record-list.js';
import { Screen } from '../../components/screen.js';
import { SearchBox } from '../../components/search-box.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { Taken } from '../../components/taken.js';
import { hasBatch, openBatch } from '../../data/batch-page.js';
import { useViews, viewByKey, viewChips } from '../../data/customers.js';
import { formById, may, useCatalog } from '../../data/forms.js';
import { bothOf } from '../../data/list-filter.js';
import { useLive } from '../../data/live.js';
import type { FormView } from '../../data/record-types.js';
import { totalText, usePages } from '../../data/use-pages.js';
import { useT } from '../../i18n/index.js';
import { decodeParam, open } from '../../platform/navigate.js';
import { parsed } from '../../platform/transport.js';
import './index.scss';

/** Any form's records: all of them with search and views, or those behind a mark of a chart, whose count it repeats. */
export default function List() {
  const t = useT();
  const { params } = useRouter();
  const catalog = useCatalog();
  const form = formById(catalog.data, params.formId ?? '');
  const given = decodeParam(params.title);
  return (
    <Screen title={given || form?.name || t('list.title')} bar={!given && may(form, 'create')}>
      {form ? <Records form={form} filter={parsed(decodeParam(params.filter)) as Filter | null} title={given} /> : null}
      {form ? null : <NoForm catalog={catalog} skeleton={<SkeletonRows count={8} />} />}
    </Screen>
  );
}

function Records({ form, filter, title }: { form: FormView; filter: Filter | null; title: string }) {
  const t = useT();
  const [search, setSearch] = useState('');
  const [viewKey, setView] = useState('all');
  const filters = useFilterSheet(form);
  const views = useViews(filter ? undefined : form);
  const view = viewByKey(views.data ?? [], viewKey);
  const query = {
    filter: filter ?? bothOf(view?.filter, filters.chosen),
    sort: view?.sort.length ? view.sort : undefined,
    search: search || undefined,
  };
  const pages = usePages({ formId: form.id, ...query });
  const batch = hasBatch(form) ? (id?: string) => openBatch(form, query, id) : undefined;
  useDidShow(() => void pages.reload());
  useReachBottom(() => void pages.loadMore());
  useLive((formIds) => {
    if (formIds.includes(form.id)) void pages.reload();
  });
  const add = may(form, 'create') ? () => open('/pages/form/index', { formId: form.id }) : undefined;
  const chips = viewChips(views.data ?? [], t('customers.all'));
  const total = totalText(pages.total);
  const none = filters.clear ? t('filter.none') : t('list.noneOf', { form: nounOf(form.name) });
  return (
    <View>
      <View className="list-top">
        {filter ? null : (
          <View className="list-top__line">
            <SearchBox value={search} placeholder={t('common.search')} onSearch={setSearch} />
            {filters.button}
            {batch && pages.items.length > 0 ? (
              <View className="list-top__pick link" onClick={() => batch()}>
                {t('batch.pick')}
              </View>
            ) : null}
          </View>
        )}
        {!filter && chips.length > 1 ? (
          <View className="list-top__chips">
            <Chips line items={chips} on={[view?.id ?? viewKey]} onTap={setView} />
          </View>
        ) : null}
        {filter && total ? (
          <View className="list-top__count">{t('list.count', { title: title || form.name, n: total })}</View>
        ) : null}
      </View>
      {search && !filter ? <Taken form={form} text={search} /> : null}
      <RecordList
        form={form}
        pages={pages}
        empty={search ? t('list.noMatch', { text: search }) : none}
        onNew={filter ? undefined : add}
        onClear={filters.clear}
        onHold={batch && ((record) => batch(record.id))}
      />
      {filters.sheet}
      {!filter && add && pages.items.length > 0 ? (
        <View className="bar">
          <Button kind="primary" onClick={add}>
            {t('common.new')}
          </Button>
        </View>
      ) : null}
    </View>
  );
}
