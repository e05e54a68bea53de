import { behaviourOf } from '@lianke/shared/fields/encrypted';
import type { FormId } from '@lianke/shared/ids';
import type { RecordPage, RecordView, SortItem, Total } from '@lianke/shared/records/query';
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../api/client.js';
import { keys, type ReadField } from '../api/queries.js';
import { type Column, deletedAtKey, deletedByKey } from './columns.js';
import { ruleKeys } from './rules.js';
import type { Trail } from './trail.js';
import type { Grid } from './use-grid.js';

export type Pages = InfiniteData<RecordPage, string | undefined>;
const pageSize = 100;

export interface Records {
  items: RecordView[];
  total: Total | undefined;
  /** How the list was asked, and where it goes on. */
  trail: Pick<Trail, 'query' | 'cursor'>;
  loading: boolean;
  /** Rows of the query before are still on screen. */
  stale: boolean;
  error: unknown;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
  /** The first `n` records, or all there are; reads as many pages as that takes. */
  ensure: (n: number) => Promise<RecordView[]>;
  retry: () => void;
}

/** The list's records, read page by page as it scrolls; a change of the form renews what is loaded. */
export function useRecords(grid: Grid, enabled = true): Records {
  const { form, query, deleted } = grid;
  const fields = useMemo(() => listFields({ columns: grid.columns, form }), [grid.columns, form]);
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
    enabled,
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
    trail: { query: { ...query, sort }, cursor: result.data?.pages.at(-1)?.cursor ?? null },
    loading: result.isPending,
    stale: result.isPlaceholderData,
    error: result.data ? undefined : result.error,
    hasMore: result.hasNextPage,
    loadingMore: result.isFetchingNextPage,
    loadMore: () => {
      if (result.hasNextPage && !result.isFetching) void result.fetchNextPage();
    },
    ensure: async (n) => {
      let data = result.data;
      while (data && data.pages.reduce((sum, page) => sum + page.items.length, 0) < n && data.pages.at(-1)?.cursor) {
        const next = await result.fetchNextPage();
        if (next.error || next.data === data) break;
        data = next.data;
      }
      return data?.pages.flatMap((page) => page.items) ?? [];
    },
    retry: () => void result.refetch(),
  };
}

/** Fields of the visible columns that can be summed up. */
export function sumFields(columns: readonly Column[]): ReadField[] {
  return columns
    .map((column) => column.field)
    .filter((field) => behaviourOf(field).aggregates.includes('sum'))
    .slice(0, 9);
}

/** Fields that a list of these columns reads. */
export function listFields(grid: Pick<Grid, 'columns' | 'form'>): string[] {
  const wanted = new Set(grid.columns.map((column) => column.field.key));
  // Who changed it last is named when an edit collides; what rules look at decides which cells are locked.
  const more = ['owner', 'updatedBy', ...ruleKeys(grid.form)];
  for (const key of more) if (grid.form.fields.some((field) => field.key === key)) wanted.add(key);
  for (const key of [deletedAtKey, deletedByKey]) wanted.delete(key);
  return [...wanted];
}

/** Sums of the visible columns of numbers over everything the list filters to, by field key. */
export function useSums(grid: Grid): Record<string, string> {
  const wanted = sumFields(grid.columns);
  const body = {
    ...grid.query,
    metrics: wanted.map((field, index) => ({ fn: 'sum' as const, field: field.key, as: `sum${index}` })),
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
  wanted.forEach((field, index) => {
    const value = metrics?.[`sum${index}`];
    if (value !== null && value !== undefined) sums[field.key] = String(value);
  });
  return sums;
}
