import type { RecordId } from '@lianke/shared/ids';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Input, Modal, Space, Statistic, Table } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type FormView, keys, useRenewApp } from '../api/queries.js';
import { ImportHistory } from '../imports/import-history.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatDatetime, formatTotal } from '../shared/format.js';
import { useRestoreForm } from './bin/use-restore-form.js';
import { useText } from './i18n.js';

/** 数据管理: how much there is, what was imported, what was deleted. */
export function DataTab({ form }: { form: FormView }) {
  const text = useText();
  const navigate = useNavigate();
  const count = useQuery({
    queryKey: keys.data(form.id, 'total'),
    queryFn: () =>
      api('records.query', { params: { formId: form.id }, body: { limit: 1, fields: [], total: 'exact' } }),
  });
  return (
    <div style={{ display: 'grid', gap: 16, padding: 24, maxWidth: 1100, margin: '0 auto' }}>
      <Card>
        <div style={{ display: 'flex', alignItems: 'center', gap: 48, flexWrap: 'wrap' }}>
          <Statistic
            title={text('dataCount')}
            loading={count.isPending}
            value={count.data?.total === undefined ? '—' : text('dataCountUnit', { n: formatTotal(count.data.total) })}
          />
          <Statistic title={text('dataUpdated')} value={text('dataVersion', { n: form.version })} />
          <Space style={{ marginLeft: 'auto' }}>
            <DeleteForm form={form} />
            <Button onClick={() => navigate(`/apps/${form.appId}/import?formId=${form.id}`)}>
              {text('dataImport')}
            </Button>
            <Link to={`/apps/${form.appId}/forms/${form.id}`}>
              <Button type="primary">{text('dataOpen')}</Button>
            </Link>
          </Space>
        </div>
      </Card>
      <ImportHistory appId={form.appId} formId={form.id} />
      <RecycleBin form={form} />
    </div>
  );
}

function RecycleBin({ form }: { form: FormView }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [picked, setPicked] = useState<RecordId[]>([]);
  const [busy, setBusy] = useState(false);
  const deleted = useInfiniteQuery({
    queryKey: keys.data(form.id, 'deleted'),
    queryFn: ({ pageParam }) =>
      api('records.query', {
        params: { formId: form.id },
        body: { deleted: true, limit: 50, fields: [], ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor,
  });
  const rows = deleted.data?.pages.flatMap((page) => page.items) ?? [];

  const restore = async (ids: RecordId[]) => {
    setBusy(true);
    try {
      const { results } = await api('records.batch', { params: { formId: form.id }, body: { restore: ids } });
      const failed = results.filter((result) => result.status === 'failed');
      if (failed.length < ids.length) message.success(text('restored', { n: ids.length - failed.length }));
      const [first] = failed;
      if (first) message.warning(text('restoreFailed', { n: failed.length, reason: first.error?.message ?? '' }));
      setPicked([]);
      await client.invalidateQueries({ queryKey: keys.data(form.id) });
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Card
      title={text('recycleBin')}
      extra={
        picked.length > 0 ? (
          <Button type="primary" size="small" loading={busy} onClick={() => void restore(picked)}>
            {text('restoreN', { n: picked.length })}
          </Button>
        ) : (
          <span className="muted">{text('recycleHint')}</span>
        )
      }
    >
      <Table
        size="small"
        rowKey="id"
        loading={deleted.isPending}
        dataSource={rows}
        pagination={false}
        rowSelection={{ selectedRowKeys: picked, onChange: (ids) => setPicked(ids as RecordId[]) }}
        locale={{ emptyText: <EmptyState compact title={text('recycleEmpty')} /> }}
        columns={[
          { title: text('recordTitle'), dataIndex: 'label', ellipsis: true },
          {
            title: text('deletedAt'),
            dataIndex: 'deletedAt',
            width: 180,
            render: (at?: string) => (at ? formatDatetime(at) : ''),
          },
          {
            title: '',
            key: 'actions',
            width: 90,
            render: (_, row) => (
              <Button type="link" size="small" disabled={busy} onClick={() => void restore([row.id as RecordId])}>
                {text('restore')}
              </Button>
            ),
          },
        ]}
      />
      {deleted.hasNextPage && (
        <Button block type="text" loading={deleted.isFetchingNextPage} onClick={() => void deleted.fetchNextPage()}>
          {text('loadMore')}
        </Button>
      )}
    </Card>
  );
}

function DeleteForm({ form }: { form: FormView }) {
  const text = useText();
  const navigate = useNavigate();
  const renew = useRenewApp();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const restore = useRestoreForm();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await api('forms.delete', { params: { formId: form.id } });
      const key = `deleted-${form.id}`;
      message.open({
        key,
        type: 'success',
        duration: 10,
        content: (
          <>
            {text('deleteFormDone', { name: form.name })}
            <Button
              type="link"
              size="small"
              onClick={async () => {
                message.destroy(key);
                if (await restore(form.id)) navigate(`/apps/${form.appId}/forms/${form.id}`);
              }}
            >
              {text('undo')}
            </Button>
          </>
        ),
      });
      navigate(`/apps/${form.appId}`);
      await renew();
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>
        {text('deleteForm')}
      </Button>
      <Modal
        open={open}
        title={text('deleteForm')}
        okText={text('deleteForm')}
        okButtonProps={{ danger: true, disabled: typed !== form.name, loading: busy }}
        onOk={remove}
        onCancel={() => setOpen(false)}
        afterClose={() => setTyped('')}
        destroyOnHidden
      >
        <p>{text('deleteFormHint')}</p>
        <label htmlFor="delete-form" style={{ display: 'block', margin: '12px 0 4px' }}>
          {text('deleteFormConfirm', { name: form.name })}
        </label>
        <Input id="delete-form" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </Modal>
    </>
  );
}
