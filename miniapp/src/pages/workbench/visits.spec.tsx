// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import type { Task } from '../../data/tasks.js';
import { Visits } from './visits.js';

const customers = form('customer', '客户信息表', [
  field('text', 'name', '客户名称'),
  field('location', 'place', '位置'),
]);
const followUp = form('followUp', '跟进记录', [
  field('relation', 'customer', '客户', { config: { formId: customers.id } }),
  field('text', 'content', '内容摘要'),
  field('text', 'nextPlan', '下一步'),
  field('date', 'nextDate', '下次联系日期'),
]);
const catalog = { apps: [], forms: [customers, followUp] };
const todo = (id: string, title: string, urgency: Task['urgency'], customer: { id: string; label: string }): Task => ({
  ...{ id, kind: 'todo', title, facts: [], record: { formId: 'f', id }, starter: null, due: null, urgency },
  ...{ createdAt: '2025-03-01T00:00:00Z', state: 'pending' },
  subject: { formId: customers.id, ...customer },
});
const catl = { id: 'c1', label: '宁德时代' };
const next = (id: string, customer: object, plan: string) => ({
  ...{ id, version: 1, label: '记录' },
  values: { customer, nextPlan: plan, nextDate: '2025-03-07' },
});
const row = (id: string, values: object) => ({ id, version: 1, label: '宁德时代', values });

test('customers of due to-dos and of planned contacts stand once each, with the way there', async () => {
  const todos = [
    todo('t1', '【回访】宁德时代', 'today', catl),
    todo('t2', '以后再说', 'later', { id: 'c3', label: '丙' }),
  ];
  const page = draw(<Visits catalog={catalog} todos={todos} />, {
    [`POST /forms/${followUp.id}/records/query`]: () => ({
      items: [next('v1', catl, '送样'), next('v2', { id: 'c2', label: '贵州茅台' }, '谈年框')],
      cursor: null,
    }),
    [`GET /forms/${customers.id}/records/c1`]: () => row('c1', { place: { lat: 26.66, lng: 119.55 } }),
  });
  await page.shows('贵州茅台谈年框');
  expect(page.text()).toContain('今天的拜访 2宁德时代【回访】宁德时代');
  expect(page.text()).not.toContain('送样');
  expect(page.text()).not.toContain('以后再说');
  expect((await page.sent('POST')).body).toMatchObject({
    filter: {
      and: [
        { field: 'owner', op: 'eq', value: { me: true } },
        { field: 'nextDate', op: 'eq', value: { rel: 'today' } },
      ],
    },
  });
  page.root.querySelector('.planned__map')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  await page.until(() => expect(taro.openLocation).toHaveBeenCalled());
  expect(taro.openLocation).toHaveBeenLastCalledWith(expect.objectContaining({ latitude: 26.66, longitude: 119.55 }));
});
