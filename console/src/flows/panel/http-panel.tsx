import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import type { SecretText } from '@lianke/shared/flows/nodes/outside';
import { Button, Checkbox, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';
import type { StepProps } from './step-parts.js';
import { SendEditor } from './text-editor.js';
import type { SendPart } from './text-parts.js';
import { useSecretNames } from './use-secrets.js';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const partsOf = (value: SecretText | undefined): SendPart[] => (value?.kind === 'text' ? value.parts : []);

/** 调用接口: where, with what, and how patiently. */
export function HttpPanel({ node, onChange, speaker, sources }: StepProps<'http'>) {
  const { t } = useTranslation('flows');
  const secrets = useSecretNames('secret');
  const editor = (label: string, value: SecretText | undefined, set: (value: SecretText) => void, lines = false) => (
    <SendEditor
      lines={lines}
      secrets={secrets}
      parts={partsOf(value)}
      sources={sources}
      forms={speaker.forms}
      label={label}
      onChange={(parts) => set({ kind: 'text', parts })}
    />
  );
  const setHeader = (index: number, next: (typeof node.headers)[number]) =>
    onChange({ ...node, headers: node.headers.map((item, at) => (at === index ? next : item)) }, `header:${index}`);
  return (
    <>
      <Labelled label={t('panel.httpMethod')}>
        <Select<(typeof methods)[number]>
          aria-label={t('panel.httpMethod')}
          value={node.method}
          onChange={(method) => onChange({ ...node, method })}
          options={methods.map((method) => ({ value: method, label: method }))}
        />
      </Labelled>
      <Labelled group label={t('panel.httpUrl')}>
        {editor(t('panel.httpUrl'), node.url, (url) => onChange({ ...node, url }, 'url'))}
      </Labelled>
      <Labelled group label={t('panel.httpHeaders')}>
        {node.headers.map((header, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers have no identity beside their place
          <div className="panel-box" key={index}>
            <div className="panel-row">
              <Input
                className="grow"
                aria-label={t('panel.httpHeaderName')}
                placeholder="Authorization"
                value={header.name}
                maxLength={60}
                onChange={(event) => setHeader(index, { ...header, name: event.target.value.trim() })}
              />
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={t('panel.httpRemoveHeader')}
                onClick={() => onChange({ ...node, headers: node.headers.filter((_, at) => at !== index) })}
              />
            </div>
            {editor(t('panel.httpHeaderValue'), header.value, (value) => setHeader(index, { ...header, value }))}
          </div>
        ))}
        <Button
          type="link"
          size="small"
          icon={<PlusOutlined />}
          onClick={() =>
            onChange({ ...node, headers: [...node.headers, { name: '', value: { kind: 'text', parts: [] } }] })
          }
        >
          {t('panel.httpAddHeader')}
        </Button>
      </Labelled>
      {node.method !== 'GET' && (
        <Labelled group label={t('panel.httpBody')} hint={t('panel.httpBodyHint')}>
          {editor(t('panel.httpBody'), node.body, (body) => onChange({ ...node, body }, 'body'), true)}
        </Labelled>
      )}
      <Labelled group label={t('panel.httpPatience')}>
        <div className="panel-row">
          <span>{t('panel.httpTimeout')}</span>
          <InputNumber<number>
            aria-label={t('panel.httpTimeout')}
            min={1}
            max={60}
            precision={0}
            value={node.timeoutSeconds}
            onChange={(value) => onChange({ ...node, timeoutSeconds: value ?? 10 }, 'timeout')}
          />
        </div>
        <Checkbox
          style={{ marginTop: 8 }}
          checked={node.keyHeader !== undefined}
          onChange={(event) => {
            const { keyHeader: _, ...rest } = node;
            onChange(event.target.checked ? { ...rest, keyHeader: 'Idempotency-Key' } : rest);
          }}
        >
          {t('panel.httpKey')}
        </Checkbox>
        {node.keyHeader !== undefined && (
          <Input
            style={{ marginTop: 8 }}
            aria-label={t('panel.httpKeyHeader')}
            value={node.keyHeader}
            maxLength={60}
            onChange={(event) => onChange({ ...node, keyHeader: event.target.value.trim() }, 'keyHeader')}
          />
        )}
      </Labelled>
    </>
  );
}
