import { DownloadOutlined } from '@ant-design/icons';
import { urlOf } from '@lianke/shared/api/client';
import type { ExportId, FormId, RecordId } from '@lianke/shared/ids';
import { type ExportFormat, type ExportView, mostExportedIds } from '@lianke/shared/records/exports';
import type { SortItem } from '@lianke/shared/records/query';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Form, Modal, Progress, Radio, Space } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useForms } from '../api/queries.js';
import { formatBytes, formatDatetime, formatTotal } from '../shared/format.js';
import type { Grid } from './use-grid.js';

const pollMs = 700;

/** An export under way or over: progress, and the link while it lasts. */
function Running({ found, onCancel }: { found: ExportView; onCancel: () => void }) {
  const { t } = useTranslation('records');
  const { done, total } = found.progress;
  const percent = found.state === 'done' ? 100 : total === 0 ? 0 : Math.min(99, Math.floor((done / total) * 100));
  return (
    <div style={{ display: 'grid', gap: 12 }} aria-live="polite">
      <Progress
        percent={percent}
        status={found.state === 'failed' ? 'exception' : found.state === 'done' ? 'success' : 'active'}
      />
      {found.state === 'running' && (
        <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
          <span className="muted tabular">
            {t('exportRows', { done: formatTotal(done), total: formatTotal(total) })}
          </span>
          <Button size="small" type="text" onClick={onCancel}>
            {t('exportCancel')}
          </Button>
        </div>
      )}
      {found.state === 'failed' && <Alert type="error" showIcon title={found.error ?? ''} />}
      {found.state === 'cancelled' && <Alert type="info" showIcon title={t('exportCancelled')} />}
      {found.state === 'done' && (
        <>
          <span className="muted">
            {t('exportDone', { n: formatTotal(done), size: formatBytes(found.size ?? 0) })}
            {found.expiresAt && ` ${t('exportUntil', { at: formatDatetime(found.expiresAt) })}`}
          </span>
          <Button type="primary" icon={<DownloadOutlined />} href={urlOf('exports.file', { id: found.id })} download>
            {t('exportGet', { name: found.fileName })}
          </Button>
        </>
      )}
    </div>
  );
}

/** Forms of the app whose records point at this one's and that may be exported. */
function useRelatedForms(grid: Grid): { id: string; name: string }[] {
  const forms = useForms(grid.form.appId);
  return (forms.data ?? []).filter(
    (other) =>
      other.id !== grid.form.id &&
      other.actions.includes('export') &&
      other.fields.some(
        (field) => (field.type === 'relation' || field.type === 'relations') && field.config.formId === grid.form.id,
      ),
  );
}

interface Props {
  grid: Grid;
  open: boolean;
  /** Only these records; everything that the list shows when absent. */
  ids?: readonly string[];
  onClose: () => void;
}

/** Exports what the list shows, with its filter, order and columns; the file is made in the background. */
export function ExportDialog({ grid, open, ids, onClose }: Props) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [format, setFormat] = useState<ExportFormat>('xlsx');
  const [withId, setWithId] = useState(false);
  const [allFields, setAllFields] = useState(false);
  const [apart, setApart] = useState(false);
  const [related, setRelated] = useState<string[]>([]);
  const others = useRelatedForms(grid);
  const withSubforms = grid.form.fields.some((field) => field.type === 'subform');
  const [id, setId] = useState<ExportId>();
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const key = ['exports', id];
  const found = useQuery({
    queryKey: key,
    queryFn: () => api('exports.get', { params: { id: id as ExportId } }),
    enabled: id !== undefined,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? pollMs : false),
  });

  async function begin() {
    setBusy(true);
    setFailure('');
    try {
      const made = await api('exports.create', {
        params: { formId: grid.form.id as FormId },
        body: {
          format,
          withId,
          ...(format === 'xlsx'
            ? { subforms: apart ? ('sheets' as const) : ('lines' as const), related: related as FormId[] }
            : {}),
          // What was chosen stays chosen when the list is narrowed afterwards.
          ...(ids ? { ids: ids.slice(0, mostExportedIds) as RecordId[] } : grid.query),
          ...(grid.sort.length > 0 ? { sort: [...grid.sort] as SortItem[] } : {}),
          ...(allFields ? {} : { fields: grid.columns.map((column) => column.field.key) }),
        },
      });
      client.setQueryData(['exports', made.id], made);
      setId(made.id);
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  // Whoever leaves while it runs is told when it is over.
  const running = found.data?.state === 'running' ? found.data.id : undefined;
  const left = useRef(running);
  left.current = running;
  useEffect(
    () => () => {
      if (left.current) void api('exports.notify', { params: { id: left.current } }).catch(() => undefined);
    },
    [],
  );

  async function close() {
    onClose();
    if (!running) return;
    const now = await api('exports.notify', { params: { id: running } }).catch(() => undefined);
    if (now?.state === 'running') message.info(t('exportLater'));
  }

  async function cancel() {
    if (!id) return;
    await api('exports.cancel', { params: { id } }).catch(() => undefined);
    await client.invalidateQueries({ queryKey: key });
  }

  return (
    <Modal
      open={open}
      width={460}
      title={ids ? t('exportPicked', { n: formatTotal(ids.length) }) : t('exportTitle', { name: grid.form.name })}
      okText={t('export')}
      confirmLoading={busy}
      onOk={() => void begin()}
      onCancel={() => void close()}
      afterClose={() => {
        setId(undefined);
        setFailure('');
      }}
      {...(id
        ? {
            footer: (
              <Space>
                <Link to="/exports" onClick={() => void close()}>
                  {t('myExports')}
                </Link>
                <Button onClick={() => void close()}>{t('exportClose')}</Button>
              </Space>
            ),
          }
        : {})}
    >
      {id && found.data ? (
        <Running found={found.data} onCancel={() => void cancel()} />
      ) : (
        <Form layout="vertical">
          {failure && <Alert type="error" showIcon title={failure} style={{ marginBottom: 12 }} />}
          <Form.Item label={t('exportFormat')}>
            <Radio.Group
              value={format}
              onChange={(event) => setFormat(event.target.value as ExportFormat)}
              options={[
                { value: 'xlsx', label: 'Excel (.xlsx)' },
                { value: 'csv', label: 'CSV' },
              ]}
            />
          </Form.Item>
          <Form.Item label={t('exportColumns')}>
            <Radio.Group
              value={allFields}
              onChange={(event) => setAllFields(event.target.value as boolean)}
              options={[
                { value: false, label: t('exportShown', { n: grid.columns.length }) },
                { value: true, label: t('exportAll') },
              ]}
            />
          </Form.Item>
          {format === 'xlsx' && withSubforms && (
            <Form.Item label={t('exportSubforms')}>
              <Radio.Group
                value={apart}
                onChange={(event) => setApart(event.target.value as boolean)}
                options={[
                  { value: false, label: t('exportSubformsLines') },
                  { value: true, label: t('exportSubformsSheets') },
                ]}
              />
            </Form.Item>
          )}
          {format === 'xlsx' && others.length > 0 && (
            <Form.Item label={t('exportRelated')} extra={t('exportRelatedHint')}>
              <Checkbox.Group
                value={related}
                onChange={setRelated}
                options={others.map((other) => ({ value: other.id, label: other.name }))}
              />
            </Form.Item>
          )}
          <Checkbox checked={withId} onChange={(event) => setWithId(event.target.checked)}>
            {t('exportWithId')}
          </Checkbox>
          <div className="muted" style={{ marginTop: 4, paddingLeft: 24 }}>
            {t('exportWithIdHint')}
          </div>
        </Form>
      )}
    </Modal>
  );
}
