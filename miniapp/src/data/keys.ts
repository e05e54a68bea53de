import type { TaskState } from './tasks.js';

// Under which keys the workbench's data is known (`useResource`).

export const catalogKey = (memberId: string): string => `catalog.${memberId}`;
export const tasksKey = (memberId: string, state: TaskState): string => `tasks.${memberId}.${state}`;
export const monthKey = (memberId: string): string => `data:month.${memberId}`;
export const noticesKey = 'notices';
