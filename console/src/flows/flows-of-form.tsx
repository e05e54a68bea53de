import { DeleteOutlined, MoreOutlined, PlusOutlined } from '@ant-design/icons';
import type { FlowSummary } from '@lianke/shared/flows/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Dropdown, Skeleton, Switch, Table, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type FormView, keys } from '../api/queries.js';
import { EmptyState } from '../shared/empty-state.js';
import { useFlowActions } from './designer/use-flow-actions.js';
import './i18n.js';
import { NewFlow } from './new-flow.js';

/** 流程设定: the flows that a form's data starts, each as a sentence, with its switch and how its last week went. */
export function FlowsOfForm({ form }: { form: FormView }) {
  const { appId } = form;
  const { t } = useTranslation('flows');
  const [creating, setCreating] = useState(false);
  const flows = useQuery({
    queryKey: [...keys.flows(appId), form.id],
    queryFn: async () => (await api('flows.list', { query: { appId: form.appId, formId: form.id } })).items,
  });
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
      {t('newFlow')}
    </Button>
  );
  return (
    <div style={{ padding: 24, maxWidth: 1200, margin: '0 auto' }}>
      {flows.isPending && <Skeleton active />}
      {flows.error && !flows.data && (
        <Alert
          type="error"
          showIcon
          title={messageOf(flows.error)}
          action={
            <Button size="small" onClick={() => void flows.refetch()}>
              {t('common:retry')}
            </Button>
          }
        />
      )}
      {flows.data?.length === 0 && <EmptyState title={t('empty')} hint={t('emptyHint')} action={add} />}
      {flows.data && flows.data.length > 0 && (
        <>
          <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8, alignItems: 'center', marginBottom: 12 }}>
            <Link to={`/admin/runs?state=&app=${appId}&form=${form.id}`}>{t('runs.allRuns')}</Link>
            {add}
          </div>
          <Table<FlowSummary>
            size="middle"
            rowKey="id"
            pagination={false}
            dataSource={flows.data}
            columns={[
              {
                title: t('colName'),
                render: (_, flow) => (
                  <div style={{ minWidth: 0 }}>
                    <Link to={`/apps/${appId}/flows/${flow.id}`} style={{ fontWeight: 600 }}>
                      {flow.name}
                    </Link>{' '}
                    {flow.publishedVersion === null ? (
                      <span className="tint tint-gray">{t('draftOnly')}</span>
                    ) : (
                      flow.dirty && <span className="tint tint-gold">{t('dirty')}</span>
                    )}
                    <div className="muted">{flow.sentence}</div>
                  </div>
                ),
              },
              { title: t('colWeek'), width: 170, render: (_, flow) => <Week appId={appId} flow={flow} /> },
              { title: t('colState'), width: 90, render: (_, flow) => <Enable flow={flow} /> },
              { width: 56, render: (_, flow) => <More appId={appId} flow={flow} /> },
            ]}
          />
        </>
      )}
      <NewFlow open={creating} onClose={() => setCreating(false)} appId={appId} form={form} />
    </div>
  );
}

function Week({ appId, flow }: { appId: string; flow: FlowSummary }) {
  const { t } = useTranslation('flows');
  const { runs, failed } = flow.lastWeek;
  const path = `/apps/${appId}/flows/${flow.id}/runs`;
  if (runs === 0) return <span className="muted">{t('weekNone')}</span>;
  return (
    <span className="tabular">
      <Link to={path}>{t('weekRuns', { runs })}</Link>
      {failed > 0 && (
        <>
          {' / '}
          <Link to={`${path}?state=failed`} style={{ color: 'var(--ant-color-error)' }}>
            {t('weekFailed', { failed })}
          </Link>
        </>
      )}
    </span>
  );
}

function Enable({ flow }: { flow: FlowSummary }) {
  const { t } = useTranslation('flows');
  const actions = useFlowActions(flow);
  const draft = flow.publishedVersion === null;
  return (
    <Tooltip title={draft ? t('publishFirst') : undefined}>
      <Switch
        size="small"
        aria-label={t('enable', { name: flow.name })}
        checked={flow.enabled}
        disabled={draft}
        loading={actions.busy}
        onChange={(enabled) => void actions.enable(enabled)}
      />
    </Tooltip>
  );
}

function More({ appId, flow }: { appId: string; flow: FlowSummary }) {
  const { t } = useTranslation('flows');
  const { modal, message } = App.useApp();
  const client = useQueryClient();
  const remove = () =>
    modal.confirm({
      title: t('removeAsk', { name: flow.name }),
      content: t('removeHint'),
      okText: t('remove'),
      okButtonProps: { danger: true },
      onOk: async () => {
        try {
          await api('flows.delete', { params: { id: flow.id } });
          await client.invalidateQueries({ queryKey: keys.flows() });
          message.success(t('removed', { name: flow.name }));
        } catch (error) {
          message.error(messageOf(error));
        }
      },
    });
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'edit', label: <Link to={`/apps/${appId}/flows/${flow.id}`}>{t('edit')}</Link> },
          { key: 'runs', label: <Link to={`/apps/${appId}/flows/${flow.id}/runs`}>{t('runsOf')}</Link> },
          { type: 'divider' },
          { key: 'remove', danger: true, icon: <DeleteOutlined />, label: t('remove'), onClick: remove },
        ],
      }}
    >
      <Button type="text" icon={<MoreOutlined />} aria-label={`${t('common:more')} ${flow.name}`} />
    </Dropdown>
  );
}
