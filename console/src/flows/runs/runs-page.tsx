import { ArrowLeftOutlined } from '@ant-design/icons';
import type { RunSummary } from '@lianke/shared/flows/api';
import type { FlowId } from '@lianke/shared/ids';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Segmented, Skeleton, Table, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router-dom';
import { api } from '../../api/client.js';
import { PageError } from '../../app/page-error.js';
import { EmptyState } from '../../shared/empty-state.js';
import { formatDatetime, formatRecent } from '../../shared/format.js';
import { useFlow } from '../flow-page.js';
import '../i18n.js';
import { RunState } from './run-state.js';
import { took } from './took.js';

const states = ['', 'failed', 'waiting', 'running', 'done'] as const;

/** `/apps/:appId/flows/:flowId/runs`: every run of a flow, the newest first. */
export function RunsPage() {
  const { t } = useTranslation('flows');
  const { appId = '', flowId = '' } = useParams();
  const [search, setSearch] = useSearchParams();
  const navigate = useNavigate();
  const state = search.get('state') ?? '';
  const flow = useFlow(flowId);
  const runs = useInfiniteQuery({
    queryKey: ['runs', flowId, state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      api('flows.runs', {
        params: { id: flowId as FlowId },
        query: { ...(state ? { state } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    getNextPageParam: (page) => page.cursor ?? undefined,
    refetchInterval: 5000,
  });
  if (flow.error) return <PageError error={flow.error} retry={() => void flow.refetch()} />;
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const pathOf = (run: RunSummary) => `/apps/${appId}/flows/${flowId}/runs/${run.id}`;
  return (
    <div style={{ padding: 24, maxWidth: 1200, margin: '0 auto' }}>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center', marginBottom: 16 }}>
        <Link to={`/apps/${appId}/flows/${flowId}`} aria-label={t('edit')}>
          <Button type="text" icon={<ArrowLeftOutlined />} tabIndex={-1} />
        </Link>
        <h1 style={{ fontSize: 18 }}>{flow.data?.name}</h1>
        <span className="muted">{t('run.title')}</span>
      </div>
      <Segmented
        value={state}
        onChange={(next) => setSearch(next ? { state: String(next) } : {}, { replace: true })}
        options={states.map((item) => ({ value: item, label: item ? t(`run.state.${item}`) : t('run.all') }))}
        style={{ marginBottom: 12 }}
      />
      {runs.isPending && <Skeleton active />}
      {runs.error && !runs.data && <PageError error={runs.error} retry={() => void runs.refetch()} />}
      {runs.data && items.length === 0 && (
        <EmptyState
          title={t(state ? 'run.emptyFiltered' : 'run.empty')}
          hint={state ? undefined : t('run.emptyHint')}
          action={state ? <Button onClick={() => setSearch({})}>{t('run.all')}</Button> : undefined}
        />
      )}
      {items.length > 0 && (
        <Table<RunSummary>
          size="small"
          rowKey="id"
          pagination={false}
          dataSource={items}
          onRow={(run) => ({ onClick: () => void navigate(pathOf(run)), style: { cursor: 'pointer' } })}
          columns={[
            {
              title: t('run.colRecord'),
              render: (_, run) => <Link to={pathOf(run)}>{run.record?.label || t('run.open')}</Link>,
            },
            { title: t('run.colState'), width: 100, render: (_, run) => <RunState state={run.state} /> },
            {
              title: t('run.colStarted'),
              width: 130,
              render: (_, run) => (
                <Tooltip title={formatDatetime(run.startedAt, 'second')}>
                  <span className="tabular">{formatRecent(run.startedAt)}</span>
                </Tooltip>
              ),
            },
            {
              title: t('run.colTook'),
              width: 110,
              align: 'right',
              render: (_, run) => <span className="tabular">{took(t, run.startedAt, run.finishedAt)}</span>,
            },
            {
              title: t('run.colVersion'),
              width: 90,
              render: (_, run) => t('design.versionOf', { version: run.version }),
            },
            {
              title: t('run.colError'),
              render: (_, run) => <span style={{ color: 'var(--ant-color-error)' }}>{run.error}</span>,
            },
          ]}
        />
      )}
      {runs.hasNextPage && (
        <Button type="link" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          {t('run.more')}
        </Button>
      )}
    </div>
  );
}
