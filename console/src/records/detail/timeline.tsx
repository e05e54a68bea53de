import { CloseCircleOutlined, ThunderboltOutlined } from '@ant-design/icons';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { CommentView } from '@lianke/shared/records/comments';
import type { HistoryEntry } from '@lianke/shared/records/write';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, keys } from '../../api/queries.js';
import { EmptyState } from '../../shared/empty-state.js';
import { CommentBox, CommentItem, useComments } from './comments.js';
import styles from './detail.module.css';
import { type FollowUp, FollowUpItem, useFollowUps } from './follow-ups.js';
import { HistoryItem } from './history-item.js';
import { type Entry, mergeEntries } from './merge-entries.js';
import { When } from './when.js';

type Run = AnswerOf<'runs.ofRecord'>['items'][number];

function RunItem({ form, run }: { form: FormView; run: Run }) {
  const { t } = useTranslation('records');
  const failed = run.state === 'failed';
  return (
    <li className={styles.entry}>
      <span className={failed ? `${styles.mark} ${styles.markFailed}` : styles.mark} aria-hidden>
        {failed ? <CloseCircleOutlined /> : <ThunderboltOutlined />}
      </span>
      <div style={{ minWidth: 0 }}>
        <div className={styles.entryHead}>
          <strong>{t('run', { name: run.flowName })}</strong>
          <span>{t(`runState.${run.state}`)}</span>
          <When at={run.startedAt} />
          {form.actions.includes('design') && (
            <Link to={`/apps/${form.appId}/flows/${run.flowId}?run=${run.id}`}>{t('openRun')}</Link>
          )}
        </div>
        {run.error && <div className={styles.changes}>{run.error}</div>}
      </div>
    </li>
  );
}

function itemsOf<T>(data: { pages: readonly { items: readonly T[] }[] } | undefined): T[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

/** 动态: comments, contacts, what was changed by whom, and the flows the record set off, the youngest first. */
export function Timeline({ form, recordId, deleted }: { form: FormView; recordId: string; deleted: boolean }) {
  const { t } = useTranslation('records');
  const params = { formId: form.id as FormId, id: recordId as RecordId };
  const history = useInfiniteQuery({
    queryKey: keys.data(form.id, 'history', recordId),
    queryFn: ({ pageParam }) => api('records.history', { params, query: pageParam ? { cursor: pageParam } : {} }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
  });
  const runs = useInfiniteQuery({
    queryKey: keys.data(form.id, 'runs', recordId),
    queryFn: ({ pageParam }) => api('runs.ofRecord', { params, query: pageParam ? { cursor: pageParam } : {} }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
  });
  const comments = useComments(form.id, recordId);
  const followUps = useFollowUps(form, recordId);
  const changes = itemsOf<HistoryEntry>(history.data);
  const entries: Entry<HistoryEntry, Run, CommentView, FollowUp>[] = mergeEntries({
    history: { items: changes, more: history.hasNextPage },
    runs: { items: itemsOf<Run>(runs.data), more: runs.hasNextPage },
    comments: { items: itemsOf<CommentView>(comments.data), more: comments.hasNextPage },
    followUps,
  });
  const unread = [history, runs, comments].filter((pages) => pages.hasNextPage);
  const mayRevert = form.actions.includes('edit') && !deleted;
  return (
    <section className={styles.panel} aria-label={t('timeline')}>
      <h2>{t('timeline')}</h2>
      {!deleted && <CommentBox form={form} recordId={recordId} />}
      {history.isPending && <Skeleton active avatar paragraph={{ rows: 2 }} />}
      {history.error && <p className="muted">{messageOf(history.error)}</p>}
      {history.data && entries.length === 0 && <EmptyState compact title={t('noHistory')} />}
      <ul className={styles.timeline}>
        {entries.map((entry) =>
          entry.kind === 'history' ? (
            <HistoryItem
              key={entry.item.id}
              form={form}
              recordId={recordId}
              entry={entry.item}
              mayRevert={mayRevert}
              newest={entry.item === changes[0]}
            />
          ) : entry.kind === 'followUp' ? (
            <FollowUpItem key={entry.item.id} item={entry.item} />
          ) : entry.kind === 'comment' ? (
            <CommentItem key={entry.item.id} form={form} recordId={recordId} comment={entry.item} />
          ) : (
            <RunItem key={entry.item.id} form={form} run={entry.item} />
          ),
        )}
      </ul>
      {unread.length > 0 && (
        <Button
          type="link"
          size="small"
          loading={unread.some((pages) => pages.isFetchingNextPage)}
          onClick={() => {
            for (const pages of unread) void pages.fetchNextPage();
          }}
        >
          {t('olderHistory')}
        </Button>
      )}
    </section>
  );
}
