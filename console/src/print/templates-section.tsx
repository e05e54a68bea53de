import { DownloadOutlined, FileWordOutlined, MoreOutlined, UploadOutlined } from '@ant-design/icons';
import { urlOf } from '@lianke/shared/api/client';
import type { FormId } from '@lianke/shared/ids';
import type { PrintTemplateView } from '@lianke/shared/print/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Card, Collapse, Dropdown, Skeleton, Space, Tag, Upload } from 'antd';
import { useState } from 'react';
import { api, upload } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import type { FormView } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { comma } from '../i18n/punctuation.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatBytes, formatDatetime } from '../shared/format.js';
import { NameDialog } from '../shared/name-dialog.js';
import { usePrintText } from './i18n.js';
import type { TextKey } from './words-zh.js';

const wordFile = '.docx';

const examples: [string, TextKey][] = [
  ['{{客户名称}}', 'howField'],
  ['{{客户.电话}}', 'howRelated'],
  ['{{明细.产品}}', 'howRows'],
  ['{{金额|大写}}', 'howWords'],
  ['{{签订日期|yyyy年M月d日}}', 'howDate'],
  ['{{照片|40mm}}', 'howPicture'],
  ['{{二维码|25mm}}', 'howQr'],
  ['{{审批.意见}}', 'howApproval'],
  ['{{打印日期}}', 'howOther'],
];

/** The Word files by which a form's records are printed. */
export function PrintTemplates({ form }: { form: FormView }) {
  const text = usePrintText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const queryKey = ['print-templates', form.id];
  const templates = useQuery({
    queryKey,
    queryFn: async () => (await api('prints.templates', { params: { formId: form.id as FormId } })).items,
  });
  const attempt = async (work: () => Promise<string | undefined>) => {
    setBusy(true);
    setFailure('');
    try {
      const done = await work();
      if (done) message.success(done);
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
    await client.invalidateQueries({ queryKey });
  };
  const add = (
    <Upload
      accept={wordFile}
      showUploadList={false}
      disabled={busy}
      beforeUpload={(file) => {
        void attempt(async () => {
          const made = await upload<PrintTemplateView>('prints.upload', file, {}, undefined, { formId: form.id });
          return text('uploaded', { name: made.name });
        });
        return false;
      }}
    >
      <Button type="primary" icon={<UploadOutlined />} loading={busy}>
        {text('upload')}
      </Button>
    </Upload>
  );
  const sample = (
    <Button icon={<DownloadOutlined />} href={urlOf('prints.sample', { formId: form.id })} download>
      {text('sample')}
    </Button>
  );
  if (templates.isPending) return <Skeleton active />;
  if (!templates.data) return <PageError error={templates.error} retry={() => void templates.refetch()} />;
  return (
    <section style={{ display: 'grid', gap: 12 }} aria-label={text('title')}>
      <div style={{ display: 'flex', gap: 16, alignItems: 'center', flexWrap: 'wrap' }}>
        <div style={{ flex: '1 1 260px' }}>
          <h2 style={{ margin: 0, fontSize: 16 }}>{text('title')}</h2>
          <span className="muted">{text('hint')}</span>
        </div>
        {templates.data.length > 0 && (
          <Space wrap>
            {sample}
            {add}
          </Space>
        )}
      </div>
      {failure && <Alert type="error" showIcon title={failure} closable={{ onClose: () => setFailure('') }} />}
      {templates.data.length === 0 && (
        <Card>
          <EmptyState
            title={text('none')}
            hint={text('noneHint')}
            action={
              <Space wrap style={{ justifyContent: 'center' }}>
                {sample}
                {add}
              </Space>
            }
          />
        </Card>
      )}
      {templates.data.map((item) => (
        <TemplateCard key={item.id} item={item} attempt={attempt} />
      ))}
      <Collapse
        size="small"
        items={[
          {
            key: 'how',
            label: text('howTitle'),
            children: (
              <dl style={{ margin: 0, display: 'grid', gap: 8 }}>
                {examples.map(([code, key]) => (
                  <div key={code} style={{ display: 'flex', gap: '0 12px', flexWrap: 'wrap' }}>
                    <dt style={{ flex: '0 0 210px' }}>
                      <code>{code}</code>
                    </dt>
                    <dd className="muted" style={{ margin: 0, flex: '1 1 260px' }}>
                      {text(key)}
                    </dd>
                  </div>
                ))}
              </dl>
            ),
          },
        ]}
      />
    </section>
  );
}

function TemplateCard({
  item,
  attempt,
}: {
  item: PrintTemplateView;
  attempt: (work: () => Promise<string | undefined>) => Promise<void>;
}) {
  const text = usePrintText();
  const { modal } = App.useApp();
  const [renaming, setRenaming] = useState(false);
  const params = { id: item.id };

  async function remove() {
    const sure = await modal.confirm({
      title: text('removeTitle', { name: item.name }),
      content: text('removeHint'),
      okText: text('remove'),
      okButtonProps: { danger: true },
    });
    if (!sure) return;
    await attempt(async () => {
      await api('prints.delete', { params });
      return text('removed');
    });
  }

  return (
    <Card size="small">
      <div style={{ display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' }}>
        <FileWordOutlined style={{ fontSize: 24, color: 'var(--tint-blue-text)' }} />
        <div style={{ flex: '1 1 240px', minWidth: 0 }}>
          <Space wrap>
            <strong>{item.name}</strong>
            {item.isDefault && <Tag color="blue">{text('default')}</Tag>}
          </Space>
          <div className="muted tabular">
            {[
              text('placeholders', { n: item.placeholders.length }),
              formatBytes(item.size),
              text('updatedAt', { time: formatDatetime(item.updatedAt) }),
            ].join(comma())}
          </div>
        </div>
        <Space wrap>
          {!item.isDefault && (
            <Button
              onClick={() =>
                void attempt(async () => {
                  await api('prints.update', { params, body: { isDefault: true } });
                  return undefined;
                })
              }
            >
              {text('makeDefault')}
            </Button>
          )}
          <Upload
            accept={wordFile}
            showUploadList={false}
            beforeUpload={(file) => {
              void attempt(async () => {
                await upload<PrintTemplateView>('prints.replace', file, {}, undefined, params);
                return text('replaced');
              });
              return false;
            }}
          >
            <Button>{text('replace')}</Button>
          </Upload>
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                { key: 'get', label: text('get') },
                { key: 'rename', label: text('rename') },
                { key: 'remove', label: text('remove'), danger: true },
              ],
              onClick: ({ key }) => {
                if (key === 'remove') void remove();
                else if (key === 'rename') setRenaming(true);
                else window.open(urlOf('prints.templateFile', params), '_self');
              },
            }}
          >
            <Button icon={<MoreOutlined />} aria-label={item.name} />
          </Dropdown>
        </Space>
      </div>
      {item.unknown.length > 0 && (
        <Alert
          type="warning"
          showIcon
          style={{ marginTop: 8 }}
          title={text('unknown', {
            n: item.unknown.length,
            list: item.unknown.map((ref) => `{{${ref}}}`).join(' '),
          })}
          description={text('unknownHint')}
        />
      )}
      <NameDialog
        open={renaming}
        title={text('rename')}
        label={text('renameTitle')}
        initial={item.name}
        onCancel={() => setRenaming(false)}
        onSubmit={async (name) => {
          await api('prints.update', { params, body: { name } });
          setRenaming(false);
          await attempt(async () => undefined);
        }}
      />
    </Card>
  );
}
