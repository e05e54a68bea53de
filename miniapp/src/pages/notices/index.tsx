import { View } from '@tarojs/components';
import Taro, { useDidShow, usePullDownRefresh, useReachBottom } from '@tarojs/taro';
import { useRef, useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Chips } from '../../components/chips.js';
import { Empty, Failed } from '../../components/empty.js';
import { RowWindow } from '../../components/row-window.js';
import { Screen } from '../../components/screen.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { Tag } from '../../components/tag.js';
import { useFormat } from '../../data/context.js';
import { type Notice, openNotice, unreadText } from '../../data/notices.js';
import { invalidate } from '../../data/resource.js';
import { ago } from '../../data/time.js';
import { showNotice } from '../../store/notice.js';
import './index.scss';
import { Named } from '../../components/named.js';

interface Shown {
  items: Notice[];
  cursor: string | null;
  unread: number;
}

/** 消息: everything sent to the member, whether his chat showed it or not. Opening one marks it as read. */
export default function NoticesPage() {
  const { t, zone, now } = useFormat();
  const [only, setOnly] = useState<'all' | 'unread'>('all');
  const [shown, setShown] = useState<Shown>();
  const [error, setError] = useState<unknown>(null);
  const busy = useRef(false);
  const load = async (which = only, cursor: string | null = null) => {
    if (busy.current) return;
    busy.current = true;
    try {
      const query = { ...(which === 'unread' ? { unread: '1' as const } : {}), ...(cursor ? { cursor } : {}) };
      const page = await api('me.notices', { query });
      setShown((old) => ({ ...page, items: cursor && old ? [...old.items, ...page.items] : page.items }));
      setError(null);
    } catch (failure) {
      setError(failure);
    } finally {
      busy.current = false;
    }
  };
  useDidShow(() => void load());
  useReachBottom(() => {
    if (shown?.cursor) void load(only, shown.cursor);
  });
  usePullDownRefresh(async () => {
    await load();
    Taro.stopPullDownRefresh();
  });
  const choose = (which: 'all' | 'unread') => {
    setOnly(which);
    setShown(undefined);
    void load(which);
  };
  const mark = async (body: { ids: Notice['id'][] } | { through: Notice['id'] }) => {
    try {
      const { unread } = await api('me.readNotices', { body });
      const readAt = new Date().toISOString();
      const named = (item: Notice) => ('ids' in body ? body.ids.includes(item.id) : true);
      setShown(
        (old) =>
          old && {
            ...old,
            unread,
            items: old.items.map((item) => (item.readAt === null && named(item) ? { ...item, readAt } : item)),
          },
      );
      invalidate('notices');
    } catch (failure) {
      showNotice(messageOf(failure));
    }
  };
  const show = (item: Notice) => {
    if (!item.readAt) void mark({ ids: [item.id] });
    openNotice(item);
  };
  const newest = shown?.items[0];
  const unread = shown?.unread ?? 0;
  return (
    <Screen title={t('notices.title')} skeleton={<SkeletonRows />}>
      <View className="filter-bar notices-bar">
        <Chips
          items={[
            { key: 'all', label: t('notices.all') },
            { key: 'unread', label: unread > 0 ? `${t('notices.unread')} ${unreadText(unread)}` : t('notices.unread') },
          ]}
          on={[only]}
          onTap={(key) => choose(key as 'all' | 'unread')}
        />
        {unread > 0 && newest ? (
          <View className="notices-bar__act link" onClick={() => void mark({ through: newest.id })}>
            {t('notices.readAll')}
          </View>
        ) : null}
      </View>
      {!shown && !error ? <SkeletonRows /> : null}
      {!shown && error ? <Failed error={error} onRetry={() => void load()} /> : null}
      <RowWindow
        items={shown?.items ?? []}
        row={(item) => (
          <View key={item.id} className="row" hoverClass="is-pressed" onClick={() => show(item)}>
            <View className={`notice-dot ${item.readAt ? '' : 'notice-dot--on'}`} />
            <View className="row__main">
              <View className={`ellipsis ${item.readAt ? '' : 'row__title'}`}>
                <Named text={item.title} />
              </View>
              {item.outcome || item.line ? (
                <View className="row__line ellipsis">
                  <Named text={item.outcome ? t('notices.ended', { text: item.outcome }) : (item.line ?? '')} />
                </View>
              ) : null}
              <View className="notice-when">
                {t(item.topic === 'direct' ? 'notify.topic.notice' : `notify.topic.${item.topic}`)}
                {' · '}
                {ago(t, zone, Date.parse(item.createdAt), now)}
              </View>
            </View>
            {item.urgent ? (
              <View className="row__side">
                <Tag label={t('notices.urgent')} color="red" />
              </View>
            ) : null}
          </View>
        )}
      />
      {shown && shown.items.length === 0 ? (
        <Empty text={t(only === 'unread' ? 'notices.noneUnread' : 'notices.none')} />
      ) : null}
    </Screen>
  );
}
