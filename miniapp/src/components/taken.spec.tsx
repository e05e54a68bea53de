// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../test/draw.js';
import { pageParams } from '../../test/fake-taro.js';
import { field, form } from '../../test/forms.js';
import List from '../pages/list/index.js';
import { ShareRequests } from '../pages/record/share-requests.js';
import { soughtValues } from './taken.js';

const name = field('text', 'name', '客户名称');
const phone = field('phone', 'phone', '电话');
const city = field('text', 'city', '城市');
const customer = form('customer', '客户', [name, phone, city], {
  duplicates: [
    { id: 'r1', fields: [name.id], action: 'warn' },
    { id: 'r2', fields: [phone.id], action: 'warn' },
    { id: 'r3', fields: [name.id, city.id], action: 'warn' },
  ],
  actions: ['view', 'create', 'share'],
});
const none = () => ({ items: [], cursor: null });
const twin = { id: null, label: null, owner: { id: 'm-fang', label: '李伟' } };

test('a search for somebody else’s customer says who owns it, and asks him to share it', async () => {
  pageParams.formId = customer.id;
  const page = draw(<List />, {
    'GET /apps': none,
    'GET /forms': () => ({ items: [customer], cursor: null }),
    'GET /changes': () => ({ since: '1', items: [] }),
    [`GET /forms/${customer.id}/views`]: none,
    [`POST /forms/${customer.id}/records/query`]: () => ({ items: [], cursor: null, total: 0 }),
    [`POST /forms/${customer.id}/duplicates/check`]: ({ body }) => {
      const known = (body as { values: { name?: string } }).values.name === '巴比食品';
      return { items: known ? [{ rule: 'r1', action: 'warn', fields: ['name'], twins: [twin] }] : [] };
    },
    [`POST /forms/${customer.id}/share-requests`]: () => ({ asked: [{ id: 'm-fang', label: '李伟' }] }),
  });
  await page.type('搜索', '巴比食品');
  await page.shows('已存在，负责人 李伟');
  await page.tap('申请查看');
  await page.type('为什么要看（选填）', '老客户介绍');
  await page.tap('发送申请');
  await page.shows('已申请');
  const asked = page.asked.find((one) => one.path.endsWith('/share-requests'));
  expect(asked?.body).toEqual({ values: { name: '巴比食品', phone: ['巴比食品'] }, reason: '老客户介绍' });
});

test('only whole values of rules over one field are asked for', () => {
  expect(soughtValues(customer, '巴比')).toEqual({ name: '巴比', phone: ['巴比'] });
  expect(soughtValues(customer, '巴')).toEqual({});
  expect(soughtValues(form('plain', '普通', [name]), '巴比')).toEqual({});
});

test('the owner sees who asks, and shares with one tap', async () => {
  let open = [{ id: 'q1', by: { id: 'm-wei', label: '李伟' }, reason: '老客户介绍', at: '2025-03-07T02:00:00Z' }];
  const page = draw(<ShareRequests form={customer} recordId="r1" />, {
    [`GET /forms/${customer.id}/records/r1/share-requests`]: () => ({ items: open, cursor: null }),
    'POST /share-requests/q1/answer': () => {
      open = [];
      return null;
    },
  });
  await page.shows('李伟 申请查看这条数据');
  await page.tap('同意，共享 30 天');
  await page.gone('申请查看');
  expect((await page.sent('POST')).body).toEqual({ share: true });
});
