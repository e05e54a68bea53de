import type { ReportDelivery, SubscriptionBody } from '@lianke/shared/dashboards/subscriptions';
import type { DashboardId, SubscriptionId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { keys } from '../../api/queries.js';

const listKey = (dashboardId: string) => [...keys.dashboard(dashboardId), 'subscriptions'] as const;
const followMs = 3000;
const moving: ReadonlySet<ReportDelivery['state']> = new Set(['waiting', 'sending']);
const logKey = (id: string) => ['subscription-log', id] as const;

/** Subscriptions of a page as far as the reader may see them, and what he may do. */
export function useSubscriptions(dashboardId: DashboardId, enabled: boolean) {
  return useQuery({
    queryKey: listKey(dashboardId),
    queryFn: () => api('subscriptions.list', { params: { dashboardId } }),
    enabled,
  });
}

/** What became of a subscription's last sendings. */
export function useSubscriptionLog(id: SubscriptionId, enabled: boolean) {
  return useQuery({
    queryKey: logKey(id),
    queryFn: async () => (await api('subscriptions.log', { params: { subscriptionId: id } })).items,
    enabled,
    // What waits in the outbox is on its way: the log follows it while somebody looks.
    refetchInterval: (query) => (query.state.data?.some((item) => moving.has(item.state)) ? followMs : false),
  });
}

/** Changes to a page's subscriptions; each shows what it changed at once. Failures are thrown. */
export function useSubscriptionChanges(dashboardId: DashboardId) {
  const client = useQueryClient();
  const renew = () => client.invalidateQueries({ queryKey: listKey(dashboardId) });
  return {
    async save(id: SubscriptionId | null, body: SubscriptionBody) {
      if (id) await api('subscriptions.update', { params: { subscriptionId: id }, body });
      else await api('subscriptions.create', { params: { dashboardId }, body });
      await renew();
    },
    async remove(id: SubscriptionId) {
      await api('subscriptions.delete', { params: { subscriptionId: id } });
      await renew();
    },
    async send(id: SubscriptionId, to: 'me' | 'groups') {
      const { items } = await api('subscriptions.send', { params: { subscriptionId: id }, body: { to } });
      await client.invalidateQueries({ queryKey: logKey(id) });
      return items;
    },
  };
}
