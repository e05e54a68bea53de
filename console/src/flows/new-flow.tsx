import type { Trigger } from '@lianke/shared/flows/triggers';
import { useQueryClient } from '@tanstack/react-query';
import { App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type FormView, keys } from '../api/queries.js';
import { newDefinition, newTrigger } from './model/new-node.js';
import { TriggerChoice } from './panel/trigger-panel.js';

interface Props {
  open: boolean;
  onClose: () => void;
  appId: string;
  form: FormView;
}

interface Values {
  name: string;
  trigger: Trigger['type'];
}

/** 新建流程: a name and what starts it; then the canvas opens. */
export function NewFlow({ open, onClose, appId, form }: Props) {
  const { t } = useTranslation('flows');
  const { message } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [fields] = Form.useForm<Values>();
  const [busy, setBusy] = useState(false);
  const kind = Form.useWatch('trigger', fields);

  const create = async ({ name, trigger }: Values) => {
    setBusy(true);
    try {
      const flow = await api('flows.create', {
        body: { appId: form.appId, name: name.trim(), definition: newDefinition(newTrigger(trigger, form.id)) },
      });
      client.setQueryData(keys.flow(flow.id), flow);
      void client.invalidateQueries({ queryKey: keys.flows() });
      onClose();
      void navigate(`/apps/${appId}/flows/${flow.id}`);
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open={open}
      title={t('newFlow')}
      okText={t('newFlow')}
      onOk={() => fields.submit()}
      onCancel={onClose}
      confirmLoading={busy}
      destroyOnHidden
    >
      <Form<Values>
        form={fields}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name: '', trigger: 'recordCreated' }}
        onFinish={(values) => void create(values)}
      >
        <Form.Item
          name="name"
          label={t('flowName')}
          rules={[{ required: true, whitespace: true, message: t('nameMissing') }]}
        >
          <Input autoFocus maxLength={40} placeholder={t('namePlaceholder')} />
        </Form.Item>
        <Form.Item name="trigger" label={t('chooseTrigger')} extra={kind && t(`start.${kind}Hint`)}>
          <ChoiceField />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** The choice as a field of the form, which gives it its value. */
function ChoiceField({
  id,
  value = 'recordCreated',
  onChange = () => undefined,
}: {
  id?: string;
  value?: Trigger['type'];
  onChange?: (type: Trigger['type']) => void;
}) {
  return <TriggerChoice {...(id ? { id } : {})} value={value} onChange={onChange} />;
}
