import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';

/** What waits for the reader, all kinds together; undefined until known. */
export function usePendingCounts() {
  return useQuery({
    queryKey: keys.tasks('bell'),
    queryFn: () => api('tasks.list', { query: { state: 'pending', limit: 8 } }),
    refetchInterval: 60_000,
  }).data?.counts;
}

/** How many tasks need the reader now: overdue, due today, and approvals. */
export function useTaskCount(): number | undefined {
  const counts = usePendingCounts();
  return counts && counts.overdue + counts.today + counts.approvals;
}
