import { expect, it } from 'vitest';
import { keys } from '../api/queries.js';
import { textOf } from '../testing/render.js';
import { MyTargets } from './my-targets.js';

const figure = {
  id: 't1',
  name: '回款',
  unit: '元',
  formId: 'f1',
  subject: { kind: 'member', id: 'm1', label: '王芳' },
  period: 'month',
  from: '2026-03-01',
  to: '2026-03-31',
  daysLeft: 28,
  target: '1000',
  actual: '750.5',
  percent: 75,
  drill: { and: [] },
};
const shown = (items: unknown[]) =>
  textOf(<MyTargets />, [
    [['targets', 'mine'], items],
    [keys.me, { member: { id: 'm1' } }],
  ]);

it('tells the figure against its target, with percent and the days that are left', () => {
  const { zh, en } = shown([figure]);
  for (const part of ['我的目标', '回款', '750.5', '目标 1,000 · 75%', '还剩 28 天']) expect(zh).toContain(part);
  expect(zh).not.toContain('王芳');
  expect(en).toContain('28 days left');
  const department = { ...figure, subject: { kind: 'department', id: 'd1', label: '销售部' }, percent: 120 };
  expect(shown([department]).zh).toContain('回款 · 销售部');
  expect(shown([department]).zh).toContain('已完成');
});

it('is not there for who has no target', () => {
  expect(shown([]).zh.trim()).toBe('');
});
