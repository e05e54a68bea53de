import type { TaskDetail } from '@lianke/shared/tasks/api';
import { expect, it } from 'vitest';
import { textOf } from '../testing/render.js';
import { DecideBar } from './decide-bar.js';

const task: TaskDetail = {
  ...{ id: 't1', kind: 'approval', title: '年框合同', facts: [], subject: null, record: null, starter: null },
  ...{ due: null, urgency: 'none', createdAt: '2025-03-07T02:00:00Z', state: 'pending', ask: 'approve' },
  ...{ progress: [], stages: [], copies: [], mayDecide: true, actions: ['approve', 'reject', 'cc'] },
  ...{ runId: null, flowId: null, commentOnReject: false, commentOnApprove: false, signature: false, fields: {} },
  ...{ question: null, returnTo: [], removable: [], choices: [], changedAfter: false, locked: false },
  ...{ dueAt: null, urgeFrom: null },
};

it('offers copies beside files only where the step lets them be sent (they were picked, and sent)', () => {
  const offered = textOf(<DecideBar task={task} values={{}} />);
  const without = textOf(<DecideBar task={{ ...task, actions: ['approve', 'reject'] }} values={{}} />);
  expect([offered.zh, offered.en]).toEqual([
    expect.stringContaining('附件、抄送'),
    expect.stringContaining('Files, copies'),
  ]);
  expect(without.zh).toContain('附件');
  expect(without.zh).not.toContain('抄送');
  expect(without.en).not.toContain('copies');
});
