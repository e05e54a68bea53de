import { CloseCircleOutlined, ThunderboltOutlined } from '@ant-design/icons';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { CommentView } from '@lianke/shared/records/comments';
import type { HistoryEntry } from '@lianke/shared/records/write';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
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
  const runs = useQuery({
    queryKey: keys.data(form.id, 'runs', recordId),
    queryFn: async () => (await api('runs.ofRecord', { params })).items,
  });
  const comments = useComments(form.id, recordId);
  const followUps = useFollowUps(form, recordId);
  const changes = history.data?.pages.flatMap((page) => page.items) ?? [];
  const entries: Entry<HistoryEntry, Run, CommentView, FollowUp>[] = mergeEntries(
    changes,
    runs.data ?? [],
    history.hasNextPage,
    comments.data ?? [],
    followUps,
  );
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
      {history.hasNextPage && (
        <Button
          type="link"
          size="small"
          loading={history.isFetchingNextPage}
          onClick={() => void history.fetchNextPage()}
        >
          {t('olderHistory')}
        </Button>
      )}
    </section>
  );
}
