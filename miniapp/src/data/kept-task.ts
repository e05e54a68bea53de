import { t } from '../i18n/index.js';
import type { Task, TaskPage } from './tasks.js';

/** What of a task may lie on the phone for reading offline: not the values of fields that are stored encrypted. */
export function keptTask<T extends Pick<Task, 'title' | 'titleSealed' | 'facts' | 'subject'>>(task: T): T {
  const facts = task.facts.filter((fact) => !fact.sealed);
  return { ...task, facts, ...(task.titleSealed ? { title: task.subject?.label || t('task.approval') } : {}) };
}

/** The same for a list of them. */
export function keptTasks(page: TaskPage): TaskPage {
  return { ...page, items: page.items.map(keptTask) };
}
