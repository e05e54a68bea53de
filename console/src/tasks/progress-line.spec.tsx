import type { TaskEntry } from '@lianke/shared/tasks/api';
import { expect, it } from 'vitest';
import { textOf } from '../testing/render.js';
import { ProgressLine } from './progress-line.js';

const entry: TaskEntry = {
  ...{ task: null, who: { id: 's', label: '王芳' }, actingFor: null, role: 'starter', action: 'waiting', ask: null },
  ...{ at: '2025-03-07T02:00:00Z', comment: null, question: null, node: '审批', to: null, auto: null },
  ...{ signature: null, attachments: [], undone: false, door: null },
};

it('says what is waited for (whoever had to hand in or fill in was said to be approving)', () => {
  const of = (part: Partial<TaskEntry>) => textOf(<ProgressLine progress={[{ ...entry, ...part }]} />);
  expect(of({ ask: 'fill' }).zh).toContain('等待填写');
  expect(of({ ask: 'inform', question: '请附车票' }).zh).toMatch(/等待补充材料.*问：请附车票/);
  expect(of({ ask: 'resubmit', question: '金额写错了' }).zh).toMatch(/等待重新提交.*退回原因：金额写错了/);
  expect(of({ ask: 'resubmit', question: '金额写错了' }).en).toContain('Sent back: 金额写错了');
  expect(of({ ask: 'approve' }).zh).toContain('等待审批');
});

it('an adviser advised, he did not approve', () => {
  const advice = { ...entry, role: 'adviser', action: 'approved', ask: 'advise' } as const;
  const { zh } = textOf(<ProgressLine progress={[advice]} />);
  expect(zh).toContain('建议同意');
  expect(zh).toContain('委派');
});
