import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { conversionTargets } from '@lianke/shared/forms/conversion';
import type { Json } from '@lianke/shared/json';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, App, Checkbox, InputNumber, Modal, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { Prop } from '../properties/prop.js';
import { useTypeLabel } from '../use-type-label.js';
import { ConversionOutcome } from './conversion-outcome.js';
import { RelationTarget } from './relation-target.js';
import { useRenewConversions } from './use-conversions.js';

interface Props {
  field: DesignField;
  open: boolean;
  onClose: () => void;
}

const counted: readonly FieldTypeName[] = ['number', 'money', 'percent'];
const chosen: readonly FieldTypeName[] = ['select', 'multiSelect'];
const relations: readonly FieldTypeName[] = ['relation', 'relations'];

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
  const [related, setRelated] = useState<{ formId?: string; matchBy?: string }>({});
  const [busy, setBusy] = useState(false);
  const params = { formId: form.id, fieldId: String(field.id) };
  // A relation of one and one of many lead to the same form; words are asked which form they name records of.
  const named = type !== undefined && relations.includes(type) && !relations.includes(field.type);
  const config: Record<string, Json> =
    type && counted.includes(type) ? { decimals } : named && related.formId ? { formId: related.formId } : {};
  const body =
    type && (!named || related.formId)
      ? {
          type,
          config,
          makeOptions: chosen.includes(type) && makeOptions,
          ...(named && related.matchBy ? { matchBy: related.matchBy } : {}),
        }
      : undefined;
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
      {named && <RelationTarget value={related} onChange={setRelated} />}
      {preview.error && body ? (
        <Alert type="error" showIcon title={messageOf(preview.error)} style={{ marginTop: 12 }} />
      ) : found ? (
        <ConversionOutcome found={found} field={field} onLeave={onClose} />
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
