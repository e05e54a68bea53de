import type { RecordApproval } from '@lianke/shared/tasks/api';
import { expect, it } from 'vitest';
import { type FormView, keys } from '../../api/queries.js';
import { textOf } from '../../testing/render.js';
import { ApprovalsPanel } from './approvals-panel.js';

const form = { id: 'form', appId: 'app', fields: [{ key: 'amount', name: '金额' }] } as unknown as FormView;
const approval = (more: Partial<RecordApproval>): RecordApproval => ({
  ...{ runId: 'r1', taskId: 't1', flowName: '合同审批', title: '合同审批：80 万', state: 'open' as const },
  ...{ starter: { id: 'm1', label: '王芳' }, waiting: [], startedAt: '2025-03-07T02:00:00.000Z' },
  ...{ changedAfter: false, locked: null, mayUnlock: false },
  ...more,
});
const text = (items: RecordApproval[]) =>
  textOf(<ApprovalsPanel form={form} recordId="record" />, [[keys.tasks('record', 'form', 'record'), items]]);

it('tells whom an approval waits for since when, and that the record is locked (the record page showed no approval)', () => {
  const waiting = [{ id: 'm2', label: '陈主管', since: '2025-03-07T02:30:00.000Z' }];
  const { zh, en } = text([approval({ waiting, locked: ['amount'], mayUnlock: true })]);
  expect(zh).toMatch(/审批中 合同审批：80 万 等待 陈主管（.+起） 审批 王芳 .+发起 审批期间已锁定 解锁数据/);
  expect(en).toMatch(/In approval .+ waiting for 陈主管 \(since .+\) asked by 王芳/);
});

it('marks what was changed after its approval, and keeps earlier ones for later', () => {
  const over = (runId: string) => approval({ runId, state: 'approved', changedAfter: runId === 'r2' });
  const { zh } = text([over('r2'), over('r3'), over('r4')]);
  expect(zh).toContain('审批后已修改');
  expect(zh).toContain('更早的 2 次');
  expect(zh).not.toContain('解锁数据');
});

it('is not there for a record that nobody had to approve', () => {
  expect(text([]).zh.trim()).toBe('');
});
