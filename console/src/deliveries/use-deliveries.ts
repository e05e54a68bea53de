import type { Delivery } from '@lianke/shared/chat/deliveries';
import type { ConnectionId, MemberId } from '@lianke/shared/ids';
import { useInfiniteQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';

export interface DeliveryFilters {
  state?: Delivery['state'] | undefined;
  memberId?: MemberId | undefined;
  connectionId?: ConnectionId | undefined;
  twice?: '1' | undefined;
  recalled?: '1' | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export const deliveriesKey = ['deliveries'] as const;
const refreshMs = 10_000;

/** Messages that meet the filters, newest first, page by page. */
export function useDeliveries(filters: DeliveryFilters) {
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
  return useInfiniteQuery({
    queryKey: [...deliveriesKey, filters],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      api('deliveries.list', { query: { ...given, ...(pageParam ? { cursor: pageParam } : {}) } }),
    getNextPageParam: (page) => page.cursor ?? undefined,
    refetchInterval: refreshMs,
  });
}
