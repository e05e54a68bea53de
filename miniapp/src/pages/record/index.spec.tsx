// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { pageParams, taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import RecordPage from './index.js';

const file = (id: string, name: string, mime: string) => ({ id, name, size: 2048, mime });
const device = form('device', '设备', [
  field('text', 'name', '名称'),
  field('image', 'photos', '现场照片'),
  field('attachment', 'papers', '资料'),
]);
const record = {
  ...{ id: 'd1', version: 1, label: '空压机' },
  values: {
    name: '空压机',
    photos: [file('p1', '门头.jpg', 'image/jpeg')],
    papers: [file('p2', '手册.pdf', 'application/pdf')],
  },
};
const none = () => ({ items: [], cursor: null });

test('pictures of image fields stand among the files of a record', async () => {
  Object.assign(pageParams, { formId: device.id, id: 'd1' });
  const base = `/forms/${device.id}/records/d1`;
  const page = draw(<RecordPage />, {
    'GET /apps': none,
    'GET /forms': () => ({ items: [device], cursor: null }),
    'GET /changes': () => ({ since: '1', items: [] }),
    [`GET ${base}`]: () => record,
    [`GET ${base}/history`]: none,
    [`GET ${base}/comments`]: none,
    [`GET ${base}/runs`]: none,
    [`GET ${base}/approvals`]: none,
  });
  await page.tap('附件 2');
  await page.shows('门头.jpg');
  expect(page.text()).toContain('手册.pdf');
});

test('the record tells whom its approval waits for (the page showed no approval)', async () => {
  Object.assign(pageParams, { formId: device.id, id: 'd1' });
  const base = `/forms/${device.id}/records/d1`;
  const approval = {
    ...{ runId: 'r1', taskId: 't1', flowName: '采购审批', title: '采购审批', state: 'open', starter: null },
    ...{ waiting: [{ id: 'm', label: '陈经理', since: '2025-03-07T02:00:00Z' }], startedAt: '2025-03-07T02:00:00Z' },
    ...{ changedAfter: false, locked: 'all', mayUnlock: false },
  };
  const page = draw(<RecordPage />, {
    'GET /apps': none,
    'GET /forms': () => ({ items: [device], cursor: null }),
    'GET /changes': () => ({ since: '1', items: [] }),
    [`GET ${base}`]: () => record,
    [`GET ${base}/history`]: none,
    [`GET ${base}/comments`]: none,
    [`GET ${base}/runs`]: none,
    [`GET ${base}/approvals`]: () => ({
      items: [approval, { ...approval, runId: 'r0', state: 'approved' }],
      cursor: null,
    }),
  });
  await page.shows('等待 陈经理');
  expect(page.text()).toContain('已锁定');
  expect(page.text()).not.toContain('已同意');
});

test('a related list says how many there are in all and opens them, and the next step is looked for among all', async () => {
  const customers = form('customer', '客户', [field('text', 'name', '名称')]);
  const visits = form('follow_up', '跟进记录', [
    field('relation', 'customer', '客户', { config: { formId: customers.id } }),
    field('longText', 'content', '内容'),
    field('date', 'next', '下次联系时间'),
  ]);
  Object.assign(pageParams, { formId: customers.id, id: 'c1' });
  const base = `/forms/${customers.id}/records/c1`;
  const said = (n: number, next: string | null) => ({
    ...{ id: `v${n}`, version: 1, label: `第 ${n} 次` },
    values: { content: `第 ${n} 次`, next, createdAt: '2025-03-01T00:00:00Z' },
  });
  const page = draw(<RecordPage />, {
    'GET /apps': none,
    'GET /forms': () => ({ items: [customers, visits], cursor: null }),
    'GET /changes': () => ({ since: '1', items: [] }),
    'GET /pools': none,
    [`GET ${base}`]: () => ({ id: 'c1', version: 1, label: '宁德时代', values: { name: '宁德时代' } }),
    [`GET ${base}/history`]: none,
    [`GET ${base}/comments`]: none,
    [`GET ${base}/runs`]: none,
    [`GET ${base}/approvals`]: none,
    [`POST /forms/${visits.id}/records/query`]: ({ body }) => {
      const asked = body as { limit: number; cursor?: string };
      if (asked.limit === 1) return { items: [said(3, '2099-01-02')], cursor: null };
      if (asked.cursor) return { items: [said(7, null)], cursor: null };
      return { items: [said(213, null)], cursor: 'c', total: 213 };
    },
  });
  await page.shows('下一步：2099-01-02 第 3 次');
  await page.tap('查看更早的动态');
  await page.shows('第 7 次');
  await page.tap('跟进记录 213');
  await page.tap('查看全部 213 条');
  expect(taro.navigateTo).toHaveBeenLastCalledWith({
    url: expect.stringContaining(`/pages/list/index?formId=${visits.id}&filter=`),
  });
});

test('a to-do about a customer offers the visit and the call that it is done by', async () => {
  const customers = form('customer', '客户', [field('text', 'name', '名称'), field('phone', 'phone', '电话')]);
  const visits = form('followUp', '跟进记录', [
    field('relation', 'customer', '客户', { config: { formId: customers.id } }),
    field('longText', 'content', '内容'),
  ]);
  const about = field('relation', 'customer', '客户', { config: { formId: customers.id } });
  const todos = form('salesTask', '销售任务', [field('text', 'title', '任务'), about], {
    settings: {
      summaryFields: [],
      task: { title: 'title', owner: 'owner', due: 'due', done: 'done', subject: 'customer' },
    },
  });
  Object.assign(pageParams, { formId: todos.id, id: 't1' });
  const base = `/forms/${todos.id}/records/t1`;
  const page = draw(<RecordPage />, {
    'GET /apps': none,
    'GET /forms': () => ({ items: [customers, visits, todos], cursor: null }),
    'GET /changes': () => ({ since: '1', items: [] }),
    'GET /pools': none,
    [`GET ${base}`]: () => ({
      ...{ id: 't1', version: 1, label: '跟进新客户' },
      values: { title: '跟进新客户', customer: { id: 'c1', label: '宁德时代' } },
    }),
    [`GET ${base}/history`]: none,
    [`GET ${base}/comments`]: none,
    [`GET ${base}/runs`]: none,
    [`GET ${base}/approvals`]: none,
    [`GET /forms/${customers.id}/records/c1`]: () => ({
      ...{ id: 'c1', version: 1, label: '宁德时代' },
      values: { phone: ['02112345678'] },
    }),
  });
  await page.tap('记跟进');
  expect(taro.navigateTo).toHaveBeenLastCalledWith({ url: '/pages/visit/index?customerId=c1' });
  await page.tap('打电话');
  await page.until(() => expect(taro.makePhoneCall).toHaveBeenCalledWith({ phoneNumber: '02112345678' }));
});

test('a customer shows the stage and amount of the newest open deal (nothing told how far he had come)', async () => {
  const customers = form('customer', '客户', [field('text', 'name', '名称')]);
  const deals = form('opportunity', '商机', [
    field('relation', 'customer', '客户', { config: { formId: customers.id } }),
    field('money', 'amount', '金额', { config: { display: 'wan' } }),
    field('select', 'stage', '阶段', {
      config: {
        stages: true,
        options: ['需求确认', '商务谈判', '赢单'].map((id) => ({ id, label: id, color: 'blue' })),
      },
    }),
  ]);
  Object.assign(pageParams, { formId: customers.id, id: 'c1' });
  const base = `/forms/${customers.id}/records/c1`;
  const of = { id: 'c1', label: '宁德时代' };
  const page = draw(<RecordPage />, {
    'GET /apps': none,
    'GET /forms': () => ({ items: [customers, deals], cursor: null }),
    'GET /changes': () => ({ since: '1', items: [] }),
    'GET /pools': none,
    [`GET ${base}`]: () => ({ id: 'c1', version: 1, label: '宁德时代', values: { name: '宁德时代' } }),
    [`GET ${base}/history`]: none,
    [`GET ${base}/comments`]: none,
    [`GET ${base}/runs`]: none,
    [`GET ${base}/approvals`]: none,
    [`POST /forms/${deals.id}/records/query`]: ({ body }) => {
      const asked = JSON.stringify((body as { filter: unknown }).filter);
      if (!asked.includes('商务谈判')) return { items: [], cursor: null, total: 0 };
      expect(asked).not.toContain('赢单');
      const values = { customer: of, amount: '580000', stage: '商务谈判' };
      return { items: [{ id: 'o1', version: 1, label: '二期扩容', values }], cursor: null };
    },
  });
  await page.shows('商务谈判 · 58 万元');
  await page.tap('二期扩容');
  expect(taro.navigateTo).toHaveBeenLastCalledWith({ url: `/pages/record/index?formId=${deals.id}&id=o1` });
});
