// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { reachBottom, taro } from '../../../test/fake-taro.js';
import Tasks from './index.js';

const approval = (n: number, simple = true) => ({
  ...{ id: `t${n}`, kind: 'approval', title: `合同 ${n} 号`, state: 'pending', urgency: 'none', simple, due: null },
  ...{ createdAt: '2025-03-07T02:00:00Z', starter: { id: 's', label: '王芳' }, subject: null, record: null, facts: [] },
});
const counts = { overdue: 0, today: 0, approvals: 3, all: 3 };
const page = (items: unknown[], cursor: string | null = null) => ({ items, cursor, total: items.length, counts });
const common = { 'GET /changes': () => ({ since: '1', items: [] }) };

test('several approvals are agreed to at once, and those that were left say why', async () => {
  let waiting = [approval(1), approval(2), approval(3, false)];
  const shown = draw(<Tasks />, {
    ...common,
    'GET /tasks': () => page(waiting),
    'POST /tasks/approve': () => {
      waiting = waiting.slice(1);
      return { done: ['t1'], left: [{ id: 't2', title: '合同 2 号', reason: '需要签名' }] };
    },
  });
  await shown.shows('合同 3 号');
  await shown.tap('多选');
  await shown.shows('需要单独处理');
  await shown.tap('合同 3 号');
  await shown.shows('同意 0 条');
  await shown.tap('全选');
  await shown.tap('同意 2 条');
  await shown.shows('合同 2 号：需要签名');
  expect((await shown.sent('POST')).body).toEqual({ ids: ['t1', 't2'] });
  expect(shown.text()).not.toContain('合同 1 号');
});

test('the list goes on when it is scrolled to its end', async () => {
  const shown = draw(<Tasks />, {
    ...common,
    'GET /tasks': ({ query }) => (query.cursor === 'next' ? page([approval(2)]) : page([approval(1)], 'next')),
  });
  await shown.shows('合同 1 号');
  expect(shown.text()).not.toContain('合同 2 号');
  reachBottom();
  await shown.shows('合同 2 号');
  expect(shown.text()).toContain('合同 1 号');
});

test('tasks are searched by the server', async () => {
  const shown = draw(<Tasks />, {
    ...common,
    'GET /tasks': ({ query }) => page(query.search === '2 号' ? [approval(2)] : [approval(1), approval(2)]),
  });
  await shown.shows('合同 1 号');
  await shown.type('搜索标题或发起人', '2 号');
  await shown.gone('合同 1 号');
  await shown.shows('合同 2 号');
});

test('another list begins with one page, however far the one before was read', async () => {
  const asked: string[] = [];
  const shown = draw(<Tasks />, {
    ...common,
    'GET /tasks': ({ query }) => {
      asked.push(`${query.kind ?? 'all'} ${query.cursor ?? 'first'}`);
      return query.cursor ? page([approval(2)]) : page([approval(query.kind ? 3 : 1)], 'next');
    },
  });
  await shown.shows('合同 1 号');
  reachBottom();
  await shown.shows('合同 2 号');
  await shown.tap('审批 3');
  await shown.shows('合同 3 号');
  expect(asked).toContain('approval first');
  expect(asked).not.toContain('approval next');
});

test('lists are narrowed to a flow, a state and days, and 我发起的 can be searched', async () => {
  const flow = { id: '00000000-0000-7000-8000-00000000000f', name: '合同审批' };
  const asked: Record<string, string>[] = [];
  const run = (title: string) => ({
    ...{ id: 'r1', taskId: 't1', title, flowName: '合同审批', state: 'open', waiting: [], mayUrge: false },
    ...{ startedAt: '2025-03-07T02:00:00Z', finishedAt: null, withdrawal: null, mayWithdraw: false, urgeFrom: null },
  });
  const shown = draw(<Tasks />, {
    ...common,
    'GET /tasks': ({ query }) => page(query.outcome === 'rejected' ? [approval(2)] : [approval(1), approval(2)]),
    'GET /tasks/flows': () => ({ items: [flow] }),
    'GET /apps': () => ({ items: [], cursor: null }),
    'GET /forms': () => ({ items: [], cursor: null }),
    'GET /runs': ({ query }) => {
      asked.push(query);
      return { items: query.search ? [] : [run('年框合同')], cursor: null };
    },
  });
  await shown.tap('已办');
  await shown.shows('合同 1 号');
  await shown.tap('筛选');
  await shown.tap('已拒绝');
  await shown.tap('所有流程');
  await shown.tap('合同审批');
  await shown.typeInto([...shown.root.querySelectorAll<HTMLInputElement>('.test-picker')][0], '2025-03-01');
  await shown.tap('查看结果');
  await shown.gone('合同 1 号');
  await shown.shows('筛选 3');
  await shown.tap('我发起的');
  await shown.shows('年框合同');
  expect(asked.at(-1)).toEqual({ flowId: flow.id, from: '2025-03-01', state: 'rejected' });
  await shown.type('搜索标题或发起人', '报销');
  await shown.shows('筛选条件下没有数据');
  expect(asked.at(-1)).toEqual({ flowId: flow.id, from: '2025-03-01', state: 'rejected', search: '报销' });
  await shown.tap('清除筛选');
  await shown.shows('没有“报销”');
});

test('back from the progress of what he started stands the list (a sheet still lay over it)', async () => {
  const run = {
    ...{ id: 'r1', taskId: 't1', title: '年框合同', flowName: '合同审批', state: 'open', waiting: [], mayUrge: true },
    ...{ startedAt: '2025-03-07T02:00:00Z', finishedAt: null, withdrawal: null, mayWithdraw: true, urgeFrom: null },
  };
  const shown = draw(<Tasks />, {
    ...common,
    'GET /tasks': () => page([]),
    'GET /runs': () => ({ items: [run], cursor: null }),
  });
  await shown.tap('我发起的');
  await shown.tap('年框合同');
  await shown.shows('给没处理的人重发卡片');
  await shown.tap('查看进度');
  await shown.gone('查看进度');
  expect(taro.navigateTo).toHaveBeenCalledWith(expect.objectContaining({ url: expect.stringContaining('id=t1') }));
});
