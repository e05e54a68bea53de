import type { RecordButton } from '@lianke/shared/flows/api';
import type { FlowInput } from '@lianke/shared/flows/triggers';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, InputNumber, Modal, Select, Switch } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { MemberPicker } from '../shared/member-picker.js';
import './i18n.js';

interface Props {
  formId: FormId;
  recordId: RecordId;
  /** Counts up with every change of the record: what it offers may be another then. */
  version: number;
}

/** The buttons of flows that a record offers now; one with inputs asks for them first. */
export function RecordButtons({ formId, recordId, version }: Props) {
  const { t } = useTranslation('flows');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [asking, setAsking] = useState<RecordButton>();
  const [busy, setBusy] = useState<string>();
  const params = { formId, id: recordId };
  const offered = useQuery({
    queryKey: [...keys.data(formId, 'record', recordId), 'buttons', version],
    queryFn: async () => (await api('records.buttons', { params })).items,
  });
  const press = async (button: RecordButton, values: Record<string, unknown>): Promise<boolean> => {
    setBusy(button.flowId);
    try {
      await api('records.press', {
        params: { ...params, flowId: button.flowId },
        body: { pressId: crypto.randomUUID(), values: values as never },
      });
      message.success(t('start.pressed', { label: button.label }));
      void client.invalidateQueries({ queryKey: keys.data(formId, 'record', recordId) });
      return true;
    } catch (error) {
      message.error(messageOf(error));
      return false;
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <>
      {(offered.data ?? []).map((button) => (
        <Button
          key={button.flowId}
          loading={busy === button.flowId}
          onClick={() => (button.inputs.length > 0 ? setAsking(button) : void press(button, {}))}
        >
          {button.label}
        </Button>
      ))}
      {asking && (
        <PressDialog
          button={asking}
          busy={busy !== undefined}
          onClose={() => setAsking(undefined)}
          onPress={async (values) => {
            if (await press(asking, values)) setAsking(undefined);
          }}
        />
      )}
    </>
  );
}

function PressDialog({
  button,
  busy,
  onClose,
  onPress,
}: {
  button: RecordButton;
  busy: boolean;
  onClose: () => void;
  onPress: (values: Record<string, unknown>) => Promise<void>;
}) {
  const { t } = useTranslation('flows');
  const [fields] = Form.useForm<Record<string, unknown>>();
  return (
    <Modal
      open
      title={button.label}
      okText={t('start.press')}
      confirmLoading={busy}
      onOk={() => fields.submit()}
      onCancel={onClose}
    >
      <Form
        form={fields}
        layout="vertical"
        onFinish={(values) =>
          void onPress(Object.fromEntries(button.inputs.map((input) => [input.key, sent(input, values[input.key])])))
        }
      >
        {button.inputs.map((input) => (
          <Form.Item
            key={input.key}
            name={input.key}
            label={input.label}
            {...(input.type === 'switch' ? { valuePropName: 'checked' } : {})}
            rules={input.required && input.type !== 'switch' ? [{ required: true, message: input.label }] : []}
          >
            {control(input)}
          </Form.Item>
        ))}
      </Form>
    </Modal>
  );
}

function control(input: FlowInput) {
  switch (input.type) {
    case 'longText':
      return <Input.TextArea rows={3} maxLength={2000} />;
    case 'number':
      return <InputNumber stringMode style={{ width: '100%' }} />;
    case 'date':
      return <DatePicker style={{ width: '100%' }} />;
    case 'datetime':
      return <DatePicker showTime={{ format: 'HH:mm' }} style={{ width: '100%' }} />;
    case 'select':
      return <Select options={(input.options ?? []).map((option) => ({ value: option, label: option }))} />;
    case 'switch':
      return <Switch />;
    case 'member':
      return <MemberField label={input.label} />;
    case 'text':
      return <Input maxLength={200} />;
  }
}

type Picked = Parameters<typeof MemberPicker>[0]['value'];

function MemberField({
  label,
  value = null,
  onChange = () => undefined,
}: {
  label: string;
  value?: Picked;
  onChange?: (value: Picked) => void;
}) {
  return <MemberPicker label={label} value={value} onChange={onChange} />;
}

function sent(input: FlowInput, value: unknown): unknown {
  if (value === undefined || value === null) return input.type === 'switch' ? false : null;
  if (input.type === 'date') return (value as Dayjs).format('YYYY-MM-DD');
  if (input.type === 'datetime') return (value as Dayjs).toISOString();
  return input.type === 'member' ? (value as { id: string }).id : value;
}
