import type { TaskItem } from '@lianke/shared/tasks/api';

export const taskGroups = ['approvals', 'overdue', 'today', 'later', 'none'] as const;
export type TaskGroup = (typeof taskGroups)[number];

const groupOf = (task: TaskItem): TaskGroup => (task.kind === 'approval' ? 'approvals' : task.urgency);

/** To-dos by 逾期, 今天, 以后 and approvals, each group in the order it came; empty groups are left out. */
export function groupTasks(tasks: readonly TaskItem[]): { group: TaskGroup; items: TaskItem[] }[] {
  return taskGroups
    .map((group) => ({ group, items: tasks.filter((task) => groupOf(task) === group) }))
    .filter(({ items }) => items.length > 0);
}

/** Whole calendar days from `due` (a date, or an instant read as its date in `zone`) to `today`; positive when past. */
export function daysPast(due: string, today: string): number {
  const day = (text: string) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return Math.round((day(today) - day(due)) / 86_400_000);
}

export interface Span {
  unit: 'moment' | 'minutes' | 'hours' | 'days';
  n: number;
}

/** How long something took or has waited, in its largest whole unit. Instants are RFC 3339. */
export function spanOf(from: string, to: string): Span {
  const minutes = Math.floor((Date.parse(to) - Date.parse(from)) / 60_000);
  if (!(minutes >= 1)) return { unit: 'moment', n: 0 };
  if (minutes < 60) return { unit: 'minutes', n: minutes };
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? { unit: 'hours', n: hours } : { unit: 'days', n: Math.floor(hours / 24) };
}

/** The fact that says how much: the first with a currency unit, else the first that is a bare number. */
export function mainFact(facts: readonly { label: string; value: string }[]): number {
  const money = facts.findIndex((fact) => /^-?[\d,.]+ ?(元|万元|亿元|(万 )?[A-Z]{3})$/.test(fact.value.trim()));
  return money >= 0 ? money : facts.findIndex((fact) => /^-?[\d,]+(\.\d+)?$/.test(fact.value.trim()));
}
