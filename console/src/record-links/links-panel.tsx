import { CopyOutlined, QrcodeOutlined } from '@ant-design/icons';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RecordLinkView } from '@lianke/shared/record-links/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, DatePicker, Form, Input, Popover, QRCode, Select, Skeleton, Space, Tag } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys, useForm } from '../api/queries.js';
import { formatDatetime } from '../shared/format.js';
import { copyText, useCopy } from '../shared/use-copy.js';
import { useLinkText } from './i18n.js';
import styles from './shared.module.css';

const colours = { open: 'green', over: 'default', revoked: 'default' } as const;
const usualDays = 7;

/** 外部链接: making one, those there are, who opened them. */
export function LinksPanel({ formId, recordId }: { formId: FormId; recordId: RecordId }) {
  const text = useLinkText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const form = useForm(formId);
  const params = { formId, id: recordId };
  const queryKey = keys.data(formId, 'record-links', recordId);
  const links = useQuery({ queryKey, queryFn: async () => (await api('recordLinks.list', { params })).items });
  const choices = (form.data?.fields ?? []).filter((field) => !field.masked);
  const [chosen, setChosen] = useState<string[]>();
  const [until, setUntil] = useState(() => dayjs().add(usualDays, 'day').endOf('day'));
  const [password, setPassword] = useState('');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const fields = chosen ?? choices.filter((field) => !field.system).map((field) => field.id as string);

  async function make() {
    setBusy(true);
    try {
      const body = { fields, note, expiresAt: until.toISOString(), ...(password ? { password } : {}) };
      const made = await api('recordLinks.create', { params, body });
      setPassword('');
      setNote('');
      const copied = await copyText(made.url);
      message.success(text(copied ? 'made' : 'madeOnly'));
      await client.invalidateQueries({ queryKey });
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  if (form.isPending) return <Skeleton active title={false} />;
  return (
    <div className={styles.options}>
      <span className="muted">{text('hint')}</span>
      <Form layout="vertical" component="div">
        <Form.Item label={text('fields')} htmlFor="link-fields">
          <Select<string[]>
            id="link-fields"
            mode="multiple"
            value={fields}
            maxTagCount={6}
            optionFilterProp="label"
            onChange={setChosen}
            options={choices.map((field) => ({ value: field.id, label: field.name }))}
          />
        </Form.Item>
        <Space wrap align="start" size={[16, 0]}>
          <Form.Item label={text('until')} htmlFor="link-until">
            <DatePicker
              id="link-until"
              value={until}
              allowClear={false}
              onChange={(day) => day && setUntil(day.endOf('day'))}
              disabledDate={(day) => day.endOf('day').isBefore(dayjs()) || day.isAfter(dayjs().add(365, 'day'))}
            />
          </Form.Item>
          <Form.Item label={text('password')} htmlFor="link-password">
            <Input
              id="link-password"
              value={password}
              maxLength={64}
              autoComplete="off"
              placeholder={text('passwordHint')}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Form.Item>
          <Form.Item label={text('note')} htmlFor="link-note">
            <Input
              id="link-note"
              value={note}
              maxLength={100}
              placeholder={text('noteHint')}
              onChange={(event) => setNote(event.target.value)}
            />
          </Form.Item>
        </Space>
        <Button type="primary" loading={busy} disabled={fields.length === 0} onClick={() => void make()}>
          {text('make')}
        </Button>
      </Form>
      <h3 style={{ margin: '8px 0 0', fontSize: 14 }}>{text('list')}</h3>
      {links.isPending && <Skeleton active title={false} />}
      {links.error && <Alert type="error" showIcon title={messageOf(links.error)} />}
      {links.data?.length === 0 && <span className="muted">{text('none')}</span>}
      {links.data?.map((link) => (
        <LinkRow key={link.id} link={link} onChanged={() => void client.invalidateQueries({ queryKey })} />
      ))}
    </div>
  );
}

function LinkRow({ link, onChanged }: { link: RecordLinkView; onChanged: () => void }) {
  const text = useLinkText();
  const { message, modal } = App.useApp();
  const open = link.state === 'open';

  async function revoke() {
    const sure = await modal.confirm({
      title: text('revokeTitle'),
      content: text('revokeHint'),
      okText: text('revoke'),
      okButtonProps: { danger: true },
    });
    if (!sure) return;
    try {
      await api('recordLinks.revoke', { params: { id: link.id } });
      message.success(text('revoked'));
    } catch (error) {
      message.error(messageOf(error));
    }
    onChanged();
  }

  const copy = useCopy();
  return (
    <div className={styles.link}>
      <span style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <Tag color={colours[link.state]}>{text(`state.${link.state}`)}</Tag>
        {link.hasPassword && <Tag>{text('locked')}</Tag>}
        {link.note || link.url}
      </span>
      {open ? (
        <Space>
          <Button size="small" icon={<CopyOutlined />} onClick={() => void copy(link.url, text('copied'))}>
            {text('copy')}
          </Button>
          <Popover trigger="click" content={<QRCode value={link.url} size={180} />}>
            <Button size="small" icon={<QrcodeOutlined />} aria-label={text('qr')} title={text('qr')} />
          </Popover>
          <Button size="small" danger type="text" onClick={() => void revoke()}>
            {text('revoke')}
          </Button>
        </Space>
      ) : (
        <span />
      )}
      <span className="muted tabular">
        {[text('by', { name: link.by.label }), text('ends', { time: formatDatetime(link.expiresAt) })].join(' · ')} ·{' '}
        <Popover trigger="click" title={text('usesTitle')} content={<Uses link={link} />}>
          <Button type="link" size="small" style={{ padding: 0 }}>
            {text('uses', { n: link.uses })}
          </Button>
        </Popover>
      </span>
    </div>
  );
}

function Uses({ link }: { link: RecordLinkView }) {
  const text = useLinkText();
  const uses = useQuery({
    queryKey: ['record-link-uses', link.id, link.uses],
    queryFn: async () => (await api('recordLinks.uses', { params: { id: link.id } })).items,
  });
  if (uses.isPending) return <Skeleton active title={false} />;
  if (uses.error) return <Alert type="error" showIcon title={messageOf(uses.error)} />;
  if (uses.data?.length === 0) return <span className="muted">{text('noUses')}</span>;
  return (
    <div style={{ maxHeight: 240, maxWidth: 320, overflowY: 'auto', display: 'grid', gap: 6 }}>
      {uses.data?.map((use) => (
        <div key={`${use.at}${use.address}`}>
          <span className="tabular">{formatDatetime(use.at)}</span> <span className="muted">{use.address}</span>
          <div className="muted ellipsis" title={use.device}>
            {use.device}
          </div>
        </div>
      ))}
    </div>
  );
}
