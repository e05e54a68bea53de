import { DeleteOutlined } from '@ant-design/icons';
import type { ShareView } from '@lianke/shared/access/api';
import type { BodyOf } from '@lianke/shared/api/contracts';
import type { Principal } from '@lianke/shared/apps/access';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, DatePicker, Input, Modal, Segmented, Skeleton, Tabs, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { useLinkText } from '../record-links/i18n.js';
import { LinksPanel } from '../record-links/links-panel.js';
import { formatDatetime } from '../shared/format.js';
import styles from './access.module.css';
import { useAccessText } from './i18n.js';
import { PrincipalsPicker } from './principals-picker.js';

interface Props {
  open: boolean;
  formId: string;
  recordId: string;
  name: string;
  onClose: () => void;
}

/** 共享: to whom else this record is open, and opening it to more. */
export function ShareDialog({ open, formId, recordId, name, onClose }: Props) {
  const text = useAccessText();
  const link = useLinkText();
  return (
    <Modal
      open={open}
      onCancel={onClose}
      footer={null}
      destroyOnHidden
      width={560}
      title={text('shareTitle', { name })}
    >
      <Tabs
        size="small"
        items={[
          {
            key: 'colleagues',
            label: link('colleagues'),
            children: <Shares formId={formId as FormId} recordId={recordId as RecordId} />,
          },
          {
            key: 'outside',
            label: link('outside'),
            children: <LinksPanel formId={formId as FormId} recordId={recordId as RecordId} />,
          },
        ]}
      />
    </Modal>
  );
}

function Shares({ formId, recordId }: { formId: FormId; recordId: RecordId }) {
  const text = useAccessText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const params = { formId, id: recordId };
  const queryKey = keys.data(formId, 'shares', recordId);
  const shares = useQuery({ queryKey, queryFn: async () => (await api('shares.list', { params })).items });
  const [to, setTo] = useState<Principal[]>([]);
  const [level, setLevel] = useState<ShareView['level']>('read');
  const [until, setUntil] = useState<Dayjs | null>(null);
  const [cause, setCause] = useState('');
  const [busy, setBusy] = useState(false);

  const share = async (body: BodyOf<'shares.create'>) => {
    setBusy(true);
    try {
      const { items } = await api('shares.create', { params, body });
      client.setQueryData(queryKey, items);
      setTo([]);
      setCause('');
      message.success(text('shared'));
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };

  const stop = async (item: ShareView) => {
    try {
      await api('shares.delete', { params: { shareId: item.id } });
      await client.invalidateQueries({ queryKey });
      const { level: before, words, causeKind, expiresAt } = item;
      const again = { to: [{ kind: item.to.kind, id: item.to.id }], level: before, cause: words, causeKind, expiresAt };
      message.success({
        content: (
          <>
            {text('stopped')}
            <Button type="link" size="small" onClick={() => void share(again)}>
              {text('undo')}
            </Button>
          </>
        ),
        duration: 6,
      });
    } catch (error) {
      message.error(messageOf(error));
    }
  };

  return (
    <div className={styles.share}>
      <div className={styles.line}>
        <span>{text('shareTo')}</span>
        <PrincipalsPicker label={text('shareTo')} value={to} onChange={setTo} />
      </div>
      <div className={styles.line}>
        <span>{text('level')}</span>
        <Segmented<ShareView['level']>
          value={level}
          onChange={setLevel}
          options={(['read', 'write'] as const).map((value) => ({ value, label: text(`level_${value}`) }))}
        />
      </div>
      <div className={styles.line}>
        <span>{text('until')}</span>
        <DatePicker
          value={until}
          onChange={setUntil}
          placeholder={text('untilNever')}
          aria-label={text('until')}
          disabledDate={(day) => day.endOf('day').valueOf() < Date.now()}
          style={{ width: '100%' }}
        />
      </div>
      <div className={styles.line}>
        <span>{text('cause')}</span>
        <Input
          value={cause}
          maxLength={200}
          aria-label={text('cause')}
          placeholder={text('causeHint')}
          onChange={(event) => setCause(event.target.value)}
        />
      </div>
      <div className={styles.submit}>
        <Button
          type="primary"
          loading={busy}
          disabled={to.length === 0}
          onClick={() => void share({ to, level, cause, expiresAt: until ? until.endOf('day').toISOString() : null })}
        >
          {text('doShare')}
        </Button>
      </div>
      <h3 className={styles.heading}>{text('sharedWith')}</h3>
      {shares.isPending && <Skeleton active title={false} />}
      {shares.error && <Alert type="error" showIcon title={messageOf(shares.error)} />}
      {shares.data?.length === 0 && <p className="muted">{text('notShared')}</p>}
      {shares.data?.map((item) => (
        <div key={item.id} className={styles.item}>
          <span className={styles.who}>
            <strong>{item.to.label}</strong> <Tag>{text(item.to.kind)}</Tag>
            <span className="muted">{text(`level_${item.level}`)}</span>
          </span>
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            aria-label={`${text('stop')} ${item.to.label}`}
            title={text('stop')}
            onClick={() => void stop(item)}
          />
          <span className="muted">
            {[
              item.cause,
              text('by', { name: item.by.label }),
              ...(item.expiresAt ? [text('endsAt', { time: formatDatetime(item.expiresAt) })] : []),
            ]
              .filter((part) => part !== '')
              .join(' · ')}
          </span>
        </div>
      ))}
    </div>
  );
}
