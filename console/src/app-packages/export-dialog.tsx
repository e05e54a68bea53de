import type { AppId, FormId } from '@lianke/shared/ids';
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Checkbox, Form, Input, InputNumber, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { fetchFile, saveFile } from '../api/fetch-file.js';
import { useText } from './i18n.js';
import styles from './packages.module.css';
import { leftText, openText, usesText } from './said.js';

const usualRows = 10;
const mostRows = 100;

/** 导出应用: what goes along and what stays, and the file. */
export function ExportDialog({ app, onClose }: { app: { id: AppId; name: string }; onClose: () => void }) {
  const text = useText();
  const { message } = App.useApp();
  const [version, setVersion] = useState<string>();
  const [description, setDescription] = useState<string>();
  const [rows, setRows] = useState<Record<string, number>>({});
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const outline = useQuery({
    queryKey: ['packageOutline', app.id],
    queryFn: () => api('packages.outline', { params: { appId: app.id } }),
    staleTime: 0,
  });
  const { data } = outline;
  const chosen = version ?? data?.version ?? '';
  const wrong = chosen !== '' && !/^\d+\.\d+\.\d+$/.test(chosen);

  async function save() {
    setBusy(true);
    setError('');
    try {
      const file = await fetchFile('packages.export', {
        params: { appId: app.id },
        body: {
          version: chosen,
          description: description ?? data?.description ?? '',
          sample: Object.entries(rows).map(([formId, count]) => ({ formId: formId as FormId, rows: count })),
        },
      });
      saveFile(file);
      message.success(text('exported', { name: file.name }));
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal
      open
      width={600}
      title={text('exportTitle', { name: app.name })}
      okText={text(busy ? 'exporting' : 'save')}
      okButtonProps={{ loading: busy, disabled: !data || wrong || chosen === '' }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      {outline.isPending && <Skeleton active />}
      {outline.error && <Alert type="error" showIcon title={messageOf(outline.error)} />}
      {error && <Alert type="error" showIcon title={error} style={{ marginBottom: 12 }} />}
      {data && (
        <Form layout="vertical">
          <p className="muted">{text('exportHint')}</p>
          <p>
            {text('exportHolds', {
              forms: data.forms.length,
              views: data.views,
              flows: data.flows,
              dashboards: data.dashboards,
              roles: data.roles,
            })}
          </p>
          <Form.Item
            label={text('version')}
            htmlFor="package-version"
            extra={text('versionHint')}
            validateStatus={wrong ? 'error' : ''}
            help={wrong ? text('versionWrong') : undefined}
          >
            <Input
              id="package-version"
              value={chosen}
              maxLength={30}
              onChange={(event) => setVersion(event.target.value.trim())}
            />
          </Form.Item>
          <Form.Item label={text('description')} htmlFor="package-description">
            <Input.TextArea
              id="package-description"
              value={description ?? data.description}
              maxLength={500}
              autoSize={{ minRows: 2, maxRows: 5 }}
              placeholder={text('descriptionHint')}
              onChange={(event) => setDescription(event.target.value)}
            />
          </Form.Item>
          {data.forms.length > 0 && (
            <Form.Item label={text('sample')} extra={text('sampleHint')}>
              <div className={styles.samples}>
                {data.forms.map((form) => (
                  <div key={form.id} className={styles.sampleRow}>
                    <Checkbox
                      checked={rows[form.id] !== undefined}
                      onChange={(event) =>
                        setRows(({ [form.id]: _, ...others }) =>
                          event.target.checked ? { ...others, [form.id]: usualRows } : others,
                        )
                      }
                    >
                      {form.name}
                    </Checkbox>
                    {rows[form.id] !== undefined && (
                      <InputNumber
                        aria-label={text('sampleRows', { name: form.name })}
                        size="small"
                        min={1}
                        max={mostRows}
                        value={rows[form.id] ?? usualRows}
                        suffix={text('rows')}
                        onChange={(value) => setRows((old) => ({ ...old, [form.id]: value ?? usualRows }))}
                      />
                    )}
                  </div>
                ))}
              </div>
            </Form.Item>
          )}
          {data.open.length > 0 && (
            <Form.Item label={text('toFill')}>
              <ul className={styles.list}>
                {data.open.map((item) => (
                  <li key={`${item.kind}/${item.key}`}>
                    {openText(text, item)} <span className="muted">{usesText(text, item)}</span>
                  </li>
                ))}
              </ul>
            </Form.Item>
          )}
          {data.left.length > 0 && (
            <Form.Item label={text('leftBehind')} style={{ marginBottom: 0 }}>
              <ul className={styles.list}>
                {data.left.map((item) => (
                  <li key={`${item.kind}/${item.of}/${item.name}`}>{leftText(text, item)}</li>
                ))}
              </ul>
            </Form.Item>
          )}
        </Form>
      )}
    </Modal>
  );
}
