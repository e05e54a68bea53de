import type { FlowDetail } from '@lianke/shared/flows/api';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { keys } from '../../api/queries.js';

/** What can be done with a flow as a whole. `publish` rejects with the API's refusal; the others say it themselves. */
export function useFlowActions(flow: Pick<FlowDetail, 'id' | 'publishedVersion' | 'enabled'>) {
  const { t } = useTranslation('flows');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const params = { id: flow.id };

  const take = (detail: FlowDetail): FlowDetail => {
    client.setQueryData(keys.flow(flow.id), detail);
    void client.invalidateQueries({ queryKey: keys.flows() });
    return detail;
  };
  const within = async <T>(job: () => Promise<T>): Promise<T> => {
    setBusy(true);
    try {
      return await job();
    } finally {
      setBusy(false);
    }
  };

  return {
    busy,
    async rename(name: string): Promise<void> {
      try {
        take(await api('flows.update', { params, body: { name } }));
      } catch (error) {
        message.error(messageOf(error));
      }
    },
    async enable(enabled: boolean): Promise<void> {
      try {
        await within(async () => take(await api('flows.update', { params, body: { enabled } })));
        message.success(t(enabled ? 'enabled' : 'disabled'));
      } catch (error) {
        message.error(messageOf(error));
      }
    },
    /** A flow published for the first time is switched on with it: that is what publishing is for. */
    async publish(): Promise<void> {
      await within(async () => {
        const first = flow.publishedVersion === null;
        let detail = take(await api('flows.publish', { params }));
        if (first && !detail.enabled) detail = take(await api('flows.update', { params, body: { enabled: true } }));
        const version = detail.publishedVersion ?? 1;
        message.success(t(detail.enabled ? 'design.published' : 'design.publishedOff', { version }));
      });
    },
  };
}
