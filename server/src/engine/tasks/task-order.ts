import type { TaskItem } from '@lianke/shared/tasks/api';

/** A task of a list, and when a done one was done (ISO instant). */
export interface Listed {
  item: TaskItem;
  doneAt: string;
}

const ranks = { overdue: 0, today: 1, later: 2, none: 3 } as const;

/** Overdue first, then what is for today (approvals always are), later, without a date; soonest due or longest waiting first. */
export function byUrgency({ item: a }: Listed, { item: b }: Listed): number {
  const urgency = ranks[a.urgency] - ranks[b.urgency];
  if (urgency !== 0) return urgency;
  return compare(a.due ?? a.createdAt, b.due ?? b.createdAt);
}

/** What was done last first. */
export const byDone = (a: Listed, b: Listed): number => compare(b.doneAt, a.doneAt);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
