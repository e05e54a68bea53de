import { CopyOutlined } from '@ant-design/icons';
import type { PublicFormView, PublicInvite } from '@lianke/shared/public-forms/api';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Form, Input, Skeleton, Space, Tag } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatDatetime } from '../shared/format.js';
import { useCopy } from '../shared/use-copy.js';
import { useText } from './i18n.js';

const colours = { open: 'green', used: 'default', revoked: 'orange' } as const;
const words = { open: 'inviteOpen', used: 'inviteUsed', revoked: 'inviteRevoked' } as const;
const mostAtOnce = 200;

/** 一次性链接 of a public form: made for a list of people, copied, taken back. */
export function InvitesDrawer({ link, onClose }: { link: PublicFormView | undefined; onClose: () => void }) {
  const text = useText();
  return (
    <Drawer open={link !== undefined} onClose={onClose} size={560} title={text('invites')} destroyOnHidden>
      {link && <Invites link={link} />}
    </Drawer>
  );
}

function Invites({ link }: { link: PublicFormView }) {
  const text = useText();
  const client = useQueryClient();
  const copy = useCopy();
  const { message } = App.useApp();
  const [names, setNames] = useState('');
  const [busy, setBusy] = useState('');
  const key = ['public-invites', link.id];
  const params = { id: link.id };
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => api('publicForms.invites', { params, query: pageParam ? { cursor: pageParam } : {} }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
  });
  const labels = names
    .split('\n')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const unused = items.filter((item) => item.state === 'open');

  async function attempt(what: string, work: () => Promise<unknown>) {
    setBusy(what);
    try {
      await work();
      await client.invalidateQueries({ queryKey: key });
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy('');
    }
  }
  const make = () =>
    attempt('make', async () => {
      await api('publicForms.invite', { params, body: { labels } });
      setNames('');
    });
  const revoke = (item: PublicInvite) =>
    attempt(item.id, async () => {
      await api('publicForms.revokeInvite', { params: { ...params, inviteId: item.id as never } });
      message.success(text('inviteRevoked_done', { name: item.label }));
    });

  return (
    <>
      <p className="muted">{text('invitesHint')}</p>
      <Form layout="vertical" component="div">
        <Form.Item label={text('inviteFor')} htmlFor="invite-names">
          <Input.TextArea
            id="invite-names"
            autoSize={{ minRows: 3, maxRows: 8 }}
            placeholder={text('invitePlaceholder')}
            value={names}
            onChange={(event) => setNames(event.target.value)}
          />
        </Form.Item>
        <Space wrap style={{ marginBottom: 16 }}>
          <Button
            type="primary"
            loading={busy === 'make'}
            disabled={labels.length === 0 || labels.length > mostAtOnce}
            onClick={() => void make()}
          >
            {text('inviteMake')}
          </Button>
          {unused.length > 0 && (
            <Button
              icon={<CopyOutlined />}
              onClick={() => void copy(unused.map((item) => `${item.label}\t${item.url}`).join('\n'), text('copied'))}
            >
              {text('inviteCopyAll')}
            </Button>
          )}
        </Space>
      </Form>
      {list.isPending && <Skeleton active />}
      {list.error && <PageError error={list.error} retry={() => void list.refetch()} />}
      {list.data && items.length === 0 && <EmptyState compact title={text('inviteNone')} />}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {items.map((item) => (
          <li
            key={item.id}
            style={{
              display: 'flex',
              gap: 8,
              alignItems: 'center',
              padding: '8px 0',
              borderTop: '1px solid var(--ant-color-border-secondary)',
            }}
          >
            <span style={{ flex: 1, minWidth: 0 }}>
              <span className="ellipsis">
                {item.label} <Tag color={colours[item.state]}>{text(words[item.state])}</Tag>
              </span>
              {item.usedAt && (
                <div className="muted">{text('inviteUsedAt', { time: formatDatetime(item.usedAt) })}</div>
              )}
            </span>
            {item.state === 'open' && (
              <Space>
                <Button size="small" icon={<CopyOutlined />} onClick={() => void copy(item.url, text('copied'))}>
                  {text('copy')}
                </Button>
                <Button size="small" danger loading={busy === item.id} onClick={() => void revoke(item)}>
                  {text('inviteRevoke')}
                </Button>
              </Space>
            )}
            {item.recordId && <Link to={`/forms/${link.formId}/records/${item.recordId}`}>{text('inviteRecord')}</Link>}
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button block style={{ marginTop: 8 }} loading={list.isFetching} onClick={() => void list.fetchNextPage()}>
          {text('inviteMore')}
        </Button>
      )}
    </>
  );
}
