import type { AnswerOf, BodyOf } from '@lianke/shared/api/contracts';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client.js';

export type Notice = AnswerOf<'me.notices'>['items'][number];

const key = ['notices'] as const;
const refreshMs = 60_000;

/** The newest of the reader's messages, and how many are unread. */
export function useNewestNotices() {
  return useQuery({
    queryKey: [...key, 'newest'],
    queryFn: () => api('me.notices', { query: {} }),
    refetchInterval: refreshMs,
  });
}

/** All of them, page by page. */
export function useAllNotices(unread: boolean) {
  return useInfiniteQuery({
    queryKey: [...key, 'all', unread],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      api('me.notices', {
        query: { ...(unread ? { unread: '1' as const } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    getNextPageParam: (page) => page.cursor ?? undefined,
    refetchInterval: refreshMs,
  });
}

/** Marks messages as read and reads the lists again. */
export function useReadNotices(): (body: BodyOf<'me.readNotices'>) => Promise<void> {
  const client = useQueryClient();
  return async (body) => {
    await api('me.readNotices', { body });
    await client.invalidateQueries({ queryKey: key });
  };
}
