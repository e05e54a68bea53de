import type { RunId } from '@lianke/shared/ids';
import type { StartedRun } from '@lianke/shared/tasks/api';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Skeleton, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { quoted } from '../i18n/punctuation.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatDatetime, formatRecent } from '../shared/format.js';
import type { ListFilters } from './filter-bar.js';

const tints: Record<StartedRun['state'], string> = {
  open: 'magenta',
  returned: 'orange',
  approved: 'green',
  rejected: 'red',
  withdrawn: 'gray',
  failed: 'red',
  ended: 'gray',
};

/** 我发起的: how far each has come, with 催办 and 撤回 while it waits. */
export function StartedRuns({ filters }: { filters: ListFilters }) {
  const { t } = useTranslation('tasks');
  const [taking, setTaking] = useState<StartedRun | null>(null);
  const runs = useInfiniteQuery({
    queryKey: keys.tasks('started', filters),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const { state, ...rest } = filters;
      return api('runs.started', {
        query: {
          ...rest,
          ...(state ? { state: state as StartedRun['state'] } : {}),
          ...(pageParam ? { cursor: pageParam } : {}),
        },
      });
    },
    getNextPageParam: (page) => page.cursor ?? undefined,
  });
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  if (runs.isPending) return <Skeleton active paragraph={{ rows: 6 }} />;
  if (runs.error && !runs.data) return <PageError error={runs.error} retry={() => void runs.refetch()} />;
  if (items.length === 0 && Object.keys(filters).length > 0) return <EmptyState title={t('filter.none')} />;
  if (items.length === 0) return <EmptyState title={t('started.empty')} hint={t('started.emptyHint')} />;
  return (
    <section className="task-group" aria-label={t('started.title')}>
      <ul>
        {items.map((run) => (
          <StartedRow key={run.id} run={run} onWithdraw={() => setTaking(run)} />
        ))}
      </ul>
      {runs.hasNextPage && (
        <Button block type="text" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      {taking && <WithdrawDialog run={taking} onClose={() => setTaking(null)} />}
    </section>
  );
}

function StartedRow({ run, onWithdraw }: { run: StartedRun; onWithdraw: () => void }) {
  const { t } = useTranslation('tasks');
  const { message } = App.useApp();
  const client = useQueryClient();
  const urge = useMutation({
    mutationFn: () => api('runs.urge', { params: { id: run.id as RunId } }),
    onSuccess: () => message.success(t('started.urged', { who: run.waiting.map((who) => who.label).join(t('and')) })),
    onError: (error) => message.error(messageOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey: keys.tasks() }),
  });
  const waiting = run.waiting.map((who) => who.label).join(t('and'));
  return (
    <li className="task-row">
      <span className={`tint tint-${tints[run.state]} task-kind`}>{t(`started.state.${run.state}`)}</span>
      <div className="task-main">
        <div className="task-title ellipsis" title={run.title}>
          <Link to={`/tasks/${run.taskId}`}>{run.title}</Link>
        </div>
        <div className="task-line muted ellipsis">
          <span>{t('started.at', { when: formatRecent(run.startedAt) })}</span>
          {waiting && <span>{t('started.waiting', { who: waiting })}</span>}
          {run.withdrawal && <span>{quoted(run.withdrawal)}</span>}
        </div>
      </div>
      {run.mayUrge && (
        <Tooltip title={run.urgeFrom ? t('started.urgeFrom', { at: formatDatetime(run.urgeFrom) }) : ''}>
          <Button size="small" disabled={run.urgeFrom !== null} loading={urge.isPending} onClick={() => urge.mutate()}>
            {t('started.urge')}
          </Button>
        </Tooltip>
      )}
      {run.mayWithdraw && (
        <Button size="small" onClick={onWithdraw}>
          {t('started.withdraw')}
        </Button>
      )}
    </li>
  );
}

function WithdrawDialog({ run, onClose }: { run: StartedRun; onClose: () => void }) {
  const { t } = useTranslation('tasks');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [why, setWhy] = useState('');
  const withdraw = useMutation({
    mutationFn: () =>
      api('runs.withdraw', { params: { id: run.id as RunId }, body: why.trim() ? { comment: why.trim() } : {} }),
    onSuccess: () => message.success(t('started.withdrawn')),
    onError: (error) => message.error(messageOf(error)),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: keys.tasks() });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('started.withdrawTitle', { title: run.title })}
      okText={t('started.withdraw')}
      okButtonProps={{ danger: true, loading: withdraw.isPending }}
      onOk={() => withdraw.mutate()}
      onCancel={onClose}
    >
      <p className="muted">{t('started.withdrawHint')}</p>
      <Input.TextArea
        aria-label={t('started.why')}
        placeholder={t('started.why')}
        autoSize={{ minRows: 2, maxRows: 5 }}
        maxLength={1000}
        value={why}
        onChange={(event) => setWhy(event.target.value)}
      />
    </Modal>
  );
}
