import type { FormId } from '@lianke/shared/ids';
import type { PoolArrival, PoolPage, PoolView } from '@lianke/shared/pools/api';
import type { RecordView, SortItem } from '@lianke/shared/records/query';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';

const pageSize = 50;

/** The pool of one form as the reader has it; null when he has none. */
export function usePool(formId: string) {
  return useQuery({
    // Below the form's data: a claim anywhere renews it.
    queryKey: keys.data(formId, 'pool'),
    queryFn: async (): Promise<PoolView | null> =>
      (await api('pools.list', {})).items.find((pool) => pool.formId === formId) ?? null,
  });
}

export interface PoolRecords {
  items: RecordView[];
  arrivals: Record<string, PoolArrival>;
  loading: boolean;
  error: unknown;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
}

/** The pool's records, page by page. */
export function usePoolRecords(formId: string, search: string, sort: SortItem[]): PoolRecords {
  const body = { sort, ...(search ? { search } : {}) };
  const result = useInfiniteQuery({
    queryKey: keys.data(formId, 'pool', 'records', body),
    queryFn: ({ pageParam }): Promise<PoolPage> =>
      api('pools.query', {
        params: { formId: formId as FormId },
        body: { ...body, limit: pageSize, total: false, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const pages = result.data?.pages ?? [];
  return {
    items: pages.flatMap((page) => page.items),
    arrivals: Object.assign({}, ...pages.map((page) => page.arrivals)) as Record<string, PoolArrival>,
    loading: result.isPending,
    error: result.data ? undefined : result.error,
    hasMore: result.hasNextPage,
    loadingMore: result.isFetchingNextPage,
    loadMore: () => void result.fetchNextPage(),
    retry: () => void result.refetch(),
  };
}

/** Whether the reader may claim one more, and what stops him. */
export function stopOf(pool: PoolView): 'full' | 'usedUp' | undefined {
  if (pool.holds !== null && pool.held >= pool.holds) return 'full';
  return pool.daily !== null && pool.today >= pool.daily ? 'usedUp' : undefined;
}
