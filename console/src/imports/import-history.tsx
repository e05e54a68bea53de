import { urlOf } from '@lianke/shared/api/client';
import type { AppId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import { useQuery } from '@tanstack/react-query';
import { Button, Card, Space, Table, Tag, Tooltip } from 'antd';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { formatDatetime, formatNumber, formatRecent } from '../shared/format.js';
import { Person } from '../shared/person.js';
import { Undo } from './done-step.js';
import { useText } from './i18n.js';
import { importsKey } from './use-import.js';

const colours: Record<ImportView['state'], string> = {
  checking: 'processing',
  ready: 'default',
  running: 'processing',
  done: 'success',
  failed: 'error',
  cancelled: 'warning',
  undoing: 'processing',
  undone: 'default',
};

/** Earlier imports of an app (of one form with `formId`); nothing while there is none. */
export function ImportHistory({ appId, formId }: { appId: string; formId?: string }) {
  const text = useText();
  const imports = useQuery({
    queryKey: [...importsKey, appId],
    queryFn: async () => (await api('imports.list', { query: { appId: appId as AppId } })).items,
    staleTime: 5000,
    refetchInterval: ({ state }) =>
      state.data?.some((item) => item.state === 'running' || item.state === 'undoing') ? 1000 : false,
  });
  const rows = (imports.data ?? []).filter(
    (item) => !formId || item.results.some((result) => result.formId === formId),
  );
  if (rows.length === 0) return null;
  return (
    <Card title={text('history')}>
      <Table<ImportView>
        size="small"
        rowKey="id"
        dataSource={rows}
        pagination={rows.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
        columns={[
          {
            title: text('file'),
            dataIndex: 'fileName',
            ellipsis: true,
            render: (name: string, item) => <Link to={`/apps/${item.appId}/import?id=${item.id}`}>{name}</Link>,
          },
          {
            title: text('at'),
            dataIndex: 'createdAt',
            width: 130,
            render: (at: string) => <Tooltip title={formatDatetime(at)}>{formatRecent(at)}</Tooltip>,
          },
          {
            title: text('by'),
            dataIndex: 'createdBy',
            width: 120,
            render: (by: ImportView['createdBy']) => <Person name={by.label} />,
          },
          {
            title: text('state'),
            dataIndex: 'state',
            width: 96,
            render: (state: ImportView['state']) => <Tag color={colours[state]}>{text(`state_${state}`)}</Tag>,
          },
          {
            title: text('result'),
            key: 'result',
            ellipsis: true,
            render: (_, item) =>
              item.results
                .map((result) =>
                  text('resultOf', { form: result.formName, n: formatNumber(result.created + result.updated) }),
                )
                .join(text('separator')),
          },
          {
            title: '',
            key: 'actions',
            width: 220,
            align: 'right',
            render: (_, item) => (
              <Space size={0}>
                {item.errorRows > 0 && (
                  <Button size="small" type="text" href={urlOf('imports.errors', { id: item.id })} download>
                    {text('downloadErrors')}
                  </Button>
                )}
                <Undo view={item} small />
              </Space>
            ),
          },
        ]}
      />
    </Card>
  );
}
