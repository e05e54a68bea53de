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
  const { message } = App.useApp();
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: keys.flows() });
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      await renew();
      return true;
    } catch (error) {
      message.error(messageOf(error));
      return false;
    }
  }
  async function remove() {
    const params = { id: flow.id };
    if (!(await attempt(() => api('flows.delete', { params })))) return;
    const key = `binned-${flow.id}`;
    const undo = async () => {
      message.destroy(key);
      // It comes back switched off; whoever takes his own deletion back at once wants it as it was.
      await attempt(async () => {
        await api('flows.undelete', { params });
        if (flow.enabled) await api('flows.update', { params, body: { enabled: true } });
      });
    };
    message.open({
      key,
      type: 'success',
      duration: 8,
      content: (
        <>
          {t('removed', { name: flow.name })}
          <Button type="link" size="small" onClick={() => void undo()}>
            {t('common:undo')}
          </Button>
        </>
      ),
    });
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'edit', label: <Link to={`/apps/${appId}/flows/${flow.id}`}>{t('edit')}</Link> },
          { key: 'runs', label: <Link to={`/apps/${appId}/flows/${flow.id}/runs`}>{t('runsOf')}</Link> },
          { type: 'divider' },
          { key: 'remove', danger: true, icon: <DeleteOutlined />, label: t('remove'), onClick: () => void remove() },
        ],
      }}
    >
      <Button type="text" icon={<MoreOutlined />} aria-label={`${t('common:more')} ${flow.name}`} />
    </Dropdown>
  );
}
