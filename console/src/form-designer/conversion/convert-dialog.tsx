import type { FieldErrorCode } from '@lianke/shared/errors/codes';
import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { type ConversionPreview, conversionTargets } from '@lianke/shared/forms/conversion';
import type { Json } from '@lianke/shared/json';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, App, Checkbox, InputNumber, Modal, Select, Skeleton, Table, Tag } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { fieldMessage } from '../../records/values.js';
import { formatNumber } from '../../shared/format.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { Prop } from '../properties/prop.js';
import { ImpactList } from '../publish/impact-list.js';
import { useTypeLabel } from '../use-type-label.js';
import { useRenewConversions } from './use-conversions.js';

interface Props {
  field: DesignField;
  open: boolean;
  onClose: () => void;
}

const counted: readonly FieldTypeName[] = ['number', 'money', 'percent'];
const chosen: readonly FieldTypeName[] = ['select', 'multiSelect'];

/** Changes a field's type: what would become of its values and of what uses it, then the start. */
export function ConvertDialog({ field, open, onClose }: Props) {
  const text = useText();
  const label = useTypeLabel();
  const { form } = useDesigner();
  const { message } = App.useApp();
  const renew = useRenewConversions();
  const [type, setType] = useState<FieldTypeName>();
  const [decimals, setDecimals] = useState(2);
  const [makeOptions, setMakeOptions] = useState(true);
  const [busy, setBusy] = useState(false);
  const params = { formId: form.id, fieldId: String(field.id) };
  const config: Record<string, Json> = type && counted.includes(type) ? { decimals } : {};
  const body = type && { type, config, makeOptions: chosen.includes(type) && makeOptions };
  const preview = useQuery({
    queryKey: ['conversionPreview', form.id, form.version, field.id, body],
    queryFn: () => api('conversions.preview', { params, body: body as NonNullable<typeof body> }),
    enabled: open && body !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 0,
    staleTime: 0,
  });
  const found = body && preview.data;

  async function start() {
    if (!body) return;
    setBusy(true);
    try {
      await api('conversions.start', { params, body: { ...body, version: form.version } });
      await renew(form.id);
      message.success(text('convertStarted'));
      onClose();
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal
      open={open}
      width={720}
      title={text('convertTitle', { name: field.name })}
      onCancel={onClose}
      destroyOnHidden
      okText={text('convertStart')}
      okButtonProps={{ loading: busy, disabled: !found || preview.isFetching || found.refusal !== null }}
      onOk={() => void start()}
    >
      <Prop label={text('convertTo', { type: label(field.type) })}>
        <Select<FieldTypeName>
          value={type as FieldTypeName}
          placeholder={text('convertChoose')}
          onChange={setType}
          showSearch={{ optionFilterProp: 'label' }}
          options={conversionTargets(field.type).map((value) => ({ value, label: label(value) }))}
          style={{ width: '100%' }}
        />
      </Prop>
      {type && counted.includes(type) && (
        <Prop label={text('convertDecimals')}>
          <InputNumber<number>
            min={0}
            max={8}
            precision={0}
            value={decimals}
            onChange={(value) => setDecimals(value ?? 0)}
          />
        </Prop>
      )}
      {type && chosen.includes(type) && (
        <Checkbox checked={makeOptions} onChange={(event) => setMakeOptions(event.target.checked)}>
          {text('convertMakeOptions')}
        </Checkbox>
      )}
      {preview.error && body ? (
        <Alert type="error" showIcon title={messageOf(preview.error)} style={{ marginTop: 12 }} />
      ) : found ? (
        <Found found={found} field={field} onLeave={onClose} />
      ) : body ? (
        <Skeleton active paragraph={{ rows: 3 }} style={{ marginTop: 12 }} />
      ) : (
        <p className="muted" style={{ marginTop: 12 }}>
          {text('convertHint')}
        </p>
      )}
    </Modal>
  );
}

function Found({ found, field, onLeave }: { found: ConversionPreview; field: DesignField; onLeave: () => void }) {
  const text = useText();
  const kept = found.scanned - found.failing;
  return (
    <div style={{ marginTop: 12, display: 'grid', gap: 12 }}>
      {found.refusal !== null ? (
        <Alert type="error" showIcon title={found.refusal} />
      ) : found.failing > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={text('convertFailing', { n: formatNumber(found.failing), kept: formatNumber(kept) })}
          description={text('convertFailingHint')}
        />
      ) : (
        <Alert type="success" showIcon title={text('convertAll', { n: formatNumber(kept) })} />
      )}
      {found.scanned < found.total && (
        <p className="muted">
          {text('convertSampled', { n: formatNumber(found.scanned), total: formatNumber(found.total) })}
        </p>
      )}
      {found.rows.length > 0 && (
        <Table
          size="small"
          rowKey="id"
          pagination={false}
          scroll={{ y: 220 }}
          dataSource={found.rows}
          columns={[
            { title: text('convertRecord'), dataIndex: 'label', ellipsis: true },
            { title: field.name, dataIndex: 'value', ellipsis: true },
            {
              title: text('convertReason'),
              key: 'reason',
              ellipsis: true,
              render: (_, row) => fieldMessage(row.code as FieldErrorCode, row.params),
            },
          ]}
        />
      )}
      {found.options.length > 0 && (
        <div>
          <div className="muted" style={{ marginBottom: 4 }}>
            {text('convertOptions', { n: found.options.length })}
          </div>
          <div style={{ maxHeight: 96, overflow: 'auto' }}>
            {found.options.map((option) => (
              <Tag key={option} style={{ marginBottom: 4 }}>
                {option}
              </Tag>
            ))}
          </div>
        </div>
      )}
      <div>
        <ImpactList uses={found.uses} diff={{ removed: [], changed: [{ after: field }] }} onLeave={onLeave} />
      </div>
    </div>
  );
}
