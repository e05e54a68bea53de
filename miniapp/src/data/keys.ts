import type { TaskState } from './tasks.js';

// Under which keys the workbench's data is known (`useResource`).

export const catalogKey = (memberId: string): string => `catalog.${memberId}`;
export const tasksKey = (memberId: string, state: TaskState): string => `tasks.${memberId}.${state}`;
export const targetsKey = (memberId: string): string => `data:month.targets.${memberId}`;
export const monthKey = (memberId: string): string => `data:month.${memberId}`;
/** Follow-ups of a form whose next contact is today. */
export const plannedKey = (formId: string): string => `data:${formId}:plannedToday`;
export const noticesKey = 'notices';
