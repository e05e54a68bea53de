import type { PoolView } from '@lianke/shared/pools/api';
import { View } from '@tarojs/components';
import { useDidShow, useReachBottom } from '@tarojs/taro';
import { useState } from 'react';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Empty, Failed } from '../../components/empty.js';
import { RowWindow } from '../../components/row-window.js';
import { Sheet } from '../../components/sheet.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { useFormat } from '../../data/context.js';
import { factsOf, summaryLine } from '../../data/facts.js';
import { useLive } from '../../data/live.js';
import { claim, formInPool, standingText, stopOf } from '../../data/pools.js';
import type { FormView, RecordRow } from '../../data/record-types.js';
import { usePages } from '../../data/use-pages.js';
import { open } from '../../platform/navigate.js';
import { showNotice } from '../../store/notice.js';

interface Props {
  form: FormView;
  pool: PoolView;
  search: string;
  onChanged(): void;
}

/** 公海: customers nobody owns, with what may be seen of them, each to be claimed with one tap. */
export function PoolList({ form, pool, search, onChanged }: Props) {
  const format = useFormat();
  const { t } = format;
  const inside = formInPool(form, pool);
  const pages = usePages({ formId: form.id, pool: true, ...(search ? { search } : {}) });
  const [shown, setShown] = useState<RecordRow>();
  const [busy, setBusy] = useState('');
  const stop = stopOf(pool);
  const renew = () => {
    void pages.reload();
    onChanged();
  };
  useDidShow(renew);
  useReachBottom(() => void pages.loadMore());
  useLive((formIds) => {
    if (formIds.includes(form.id)) renew();
  });
  const take = async (record: RecordRow) => {
    setBusy(record.id);
    try {
      const result = await claim(form, record.id);
      setShown(undefined);
      if (result.done > 0) {
        showNotice(t('pool.claimed', { name: record.label }));
        open('/pages/record/index', { formId: form.id, id: record.id });
      } else showNotice(result.failures[0]?.reason ?? '');
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      setBusy('');
    }
    renew();
  };
  const { items, state } = pages;
  return (
    <View>
      <View className="pool-standing">
        <View>{standingText(t, pool)}</View>
        {stop ? <View className="pool-standing__stop">{t(stop)}</View> : null}
      </View>
      <RowWindow
        items={items}
        row={(record) => (
          <View key={record.id} className="row" hoverClass="is-pressed" onClick={() => setShown(record)}>
            <View className="row__main">
              <View className="row__title ellipsis">{record.label || t('record.untitled')}</View>
              <View className="row__line ellipsis">{summaryLine(inside, record, format)}</View>
            </View>
            <View className="row__side" onClick={(event) => event.stopPropagation()}>
              <Button
                kind="plain"
                className="pool-claim"
                off={stop !== undefined || busy !== ''}
                onClick={() => void take(record)}
              >
                {t('pool.claim')}
              </Button>
            </View>
          </View>
        )}
      />
      {state === 'loading' && items.length === 0 ? <SkeletonRows count={8} /> : null}
      {state === 'failed' && items.length === 0 ? (
        <Failed error={pages.error} onRetry={() => void pages.reload()} />
      ) : null}
      {state === 'ready' && items.length === 0 ? (
        <Empty text={search ? t('list.noMatch', { text: search }) : t('pool.none')} />
      ) : null}
      {items.length > 0 && pages.cursor ? <SkeletonRows count={2} /> : null}
      {shown ? (
        <Sheet
          title={shown.label || t('record.untitled')}
          onClose={() => setShown(undefined)}
          foot={
            <Button kind="primary" off={stop !== undefined || busy !== ''} onClick={() => void take(shown)}>
              {t('pool.claim')}
            </Button>
          }
        >
          <View className="pool-facts">
            {factsOf(inside, shown, format)
              .filter(({ field }) => !field.system)
              .map(({ field, text }) => (
                <View key={field.key} className="pool-facts__line">
                  <View className="muted pool-facts__name">{field.name}</View>
                  <View className="pool-facts__value">{text}</View>
                </View>
              ))}
            {pool.manages ? null : <View className="muted pool-facts__rest">{t('pool.rest')}</View>}
            {stop ? <View className="pool-standing__stop">{t(stop)}</View> : null}
          </View>
        </Sheet>
      ) : null}
    </View>
  );
}
