import { expect, test } from 'vitest';
import { groupTasks, type Task, todayCounts } from './tasks.js';

let id = 0;
const task = (kind: Task['kind'], urgency: Task['urgency']): Task => ({
  id: String(++id),
  kind,
  title: '',
  facts: [],
  subject: null,
  record: null,
  starter: null,
  due: null,
  urgency,
  createdAt: '2025-03-07T00:00:00Z',
  state: 'pending',
});
const items = [
  task('todo', 'later'),
  task('approval', 'none'),
  task('todo', 'overdue'),
  task('todo', 'today'),
  task('todo', 'none'),
];

test('groups by urgency; an approval without a date is today’s, a to-do without one waits', () => {
  expect(groupTasks(items).map((group) => [group.urgency, group.items.length])).toEqual([
    ['overdue', 1],
    ['today', 2],
    ['later', 2],
  ]);
  expect(groupTasks([])).toEqual([]);
});

test('the first line counts what is due today, and apart what is overdue', () => {
  expect(todayCounts(items)).toEqual({ todos: 1, approvals: 1, overdue: 1 });
});
