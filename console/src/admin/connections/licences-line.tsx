import type { AnswerOf } from '@lianke/shared/api/contracts';
import { useQuery } from '@tanstack/react-query';
import { Alert, Skeleton, Table, Tag } from 'antd';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { formatDatetime } from '../../shared/format.js';
import { type SuiteText, useSuiteText } from './suite-i18n.js';
import type { Connection } from './use-connection.js';

type Licence = AnswerOf<'connections.licences'>['items'][number];

const warnMs = 30 * 86_400_000;
type Term = 'over' | 'ending' | 'valid';

function termOf(licence: Licence, now: number): Term {
  const end = Date.parse(licence.expiresAt);
  if (end <= now) return 'over';
  return end - now <= warnMs ? 'ending' : 'valid';
}

const colours = { over: 'error', ending: 'warning', valid: 'success' } as const;

/** Until when each member may use the app, whoever ends first on top. */
export function LicencesLine({ connection }: { connection: Connection }) {
  const text = useSuiteText();
  const licences = useQuery({
    queryKey: ['connections', connection.id, 'licences'],
    queryFn: async () => (await api('connections.licences', { params: { id: connection.id } })).items,
  });
  if (licences.isPending) return <Skeleton active paragraph={{ rows: 2 }} title={false} />;
  if (licences.error) return <Alert type="error" showIcon title={messageOf(licences.error)} />;
  const items = licences.data;
  if (items.length === 0)
    return <div className="muted">{text(connection.channel === 'dingtalk' ? 'noOrders' : 'noLicences')}</div>;
  const now = Date.now();
  const count = (term: Term) => items.filter((item) => termOf(item, now) === term).length;
  const [over, ending] = [count('over'), count('ending')];
  return (
    <>
      {over > 0 && <Alert type="error" showIcon title={text('licencesOver', { count: over })} />}
      {ending > 0 && <Alert type="warning" showIcon title={text('licencesEnding', { count: ending })} />}
      {over + ending === 0 && <div role="status">{text('licencesOk')}</div>}
      <Table
        size="small"
        rowKey={(item) => item.userid ?? ''}
        dataSource={items}
        pagination={{ pageSize: 10, hideOnSinglePage: true, simple: true }}
        columns={[
          { title: text('member'), key: 'member', render: (_, item: Licence) => whoOf(item, text) },
          {
            title: text('expires'),
            key: 'expires',
            render: (_, item: Licence) => {
              const term = termOf(item, now);
              return (
                <span style={{ whiteSpace: 'nowrap' }}>
                  {formatDatetime(item.expiresAt, 'day')} <Tag color={colours[term]}>{text(term)}</Tag>
                </span>
              );
            },
          },
        ]}
      />
    </>
  );
}

function whoOf({ userid, member, seats }: Licence, text: SuiteText): string {
  if (userid === null) return seats === null ? text('wholeCompanyOpen') : text('wholeCompany', { seats });
  return member?.label ?? userid;
}
