import type { FlowId } from '@lianke/shared/ids';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { keys, useForms } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import './i18n.js';
import { FlowDesigner } from './designer/flow-designer.js';

/** One flow with its draft definition and what is wrong with it; `fresh` reads it anew, as a designer needs it. */
export function useFlow(flowId: string, { fresh = false } = {}) {
  return useQuery({
    ...(fresh ? { refetchOnMount: 'always' as const } : {}),
    queryKey: keys.flow(flowId),
    queryFn: () => api('flows.get', { params: { id: flowId as FlowId } }),
    // The designer owns the draft while it is open; a refetch in between would only be older.
    refetchOnWindowFocus: false,
  });
}

/** `/apps/:appId/flows/:flowId`: the canvas. */
export function FlowPage() {
  const { appId = '', flowId = '' } = useParams();
  // A draft from the cache may be older than what others saved; the designer begins with the newest.
  const [openedAt] = useState(Date.now);
  const flow = useFlow(flowId, { fresh: true });
  const forms = useForms(appId);
  const error = flow.error ?? forms.error;
  if (error && !(flow.data && forms.data)) {
    return (
      <PageError
        error={error}
        retry={() => {
          void flow.refetch();
          void forms.refetch();
        }}
      />
    );
  }
  if (!flow.data || flow.dataUpdatedAt < openedAt || !forms.data) return <Skeleton active style={{ padding: 32 }} />;
  return <FlowDesigner key={flow.data.id} flow={flow.data} forms={forms.data} />;
}
