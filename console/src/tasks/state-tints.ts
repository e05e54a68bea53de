import type { TaskDetail } from '@lianke/shared/tasks/api';

/** Colour of a task's state, by the classes `tint-…`: green is a yes, red a no; what was passed on or dropped is gray. */
export const stateTints: Record<TaskDetail['state'], 'magenta' | 'green' | 'red' | 'orange' | 'gray'> = {
  pending: 'magenta',
  queued: 'gray',
  held: 'gray',
  approved: 'green',
  rejected: 'red',
  transferred: 'gray',
  returned: 'orange',
  removed: 'gray',
  done: 'green',
  closed: 'gray',
};
