import type { zhTask } from './zh-task.js';

export const enTask: Record<keyof typeof zhTask, string> = {
  'task.extras': 'Files, copies',
  'task.cc': 'Copies to (optional)',
  'dealings.title': 'Earlier with {who}',
  'dealings.before': '{n} earlier in {form}',
  'dealings.first': 'The first one in {form}',
  'tasks.search': 'Search title or starter',
  'bulk.pick': 'Select',
  'bulk.stop': 'Cancel',
  'bulk.all': 'All',
  'bulk.none': 'None',
  'bulk.approve': 'Approve {n}',
  'bulk.done': '{n} approved',
  'bulk.left': '{n} were left',
  'bulk.reason': '{title}: {reason}',
  'bulk.seen': 'Got it',
  'bulk.notSimple': 'Needs a look of its own',
  'tasks.loading': 'Loading more',
};
