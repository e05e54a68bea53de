import { BellOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Badge, Button, Popover, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';
import { useNotifyText } from '../notify/i18n.js';
import { NoticeRows } from '../notify/notice-rows.js';
import { useNewestNotices } from '../notify/use-notices.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatRecent } from '../shared/format.js';

/** Messages that the bell shows. */
const shown = 8;

/** The bell: how many tasks wait, the next few of them, and the newest messages. */
export function Notifications() {
  const { t } = useTranslation('frame');
  const text = useNotifyText();
  const [open, setOpen] = useState(false);
  const [part, setPart] = useState<'todos' | 'messages'>('todos');
  const notices = useNewestNotices();
  const unread = notices.data?.unread ?? 0;
  const pending = useQuery({
    queryKey: keys.tasks('bell'),
    queryFn: () => api('tasks.list', { query: { state: 'pending', limit: 8 } }),
    refetchInterval: 60_000,
  });
  const counts = pending.data?.counts;
  const urgent = counts ? counts.overdue + counts.today + counts.approvals : 0;
  const todos = (
    <>
      {pending.isPending && <Skeleton active />}
      {pending.data?.items.length === 0 && <EmptyState compact title={t('nothingPending')} />}
      {counts && counts.all > 0 && (
        <div style={{ display: 'flex', gap: 12, marginBottom: 8 }} className="muted">
          <span>
            {t('overdue')} {counts.overdue}
          </span>
          <span>
            {t('today')} {counts.today}
          </span>
          <span>
            {t('approvals')} {counts.approvals}
          </span>
        </div>
      )}
      {pending.data?.items.map((task) => (
        <Link
          key={task.id}
          to={task.kind === 'approval' ? `/tasks/${task.id}` : '/tasks'}
          onClick={() => setOpen(false)}
          style={{ display: 'flex', justifyContent: 'space-between', gap: 8, padding: '6px 0', color: 'inherit' }}
        >
          <span className="ellipsis">{task.title}</span>
          <span className="muted" style={{ flex: 'none' }}>
            {task.urgency === 'overdue' ? t('overdue') : formatRecent(task.createdAt)}
          </span>
        </Link>
      ))}
      <Link to="/tasks" onClick={() => setOpen(false)} style={{ display: 'block', marginTop: 8 }}>
        {t('openTasks')}
      </Link>
    </>
  );
  const messages = (
    <>
      {notices.isPending && <Skeleton active />}
      {notices.data?.items.length === 0 && <EmptyState compact title={text('noMessages')} />}
      <NoticeRows items={notices.data?.items.slice(0, shown) ?? []} onOpen={() => setOpen(false)} />
      <Link to="/me/messages" onClick={() => setOpen(false)} style={{ display: 'block', marginTop: 8 }}>
        {text('allMessages')}
      </Link>
    </>
  );
  const content = (
    <div style={{ width: 320 }}>
      <Segmented<'todos' | 'messages'>
        block
        value={part}
        onChange={setPart}
        style={{ marginBottom: 8 }}
        options={[
          { value: 'todos', label: counts?.all ? `${text('todos')} ${counts.all}` : text('todos') },
          { value: 'messages', label: unread > 0 ? `${text('messages')} ${unread}` : text('messages') },
        ]}
      />
      {part === 'todos' ? todos : messages}
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" content={content} open={open} onOpenChange={setOpen}>
      <Button
        type="text"
        aria-label={`${t('notifications')} ${urgent}`}
        icon={
          <Badge count={urgent} dot={urgent === 0 && unread > 0} size="small" offset={[2, -2]}>
            <BellOutlined style={{ fontSize: 16 }} />
          </Badge>
        }
      />
    </Popover>
  );
}
