import type { PageFilterValues } from '@lianke/shared/dashboards/page-filters';
import type { DashboardId } from '@lianke/shared/ids';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../api/client.js';
import { onFormChange } from '../api/live.js';
import { keys } from '../api/queries.js';

/** A page with its definition; `fresh` reads it anew and then leaves it alone, as a designer needs it. */
export function useDashboard(id: string, { fresh = false } = {}) {
  return useQuery({
    ...(fresh ? { refetchOnMount: 'always' as const, refetchOnWindowFocus: false } : {}),
    queryKey: keys.dashboard(id),
    queryFn: () => api('dashboards.get', { params: { id: id as DashboardId } }),
  });
}

/** What designers of a page work on, read anew each time and then left alone. */
export function useDashboardDraft(id: string, mayEdit: boolean) {
  return useQuery({
    queryKey: [...keys.dashboard(id), 'draft'],
    queryFn: () => api('dashboards.draft', { params: { id: id as DashboardId } }),
    enabled: mayEdit,
    gcTime: 0,
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
  });
}

const dataKey = (id: string) => [...keys.dashboard(id), 'data'] as const;

/**
 * What the page's components show; read again whenever a form that one of them stands on changes. `filters` are the
 * values of its filter bar; without them it shows what it opens with.
 */
export function useDashboardData(
  id: string,
  formIds: readonly string[],
  version: number | undefined,
  filters?: PageFilterValues,
) {
  const client = useQueryClient();
  const watched = [...new Set(formIds)].sort().join();
  useEffect(
    () =>
      onFormChange(({ formId }) => {
        if (watched.split(',').includes(formId)) void client.invalidateQueries({ queryKey: dataKey(id) });
      }),
    [client, id, watched],
  );
  return useQuery({
    queryKey: [...dataKey(id), version, filters],
    queryFn: () =>
      api('dashboards.data', {
        params: { id: id as DashboardId },
        query: filters ? { filters: JSON.stringify(filters) } : {},
      }),
    enabled: version !== undefined,
    // Changes made while the page was not open were not heard of.
    refetchOnMount: 'always',
    placeholderData: keepPreviousData,
  });
}
