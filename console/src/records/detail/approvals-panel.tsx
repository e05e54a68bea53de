import type { FormId, RecordId, RunId } from '@lianke/shared/ids';
import type { RecordApproval } from '@lianke/shared/tasks/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, keys } from '../../api/queries.js';
import { formatDatetime, formatRecent } from '../../shared/format.js';
import '../../tasks/i18n.js';
import '../../tasks/words.js';
import { Named } from '../../shared/named.js';
import styles from './detail.module.css';

const tints: Record<RecordApproval['state'], string> = {
  open: 'magenta',
  approved: 'green',
  rejected: 'red',
  withdrawn: 'gray',
  failed: 'red',
  ended: 'gray',
};

/** The approvals of a record: those under way, and the last one that is over; earlier ones on demand. */
export function ApprovalsPanel({ form, recordId }: { form: FormView; recordId: string }) {
  const { t } = useTranslation('taskActions');
  const [all, setAll] = useState(false);
  const [unlocking, setUnlocking] = useState<RecordApproval>();
  const approvals = useQuery({
    queryKey: keys.tasks('record', form.id, recordId),
    queryFn: () =>
      api('records.approvals', { params: { formId: form.id as FormId, id: recordId as RecordId } }).then(
        (answer) => answer.items,
      ),
  });
  const items = approvals.data ?? [];
  const over = items.find((item) => item.state !== 'open');
  const shown = all ? items : items.filter((item) => item.state === 'open' || item === over);
  if (items.length === 0) return null;
  return (
    <section className={`${styles.panel} ${styles.approvals}`} aria-label={t('records.title')}>
      <h2>{t('records.title')}</h2>
      <ul>
        {shown.map((item) => (
          <ApprovalLine key={item.runId} form={form} item={item} onUnlock={() => setUnlocking(item)} />
        ))}
      </ul>
      {!all && shown.length < items.length && (
        <Button type="link" size="small" onClick={() => setAll(true)}>
          {t('records.earlier', { n: items.length - shown.length })}
        </Button>
      )}
      {unlocking && <UnlockDialog form={form} item={unlocking} onClose={() => setUnlocking(undefined)} />}
    </section>
  );
}

function ApprovalLine({ form, item, onUnlock }: { form: FormView; item: RecordApproval; onUnlock: () => void }) {
  const { t } = useTranslation('taskActions');
  const { t: tasks } = useTranslation('tasks');
  const names = (item.locked === 'all' ? [] : (item.locked ?? [])).map(
    (key) => form.fields.find((field) => field.key === key)?.name ?? key,
  );
  return (
    <li>
      <span className={`tint tint-${tints[item.state]}`}>{tasks(`started.state.${item.state}`)}</span>
      <Link className="ellipsis" to={`/tasks/${item.taskId}`} title={item.flowName}>
        {item.title || item.flowName}
      </Link>
      {item.waiting.length > 0 ? (
        <span>
          <Named
            text={t('records.waiting', {
              who: item.waiting
                .map((who) => t('records.since', { who: who.label, when: formatRecent(who.since) }))
                .join(tasks('and')),
            })}
          />
        </span>
      ) : null}
      <span className="muted" title={formatDatetime(item.startedAt)}>
        <Named
          text={
            item.starter
              ? t('records.by', { who: item.starter.label, when: formatRecent(item.startedAt) })
              : formatRecent(item.startedAt)
          }
        />
      </span>
      {item.changedAfter && (
        <Tooltip title={t('changedHint')}>
          <span className="tint tint-red">{t('changed')}</span>
        </Tooltip>
      )}
      {item.locked && (
        <Tooltip title={names.length > 0 ? t('records.lockedFields', { fields: names.join(tasks('and')) }) : ''}>
          <span className="tint tint-gray">{t('locked')}</span>
        </Tooltip>
      )}
      {item.mayUnlock && (
        <Button size="small" onClick={onUnlock}>
          {t('action.unlock')}
        </Button>
      )}
    </li>
  );
}

function UnlockDialog({ form, item, onClose }: { form: FormView; item: RecordApproval; onClose: () => void }) {
  const { t } = useTranslation('taskActions');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const unlock = useMutation({
    mutationFn: () => api('runs.unlock', { params: { id: item.runId as RunId }, body: { reason: reason.trim() } }),
    onSuccess: () => {
      message.success(t('records.unlocked'));
      onClose();
    },
    onError: (error) => message.error(messageOf(error)),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: keys.tasks() });
      await client.invalidateQueries({ queryKey: keys.data(form.id) });
    },
  });
  return (
    <Modal
      open
      title={t('action.unlock')}
      okText={t('action.unlock')}
      okButtonProps={{ disabled: reason.trim() === '', loading: unlock.isPending }}
      onOk={() => unlock.mutate()}
      onCancel={onClose}
    >
      <p className="muted">{t('hint.unlock')}</p>
      <Input.TextArea
        aria-label={t('reason')}
        placeholder={t('reason')}
        autoSize={{ minRows: 2, maxRows: 5 }}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Modal>
  );
}
