import {
  ArrowLeftOutlined,
  DeleteOutlined,
  EditOutlined,
  EllipsisOutlined,
  LinkOutlined,
  StarFilled,
  StarOutlined,
} from '@ant-design/icons';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { App, Button, Dropdown, Popover } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import type { FormView, ReadField } from '../../api/queries.js';
import { referenceOf } from '../../fields/renderer.js';
import { MemberPicker } from '../../shared/member-picker.js';
import { Person } from '../../shared/person.js';
import { stageFieldOf } from '../layout.js';
import { useBulk } from '../use-bulk.js';
import { useFavourite } from '../use-shortcuts.js';
import styles from './detail.module.css';
import { StageBar } from './stage-bar.js';

interface Props {
  form: FormView;
  record: RecordView;
  onSave: (field: ReadField, value: Json) => Promise<string | undefined>;
  onEdit: () => void;
}

function Owner({ form, record, onSave }: Omit<Props, 'onEdit'>) {
  const { t } = useTranslation('records');
  const [open, setOpen] = useState(false);
  const field = form.fields.find((item) => item.key === 'owner' && item.system);
  if (!field) return null;
  const owner = referenceOf(record.values.owner);
  const shown = owner ? <Person name={owner.label} size={22} /> : <span className="muted">{t('noOwner')}</span>;
  if (!field.writable || !form.actions.includes('edit')) return shown;
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      title={t('transferTo')}
      destroyOnHidden
      content={
        <div style={{ width: 240 }}>
          <MemberPicker
            label={t('transferTo')}
            value={owner}
            open
            allowClear={false}
            onChange={async (next) => {
              setOpen(false);
              await onSave(field, next);
            }}
          />
        </div>
      }
    >
      <Button type="text" aria-label={`${field.name} ${owner?.label ?? t('noOwner')}，${t('transfer')}`}>
        {shown}
      </Button>
    </Popover>
  );
}

/** The page's head: title, owner, the actions that matter, and the stage bar. */
export function RecordHead({ form, record, onSave, onEdit }: Props) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const navigate = useNavigate();
  const run = useBulk(form.id);
  const favourite = useFavourite(form.id, record.id);
  const stage = stageFieldOf(form);
  const mayEdit = form.actions.includes('edit');
  const list = `/apps/${form.appId}/forms/${form.id}`;

  async function remove() {
    const done = await run([record.id], { kind: 'delete' }, () => t('deletedOne', { name: record.label }));
    if (done > 0) navigate(list);
  }

  async function copyLink() {
    await navigator.clipboard.writeText(window.location.href);
    message.success(t('linkCopied'));
  }

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
        <Owner form={form} record={record} onSave={onSave} />
        {mayEdit && (
          <Button type="primary" icon={<EditOutlined />} onClick={onEdit}>
            {t('edit')}
          </Button>
        )}
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'link', label: t('copyLink'), icon: <LinkOutlined /> },
              ...(form.actions.includes('delete')
                ? [{ key: 'delete', label: t('delete'), icon: <DeleteOutlined />, danger: true }]
                : []),
            ],
            onClick: ({ key }) => void (key === 'delete' ? remove() : copyLink()),
          }}
        >
          <Button icon={<EllipsisOutlined />} aria-label={t('moreActions')} />
        </Dropdown>
      </div>
      {stage && (
        <StageBar
          field={stage}
          value={typeof stageValue === 'string' ? stageValue : null}
          mayChange={mayEdit && stage.writable}
          onChange={(id) => void onSave(stage, id)}
        />
      )}
    </header>
  );
}
