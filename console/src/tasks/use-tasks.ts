import type { FormId, TaskId } from '@lianke/shared/ids';
import type { TaskItem, taskOutcomes } from '@lianke/shared/tasks/api';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';
import type { ListFilters } from './filter-bar.js';

export type TaskFilter = { state: 'pending' | 'done'; kind: TaskItem['kind'] | undefined; filters: ListFilters };

/** Pages of the reader's tasks; the first page carries the counts. */
export function useTasks({ state, kind, filters }: TaskFilter) {
  const { state: result, ...rest } = filters;
  return useInfiniteQuery({
    queryKey: keys.tasks('list', state, kind ?? '', filters),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      api('tasks.list', {
        query: {
          ...rest,
          state,
          limit: 100,
          ...(kind ? { kind } : {}),
          ...(result
            ? state === 'done'
              ? { outcome: result as (typeof taskOutcomes)[number] }
              : { urgency: result as TaskItem['urgency'] }
            : {}),
          ...(pageParam ? { cursor: pageParam } : {}),
        },
      }),
    getNextPageParam: (page) => page.cursor ?? undefined,
  });
}

/** One approval with its facts and progress. */
export function useTask(id: string) {
  return useQuery({
    queryKey: keys.tasks('one', id),
    queryFn: () => api('tasks.get', { params: { id: id as TaskId } }),
    enabled: id !== '',
  });
}

/** Completing a to-do and taking it back; both write the task's own record. */
export function useTodoActions() {
  const client = useQueryClient();
  const write = async (name: 'tasks.complete' | 'tasks.reopen', task: TaskItem): Promise<TaskItem> => {
    if (!task.record) throw new Error(`task ${task.id} has no record`);
    const params = { id: task.record.id as TaskId };
    const answer = await api(name, { params, body: { formId: task.record.formId as FormId } });
    await client.invalidateQueries({ queryKey: keys.tasks() });
    return answer;
  };
  return {
    complete: (task: TaskItem) => write('tasks.complete', task),
    reopen: (task: TaskItem) => write('tasks.reopen', task),
  };
}
