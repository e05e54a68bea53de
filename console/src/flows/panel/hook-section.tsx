import type { FlowInput, Trigger } from '@lianke/shared/flows/triggers';
import type { FlowId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { keys } from '../../api/queries.js';
import { Labelled } from '../../shared/designer/labelled.js';
import { useCopy } from '../../shared/use-copy.js';
import { freshInputKey, InputsEditor } from './inputs-editor.js';

type Hook = Extract<Trigger, { type: 'webhook' }>;

interface Props {
  trigger: Hook;
  flowId: string;
  onChange: (trigger: Hook, merge?: string) => void;
}

/** Paths of the plain values in a body, the nearest ones first. */
export function pathsIn(body: Json, limit = 40): { path: string; value: Json }[] {
  const found: { path: string; value: Json }[] = [];
  const visit = (value: Json, path: string) => {
    if (found.length >= limit) return;
    if (typeof value !== 'object' || value === null) {
      if (path !== '') found.push({ path, value });
      return;
    }
    for (const [key, inner] of Object.entries(value).slice(0, 20))
      visit(inner as Json, path === '' ? key : `${path}.${key}`);
  };
  visit(body, '');
  return found.sort((a, b) => a.path.split('.').length - b.path.split('.').length);
}

/** The flow's own address, the newest request, and the values taken from it. */
export function HookSection({ trigger, flowId, onChange }: Props) {
  const { t } = useTranslation('flows');
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const key = [...keys.flow(flowId), 'hook'];
  const hook = useQuery({ queryKey: key, queryFn: () => api('flows.hook', { params: { id: flowId as FlowId } }) });
  const renew = () =>
    modal.confirm({
      title: t('start.renewAsk'),
      content: t('start.renewHint'),
      okText: t('start.renew'),
      onOk: async () => {
        try {
          client.setQueryData(key, await api('flows.renewHook', { params: { id: flowId as FlowId } }));
        } catch (error) {
          message.error(messageOf(error));
        }
      },
    });
  const copy = useCopy();
  const body = (hook.data?.lastBody ?? null) as Json;
  const open = pathsIn(body).filter((item) => !trigger.inputs.some((input) => (input.path || input.key) === item.path));
  const take = ({ path, value }: { path: string; value: Json }) => {
    const type: FlowInput['type'] =
      typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'switch' : 'text';
    const label = (path.split('.').at(-1) ?? path).slice(0, 20);
    onChange({
      ...trigger,
      inputs: [...trigger.inputs, { key: freshInputKey(trigger.inputs), label, type, required: false, path }],
    });
  };
  return (
    <>
      <Labelled group label={t('start.address')} hint={t('start.addressHint')}>
        <Input.TextArea readOnly autoSize aria-label={t('start.address')} value={hook.data?.url ?? ''} />
        <Space style={{ marginTop: 6 }}>
          <Button size="small" onClick={() => void copy(hook.data?.url ?? '')} disabled={!hook.data}>
            {t('start.copy')}
          </Button>
          <Button size="small" type="text" onClick={renew} disabled={!hook.data}>
            {t('start.renew')}
          </Button>
        </Space>
      </Labelled>
      <Labelled
        group
        label={t('start.lastBody')}
        extra={
          <Button size="small" type="link" onClick={() => void hook.refetch()} loading={hook.isFetching}>
            {t('start.refresh')}
          </Button>
        }
      >
        {body === null ? (
          <div className="designer-hint">{t('start.lastNone')}</div>
        ) : (
          <>
            <pre className="hook-body">{JSON.stringify(body, null, 2)}</pre>
            <Space wrap size={4}>
              {open.slice(0, 12).map((item) => (
                <Button key={item.path} size="small" onClick={() => take(item)}>
                  {t('start.take', { path: item.path })}
                </Button>
              ))}
            </Space>
          </>
        )}
      </Labelled>
      <InputsEditor
        paths
        label={t('start.webhookInputs')}
        inputs={trigger.inputs}
        onChange={(inputs, merge) => onChange({ ...trigger, inputs }, merge)}
      />
    </>
  );
}
