import {
  ArrowLeftOutlined,
  CopyOutlined,
  DeleteOutlined,
  DownOutlined,
  EditOutlined,
  EllipsisOutlined,
  InboxOutlined,
  LinkOutlined,
  PrinterOutlined,
  QrcodeOutlined,
  ShareAltOutlined,
  StarFilled,
  StarOutlined,
  UpOutlined,
} from '@ant-design/icons';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { useAccessText } from '../../access/i18n.js';
import { ShareDialog } from '../../access/share-dialog.js';
import { messageOf } from '../../api/errors.js';
import type { FormView, ReadField } from '../../api/queries.js';
import { referenceOf } from '../../fields/renderer.js';
import { RecordButtons } from '../../flows/record-buttons.js';
import { comma } from '../../i18n/punctuation.js';
import { useText as usePoolText } from '../../pools/i18n.js';
import { ReturnDialog } from '../../pools/return-dialog.js';
import { usePool } from '../../pools/use-pools.js';
import { usePrintText } from '../../print/i18n.js';
import { PrintDialog } from '../../print/print-dialog.js';
import { QrDialog } from '../../print/qr-dialog.js';
import { Person } from '../../shared/person.js';
import { useCopy } from '../../shared/use-copy.js';
import { stageFieldOf } from '../layout.js';
import { neighbour, placeIn } from '../trail.js';
import { TransferDialog } from '../transfer-dialog.js';
import { useBulk } from '../use-bulk.js';
import { useDelete } from '../use-delete.js';
import { useFavourite } from '../use-shortcuts.js';
import { DealBar } from './deal-bar.js';
import styles from './detail.module.css';
import { KeyFacts } from './key-facts.js';
import { StageBar } from './stage-bar.js';

interface Props {
  form: FormView;
  record: RecordView;
  onSave: (field: ReadField, value: Json) => Promise<string | undefined>;
  onEdit: () => void;
  onCopy: () => void;
}

function Owner({ form, record }: Pick<Props, 'form' | 'record'>) {
  const { t } = useTranslation('records');
  const [open, setOpen] = useState(false);
  const run = useBulk(form.id);
  const field = form.fields.find((item) => item.key === 'owner' && item.system);
  if (!field) return null;
  const owner = referenceOf(record.values.owner);
  const shown = owner ? <Person name={owner.label} size={22} /> : <span className="muted">{t('noOwner')}</span>;
  if (!field.writable || !form.actions.includes('edit') || record.deletedAt) return shown;
  return (
    <>
      <Button
        type="text"
        aria-label={`${field.name} ${owner?.label ?? t('noOwner')}${comma()}${t('transfer')}`}
        onClick={() => setOpen(true)}
      >
        {shown}
      </Button>
      <TransferDialog
        formId={form.id}
        ids={[record.id]}
        open={open}
        onClose={() => setOpen(false)}
        onDo={(to, along) => {
          setOpen(false);
          const action = { kind: 'transfer' as const, to: to.id as MemberId, along };
          void run([record.id], action, (n) => t('transferred', { n, name: to.label }));
        }}
      />
    </>
  );
}

/** 上一条 and 下一条 in the order of the list that the record was opened from. */
function Neighbours({ form, record }: Pick<Props, 'form' | 'record'>) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const navigate = useNavigate();
  const place = placeIn(form.id, record.id);
  const [busy, setBusy] = useState(false);
  if (!place) return null;
  const last = place.at === place.trail.ids.length - 1 && place.trail.cursor === null;
  async function go(by: 1 | -1) {
    setBusy(true);
    try {
      const id = await neighbour(form.id, record.id, by);
      // The list, not every record passed, is where 返回 leads.
      if (id) navigate(`/apps/${form.appId}/forms/${form.id}/records/${id}`, { replace: true });
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <span style={{ display: 'inline-flex', flex: 'none' }}>
      <Button
        type="text"
        icon={<UpOutlined />}
        disabled={place.at === 0 || busy}
        aria-label={t('previousRecord')}
        title={t('previousRecord')}
        onClick={() => void go(-1)}
      />
      <Button
        type="text"
        icon={<DownOutlined />}
        disabled={last || busy}
        aria-label={t('nextRecord')}
        title={t('nextRecord')}
        onClick={() => void go(1)}
      />
    </span>
  );
}

/** The page's head: title, owner, the actions that matter, and the stage bar. */
export function RecordHead({ form, record, onSave, onEdit, onCopy }: Props) {
  const { t } = useTranslation('records');
  const access = useAccessText();
  const print = usePrintText();
  const [sharing, setSharing] = useState(false);
  const pool = usePool(form.id);
  const poolText = usePoolText();
  const run = useBulk(form.id);
  const [returning, setReturning] = useState(false);
  const [paper, setPaper] = useState<'print' | 'qr'>();
  const navigate = useNavigate();
  const deleteWith = useDelete(form.id);
  const favourite = useFavourite(form.id, record.id);
  const stage = stageFieldOf(form);
  const mayEdit = form.actions.includes('edit');
  const list = `/apps/${form.appId}/forms/${form.id}`;

  async function remove() {
    const done = await deleteWith([record.id], () => t('deletedOne', { name: record.label }));
    if (done > 0) navigate(list);
  }

  async function giveBack(reason: string) {
    const done = await run([record.id], { kind: 'return', reason }, (n) => poolText('given', { n }));
    if (done > 0 && !pool.data?.manages) navigate(list);
  }

  const copy = useCopy();
  const copyLink = () => copy(window.location.href, t('linkCopied'));

  const stageValue = stage ? record.values[stage.key] : undefined;
  return (
    <header className={styles.head}>
      <div className={styles.headLine}>
        <Button
          type="text"
          icon={<ArrowLeftOutlined />}
          aria-label={t('backToList', { name: form.name })}
          title={t('backToList', { name: form.name })}
          onClick={() => (window.history.state?.idx > 0 ? navigate(-1) : navigate(list))}
        />
        <h1 className="ellipsis" title={record.label}>
          {record.label || form.name}
        </h1>
        <span className="muted" style={{ flex: 'none' }}>
          {form.name}
        </span>
        <Button
          type="text"
          icon={favourite.on ? <StarFilled style={{ color: 'var(--tint-gold-text)' }} /> : <StarOutlined />}
          aria-label={t(favourite.on ? 'unfavourite' : 'favourite')}
          aria-pressed={favourite.on}
          title={t(favourite.on ? 'unfavourite' : 'favourite')}
          onClick={() => void favourite.toggle()}
        />
        <span className={styles.grow} />
        <Neighbours form={form} record={record} />
        <Owner form={form} record={record} />
        {!record.deletedAt && (
          <RecordButtons formId={form.id} recordId={record.id as RecordId} version={record.version} />
        )}
        {mayEdit && (
          <Button type="primary" icon={<EditOutlined />} onClick={onEdit}>
            {t('edit')}
          </Button>
        )}
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              ...(form.actions.includes('create')
                ? [{ key: 'copy', label: t('copyRecord'), icon: <CopyOutlined /> }]
                : []),
              ...(form.actions.includes('print') && !record.deletedAt
                ? [{ key: 'print', label: print('print'), icon: <PrinterOutlined /> }]
                : []),
              { key: 'link', label: t('copyLink'), icon: <LinkOutlined /> },
              { key: 'qr', label: print('qr'), icon: <QrcodeOutlined /> },
              ...(form.actions.includes('share')
                ? [{ key: 'share', label: access('share'), icon: <ShareAltOutlined /> }]
                : []),
              ...(pool.data && record.values.owner && !record.deletedAt
                ? [{ key: 'return', label: poolText('giveBack'), icon: <InboxOutlined /> }]
                : []),
              ...(form.actions.includes('delete')
                ? [{ key: 'delete', label: t('delete'), icon: <DeleteOutlined />, danger: true }]
                : []),
            ],
            onClick: ({ key }) => {
              if (key === 'copy') onCopy();
              else if (key === 'delete') void remove();
              else if (key === 'return') setReturning(true);
              else if (key === 'share') setSharing(true);
              else if (key === 'print' || key === 'qr') setPaper(key);
              else void copyLink();
            },
          }}
        >
          <Button icon={<EllipsisOutlined />} aria-label={t('moreActions')} />
        </Dropdown>
      </div>
      <KeyFacts form={form} record={record} />
      {!stage && <DealBar form={form} recordId={record.id} />}
      {stage && (
        <StageBar
          field={stage}
          value={typeof stageValue === 'string' ? stageValue : null}
          mayChange={mayEdit && stage.writable}
          onChange={(id) => void onSave(stage, id)}
        />
      )}
      <PrintDialog
        formId={form.id}
        ids={[record.id]}
        name={record.label || form.name}
        open={paper === 'print'}
        onClose={() => setPaper(undefined)}
      />
      <QrDialog
        formId={form.id}
        id={record.id}
        name={record.label || form.name}
        open={paper === 'qr'}
        onClose={() => setPaper(undefined)}
      />
      <ReturnDialog
        count={1}
        open={returning}
        onClose={() => setReturning(false)}
        onDo={(reason) => {
          setReturning(false);
          void giveBack(reason);
        }}
      />
      <ShareDialog
        open={sharing}
        formId={form.id}
        recordId={record.id}
        name={record.label || form.name}
        onClose={() => setSharing(false)}
      />
    </header>
  );
}
