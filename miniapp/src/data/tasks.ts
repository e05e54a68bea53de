import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { FormId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import { messageOf } from '../api/message.js';
import { t } from '../i18n/index.js';
import { useSession } from '../session/session.js';
import { showNotice } from '../store/notice.js';
import { keptTasks } from './kept-task.js';
import { tasksKey } from './keys.js';
import { invalidate, patchResource, type Resource, useResource } from './resource.js';

export type TaskPage = AnswerOf<'tasks.list'>;
export type Task = TaskPage['items'][number];
export type TaskState = 'pending' | 'done';

/** The reader's to-dos and approvals; kept for offline reading, without what is stored encrypted. Not `wanted`: nothing is read. */
export function useTasks(state: TaskState, wanted = true): Resource<TaskPage> {
  const { me } = useSession();
  const key = me && wanted ? tasksKey(me.member.id, state) : null;
  return useResource(key, () => api('tasks.list', { query: { state, limit: 100 } }), state === 'pending' && keptTasks);
}

export interface TaskGroup {
  urgency: 'overdue' | 'today' | 'later';
  items: Task[];
}

/** 逾期, 今天, 以后, each only if it holds something. Approvals without a date count as today's: somebody is waiting. */
export function groupTasks(items: readonly Task[]): TaskGroup[] {
  const groups: TaskGroup[] = [
    { urgency: 'overdue', items: [] },
    { urgency: 'today', items: [] },
    { urgency: 'later', items: [] },
  ];
  for (const task of items) {
    const urgency = task.urgency === 'none' ? (task.kind === 'approval' ? 'today' : 'later') : task.urgency;
    groups.find((group) => group.urgency === urgency)?.items.push(task);
  }
  return groups.filter((group) => group.items.length > 0);
}

/** What is due today: 「今天 3 件：2 个回访，1 个审批」. Overdue ones are counted apart. */
export function todayCounts(items: readonly Task[]): { todos: number; approvals: number; overdue: number } {
  const groups = groupTasks(items);
  const today = groups.find((group) => group.urgency === 'today')?.items ?? [];
  return {
    todos: today.filter((task) => task.kind === 'todo').length,
    approvals: today.filter((task) => task.kind === 'approval').length,
    overdue: groups.find((group) => group.urgency === 'overdue')?.items.length ?? 0,
  };
}

/** Completes a to-do where it stands, with 撤销 for a moment. */
export async function completeTodo(task: Task, listKey: string): Promise<void> {
  if (!task.record) return;
  const params = { id: task.id as never };
  const body = { formId: task.record.formId as FormId };
  patchResource<TaskPage>(listKey, (page) => ({ ...page, items: page.items.filter((item) => item.id !== task.id) }));
  try {
    await api('tasks.complete', { params, body });
  } catch (error) {
    invalidate('tasks');
    showNotice(messageOf(error));
    return;
  }
  const formId = task.record.formId;
  const settle = () => {
    invalidate('tasks');
    invalidate(`data:${formId}`);
  };
  settle();
  const undo = () =>
    void api('tasks.reopen', { params, body }).then(settle, (error: unknown) => showNotice(messageOf(error)));
  showNotice(t('task.completed', { title: task.title }), { text: t('common.undo'), run: undo });
}
