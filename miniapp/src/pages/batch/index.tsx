import type { Filter } from '@lianke/shared/filter/ast';
import { mostPrinted } from '@lianke/shared/print/limits';
import type { SortItem } from '@lianke/shared/records/query';
import { View } from '@tarojs/components';
import { useReachBottom, useRouter } from '@tarojs/taro';
import { useState } from 'react';
import { Empty, Failed } from '../../components/empty.js';
import { NoForm } from '../../components/no-form.js';
import { RowWindow } from '../../components/row-window.js';
import { Screen } from '../../components/screen.js';
import { SearchBox } from '../../components/search-box.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { useFormat } from '../../data/context.js';
import { formById, useCatalog } from '../../data/forms.js';
import type { FormView } from '../../data/record-types.js';
import { usePages } from '../../data/use-pages.js';
import { useT } from '../../i18n/index.js';
import { decodeParam } from '../../platform/navigate.js';
import { parsed } from '../../platform/transport.js';
import { showNotice } from '../../store/notice.js';
import { BatchBar } from './batch-bar.js';
import { PickRow } from './pick-row.js';
import './index.scss';

/** Several records of a list are picked, to be printed, transferred or deleted together. */
export default function Batch() {
  const t = useT();
  const { params } = useRouter();
  const catalog = useCatalog();
  const form = formById(catalog.data, params.formId ?? '');
  const picked = decodeParam(params.picked);
  return (
    <Screen title={t('batch.title')} bar>
      {form ? (
        <Picking
          form={form}
          filter={parsed(decodeParam(params.filter)) as Filter | null}
          sort={parsed(decodeParam(params.sort)) as SortItem[] | null}
          begun={decodeParam(params.search)}
          first={picked ? [picked] : []}
        />
      ) : (
        <NoForm catalog={catalog} skeleton={<SkeletonRows count={8} />} />
      )}
    </Screen>
  );
}

interface Props {
  form: FormView;
  filter: Filter | null;
  sort: SortItem[] | null;
  /** What was searched for in the list. */
  begun: string;
  first: readonly string[];
}

function Picking({ form, filter, sort, begun, first }: Props) {
  const format = useFormat();
  const { t } = format;
  const [search, setSearch] = useState(begun);
  const [picked, setPicked] = useState(first);
  const pages = usePages({
    formId: form.id,
    ...(filter ? { filter } : {}),
    ...(sort ? { sort } : {}),
    ...(search ? { search } : {}),
  });
  useReachBottom(() => void pages.loadMore());
  const { items, state } = pages;
  const shown = items.slice(0, mostPrinted).map((record) => record.id);
  const every = shown.length > 0 && shown.every((id) => picked.includes(id));
  const pick = (ids: readonly string[]) => {
    if (ids.length > mostPrinted) showNotice(t('batch.most', { n: mostPrinted }));
    setPicked(ids.slice(0, mostPrinted));
  };
  const toggle = (id: string) => pick(picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id]);
  const all = () => pick(every ? picked.filter((id) => !shown.includes(id)) : [...new Set([...picked, ...shown])]);
  return (
    <View>
      <View className="batch-top">
        <SearchBox value={search} placeholder={t('common.search')} onSearch={setSearch} />
      </View>
      <RowWindow
        items={items}
        row={(record) => (
          <PickRow
            key={record.id}
            form={form}
            record={record}
            format={format}
            on={picked.includes(record.id)}
            onTap={() => toggle(record.id)}
          />
        )}
      />
      {state === 'loading' && items.length === 0 ? <SkeletonRows count={8} /> : null}
      {state === 'failed' && items.length === 0 ? (
        <Failed error={pages.error} onRetry={() => void pages.reload()} />
      ) : null}
      {state === 'ready' && items.length === 0 ? (
        <Empty text={search ? t('list.noMatch', { text: search }) : t('list.none')} />
      ) : null}
      {items.length > 0 && pages.cursor ? <SkeletonRows count={2} /> : null}
      <View className="batch-end" />
      <BatchBar
        form={form}
        picked={picked}
        every={every}
        onAll={all}
        onDone={() => {
          setPicked([]);
          void pages.reload();
        }}
      />
    </View>
  );
}
