import type { AnswerOf } from '@lianke/shared/api/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Modal, Popconfirm, Skeleton, Table } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { MemberPicker } from '../../shared/member-picker.js';
import { useDingText } from './dingtalk-i18n.js';
import type { Connection } from './use-connection.js';

type Account = AnswerOf<'connections.accounts'>['items'][number];

/** Who the people of a connection are here: those who may be somebody else are asked about, all others can be looked at. */
export function AccountsLine({ connection }: { connection: Connection }) {
  const text = useDingText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [all, setAll] = useState(false);
  const queryKey = ['connections', connection.id, 'accounts', connection.sync.at];
  const accounts = useQuery({
    queryKey,
    queryFn: async () => (await api('connections.accounts', { params: { id: connection.id } })).items,
  });
  const link = async (account: Account, memberId: string) => {
    try {
      const body = { userid: account.userid, memberId };
      const { items } = await api('connections.link', { params: { id: connection.id }, body });
      client.setQueryData(queryKey, items);
      message.success(text('linked'));
    } catch (error) {
      message.error(messageOf(error));
    }
  };
  if (accounts.isPending) return <Skeleton active paragraph={{ rows: 1 }} title={false} />;
  if (accounts.error) return <Alert type="error" showIcon title={messageOf(accounts.error)} />;
  const items = accounts.data;
  if (items.length === 0) return <div className="muted">{text('nobody')}</div>;
  const asked = items.filter((item) => item.suggestion !== null);
  return (
    <>
      <div role="status">
        {asked.length === 0 ? text('allKnown', { count: items.length }) : text('maybe', { count: asked.length })}
      </div>
      {asked.map((item) => (
        <div key={item.userid} style={{ display: 'flex', flexWrap: 'wrap', gap: 12, alignItems: 'center' }}>
          <span>
            {item.member.label} <span className="muted">{item.userid}</span> → {item.suggestion?.label}
          </span>
          <Popconfirm
            title={text('samePersonAsk', { name: item.member.label, other: item.suggestion?.label ?? '' })}
            onConfirm={() => link(item, item.suggestion?.id ?? '')}
          >
            <Button size="small" type="primary" aria-label={`${item.member.label} ${text('samePerson')}`}>
              {text('samePerson')}
            </Button>
          </Popconfirm>
        </div>
      ))}
      <div>
        <Button type="link" style={{ padding: 0 }} onClick={() => setAll(true)}>
          {text('showAll', { count: items.length })}
        </Button>
      </div>
      <Modal open={all} title={text('peopleTitle')} footer={null} width={680} onCancel={() => setAll(false)}>
        <Table
          size="small"
          rowKey="userid"
          dataSource={items}
          pagination={{ pageSize: 10, hideOnSinglePage: true }}
          columns={[
            { title: text('account'), dataIndex: 'userid' },
            {
              title: text('member'),
              key: 'member',
              render: (_, item: Account) => (
                <MemberPicker
                  label={`${item.userid} ${text('linkOther')}`}
                  value={item.member}
                  onChange={(chosen) => chosen && chosen.id !== item.member.id && void link(item, chosen.id)}
                  allowClear={false}
                />
              ),
            },
          ]}
        />
      </Modal>
    </>
  );
}
