import type { AnswerOf, QueryOf } from '@lianke/shared/api/contracts';
import { useRef } from 'react';
import { api } from '../api/client.js';
import { pressEnded } from '../platform/press.js';
import { useSession } from '../session/session.js';
import { tasksKey } from './keys.js';
import { type Resource, useResource } from './resource.js';
import { type Task, type TaskState, useTasks } from './tasks.js';

interface Page<T> {
  items: T[];
  cursor: string | null;
}

export interface Growing<T, P extends Page<T>> extends Resource<P> {
  /** Reads one page more; nothing once the list is complete. */
  loadMore(): void;
}

/**
 * A list that grows while it is scrolled: each reading asks again for as many pages as are wanted, so that what is shown
 * stays where it is. A new key starts with one page.
 */
export function useGrowing<T, P extends Page<T>>(
  key: string | null,
  read: (cursor: string | undefined) => Promise<P>,
): Growing<T, P> {
  const wanted = useRef({ key, pages: 1 });
  // A new list begins with one page.
  if (wanted.current.key !== key) wanted.current = { key, pages: 1 };
  const resource = useResource<P>(key, async () => {
    let page = await read(undefined);
    const items = [...page.items];
    for (let pages = 1; pages < wanted.current.pages && page.cursor; pages++) {
      page = await read(page.cursor);
      items.push(...page.items);
    }
    await pressEnded();
    return { ...page, items };
  });
  return {
    ...resource,
    loadMore: () => {
      if (resource.loading || !resource.data?.cursor) return;
      wanted.current.pages++;
      void resource.reload();
    },
  };
}

type TaskQuery = NonNullable<QueryOf<'tasks.list'>>;

export interface TaskChoice
  extends Pick<TaskQuery, 'kind' | 'outcome' | 'urgency' | 'flowId' | 'formId' | 'from' | 'to'> {
  state: TaskState;
  search: string;
}

type TaskPage = AnswerOf<'tasks.list'>;

export interface TaskPages extends Growing<Task, TaskPage> {
  /** What completing a row patches at once. */
  key: string;
}

/** The reader's tasks of one choice, growing; offline, what of them the phone keeps. */
export function useTaskPages({ state, kind, search, ...filter }: TaskChoice): TaskPages {
  const { me } = useSession();
  const narrowed = search !== '' || Object.values(filter).some(Boolean);
  const key = me
    ? `${tasksKey(me.member.id, state)}.${kind ?? ''}.${narrowed ? JSON.stringify([search, filter]) : ''}`
    : '';
  const kept = useTasks(state, state === 'pending');
  const pages = useGrowing<Task, TaskPage>(key || null, (cursor) =>
    api('tasks.list', { query: { ...filter, state, limit: 100, kind, search: search || undefined, cursor } }),
  );
  if (pages.data || !kept.data || narrowed) return { ...pages, key };
  const items = kept.data.items.filter((task) => kind === undefined || task.kind === kind);
  return { ...pages, data: { ...kept.data, items, cursor: null }, at: kept.at, key };
}
