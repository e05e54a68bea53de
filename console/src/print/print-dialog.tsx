import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons';
import type { FormId } from '@lianke/shared/ids';
import type { PrintBody } from '@lianke/shared/print/api';
import { mostPrinted } from '@lianke/shared/print/limits';
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Form, Modal, Radio, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { fetchFile, openFile, saveFile } from '../api/fetch-file.js';
import { usePrintText } from './i18n.js';

const builtIn = 'built-in';
const labels = 'labels';

interface Props {
  formId: string;
  ids: readonly string[];
  /** The record's name when it is one. */
  name?: string;
  open: boolean;
  onClose: () => void;
}

/** 打印: by a template or the built-in layout, one or many records, as PDF or Word. */
export function PrintDialog({ formId, ids, name, open, onClose }: Props) {
  const text = usePrintText();
  const { message } = App.useApp();
  const [template, setTemplate] = useState<string>();
  const [format, setFormat] = useState<PrintBody['format']>('pdf');
  const [bundle, setBundle] = useState<PrintBody['bundle']>('one');
  const [busy, setBusy] = useState<'open' | 'save'>();
  const [failure, setFailure] = useState('');
  const templates = useQuery({
    queryKey: ['print-templates', formId],
    queryFn: async () => (await api('prints.templates', { params: { formId: formId as FormId } })).items,
    enabled: open,
  });
  const usual = templates.data?.find((item) => item.isDefault)?.id ?? builtIn;
  const chosen = template ?? usual;
  const many = ids.length > 1;
  const tooMany = ids.length > mostPrinted;
  const asLabels = chosen === labels;
  const asOne = asLabels || (format === 'pdf' && (bundle === 'one' || !many));

  async function make(how: 'open' | 'save') {
    setBusy(how);
    setFailure('');
    try {
      const file = await fetchFile('prints.batch', {
        params: { formId },
        body: asLabels
          ? { ids, layout: labels }
          : { ids, format, bundle, ...(chosen === builtIn ? {} : { templateId: chosen }) },
      });
      if (how === 'save') saveFile(file);
      else if (!openFile(file)) {
        saveFile(file);
        message.info(text('blocked'));
      }
      onClose();
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(undefined);
    }
  }

  return (
    <Modal
      open={open}
      width={460}
      title={name !== undefined && !many ? text('printOne', { name }) : text('printTitle', { n: ids.length })}
      onCancel={onClose}
      afterClose={() => {
        setFailure('');
        setTemplate(undefined);
      }}
      footer={[
        <Button
          key="save"
          icon={<DownloadOutlined />}
          type={asOne ? 'default' : 'primary'}
          loading={busy === 'save'}
          disabled={tooMany || !templates.data || busy !== undefined}
          onClick={() => void make('save')}
        >
          {text('save')}
        </Button>,
        ...(asOne
          ? [
              <Button
                key="open"
                type="primary"
                icon={<PrinterOutlined />}
                loading={busy === 'open'}
                disabled={tooMany || !templates.data || busy !== undefined}
                onClick={() => void make('open')}
              >
                {text('open')}
              </Button>,
            ]
          : []),
      ]}
    >
      {failure && <Alert type="error" showIcon title={failure} style={{ marginBottom: 12 }} />}
      {tooMany && (
        <Alert type="warning" showIcon title={text('tooMany', { n: mostPrinted })} style={{ marginBottom: 12 }} />
      )}
      {templates.error && <Alert type="error" showIcon title={messageOf(templates.error)} />}
      {templates.isPending && <Skeleton active title={false} />}
      {templates.data && (
        <Form layout="vertical">
          <Form.Item label={text('template')} htmlFor="print-template">
            <Select<string>
              id="print-template"
              value={chosen}
              onChange={setTemplate}
              options={[
                ...templates.data.map((item) => ({ value: item.id as string, label: item.name })),
                { value: builtIn, label: text('builtIn') },
                { value: labels, label: text('labels') },
              ]}
            />
          </Form.Item>
          {asLabels && <p className="muted">{text('labelsHint')}</p>}
          {!asLabels && (
            <Form.Item label={text('format')}>
              <Radio.Group
                value={format}
                onChange={(event) => setFormat(event.target.value as PrintBody['format'])}
                options={(['pdf', 'docx'] as const).map((value) => ({ value, label: text(value) }))}
              />
            </Form.Item>
          )}
          {many && !asLabels && format === 'pdf' && (
            <Form.Item label={text('bundle')}>
              <Radio.Group
                value={bundle}
                onChange={(event) => setBundle(event.target.value as PrintBody['bundle'])}
                options={(['one', 'zip'] as const).map((value) => ({ value, label: text(value) }))}
              />
            </Form.Item>
          )}
        </Form>
      )}
    </Modal>
  );
}
