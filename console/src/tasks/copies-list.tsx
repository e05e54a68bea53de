import type { CopyItem } from '@lianke/shared/tasks/api';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatRecent } from '../shared/format.js';
import type { ListFilters } from './filter-bar.js';
import { useRecordPath } from './tasks-page.js';
import './words.js';
import { quoted } from '../i18n/punctuation.js';

/** 抄送我的: what others let the reader know; opening one marks it as read. */
export function CopiesList({ filters }: { filters: ListFilters }) {
  const { t } = useTranslation('taskActions');
  const { t: tasks } = useTranslation('tasks');
  const [unread, setUnread] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const pathOf = useRecordPath();
  const copies = useInfiniteQuery({
    queryKey: keys.tasks('copies', unread, filters),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      api('copies.list', {
        query: {
          ...filters,
          ...(unread ? { unread: 'true' as const } : {}),
          ...(pageParam ? { cursor: pageParam } : {}),
        },
      }),
    getNextPageParam: (page) => page.cursor ?? undefined,
  });
  const read = useMutation({
    mutationFn: (copy: CopyItem) => api('copies.read', { params: { id: copy.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.tasks('copies') }),
  });
  const open = (copy: CopyItem) => {
    if (!copy.readAt) read.mutate(copy);
    const path = copy.taskId ? `/tasks/${copy.taskId}` : pathOf(copy.subject);
    if (path) void navigate(path);
  };
  if (copies.isPending) return <Skeleton active paragraph={{ rows: 6 }} />;
  if (copies.error && !copies.data) return <PageError error={copies.error} retry={() => void copies.refetch()} />;
  const items = copies.data?.pages.flatMap((page) => page.items) ?? [];
  const count = copies.data?.pages[0]?.unread ?? 0;
  return (
    <section className="task-group" aria-label={t('copies.title')}>
      <div className="task-tools">
        <Checkbox checked={unread} onChange={(event) => setUnread(event.target.checked)}>
          {t('copies.onlyUnread')}
        </Checkbox>
        {count > 0 && <span className="muted">{t('copies.unread', { n: count })}</span>}
      </div>
      {items.length === 0 && (
        <EmptyState
          {...(Object.keys(filters).length > 0
            ? { title: tasks('filter.none') }
            : { title: t('copies.empty'), hint: t('copies.emptyHint') })}
        />
      )}
      <ul>
        {items.map((copy) => (
          <li key={copy.id} className={copy.readAt ? 'task-row done' : 'task-row'}>
            <span className={`tint tint-${copy.readAt ? 'gray' : 'blue'} task-kind`}>{t('copies.title')}</span>
            <div className="task-main">
              <div className="task-title ellipsis" title={copy.title}>
                <button type="button" className="task-open" onClick={() => open(copy)}>
                  {copy.title}
                </button>
              </div>
              <div className="task-line muted ellipsis">
                <span>{copy.by ? t('copies.by', { who: copy.by.label }) : t('copies.flow')}</span>
                <span>{formatRecent(copy.at)}</span>
                {copy.comment && <span>{quoted(copy.comment)}</span>}
                {copy.facts.slice(0, 3).map((fact) => (
                  <span key={fact.label}>
                    {fact.label} {fact.value}
                  </span>
                ))}
              </div>
            </div>
          </li>
        ))}
      </ul>
      {copies.hasNextPage && (
        <Button block type="text" loading={copies.isFetchingNextPage} onClick={() => void copies.fetchNextPage()}>
          {tasks('more')}
        </Button>
      )}
    </section>
  );
}
