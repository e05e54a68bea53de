// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { field, form } from '../../../test/forms.js';
import type { RecordRow } from '../../data/record-types.js';
import { Timeline } from './timeline.js';

const chen = '01890000-0000-7000-8000-000000000001';
const customer = form('customer', '客户', [field('text', 'name', '名称')]);
const record: RecordRow = { id: 'r1', version: 3, label: '宁德时代', values: { name: '宁德时代' } };
const base = `/forms/${customer.id}/records/r1`;
const member = { id: chen, name: '陈经理', state: 'active', departments: [] };
const said = (id: string, text: string, mine: boolean) => ({
  id,
  author: { id: mine ? 'm-me' : chen, label: mine ? '王芳' : '陈经理' },
  text,
  mentions: [{ id: chen, label: '陈经理', told: false }],
  at: '2025-03-07T02:00:00Z',
  editedAt: null,
  mine,
});
const run = {
  ...{ id: 'run1', flowId: 'f1', flowName: '新客户跟进', version: 1, record: null, appId: null, failedAt: null },
  ...{ state: 'failed', startedAt: '2025-03-06T02:00:00Z', finishedAt: null, error: '负责人为空，第 3 步停下' },
};

/** A server that keeps what is said. */
function server() {
  const comments = [said('c1', `@[${chen}] 报价发了吗`, false)];
  return {
    [`GET ${base}/history`]: () => ({ items: [], cursor: null }),
    [`GET ${base}/runs`]: () => ({ items: [run], cursor: null }),
    [`GET ${base}/comments`]: () => ({ items: comments, cursor: null }),
    'GET /members': () => ({ items: [member], cursor: null }),
    [`POST ${base}/comments`]: ({ body }: { body: unknown }) => {
      const made = said('c2', (body as { text: string }).text, true);
      comments.unshift(made);
      return made;
    },
  };
}

test('comments with the people they mention, and flows that ran, stand in the timeline', async () => {
  const page = draw(<Timeline form={customer} record={record} />, server());
  await page.shows('@陈经理 报价发了吗');
  await page.shows('流程“新客户跟进”没有完成');
  expect(page.text()).toContain('负责人为空，第 3 步停下');
  expect(page.text().indexOf('报价发了吗')).toBeLessThan(page.text().indexOf('新客户跟进'));
});

test('whoever was mentioned answers on the phone and names a colleague', async () => {
  const page = draw(<Timeline form={customer} record={record} />, server());
  await page.shows('报价发了吗');
  await page.tap('@ 同事');
  await page.shows('提到同事');
  await page.tap('陈经理');
  const box = () => page.root.querySelector('textarea')?.value;
  await page.until(() => expect(box()).toBe('@陈经理 '));
  await page.type('写评论，@ 同事会在聊天里通知到他', '@陈经理 昨天发了');
  await page.tap('发表');
  await page.shows('昨天发了');
  expect((await page.sent('POST')).body).toEqual({ text: `@[${chen}] 昨天发了` });
  await page.until(() => expect(box()).toBe(''));
});

test('a comment that was not sent is there when the record is opened again (it was lost), and goes once it is sent', async () => {
  const hint = '写评论，@ 同事会在聊天里通知到他';
  const answers = server();
  const open = async (of = record) => {
    const page = draw(<Timeline form={customer} record={of} />, answers);
    await page.until(() => expect(page.root.querySelector('textarea')).not.toBeNull());
    return { ...page, box: () => page.root.querySelector('textarea')?.value };
  };
  const first = await open();
  await first.type(hint, '明天去拜访');
  first.leave();
  const other = await open({ ...record, id: 'r2' });
  expect(other.box()).toBe('');
  other.leave();
  const second = await open();
  expect(second.box()).toBe('明天去拜访');
  await second.tap('发表');
  await second.until(() => expect(second.box()).toBe(''));
  second.leave();
  expect((await open()).box()).toBe('');
});

test('changes older than the first page can be read, without a gap in the line of time', async () => {
  const change = (n: number) => ({
    ...{ id: `h${n}`, kind: 'update', door: 'api', actor: { id: chen, label: '陈经理' }, changes: [] },
    at: `2025-03-0${n}T02:00:00Z`,
  });
  const page = draw(<Timeline form={customer} record={record} />, {
    ...server(),
    [`GET ${base}/history`]: ({ query }: { query: Record<string, string> }) =>
      query.cursor === 'next' ? { items: [change(5)], cursor: null } : { items: [change(8)], cursor: 'next' },
  });
  await page.shows('查看更早的动态');
  expect(page.text()).not.toContain('新客户跟进');
  await page.tap('查看更早的动态');
  await page.shows('新客户跟进');
  await page.gone('查看更早的动态');
});

test('comments and flow runs older than their first page can be read (of 50 and more the rest was never shown)', async () => {
  const told = (n: number) => ({ ...said(`c${n}`, `第 ${n} 句`, false), at: `2025-03-0${n}T02:00:00Z` });
  const ran = (n: number) => ({ ...run, id: `run${n}`, flowName: `流程 ${n}`, startedAt: `2025-03-0${n}T03:00:00Z` });
  const paged =
    <T,>(first: T, second: T) =>
    ({ query }: { query: Record<string, string> }) =>
      query.cursor === 'next' ? { items: [second], cursor: null } : { items: [first], cursor: 'next' };
  const page = draw(<Timeline form={customer} record={record} />, {
    ...server(),
    [`GET ${base}/comments`]: paged(told(8), told(3)),
    [`GET ${base}/runs`]: paged(ran(7), ran(2)),
  });
  await page.shows('第 8 句');
  await page.tap('查看更早的动态');
  await page.shows('第 3 句');
  await page.shows('流程 2');
  await page.gone('查看更早的动态');
  const order = ['第 8 句', '流程 7', '第 3 句', '流程 2'].map((words) => page.text().indexOf(words));
  expect(order).toEqual([...order].sort((a, b) => a - b));
});
