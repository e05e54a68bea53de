import { expect, test } from 'vitest';
import { t } from '../../i18n/index.js';
import { outcomeLine } from './outcome.js';

const context = { t, zone: 'Asia/Shanghai', now: Date.parse('2025-03-07T03:00:00Z') };
const entry = (action: 'approved' | 'rejected' | 'closed', at: string | null) => ({
  who: { id: 'm', label: '陈经理' },
  action,
  at,
  ...{ task: null, actingFor: null, role: 'approver' as const, ask: null, question: null, auto: null, signature: null },
  ...{ attachments: [], undone: false, door: null },
  comment: null,
  node: '审批',
  to: null,
});

test('an answered approval says who answered and when', () => {
  const progress = [entry('closed', '2025-03-07T02:58:00Z'), entry('approved', '2025-03-07T02:58:00Z')];
  expect(outcomeLine({ state: 'closed', progress }, context)).toBe('陈经理 2 分钟前已同意，无需处理');
  expect(outcomeLine({ state: 'rejected', progress: [entry('rejected', '2025-03-07T02:58:00Z')] }, context)).toContain(
    '已拒绝',
  );
});

test('one handed over says so, whatever came of it', () => {
  const progress = [entry('approved', '2025-03-07T02:58:00Z')];
  expect(outcomeLine({ state: 'transferred', progress }, context)).toBe('你已转办，无需处理');
});

test('an open one says nothing, a withdrawn one that it is closed', () => {
  expect(outcomeLine({ state: 'pending', progress: [] }, context)).toBe('');
  expect(outcomeLine({ state: 'closed', progress: [] }, context)).toBe('这条审批已关闭，无需处理');
});
