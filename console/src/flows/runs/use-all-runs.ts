import type { RunSummary } from '@lianke/shared/flows/api';
import type { AppId, FlowId, FormId, RecordId } from '@lianke/shared/ids';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router-dom';
import { api } from '../../api/client.js';

const names = ['state', 'flow', 'app', 'form', 'record', 'recordLabel', 'from', 'to'] as const;
export type RunFilterName = (typeof names)[number];
export type RunFilters = Partial<Record<RunFilterName, string>>;

/** The filters of the page, kept in its address; failed runs when it says nothing. */
export function useRunFilters() {
  const [search, setSearch] = useSearchParams();
  const filters: RunFilters = { state: 'failed' };
  for (const name of names) {
    const value = search.get(name);
    if (value !== null) filters[name] = value;
  }
  const set = (change: RunFilters) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(change))
      if (value === undefined || (value === '' && name !== 'state')) next.delete(name);
      else next.set(name, value);
    setSearch(next, { replace: true });
  };
  return { filters, set, reset: () => setSearch({}, { replace: true }) };
}

/** Runs across flows that meet the filters, page by page. */
export function useAllRuns(filters: RunFilters) {
  const { state, flow, app, form, record, from, to } = filters;
  return useInfiniteQuery({
    queryKey: ['all-runs', state, flow, app, form, record, from, to],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      api('runs.search', {
        query: {
          ...(state ? { state: state as RunSummary['state'] } : {}),
          ...(flow ? { flowId: flow as FlowId } : {}),
          ...(app ? { appId: app as AppId } : {}),
          ...(form ? { formId: form as FormId } : {}),
          ...(record ? { recordId: record as RecordId } : {}),
          ...(from ? { from } : {}),
          ...(to ? { to } : {}),
          ...(pageParam ? { cursor: pageParam } : {}),
        },
      }),
    getNextPageParam: (page) => page.cursor ?? undefined,
    refetchInterval: 10_000,
  });
}
