import { afterEach, expect, test, vi } from 'vitest';
import { stored } from '../../test/fake-taro.js';
import { keptTask, keptTasks } from './kept-task.js';
import { keptWidgets } from './kept-widgets.js';
import { seedResource } from './resource.js';
import type { Task } from './tasks.js';

afterEach(() => {
  vi.useRealTimers();
  stored.clear();
});

const task: Task = {
  id: '1',
  kind: 'approval',
  title: '王芳 月薪 12345.60 调整',
  titleSealed: true,
  facts: [
    { label: '姓名', value: '王芳' },
    { label: '月薪', value: '12345.60', sealed: true },
  ],
  subject: { formId: 'f', id: 'r', label: '王芳' },
  record: null,
  starter: null,
  due: null,
  urgency: 'today',
  createdAt: '2026-03-07T00:00:00Z',
  state: 'pending',
};
const counts = { overdue: 0, today: 0, approvals: 1, all: 1 };

test('facts and titles that say what is stored encrypted are not kept on the phone', () => {
  const page = { items: [task, { ...task, id: '2' }], cursor: null, total: 2, counts };
  const kept = keptTasks(page);
  expect(JSON.stringify(kept)).not.toContain('12345.60');
  expect(kept.items[0]).toMatchObject({ title: '王芳', facts: [{ label: '姓名', value: '王芳' }] });
  expect(JSON.stringify(keptTask({ ...task, subject: null }))).not.toContain('12345.60');
  // What is shown while online is what came.
  expect(page.items[0]?.facts).toHaveLength(2);
});

test('what came with the first answer is written down without them too', () => {
  vi.useFakeTimers();
  seedResource('tasks.me.pending', { items: [task], cursor: null, total: 1, counts }, keptTasks);
  vi.runAllTimers();
  expect(JSON.stringify([...stored])).toContain('王芳');
  expect(JSON.stringify([...stored])).not.toContain('12345.60');
});

test('a task without such facts is kept as it is', () => {
  const { titleSealed: _, ...plain } = { ...task, facts: task.facts.slice(0, 1) };
  expect(keptTask(plain)).toEqual(plain);
});

test('lists of a dashboard are kept without what is stored encrypted', () => {
  const form = {
    id: 'f',
    fields: [
      { key: 'name', type: 'text' },
      { key: 'pay', type: 'money', encrypted: true },
    ],
  };
  const rows = (id: string) => ({ id, kind: 'rows', items: [{ id: 'r', values: { name: '王芳', pay: '12345.60' } }] });
  const data = { widgets: [rows('known'), rows('unknown'), { id: 'n', kind: 'value', value: 3 }] };
  const widgets = [
    { id: 'known', formId: 'f' },
    { id: 'unknown', formId: 'g' },
  ];
  const kept = keptWidgets(widgets, { forms: [form] } as never)(data as never);
  expect(kept.widgets).toEqual([
    { id: 'known', kind: 'rows', items: [{ id: 'r', values: { name: '王芳' } }] },
    { id: 'n', kind: 'value', value: 3 },
  ]);
});
