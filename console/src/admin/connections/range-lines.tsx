import type { AnswerOf } from '@lianke/shared/api/contracts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Modal, Table } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { formatRecent } from '../../shared/format.js';
import { useRangeText } from './range-i18n.js';
import { type Connection, checkOf } from './use-connection.js';

type Outsider = AnswerOf<'connections.outside'>['items'][number];

/** So many names stand on the page itself; the rest opens. */
const shown = 8;

/** Members whom the app is not released for: who, and that messages do not reach them. */
export function RangeLines({ connection }: { connection: Connection }) {
  const text = useRangeText();
  const [all, setAll] = useState(false);
  const check = checkOf(connection, 'range');
  const outside = useQuery({
    // Read anew when the check says something else, or the contacts were read again.
    queryKey: ['connections', connection.id, 'outside', connection.sync.at, check?.message],
    queryFn: () => api('connections.outside', { params: { id: connection.id } }),
    enabled: check !== undefined && check.ok !== null,
  });
  if (outside.error) return <Alert type="error" showIcon title={messageOf(outside.error)} />;
  if (!outside.data || outside.data.total === 0) return null;
  const { items, total, checkedAt } = outside.data;
  return (
    <>
      <div>
        {text('who')}
        {items
          .slice(0, shown)
          .map((item) => item.member.label)
          .join(text('comma'))}{' '}
        {total > shown && (
          <Button type="link" style={{ padding: 0 }} onClick={() => setAll(true)}>
            {text('all', { total })}
          </Button>
        )}
      </div>
      <div className="muted">
        {text('consequence')} {checkedAt && text('checkedAt', { at: formatRecent(checkedAt) })}
      </div>
      <Modal open={all} title={text('title')} footer={null} width={560} onCancel={() => setAll(false)}>
        <p className="muted">
          {total > items.length ? text('first', { n: items.length, total }) : text('consequence')}
        </p>
        <Table
          size="small"
          rowKey={(item: Outsider) => item.member.id}
          dataSource={items}
          pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
          columns={[
            { title: text('member'), key: 'member', render: (_, item: Outsider) => item.member.label },
            { title: text('why'), key: 'why', render: (_, item: Outsider) => text(`why.${item.why}`) },
            {
              title: text('messages'),
              key: 'elsewhere',
              render: (_, item: Outsider) => text(item.elsewhere ? 'elsewhere' : 'nowhere'),
            },
          ]}
        />
      </Modal>
    </>
  );
}
