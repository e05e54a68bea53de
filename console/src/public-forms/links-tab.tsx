import {
  CopyOutlined,
  DeleteOutlined,
  ExportOutlined,
  PlusOutlined,
  QrcodeOutlined,
  SettingOutlined,
  UserAddOutlined,
} from '@ant-design/icons';
import type { FormId } from '@lianke/shared/ids';
import type { PublicFormView } from '@lianke/shared/public-forms/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Popover, QRCode, Skeleton, Space, Switch, Tag } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import type { FormView } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { comma } from '../i18n/punctuation.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatDatetime, formatTotal } from '../shared/format.js';
import { useCopy } from '../shared/use-copy.js';
import { useText } from './i18n.js';
import { InvitesDrawer } from './invites-drawer.js';
import { LinkDrawer } from './link-drawer.js';

const colours = { open: 'green', off: 'default', early: 'blue', over: 'orange', full: 'orange' } as const;

/** 外链 of a form: links and QR codes for people without an account. */
export function PublicLinksTab({ form }: { form: FormView }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const copy = useCopy();
  const [editing, setEditing] = useState<PublicFormView | 'new'>();
  const [inviting, setInviting] = useState<PublicFormView>();
  const key = ['public-forms', form.id];
  const links = useQuery({
    queryKey: key,
    queryFn: async () => (await api('publicForms.list', { params: { formId: form.id as FormId } })).items,
  });
  const renew = () => client.invalidateQueries({ queryKey: key });
  const attempt = async (work: () => Promise<unknown>, done?: string) => {
    try {
      await work();
      if (done) message.success(done);
    } catch (error) {
      message.error(messageOf(error));
    }
    await renew();
  };
  if (links.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (!links.data) return <PageError error={links.error} retry={() => void links.refetch()} />;
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>
      {text('add')}
    </Button>
  );
  return (
    <div style={{ display: 'grid', gap: 16, padding: 24, maxWidth: 860, margin: '0 auto' }}>
      <div style={{ display: 'flex', gap: 16, alignItems: 'center', flexWrap: 'wrap' }}>
        <div style={{ flex: '1 1 260px' }}>
          <h2 style={{ margin: 0, fontSize: 16 }}>{text('listTitle')}</h2>
          <span className="muted">{text('listHint')}</span>
        </div>
        {links.data.length > 0 && add}
      </div>
      {links.data.length === 0 && (
        <Card>
          <EmptyState title={text('none')} hint={text('noneHint')} action={add} />
        </Card>
      )}
      {links.data.map((link) => (
        <Card key={link.id} size="small">
          <div style={{ display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' }}>
            <div style={{ flex: '1 1 240px', minWidth: 0 }}>
              <Space wrap>
                <strong>{link.settings.name}</strong>
                <Tag color={colours[link.state]}>{text(`state.${link.state}`)}</Tag>
              </Space>
              <div className="muted ellipsis" title={link.url}>
                {link.url}
              </div>
              <div className="muted tabular">
                {text('submissions', { n: formatTotal(link.submissions) })}
                {link.lastAt && `${comma()}${text('lastAt', { time: formatDatetime(link.lastAt) })}`}
              </div>
            </div>
            <Space wrap>
              <Button icon={<CopyOutlined />} onClick={() => void copy(link.url, text('copied'))}>
                {text('copy')}
              </Button>
              <Popover
                trigger="click"
                content={
                  <div style={{ display: 'grid', justifyItems: 'center', gap: 8 }}>
                    <div id={`qr-${link.id}`}>
                      <QRCode value={link.url} size={180} />
                    </div>
                    <Button size="small" onClick={() => saveQr(`qr-${link.id}`, link.settings.name)}>
                      {text('download')}
                    </Button>
                  </div>
                }
              >
                <Button icon={<QrcodeOutlined />}>{text('qr')}</Button>
              </Popover>
              <Button
                icon={<ExportOutlined />}
                href={link.url}
                target="_blank"
                aria-label={text('openPage')}
                title={text('openPage')}
              />
              <Button icon={<UserAddOutlined />} onClick={() => setInviting(link)}>
                {text('invites')}
              </Button>
              <Button icon={<SettingOutlined />} onClick={() => setEditing(link)}>
                {text('edit')}
              </Button>
              <Switch
                checked={link.enabled}
                aria-label={text(link.enabled ? 'switchOff' : 'switchOn')}
                onChange={(enabled) =>
                  void attempt(() => api('publicForms.update', { params: { id: link.id }, body: { enabled } }))
                }
              />
              <Button
                type="text"
                danger
                icon={<DeleteOutlined />}
                aria-label={text('remove')}
                title={text('remove')}
                disabled={link.enabled}
                onClick={() =>
                  void attempt(() => api('publicForms.delete', { params: { id: link.id } }), text('removed'))
                }
              />
            </Space>
          </div>
        </Card>
      ))}
      <InvitesDrawer link={inviting} onClose={() => setInviting(undefined)} />
      <LinkDrawer
        form={form}
        link={editing === 'new' ? undefined : editing}
        open={editing !== undefined}
        onClose={() => setEditing(undefined)}
        onSaved={() => void renew()}
      />
    </div>
  );
}

function saveQr(id: string, name: string): void {
  const canvas = document.querySelector<HTMLCanvasElement>(`#${CSS.escape(id)} canvas`);
  if (!canvas) return;
  const link = document.createElement('a');
  link.href = canvas.toDataURL('image/png');
  link.download = `${name}.png`;
  link.click();
}
