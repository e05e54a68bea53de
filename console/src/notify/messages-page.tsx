import { Button, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { useNotifyText } from './i18n.js';
import { NoticeRows } from './notice-rows.js';
import styles from './notify.module.css';
import { useAllNotices, useReadNotices } from './use-notices.js';

/** 消息: everything sent to the reader. */
export function MessagesPage() {
  const text = useNotifyText();
  const [only, setOnly] = useState<'all' | 'unread'>('all');
  const list = useAllNotices(only === 'unread');
  const read = useReadNotices();
  if (list.error && !list.data) return <PageError error={list.error} retry={() => void list.refetch()} />;
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = list.data?.pages[0]?.unread ?? 0;
  const newest = items[0];
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{text('messages')}</h1>
      <div className="muted">{text('messagesHint')}</div>
      <div className={styles.bar}>
        <Segmented<'all' | 'unread'>
          value={only}
          onChange={setOnly}
          options={[
            { value: 'all', label: text('all') },
            { value: 'unread', label: unread > 0 ? text('unreadOf', { n: unread }) : text('unread') },
          ]}
        />
        {unread > 0 && newest && <Button onClick={() => void read({ through: newest.id })}>{text('readAll')}</Button>}
        <Link to="/me/notify" style={{ marginLeft: 'auto' }}>
          {text('settings')}
        </Link>
      </div>
      {list.isPending && <Skeleton active />}
      {list.data && items.length === 0 && (
        <EmptyState
          title={text(only === 'unread' ? 'noUnread' : 'noMessages')}
          hint={only === 'unread' ? undefined : text('noMessagesHint')}
        />
      )}
      {items.length > 0 && (
        <div className={styles.box}>
          <NoticeRows items={items} />
        </div>
      )}
      {list.hasNextPage && (
        <Button type="link" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {text('more')}
        </Button>
      )}
    </div>
  );
}
