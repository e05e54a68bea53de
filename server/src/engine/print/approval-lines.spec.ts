import type { Language } from '@lianke/shared/errors/issue-text';
import type { TaskEntry } from '@lianke/shared/tasks/api';
import { expect, it } from 'vitest';
import { approvalLines } from './approval-lines.js';

const entry: TaskEntry = {
  task: null,
  node: '主管审批',
  who: { id: 'm', label: '王芳' },
  action: 'approved',
  role: 'approver',
  at: '2026-12-01T02:00:00.000Z',
  comment: '可以',
  question: null,
  actingFor: null,
  to: null,
  auto: null,
  ask: null,
  signature: null,
  attachments: [],
  undone: false,
  door: null,
};

const linesIn = (language: Language, ...entries: Partial<TaskEntry>[]) =>
  approvalLines({ progress: entries.map((one) => ({ ...entry, ...one })) }, { timeZone: 'Asia/Shanghai', language });

it('on paper who advised did not approve, what was undone is void, and what waits is left out', () => {
  const results = linesIn(
    'zh',
    {},
    { role: 'adviser' },
    { role: 'adviser', action: 'rejected' },
    { role: 'adviser', action: 'transferred', to: { id: 'x', label: '李伟' } },
    { undone: true },
    { action: 'waiting' },
  ).map((line) => line.result);
  expect(results).toEqual(['同意', '建议同意', '建议拒绝', '转交给 李伟', '同意（已作废）']);
});

it('for a reader of English all but names and what was typed is English', () => {
  const lines = linesIn(
    'en',
    { role: 'adviser', actingFor: { id: 'y', label: '陈主管' } },
    { action: 'transferred', to: { id: 'x', label: '李伟' }, undone: true },
    { who: null, auto: 'timeout' },
  );
  expect(lines.map(({ who, result }) => [who, result])).toEqual([
    ['王芳 (for 陈主管)', 'Advised to approve'],
    ['王芳', 'Handed over to 李伟 (void)'],
    ['System', 'Approved (automatic: time was up)'],
  ]);
});
