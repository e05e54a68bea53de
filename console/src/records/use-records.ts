import { shownAs } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { FormId } from '@lianke/shared/ids';
import type { RecordPage, RecordView, SortItem, Total } from '@lianke/shared/records/query';
import { type InfiniteData, keepPreviousData, type QueryKey, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';
import { deletedAtKey, deletedByKey } from './columns.js';
import type { Grid } from './use-grid.js';

export type Pages = InfiniteData<RecordPage, string | undefined>;
const pageSize = 100;

export interface Records {
  items: RecordView[];
  total: Total | undefined;
  queryKey: QueryKey;
  loading: boolean;
  /** Rows of the query before are still on screen. */
  stale: boolean;
  error: unknown;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
}

/** The list's records, read page by page as it scrolls; a change of the form renews what is loaded. */
export function useRecords(grid: Grid): Records {
  const { form, query, deleted } = grid;
  const fields = useMemo(() => {
    const wanted = new Set(grid.columns.map((column) => column.field.key));
    // Who changed it last is named when an edit collides.
    for (const key of ['owner', 'updatedBy']) if (form.fields.some((field) => field.key === key)) wanted.add(key);
    for (const key of [deletedAtKey, deletedByKey]) wanted.delete(key);
    return [...wanted];
  }, [grid.columns, form.fields]);
  // A deletion is a record's last change: the bin shows the last deleted first.
  const sort: SortItem[] = deleted && grid.sort.length === 0 ? [{ field: 'updatedAt', dir: 'desc' }] : [...grid.sort];
  const body = { ...query, sort, fields, ...(deleted ? { deleted } : {}) };
  const queryKey = keys.data(form.id, 'grid', body);
  const result = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) =>
      api('records.query', {
        params: { formId: form.id as FormId },
        body: { ...body, limit: pageSize, total: pageParam === undefined, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const items = useMemo(() => {
    const all = result.data?.pages.flatMap((page) => page.items) ?? [];
    return deleted
      ? all.map((item) => ({
          ...item,
          values: {
            ...item.values,
            [deletedAtKey]: item.deletedAt ?? null,
            [deletedByKey]: item.values.updatedBy ?? null,
          },
        }))
      : all;
  }, [result.data, deleted]);
  return {
    items,
    total: result.data?.pages[0]?.total,
    queryKey,
    loading: result.isPending,
    stale: result.isPlaceholderData,
    error: result.data ? undefined : result.error,
    hasMore: result.hasNextPage,
    loadingMore: result.isFetchingNextPage,
    loadMore: () => {
      if (result.hasNextPage && !result.isFetching) void result.fetchNextPage();
    },
    retry: () => void result.refetch(),
  };
}

/** Sums of the visible columns of numbers over everything the list filters to, by field key. */
export function useSums(grid: Grid): Record<string, string> {
  const wanted = grid.columns
    .filter(({ field }) => fieldTypes[shownAs(field).type].aggregates.includes('sum'))
    .slice(0, 9);
  const body = {
    ...grid.query,
    metrics: wanted.map(({ field }, index) => ({ fn: 'sum' as const, field: field.key, as: `sum${index}` })),
  };
  const result = useQuery({
    queryKey: keys.data(grid.form.id, 'sums', body),
    queryFn: () => api('records.aggregate', { params: { formId: grid.form.id as FormId }, body }),
    enabled: wanted.length > 0 && !grid.deleted,
    placeholderData: keepPreviousData,
  });
  const sums: Record<string, string> = {};
  if (grid.deleted) return sums;
  const metrics = result.data?.items[0]?.metrics;
  wanted.forEach(({ field }, index) => {
    const value = metrics?.[`sum${index}`];
    if (value !== null && value !== undefined) sums[field.key] = String(value);
  });
  return sums;
}
