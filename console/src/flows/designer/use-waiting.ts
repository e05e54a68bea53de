import type { FlowDetail, WaitingAt } from '@lianke/shared/flows/api';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client.js';
import { keys } from '../../api/queries.js';

/** How many runs stand at each step, looked up again every ten seconds while the canvas is open. */
export function useWaiting(flow: Pick<FlowDetail, 'id' | 'publishedVersion'>): ReadonlyMap<string, WaitingAt> {
  const { data } = useQuery({
    queryKey: [...keys.flow(flow.id), 'waiting'],
    enabled: flow.publishedVersion !== null,
    refetchInterval: 10_000,
    queryFn: async () => (await api('flows.waiting', { params: { id: flow.id } })).items,
  });
  return useMemo(() => new Map((data ?? []).map((item) => [item.node, item])), [data]);
}
