import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FileId, MemberId, RunId, TaskId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import { useMutation } from '@tanstack/react-query';
import { Alert, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { filesOf } from '../fields/attachment.js';
import { Labelled } from '../shared/designer/labelled.js';
import { FieldEditor } from '../shared/field-editor.js';
import { MembersPicker } from '../shared/member-picker.js';

/** Actions that take a dialog, in the order of the menu. */
export const dialogActions = [
  ...(['choose', 'resubmit', 'answer', 'advise'] as const),
  ...(['transfer', 'delegate', 'addSigner', 'removeSigner', 'return', 'askInfo'] as const),
  ...(['recall', 'cc', 'unlock', 'urge', 'withdraw'] as const),
];
export type DialogAction = (typeof dialogActions)[number];

type Result = AnswerOf<'tasks.approve'>;

interface Props {
  action: DialogAction;
  task: TaskDetail;
  /** What the reader has already typed into the bar. */
  comment: string;
  /** The task no longer waits for the reader. */
  onLeft: (result: Result) => void;
  onDone: () => void;
  onClose: () => void;
}

const many: readonly DialogAction[] = ['addSigner', 'cc', 'choose'];
const one: readonly DialogAction[] = ['transfer', 'delegate'];
const reasoned: readonly DialogAction[] = ['return', 'askInfo', 'unlock'];
const withFiles: readonly DialogAction[] = ['answer', 'resubmit', 'advise'];

/** One dialog for every action beside 同意 and 拒绝: to whom, where to, how, and why. */
export function ActionDialog({ action, task, comment, onLeft, onDone, onClose }: Props) {
  const { t } = useTranslation('taskActions');
  const [people, setPeople] = useState<string[]>([]);
  const [why, setWhy] = useState(comment);
  const [position, setPosition] = useState<'before' | 'after' | 'beside'>('before');
  const [mode, setMode] = useState<'all' | 'any' | 'sequential'>('all');
  const [signer, setSigner] = useState(task.removable[0]?.id ?? '');
  const [target, setTarget] = useState(task.returnTo.at(-1)?.node ?? '');
  const [goOn, setGoOn] = useState<'next' | 'straight'>('next');
  const [agree, setAgree] = useState<'approve' | 'reject'>('approve');
  const [files, setFiles] = useState<Json>(null);
  const chosen = task.returnTo.find((item) => item.node === target);

  const send = useMutation<Result | undefined, unknown, void>({
    mutationFn: async () => {
      const params = { id: task.id as TaskId };
      const text = why.trim();
      const note = text ? { comment: text } : {};
      const to = people as MemberId[];
      const attachments = filesOf(files).map((file) => file.id as FileId);
      const given = { ...note, ...(attachments.length > 0 ? { attachments } : {}) };
      const run = { id: (task.runId ?? '') as RunId };
      switch (action) {
        case 'transfer':
          return api('tasks.transfer', { params, body: { to: to[0] as MemberId, ...note } });
        case 'delegate':
          return api('tasks.delegate', { params, body: { to: to[0] as MemberId, ...note } });
        case 'addSigner': {
          const result = await api('tasks.addSigners', { params, body: { to, position, mode, ...note } });
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
          return api(agree === 'approve' ? 'tasks.approve' : 'tasks.reject', { params, body: given });
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
    },
    onSuccess: (result) => (result ? onLeft(result) : onDone()),
  });

  const picks = many.includes(action) || one.includes(action);
  const ready =
    (!picks || people.length > 0) &&
    (!reasoned.includes(action) || why.trim() !== '') &&
    (action !== 'return' || target !== '') &&
    (action !== 'removeSigner' || signer !== '') &&
    (action !== 'answer' || why.trim() !== '' || filesOf(files).length > 0);
  const plain = action === 'removeSigner' || action === 'urge' || action === 'choose';
  return (
    <Modal
      open
      title={t(`action.${action}`)}
      okText={t(`action.${action}`)}
      okButtonProps={{ disabled: !ready, loading: send.isPending, danger: action === 'withdraw' }}
      onOk={() => send.mutate()}
      onCancel={onClose}
    >
      <p className="muted">{t(`hint.${action}`)}</p>
      {send.error !== null && (
        <Alert type="error" showIcon title={messageOf(send.error)} style={{ marginBottom: 12 }} />
      )}
      {task.question && withFiles.includes(action) && (
        <Alert type="info" title={task.question} style={{ marginBottom: 12 }} />
      )}
      {picks && action === 'choose' && task.choices.length > 0 ? (
        <Labelled label={t('who')}>
          <Select<string[]>
            mode="multiple"
            aria-label={t('who')}
            style={{ width: '100%' }}
            value={people}
            onChange={setPeople}
            options={task.choices.map((person) => ({ value: person.id, label: person.label }))}
          />
        </Labelled>
      ) : (
        picks && (
          <Labelled group label={t('who')}>
            <MembersPicker
              value={people}
              label={t('who')}
              onChange={(ids) => setPeople(one.includes(action) ? ids.slice(-1) : ids)}
            />
          </Labelled>
        )
      )}
      {action === 'addSigner' && (
        <>
          <Labelled group label={t('position')}>
            <Radio.Group
              vertical
              value={position}
              onChange={(event) => setPosition(event.target.value as typeof position)}
              options={(['before', 'after', 'beside'] as const).map((value) => ({ value, label: t(`at.${value}`) }))}
            />
          </Labelled>
          {position !== 'beside' && people.length > 1 && (
            <Labelled label={t('mode')}>
              <Select<typeof mode>
                aria-label={t('mode')}
                style={{ width: '100%' }}
                value={mode}
                onChange={setMode}
                options={(['all', 'any', 'sequential'] as const).map((value) => ({
                  value,
                  label: t(`modes.${value}`),
                }))}
              />
            </Labelled>
          )}
        </>
      )}
      {action === 'removeSigner' && (
        <Labelled label={t('who')}>
          <Select<string>
            aria-label={t('who')}
            style={{ width: '100%' }}
            value={signer}
            onChange={setSigner}
            options={task.removable.map((item) => ({ value: item.id, label: item.who.label }))}
          />
        </Labelled>
      )}
      {action === 'return' && (
        <>
          <Labelled label={t('target')}>
            <Select<string>
              aria-label={t('target')}
              style={{ width: '100%' }}
              value={target}
              onChange={setTarget}
              options={task.returnTo.map((item) => ({ value: item.node, label: item.name }))}
            />
          </Labelled>
          {chosen?.straight && (
            <Labelled group label={t('onward')}>
              <Radio.Group
                vertical
                value={goOn}
                onChange={(event) => setGoOn(event.target.value as typeof goOn)}
                options={(['next', 'straight'] as const).map((value) => ({ value, label: t(`goOn.${value}`) }))}
              />
            </Labelled>
          )}
        </>
      )}
      {action === 'advise' && (
        <Labelled group label={t('opinion')}>
          <Radio.Group
            value={agree}
            onChange={(event) => setAgree(event.target.value as typeof agree)}
            options={(['approve', 'reject'] as const).map((value) => ({ value, label: t(`opinions.${value}`) }))}
          />
        </Labelled>
      )}
      {!plain && (
        <Labelled label={t(reasoned.includes(action) ? 'reason' : 'note')}>
          <Input.TextArea
            aria-label={t(reasoned.includes(action) ? 'reason' : 'note')}
            autoSize={{ minRows: 2, maxRows: 5 }}
            maxLength={action === 'unlock' ? 500 : 1000}
            value={why}
            onChange={(event) => setWhy(event.target.value)}
          />
        </Labelled>
      )}
      {withFiles.includes(action) && (
        <Labelled group label={t('attachments')}>
          <FieldEditor
            field={{ key: 'attachments', name: t('attachments'), type: 'attachment', config: {} }}
            label={t('attachments')}
            value={files}
            onChange={setFiles}
          />
        </Labelled>
      )}
    </Modal>
  );
}
