import type { AnswerOf } from '@lianke/shared/api/contracts';
import { type TaskAction, takeAction, toMany, toOne, withFiles, withReason } from '@lianke/shared/tasks/take-action';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Area } from '../../components/area.js';
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

interface Props {
  action: TaskAction;
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
  actions: TaskAction[];
  onPick(action: TaskAction): void;
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
  const picks = toMany.includes(action) || toOne.includes(action);
  // Those beside him count like the node's own approvers.
  const together = people.length > 1 && position !== 'beside';
  const chosen = detail.returnTo.find((item) => item.node === target);
  const ready =
    (!picks || people.length > 0) &&
    (!withReason.includes(action) || why.trim() !== '') &&
    (action !== 'answer' || why.trim() !== '' || idsOf(along.shown.attachments).length > 0);

  const call = (extras: Values): Promise<Result | undefined> =>
    takeAction(api, action, detail, {
      ...{ people, comment: why, position, signer, target, opinion },
      mode: together ? mode : 'all',
      goOn: chosen?.straight ? goOn : 'next',
      files: idsOf(extras.attachments),
    });
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
      toOne.includes(action) ? [id] : old.includes(id) ? old.filter((item) => item !== id) : [...old, id],
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
          <Area
            value={why}
            placeholder={t((withReason.includes(action) ? 'task.reason' : 'task.note') as MessageKey)}
            longest={action === 'unlock' ? 500 : 1000}
            onChange={setWhy}
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
