import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { Text, View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Empty, Failed } from '../../components/empty.js';
import { Named } from '../../components/named.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { useFormat } from '../../data/context.js';
import { may } from '../../data/forms.js';
import type { FormView, RecordRow } from '../../data/record-types.js';
import { useGrowing } from '../../data/task-pages.js';
import { ago } from '../../data/time.js';
import {
  type Comment,
  type HistoryEntry,
  type RunOfRecord,
  type TimelineItem,
  timelineOf,
} from '../../data/timeline.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';
import { CommentBox, CommentSheet, useComments } from './comments.js';
import { type RelatedRecords, useOlder } from './related.js';

/** 动态: comments, who changed or visited what, and the flows that ran, newest first. */
export function Timeline({
  form,
  record,
  followUps,
}: {
  form: FormView;
  record: RecordRow;
  followUps?: RelatedRecords;
}) {
  const format = useFormat();
  const { t, zone, now } = format;
  // The version is part of the key: a change brings a new entry.
  const params = { formId: form.id as FormId, id: record.id as RecordId };
  const history = useGrowing<HistoryEntry, AnswerOf<'records.history'>>(
    `data:${form.id}:history:${record.id}:${record.version}`,
    (cursor) => api('records.history', { params, query: { cursor } }),
  );
  const [older, setOlder] = useState(false);
  const before = useOlder(followUps, record.id, older);
  const comments = useComments(form.id, record.id);
  const runs = useGrowing<RunOfRecord, AnswerOf<'runs.ofRecord'>>(
    `data:${form.id}:runs:${record.id}:${record.version}`,
    (cursor) => api('runs.ofRecord', { params, query: { cursor } }),
  );
  const [shown, setShown] = useState<Comment | null>(null);
  const sources = {
    history: history.data?.items ?? [],
    comments: comments.data?.items ?? [],
    runs: runs.data?.items ?? [],
    followUps: followUps && { ...followUps, records: [...followUps.records, ...(before.data?.items ?? [])] },
  };
  const visitsLeft = (older && before.data ? before.data.cursor : followUps?.cursor) ?? null;
  const pages = { history, comments, runs };
  const left = {
    history: !!history.data?.cursor,
    comments: !!comments.data?.cursor,
    runs: !!runs.data?.cursor,
    followUps: visitsLeft !== null,
  };
  const items = timelineOf(form, sources, format, left);
  const more = Object.values(left).some(Boolean);
  const reading = before.loading || Object.values(pages).some((page) => page.loading && page.data !== undefined);
  const readMore = () => {
    for (const page of Object.values(pages)) page.loadMore();
    if (!visitsLeft) return;
    if (!older) setOlder(true);
    else if (before.data) before.loadMore();
    else void before.reload();
  };
  const none = items.length === 0;
  const mayChange = (comment: Comment) => comment.mine || may(form, 'design');
  return (
    <View>
      <View className="card">
        <CommentBox key={record.id} formId={form.id} recordId={record.id} />
      </View>
      {none && history.loading ? <SkeletonRows count={3} /> : null}
      {none && !history.loading && history.error ? (
        <Failed error={history.error} onRetry={() => void history.reload()} />
      ) : null}
      {none && !history.loading && !history.error ? <Empty text={t('record.noTimeline')} /> : null}
      {none ? null : (
        <View className="card timeline">
          {items.map((item) => (
            <Item
              key={item.key}
              item={item}
              when={ago(t, zone, item.at, now)}
              onComment={item.comment && mayChange(item.comment.of) ? setShown : undefined}
            />
          ))}
        </View>
      )}
      {more && !none ? (
        <View className="record-add">
          {before.error && !before.loading ? <View className="field-error">{messageOf(before.error)}</View> : null}
          <Button off={reading} onClick={readMore}>
            {t(reading ? 'tasks.loading' : 'record.older')}
          </Button>
        </View>
      ) : null}
      {shown ? (
        <CommentSheet comment={shown} formId={form.id} recordId={record.id} onClose={() => setShown(null)} />
      ) : null}
    </View>
  );
}

interface ItemProps {
  item: TimelineItem;
  when: string;
  onComment: ((comment: Comment) => void) | undefined;
}

/** One entry; a visit opens, one's own comment can be changed. */
function Item({ item, when, onComment }: ItemProps) {
  const t = useT();
  const { record: target, comment } = item;
  const kind = target || comment ? 'timeline__item--visit' : item.failed ? 'timeline__item--failed' : '';
  const tap = target
    ? () => open('/pages/record/index', target)
    : comment && onComment
      ? () => onComment(comment.of)
      : undefined;
  return (
    <View className={`timeline__item ${kind}`} onClick={tap}>
      <View className="timeline__who">
        <Named text={item.who} />
        <View className="timeline__at">{when}</View>
        {comment?.of.editedAt ? <View className="timeline__at">{t('comment.edited')}</View> : null}
      </View>
      <View className="timeline__text">
        {comment ? (
          comment.parts.map((part, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no identity but their place
            <Text key={at} className={part.mention ? 'timeline__mention' : ''}>
              <Named text={part.text} />
            </Text>
          ))
        ) : (
          <Named text={item.text} />
        )}
      </View>
      {item.note ? <View className="timeline__at">{item.note}</View> : null}
    </View>
  );
}
