import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { Json } from '@lianke/shared/json';
import type { TaskDetail } from '@lianke/shared/tasks/api';
import { type TaskAction, takeAction, toMany, toOne, withFiles, withReason } from '@lianke/shared/tasks/take-action';
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

type Result = AnswerOf<'tasks.approve'>;

interface Props {
  action: TaskAction;
  task: TaskDetail;
  /** What the reader has already typed into the bar. */
  comment: string;
  /** The task no longer waits for the reader. */
  onLeft: (result: Result) => void;
  onDone: () => void;
  onClose: () => void;
}

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
    mutationFn: () =>
      takeAction(api, action, task, {
        ...{ people, comment: why, position, mode, signer, target, opinion: agree },
        goOn: chosen?.straight ? goOn : 'next',
        files: filesOf(files).map((file) => file.id),
      }),
    onSuccess: (result) => (result ? onLeft(result) : onDone()),
  });

  const picks = toMany.includes(action) || toOne.includes(action);
  const ready =
    (!picks || people.length > 0) &&
    (!withReason.includes(action) || why.trim() !== '') &&
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
              onChange={(ids) => setPeople(toOne.includes(action) ? ids.slice(-1) : ids)}
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
        <Labelled label={t(withReason.includes(action) ? 'reason' : 'note')}>
          <Input.TextArea
            aria-label={t(withReason.includes(action) ? 'reason' : 'note')}
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
