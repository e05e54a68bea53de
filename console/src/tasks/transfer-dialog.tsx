import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { MemberId, TaskId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { useMutation } from '@tanstack/react-query';
import { Alert, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { Labelled } from '../shared/designer/labelled.js';
import { MemberPicker } from '../shared/member-picker.js';

interface Props {
  id: string;
  /** What the reader has already typed into the bar. */
  comment: string;
  onDone: (result: AnswerOf<'tasks.transfer'>) => void;
  onClose: () => void;
}

/** 转办: to whom, and why. */
export function TransferDialog({ id, comment, onDone, onClose }: Props) {
  const { t } = useTranslation('tasks');
  const [to, setTo] = useState<Reference | null>(null);
  const [why, setWhy] = useState(comment);
  const transfer = useMutation<AnswerOf<'tasks.transfer'>, unknown, Reference>({
    mutationFn: (member) =>
      api('tasks.transfer', {
        params: { id: id as TaskId },
        body: { to: member.id as MemberId, ...(why.trim() ? { comment: why.trim() } : {}) },
      }),
    onSuccess: onDone,
  });
  return (
    <Modal
      open
      title={t('approval.transfer')}
      okText={t('approval.transfer')}
      okButtonProps={{ disabled: to === null, loading: transfer.isPending }}
      onOk={() => to && transfer.mutate(to)}
      onCancel={onClose}
    >
      <p className="muted">{t('approval.transferHint')}</p>
      {transfer.error !== null && (
        <Alert type="error" showIcon title={messageOf(transfer.error)} style={{ marginBottom: 12 }} />
      )}
      <Labelled group label={t('approval.transferTo')}>
        <MemberPicker value={to} onChange={setTo} label={t('approval.transferTo')} autoFocus />
      </Labelled>
      <Labelled label={t('approval.comment')}>
        <Input.TextArea
          aria-label={t('approval.comment')}
          placeholder={t('approval.transferWhy')}
          autoSize={{ minRows: 2, maxRows: 5 }}
          maxLength={1000}
          value={why}
          onChange={(event) => setWhy(event.target.value)}
        />
      </Labelled>
    </Modal>
  );
}
