import { CloseCircleOutlined, ThunderboltOutlined } from '@ant-design/icons';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { CommentView } from '@lianke/shared/records/comments';
import type { HistoryEntry } from '@lianke/shared/records/write';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Skeleton, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, keys } from '../../api/queries.js';
import { isEmptyValue } from '../../fields/renderer.js';
import { EmptyState } from '../../shared/empty-state.js';
import { FieldValue } from '../../shared/field-value.js';
import { formatDatetime, formatRecent } from '../../shared/format.js';
import { Avatar } from '../../shared/person.js';
import { CommentBox, CommentItem, useComments } from './comments.js';
import styles from './detail.module.css';
import { type Entry, mergeEntries } from './merge-entries.js';

type Run = AnswerOf<'runs.ofRecord'>['items'][number];

function When({ at }: { at: string }) {
  return (
    <Tooltip title={formatDatetime(at, 'second')}>
      <time dateTime={at} className="muted">
        {formatRecent(at)}
      </time>
    </Tooltip>
  );
}

function ChangedValue({ form, fieldKey, value }: { form: FormView; fieldKey: string; value: Json }) {
  const { t } = useTranslation('records');
  const field = form.fields.find((item) => item.key === fieldKey || item.id === fieldKey);
  if (isEmptyValue(value)) return <span className="muted">{t('blank')}</span>;
  if (!field) return <>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</>;
  return <FieldValue field={field} value={value} />;
}

function HistoryItem({ form, entry }: { form: FormView; entry: HistoryEntry }) {
  const { t, i18n } = useTranslation('records');
  const door = i18n.exists(`records:door.${entry.door}`) ? t(`door.${entry.door}`) : entry.door;
  const plain = ['console', 'system'].includes(entry.door) || entry.door === entry.actor.label;
  const machine = entry.actor.id === null && i18n.exists(`records:actor.${entry.actor.label}`);
  const who = machine ? t(`actor.${entry.actor.label}`) : entry.actor.label;
  return (
    <li className={styles.entry}>
      <Avatar name={who} size={24} />
      <div style={{ minWidth: 0 }}>
        <div className={styles.entryHead}>
          <strong>{who}</strong>
          <span>{t(`history.${entry.kind}`, { n: entry.changes.length })}</span>
          {!plain && <span className="muted">{t('byDoor', { door })}</span>}
          <When at={entry.at} />
        </div>
        {entry.changes.length > 0 && (
          <div className={styles.changes}>
            {entry.changes.map((change) => (
              <div key={change.field} className={styles.change}>
                <span className="muted">{change.name || t('fieldGone')}</span>
                <span className={isEmptyValue(change.before as Json) ? '' : styles.before}>
                  <ChangedValue form={form} fieldKey={change.field} value={change.before as Json} />
                </span>
                <span className="muted">→</span>
                <span>
                  <ChangedValue form={form} fieldKey={change.field} value={change.after as Json} />
                </span>
              </div>
            ))}
          </div>
        )}
      </div>
    </li>
  );
}

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

/** 动态: comments, what was changed by whom, and the flows the record set off, the youngest first. */
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
  const entries: Entry<HistoryEntry, Run, CommentView>[] = mergeEntries(
    history.data?.pages.flatMap((page) => page.items) ?? [],
    runs.data ?? [],
    history.hasNextPage,
    comments.data ?? [],
  );
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
            <HistoryItem key={entry.item.id} form={form} entry={entry.item} />
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
