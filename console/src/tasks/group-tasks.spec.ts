import type { TaskItem } from '@lianke/shared/tasks/api';
import { describe, expect, it } from 'vitest';
import { daysPast, groupTasks, mainFact, spanOf } from './group-tasks.js';

const task = (id: string, kind: TaskItem['kind'], urgency: TaskItem['urgency']): TaskItem => ({
  id,
  kind,
  title: id,
  facts: [],
  subject: null,
  record: null,
  starter: null,
  due: null,
  urgency,
  createdAt: '2025-03-07T00:00:00Z',
  state: 'pending',
});

describe('groupTasks', () => {
  it('keeps approvals together whatever their date, and leaves out empty groups', () => {
    const groups = groupTasks([
      task('a', 'todo', 'today'),
      task('b', 'approval', 'overdue'),
      task('c', 'todo', 'overdue'),
      task('d', 'todo', 'today'),
    ]);
    expect(groups.map(({ group, items }) => [group, items.map((item) => item.id)])).toEqual([
      ['approvals', ['b']],
      ['overdue', ['c']],
      ['today', ['a', 'd']],
    ]);
  });
});

describe('daysPast', () => {
  it('counts calendar days over months', () => {
    expect(daysPast('2025-02-27', '2025-03-02')).toBe(3);
    expect(daysPast('2025-03-02', '2025-03-02')).toBe(0);
    expect(daysPast('2025-03-05', '2025-03-02')).toBe(-3);
  });
});

describe('spanOf', () => {
  it.each([
    ['2025-03-07T00:00:30Z', { unit: 'moment', n: 0 }],
    ['2025-03-07T00:59:00Z', { unit: 'minutes', n: 59 }],
    ['2025-03-07T07:24:00Z', { unit: 'hours', n: 7 }],
    ['2025-03-09T01:00:00Z', { unit: 'days', n: 2 }],
  ])('to %s', (to, span) => {
    expect(spanOf('2025-03-07T00:00:00Z', to)).toEqual(span);
  });
});

describe('mainFact', () => {
  it('finds the amount, with its unit before a bare number', () => {
    const facts = [
      { label: '数量', value: '12' },
      { label: '付款方式', value: '月结 60 天' },
      { label: '合同金额', value: '800,000.00 元' },
    ];
    expect(mainFact(facts)).toBe(2);
    expect(mainFact(facts.slice(0, 2))).toBe(0);
    expect(mainFact(facts.slice(1, 2))).toBe(-1);
  });
});
