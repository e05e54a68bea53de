import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { CommentId, FormId, RecordId } from '@lianke/shared/ids';
import { fromTyped, toTyped } from '@lianke/shared/records/comment-text';
import { View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Area } from '../../components/area.js';
import { Button } from '../../components/button.js';
import { MemberRows } from '../../components/member-rows.js';
import { Sheet } from '../../components/sheet.js';
import { useCommentDraft } from '../../data/comment-draft.js';
import { useMembers } from '../../data/members.js';
import { invalidate } from '../../data/resource.js';
import { type Growing, useGrowing } from '../../data/task-pages.js';
import type { Comment } from '../../data/timeline.js';
import { useT } from '../../i18n/index.js';
import { isH5 } from '../../platform/host.js';
import { showNotice } from '../../store/notice.js';

const longest = 2000;
const commentsKey = (formId: string, recordId: string) => `data:${formId}:comments:${recordId}`;

/** A record's comments, the youngest first, page by page. */
export function useComments(formId: string, recordId: string): Growing<Comment, AnswerOf<'comments.list'>> {
  const params = { formId: formId as FormId, id: recordId as RecordId };
  return useGrowing(commentsKey(formId, recordId), (cursor) => api('comments.list', { params, query: { cursor } }));
}

interface BoxProps {
  initial?: string;
  action: string;
  /** Hears every change of the text. */
  onText?(text: string): void;
  /** Keeps the text when it could not be sent. */
  onSend(text: string): Promise<boolean>;
}

/** A text with @person: the button shows the colleagues to choose from, who are told in the chat. */
function TextBox({ initial = '', action, onText, onSend }: BoxProps) {
  const t = useT();
  const [text, setText] = useState(initial);
  const put = (next: string) => {
    setText(next);
    onText?.(next);
  };
  const [picking, setPicking] = useState(false);
  const [busy, setBusy] = useState(false);
  const members = useMembers(picking || text.includes('@'));
  const active = (members.data?.items ?? []).filter((member) => member.state === 'active');
  const send = async () => {
    if (busy || text.trim() === '') return;
    setBusy(true);
    if (await onSend(fromTyped(text.trim(), active))) setText('');
    setBusy(false);
  };
  const mention = (id: string) => {
    const name = active.find((member) => member.id === id)?.name;
    if (name) put(`${text}${text === '' || /\s$/.test(text) ? '' : ' '}@${name} `);
    setPicking(false);
  };
  return (
    <View className="comment-box">
      <Area value={text} placeholder={t('comment.hint')} longest={longest} onChange={put} />
      <View className="comment-box__acts">
        <View className="comment-box__at" aria-label={t('comment.mention')} onClick={() => setPicking(true)}>
          {t('comment.mentionMark')}
        </View>
        <Button kind="primary" off={busy || text.trim() === ''} onClick={() => void send()}>
          {action}
        </Button>
      </View>
      {picking ? (
        <Sheet title={t('comment.mention')} onClose={() => setPicking(false)}>
          <MemberRows chosen={[]} only={[]} onTap={mention} />
        </Sheet>
      ) : null}
    </View>
  );
}

/** Where a comment on a record is written. Mentioned people who may not see the record are named: they heard nothing. */
export function CommentBox({ formId, recordId }: { formId: string; recordId: string }) {
  const t = useT();
  const draft = useCommentDraft(formId, recordId);
  const send = async (text: string) => {
    try {
      const params = { formId: formId as FormId, id: recordId as RecordId };
      const made = await api('comments.create', { params, body: { text } });
      draft.forget();
      const untold = made.mentions.filter((item) => !item.told && item.id !== made.author.id);
      if (untold.length > 0)
        showNotice(t('comment.untold', { names: untold.map((item) => item.label).join(t('common.comma')) }));
      invalidate(commentsKey(formId, recordId));
      return true;
    } catch (error) {
      showNotice(messageOf(error));
      return false;
    }
  };
  return <TextBox initial={draft.found} action={t('comment.send')} onText={draft.keep} onSend={send} />;
}

interface SheetProps {
  comment: Comment;
  formId: string;
  recordId: string;
  onClose(): void;
}

/**
 * One comment to change or to take away: its author may do both, a designer the latter. Mini-program hosts cannot send
 * PATCH: there a comment is taken away and written again.
 */
export function CommentSheet({ comment, formId, recordId, onClose }: SheetProps) {
  const t = useT();
  const params = { commentId: comment.id as CommentId };
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      invalidate(commentsKey(formId, recordId));
      onClose();
      return true;
    } catch (error) {
      showNotice(messageOf(error));
      return false;
    }
  };
  const remove = async () => {
    const { confirm } = await Taro.showModal({ title: t('comment.delete'), content: t('comment.deleteAsk') });
    if (confirm) await attempt(() => api('comments.delete', { params }));
  };
  const nameOf = (id: string) => comment.mentions.find((item) => item.id === id)?.label;
  return (
    <Sheet title={t('comment.title')} onClose={onClose}>
      <View className="sheet-part">
        {comment.mine && isH5 ? (
          <TextBox
            initial={toTyped(comment.text, nameOf)}
            action={t('form.save')}
            onSend={(text) => attempt(() => api('comments.update', { params, body: { text } }))}
          />
        ) : null}
        <Button kind="danger" onClick={() => void remove()}>
          {t('comment.delete')}
        </Button>
      </View>
    </Sheet>
  );
}
