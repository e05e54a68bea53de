import { CheckCircleFilled, CloseCircleFilled, DownloadOutlined, RollbackOutlined } from '@ant-design/icons';
import { urlOf } from '@lianke/shared/api/client';
import type { FormId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Popconfirm, Skeleton, Table } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys, useRenewApp } from '../api/queries.js';
import { colon } from '../i18n/punctuation.js';
import { formatNumber } from '../shared/format.js';
import { useText } from './i18n.js';
import styles from './imports.module.css';
import { importKey } from './use-import.js';

const noOwner = { field: 'owner', op: 'empty' } as const;

/** 完成: what came of it, form by form, and what to do next. */
export function DoneStep({ view, onAgain }: { view: ImportView; onAgain: () => void }) {
  const text = useText();
  const renew = useRenewApp();
  // Forms may have been made, records were: everything that shows them reads again, once per outcome.
  const again = useRef(renew);
  again.current = renew;
  useEffect(() => {
    if (view.state !== 'undoing') void again.current();
  }, [view.state]);
  const [main] = view.results;
  const tone = view.state === 'failed' ? 'error' : 'success';
  const title =
    view.state === 'failed'
      ? text('failedImport')
      : view.state === 'cancelled'
        ? text('cancelledTitle')
        : view.state === 'undoing'
          ? text('undoing')
          : view.state === 'undone'
            ? text('undoneTitle')
            : text('doneTitle');
  return (
    <div className={styles.narrow}>
      <div className={styles.card}>
        <h2 className={styles.cardTitle} role="status">
          {tone === 'error' ? (
            <CloseCircleFilled style={{ color: 'var(--ant-color-error)' }} />
          ) : (
            <CheckCircleFilled style={{ color: 'var(--ant-color-success)' }} />
          )}{' '}
          {title}
        </h2>
        {view.error && <Alert type="error" showIcon title={view.error} style={{ marginBottom: 12 }} />}
        {view.undo && <UndoReport view={view} undo={view.undo} />}
        {view.state === 'undoing' && <Skeleton active paragraph={{ rows: 2 }} />}
        {view.results.length > 0 && <Results view={view} />}
        {view.state === 'done' && !view.options.runFlows && <p className="muted">{text('noMessages')}</p>}
        {view.errorRows > 0 && (
          <p>
            {text('errorRows', { n: formatNumber(view.errorRows) })}{' '}
            <Button
              type="link"
              icon={<DownloadOutlined />}
              href={urlOf('imports.errors', { id: view.id })}
              download
              style={{ padding: 0 }}
            >
              {text('downloadErrors')}
            </Button>
          </p>
        )}
        {view.state === 'done' &&
          view.results.map((result) => <Unassigned key={result.target} view={view} formId={result.formId} />)}
        <div className={styles.actions}>
          {main && view.state === 'done' && (
            <Link to={`/apps/${view.appId}/forms/${main.formId}`}>
              <Button type="primary">{text('openForm', { name: main.formName })}</Button>
            </Link>
          )}
          <Button onClick={onAgain}>{text('again')}</Button>
          <Undo view={view} />
        </div>
      </div>
    </div>
  );
}

const buckets = ['reversed', 'kept', 'failed'] as const;

/** What an undo came to: taken back, kept because somebody changed it since, and failed; the last two record by record. */
function UndoReport({ view, undo }: { view: ImportView; undo: NonNullable<ImportView['undo']> }) {
  const text = useText();
  const rows = undo.rows ?? [];
  return (
    <>
      <div className={styles.buckets}>
        {buckets.map((bucket) => (
          <div key={bucket}>
            <strong className="tabular">{formatNumber(undo[bucket])}</strong>
            <span className="muted">{text(`undo_${bucket}`)}</span>
          </div>
        ))}
      </div>
      {rows.length > 0 && (
        <Table
          size="small"
          rowKey="recordId"
          pagination={rows.length > 10 ? { pageSize: 10, size: 'small', showSizeChanger: false } : false}
          dataSource={rows}
          style={{ marginBottom: 12 }}
          columns={[
            {
              title: text('undoRecord'),
              dataIndex: 'label',
              ellipsis: true,
              render: (label: string, row) => (
                <Link to={`/apps/${view.appId}/forms/${row.formId}/records/${row.recordId}`}>
                  {label || row.recordId}
                </Link>
              ),
            },
            {
              title: text('result'),
              dataIndex: 'outcome',
              width: 96,
              render: (outcome: 'kept' | 'failed') => text(`undo_${outcome}Short`),
            },
            { title: text('reason'), dataIndex: 'reason' },
          ]}
        />
      )}
    </>
  );
}

function Results({ view }: { view: ImportView }) {
  const text = useText();
  const number = (key: 'created' | 'updated' | 'skipped' | 'failed') => ({
    title: text(key),
    dataIndex: key,
    align: 'right' as const,
    width: 96,
    render: (n: number) => <span className={n === 0 ? 'tabular muted' : 'tabular'}>{formatNumber(n)}</span>,
  });
  return (
    <Table
      size="small"
      rowKey="target"
      pagination={false}
      dataSource={view.results}
      style={{ marginBottom: 12 }}
      columns={[
        {
          title: text('form'),
          dataIndex: 'formName',
          render: (name: string, result) => <Link to={`/apps/${view.appId}/forms/${result.formId}`}>{name}</Link>,
        },
        number('created'),
        number('updated'),
        number('skipped'),
        number('failed'),
      ]}
    />
  );
}

/** Records of a form that nobody owns, with the way to hand them out in bulk. */
function Unassigned({ view, formId }: { view: ImportView; formId: string }) {
  const text = useText();
  const result = view.results.find((item) => item.formId === formId);
  const leavers = (view.check?.counts ?? []).some((count) => count.target === result?.target && count.leavers > 0);
  const count = useQuery({
    queryKey: keys.data(formId, 'noOwner'),
    queryFn: async () => {
      const { items } = await api('records.aggregate', {
        params: { formId: formId as FormId },
        body: { filter: noOwner, metrics: [{ fn: 'count', as: 'n' }] },
      });
      return Number(items[0]?.metrics.n ?? 0);
    },
    enabled: leavers,
  });
  if (!count.data) return null;
  const filter = encodeURIComponent(JSON.stringify(noOwner));
  return (
    <Alert
      type="warning"
      showIcon
      style={{ marginBottom: 12 }}
      title={`${result?.formName ?? ''}${colon()}${text('assignHint', { n: formatNumber(count.data) })}`}
      action={
        <Link to={`/apps/${view.appId}/forms/${formId}?filter=${filter}`}>
          <Button size="small">{text('assignN', { n: formatNumber(count.data) })}</Button>
        </Link>
      }
    />
  );
}

/** 撤销整批: asked once, because it takes many records away. */
export function Undo({ view, small = false }: { view: Pick<ImportView, 'id' | 'state' | 'batchId'>; small?: boolean }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  if (!view.batchId || !['done', 'cancelled', 'failed'].includes(view.state)) return null;
  const undo = async () => {
    setBusy(true);
    try {
      client.setQueryData(importKey(view.id), await api('imports.undo', { params: { id: view.id } }));
      await client.invalidateQueries({ queryKey: ['imports'] });
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Popconfirm
      title={text('undoAsk')}
      description={<div style={{ maxWidth: 300 }}>{text('undoAskText')}</div>}
      okText={text('undoAll')}
      okButtonProps={{ danger: true }}
      onConfirm={undo}
    >
      <Button danger icon={<RollbackOutlined />} loading={busy} {...(small ? { size: 'small', type: 'text' } : {})}>
        {text('undoAll')}
      </Button>
    </Popconfirm>
  );
}
