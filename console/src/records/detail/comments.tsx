import { DeleteOutlined, EditOutlined } from '@ant-design/icons';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { fromTyped, partsOf, toTyped } from '@lianke/shared/records/comment-text';
import type { CommentView } from '@lianke/shared/records/comments';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Mentions, Popconfirm, Tooltip } from 'antd';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, keys, useMe, useMembers } from '../../api/queries.js';
import { pause } from '../../i18n/punctuation.js';
import { formatDatetime, formatRecent } from '../../shared/format.js';
import { isComposing } from '../../shared/is-composing.js';
import { Named } from '../../shared/named.js';
import { Avatar } from '../../shared/person.js';
import { readDraft } from '../drafts.js';
import { draftKeyOf, useDraft } from '../use-draft.js';
import styles from './detail.module.css';

const maxLength = 2000;

/** Comments of a record, the youngest first, page by page. */
export function useComments(formId: string, recordId: string) {
  const params = { formId: formId as FormId, id: recordId as RecordId };
  return useInfiniteQuery({
    queryKey: keys.data(formId, 'comments', recordId),
    queryFn: ({ pageParam }) => api('comments.list', { params, query: pageParam ? { cursor: pageParam } : {} }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
  });
}

/** A text with mentions; Ctrl+Enter sends it. What is typed stays when somebody else's comment arrives. */
function CommentInput({
  initial,
  draftKey,
  autoFocus = false,
  submitText,
  onSubmit,
  onCancel,
}: {
  initial: string;
  /** Where what is typed is kept until it is sent; absent: nowhere. */
  draftKey?: string;
  autoFocus?: boolean;
  submitText: string;
  onSubmit: (text: string) => Promise<boolean>;
  onCancel?: () => void;
}) {
  const { t } = useTranslation('records');
  const members = useMembers();
  const active = (members.data ?? []).filter((member) => member.state === 'active');
  const [text, setText] = useState(initial);
  const forget = useDraft(draftKey, text.trim() === '' ? undefined : { values: { text } });
  const [busy, setBusy] = useState(false);
  const put = (next: string) => {
    setText(next);
    if (next.trim() === '') forget();
  };

  async function submit() {
    if (text.trim() === '' || busy) return;
    setBusy(true);
    if (await onSubmit(fromTyped(text.trim(), active))) put('');
    setBusy(false);
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void submit();
    }
    if (event.key === 'Escape' && onCancel) onCancel();
  }

  return (
    <div className={styles.commentInput}>
      <Mentions
        value={text}
        onChange={put}
        onKeyDown={onKeyDown}
        autoFocus={autoFocus}
        autoSize={{ minRows: 1, maxRows: 8 }}
        maxLength={maxLength}
        placeholder={t('commentHint')}
        aria-label={t('commentHint')}
        options={active.map((member) => ({ key: member.id, value: member.name, label: member.name }))}
      />
      {(text.trim() !== '' || onCancel) && (
        <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end' }}>
          {onCancel && (
            <Button size="small" onClick={onCancel}>
              {t('common:cancel')}
            </Button>
          )}
          <Button
            size="small"
            type="primary"
            loading={busy}
            disabled={text.trim() === ''}
            onClick={() => void submit()}
          >
            {submitText}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Where a comment on a record is written. */
export function CommentBox({ form, recordId }: { form: FormView; recordId: string }) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();

  async function send(text: string): Promise<boolean> {
    try {
      const params = { formId: form.id as FormId, id: recordId as RecordId };
      const made = await api('comments.create', { params, body: { text } });
      const untold = made.mentions.filter((item) => !item.told && item.id !== made.author.id).map((item) => item.label);
      if (untold.length > 0) message.warning(t('commentUntold', { names: untold.join(pause()) }));
      await client.invalidateQueries({ queryKey: keys.data(form.id, 'comments', recordId) });
      return true;
    } catch (error) {
      message.error(messageOf(error));
      return false;
    }
  }

  // Known only once the member is: the input begins anew with what he had left on this record.
  const draftKey = draftKeyOf(useMe().data?.member.id, form.id, `comment/${recordId}`);
  const kept = draftKey ? readDraft(draftKey)?.values.text : undefined;
  return (
    <CommentInput
      key={draftKey}
      initial={typeof kept === 'string' ? kept : ''}
      draftKey={draftKey}
      submitText={t('commentSend')}
      onSubmit={send}
    />
  );
}

/** One comment in the timeline; its author edits it, its author and designers delete it. */
export function CommentItem({ form, recordId, comment }: { form: FormView; recordId: string; comment: CommentView }) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);

  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      await client.invalidateQueries({ queryKey: keys.data(form.id, 'comments', recordId) });
      return true;
    } catch (error) {
      message.error(messageOf(error));
      return false;
    }
  }

  const nameOf = (id: string) => comment.mentions.find((item) => item.id === id)?.label;
  const params = { commentId: comment.id };
  return (
    <li className={styles.entry}>
      <Avatar name={comment.author.label} size={24} />
      <div style={{ minWidth: 0 }}>
        <div className={styles.entryHead}>
          <strong>
            <Named text={comment.author.label} />
          </strong>
          <Tooltip title={formatDatetime(comment.at, 'second')}>
            <time dateTime={comment.at} className="muted">
              {formatRecent(comment.at)}
            </time>
          </Tooltip>
          {comment.editedAt && <span className="muted">{t('commentEdited')}</span>}
          <span className={styles.grow} />
          {comment.mine && !editing && (
            <Button
              type="text"
              size="small"
              icon={<EditOutlined />}
              aria-label={t('commentEdit')}
              onClick={() => setEditing(true)}
            />
          )}
          {(comment.mine || form.actions.includes('design')) && !editing && (
            <Popconfirm
              title={t('commentDeleteSure')}
              onConfirm={() => attempt(() => api('comments.delete', { params }))}
            >
              <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('delete')} />
            </Popconfirm>
          )}
        </div>
        {editing ? (
          <CommentInput
            initial={toTyped(comment.text, nameOf)}
            autoFocus
            submitText={t('save')}
            onCancel={() => setEditing(false)}
            onSubmit={async (text) => {
              const done = await attempt(() => api('comments.update', { params, body: { text } }));
              if (done) setEditing(false);
              return done;
            }}
          />
        ) : (
          <div className={styles.commentText}>
            {partsOf(comment.text, comment.mentions).map((part, index) =>
              part.mention ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no identity but their place
                <span key={index} className={styles.mention}>
                  {part.text}
                </span>
              ) : (
                part.text
              ),
            )}
          </div>
        )}
      </div>
    </li>
  );
}
