import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FileId, MemberId, RunId, TaskId } from '@lianke/shared/ids';
import { Textarea, View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Chips } from '../../components/chips.js';
import { FieldBox } from '../../components/field-box.js';
import { MemberRows } from '../../components/member-rows.js';
import { Sheet } from '../../components/sheet.js';
import type { Values } from '../../data/record-types.js';
import { LastingFilesContext } from '../../fields/field-uploads.js';
import { useT } from '../../i18n/index.js';
import type { MessageKey } from '../../i18n/zh.js';
import { showNotice } from '../../store/notice.js';
import { attachmentsField, idsOf } from './extra-fields.js';
import { useAnswerValues } from './use-answer-values.js';

type Detail = AnswerOf<'tasks.get'>;
type Result = AnswerOf<'tasks.approve'>;

/** What is done in a sheet, in the order of 更多. */
export const moreActions = [
  ...(['choose', 'resubmit', 'answer', 'advise'] as const),
  ...(['transfer', 'delegate', 'addSigner', 'removeSigner', 'return', 'askInfo'] as const),
  ...(['recall', 'cc', 'unlock', 'urge', 'withdraw'] as const),
];
export type MoreAction = (typeof moreActions)[number];

const many: readonly MoreAction[] = ['addSigner', 'cc', 'choose'];
const one: readonly MoreAction[] = ['transfer', 'delegate'];
const reasoned: readonly MoreAction[] = ['return', 'askInfo', 'unlock'];
const withFiles: readonly MoreAction[] = ['answer', 'resubmit', 'advise'];

interface Props {
  action: MoreAction;
  detail: Detail;
  comment: string;
  /** The task no longer waits for the reader. */
  onLeft(result: Result): void;
  onDone(): void;
  onClose(): void;
}

/** 更多: the list of what else the reader may do. */
export function MoreSheet({
  actions,
  onPick,
  onClose,
}: {
  actions: MoreAction[];
  onPick(action: MoreAction): void;
  onClose(): void;
}) {
  const t = useT();
  return (
    <Sheet title={t('task.more')} onClose={onClose}>
      {actions.map((action) => (
        <View key={action} className="option" hoverClass="is-pressed" onClick={() => onPick(action)}>
          <View className="option__main">
            <View>{t(`act.${action}`)}</View>
            <View className="muted">{t(`acthint.${action}`)}</View>
          </View>
        </View>
      ))}
    </Sheet>
  );
}

/** One action: to whom, where to, how and why, then the button at the bottom. */
export function ActionSheet({ action, detail, comment, onLeft, onDone, onClose }: Props) {
  const t = useT();
  const [people, setPeople] = useState<string[]>([]);
  const [why, setWhy] = useState(comment);
  const [position, setPosition] = useState<'before' | 'after' | 'beside'>('before');
  const [mode, setMode] = useState<'all' | 'any' | 'sequential'>('all');
  const [target, setTarget] = useState(detail.returnTo[detail.returnTo.length - 1]?.node ?? '');
  const [goOn, setGoOn] = useState<'next' | 'straight'>('next');
  const [signer, setSigner] = useState(detail.removable[0]?.id ?? '');
  const [opinion, setOpinion] = useState<'approve' | 'reject'>('approve');
  const along = useAnswerValues();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const attachments = attachmentsField(t('task.files'));
  const picks = many.includes(action) || one.includes(action);
  // Those beside him count like the node's own approvers.
  const together = people.length > 1 && position !== 'beside';
  const chosen = detail.returnTo.find((item) => item.node === target);
  const ready =
    (!picks || people.length > 0) &&
    (!reasoned.includes(action) || why.trim() !== '') &&
    (action !== 'answer' || why.trim() !== '' || idsOf(along.shown.attachments).length > 0);

  const call = async (extras: Values): Promise<Result | undefined> => {
    const params = { id: detail.id as TaskId };
    const text = why.trim();
    const note = { comment: text || undefined };
    const to = people as MemberId[];
    const given = { ...note, attachments: idsOf(extras.attachments) as FileId[] };
    const run = { id: (detail.runId ?? '') as RunId };
    switch (action) {
      case 'transfer':
        return api('tasks.transfer', { params, body: { to: to[0] as MemberId, ...note } });
      case 'delegate':
        return api('tasks.delegate', { params, body: { to: to[0] as MemberId, ...note } });
      case 'addSigner': {
        const result = await api('tasks.addSigners', {
          params,
          body: { to, position, mode: together ? mode : 'all', ...note },
        });
        return position === 'before' ? result : undefined;
      }
      case 'removeSigner':
        await api('tasks.removeSigner', { params, body: { task: signer as TaskId } });
        return undefined;
      case 'return':
        return api('tasks.return', {
          params,
          body: { to: target, goOn: chosen?.straight ? goOn : 'next', comment: text },
        });
      case 'askInfo':
        await api('tasks.askInfo', { params, body: { comment: text } });
        return undefined;
      case 'recall':
        await api('tasks.recall', { params, body: note });
        return undefined;
      case 'cc':
        await api('tasks.copy', { params, body: { to, ...note } });
        return undefined;
      case 'choose':
        return api('tasks.choose', { params, body: { to } });
      case 'resubmit':
        return api('tasks.resubmit', { params, body: given });
      case 'answer':
        return api('tasks.answer', { params, body: given });
      case 'advise':
        return api(opinion === 'approve' ? 'tasks.approve' : 'tasks.reject', { params, body: given });
      case 'unlock':
        await api('runs.unlock', { params: run, body: { reason: text } });
        return undefined;
      case 'urge':
        await api('runs.urge', { params: run });
        return undefined;
      case 'withdraw':
        await api('runs.withdraw', { params: run, body: note });
        return undefined;
    }
  };
  const send = async () => {
    if (busy || !ready) return;
    setBusy(true);
    setProblem('');
    try {
      const missing = await along.send(async (extras) => {
        const result = await call(extras);
        if (result) onLeft(result);
        else {
          showNotice(t('task.sent', { what: t(`act.${action}`) }));
          onDone();
        }
        return undefined;
      });
      if (missing) setProblem(missing);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const choice = <Key extends string>(
    keys: readonly Key[],
    on: Key,
    pick: (key: Key) => void,
    label: (key: Key) => string,
  ) => (
    <View className="sheet-part">
      <Chips items={keys.map((key) => ({ key, label: label(key) }))} on={[on]} onTap={(key) => pick(key as Key)} />
    </View>
  );
  const toggle = (id: string) =>
    setPeople((old) =>
      one.includes(action) ? [id] : old.includes(id) ? old.filter((item) => item !== id) : [...old, id],
    );
  return (
    <Sheet
      title={t(`act.${action}`)}
      onClose={onClose}
      foot={
        <View className="sheet-act">
          {problem ? <View className="field-error">{problem}</View> : null}
          <Button kind={action === 'withdraw' ? 'danger' : 'primary'} off={busy || !ready} onClick={() => void send()}>
            {t(`act.${action}`)}
          </Button>
        </View>
      }
    >
      <View className="sheet-part muted">{t(`acthint.${action}`)}</View>
      {detail.question && withFiles.includes(action) ? <View className="banner">{detail.question}</View> : null}
      {action === 'addSigner'
        ? choice(['before', 'after', 'beside'], position, setPosition, (key) => t(`position.${key}`))
        : null}
      {action === 'addSigner' && together ? (
        <View>
          <View className="sheet-part muted">{t('signers.mode')}</View>
          {choice(['all', 'any', 'sequential'], mode, setMode, (key) => t(`signers.${key}`))}
        </View>
      ) : null}
      {action === 'advise' ? choice(['approve', 'reject'], opinion, setOpinion, (key) => t(`opinion.${key}`)) : null}
      {action === 'return' ? (
        <View>
          {choice(
            detail.returnTo.map((item) => item.node),
            target,
            setTarget,
            (key) => detail.returnTo.find((item) => item.node === key)?.name ?? key,
          )}
          {chosen?.straight ? choice(['next', 'straight'], goOn, setGoOn, (key) => t(`goOn.${key}`)) : null}
        </View>
      ) : null}
      {action === 'removeSigner'
        ? choice(
            detail.removable.map((item) => item.id),
            signer,
            setSigner,
            (key) => detail.removable.find((item) => item.id === key)?.who.label ?? key,
          )
        : null}
      {action === 'removeSigner' || action === 'urge' || action === 'choose' ? null : (
        <View className="sheet-part">
          <Textarea
            className="area"
            value={why}
            placeholder={t((reasoned.includes(action) ? 'task.reason' : 'task.note') as MessageKey)}
            placeholderClass="placeholder"
            maxlength={action === 'unlock' ? 500 : 1000}
            autoHeight
            cursorSpacing={120}
            onInput={(event) => setWhy(event.detail.value)}
          />
        </View>
      )}
      {withFiles.includes(action) ? (
        <LastingFilesContext.Provider value="page">
          <FieldBox
            field={attachments}
            value={along.shown.attachments ?? null}
            onChange={(value) => along.put(attachments, value)}
          />
        </LastingFilesContext.Provider>
      ) : null}
      {picks ? <MemberRows chosen={people} only={detail.choices.map((item) => item.id)} onTap={toggle} /> : null}
    </Sheet>
  );
}
