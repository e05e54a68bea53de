import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stored, taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import { dropWaiting, type Waiting } from '../../data/outbox.js';
import { flushOutbox } from '../../data/outbox-send.js';
import { todoFormFor } from '../../data/todo-form.js';
import { uuidV7 } from '../../data/uuid.js';
import { visitFields } from '../../data/visit-form.js';
import { formatField } from '../../fields/registry.js';
import { t } from '../../i18n/index.js';
import { type Me, session } from '../../session/session.js';
import { notice } from '../../store/notice.js';
import { saveVisit } from './save-visit.js';
import type { Visit } from './visit-values.js';

const customers = form('customer', '客户信息表', []);
const toCustomer = () => field('relation', 'customer', '客户', { config: { formId: customers.id } });
const followUp = form('followUp', '跟进记录', [
  toCustomer(),
  field('text', 'content', '内容摘要'),
  field('datetime', 'time', '跟进时间'),
  field('date', 'nextDate', '下次联系日期'),
  field('attachment', 'photos', '照片'),
  field('location', 'place', '定位'),
]);
const tasks = form(
  'salesTask',
  '销售任务表',
  [
    field('text', 'title', '任务标题'),
    field('date', 'due', '截止日期'),
    field('switch', 'done', '已完成'),
    toCustomer(),
  ],
  {
    settings: {
      summaryFields: [],
      task: { title: 'title', owner: 'owner', due: 'due', done: 'done', subject: 'customer' },
    },
  },
);
const fields = visitFields(followUp, customers.id);
const customer = { id: '00000000-0000-7000-8000-0000000000c1', label: '宁德时代' };
const visit = (extra: Partial<Visit> = {}): Visit => {
  if (!fields) throw new Error('no visit fields');
  const todo = todoFormFor({ apps: [], forms: [customers, followUp, tasks] }, customers.id);
  return {
    ids: { visit: uuidV7(), todo: uuidV7() },
    more: {},
    form: followUp,
    fields,
    todo,
    customer,
    content: '已报价',
    plan: '',
    nextAt: '2099-01-01',
    place: undefined,
    uploads: [],
    ...extra,
  };
};
const tenDays = { id: 't', key: 'demo', name: '演示企业', timeZone: 'Asia/Shanghai' };
const asMember = (id: string) =>
  session.set({
    state: 'in',
    me: { member: { id, name: id, title: null, account: null }, tenant: tenDays } as unknown as Me,
  });

interface Sent {
  url: string;
  body: { id?: string; values?: Record<string, unknown>; delete?: string[] };
}
const sent = (): Sent[] =>
  taro.request.mock.calls.map(([options]) => ({
    url: options.url as string,
    body: JSON.parse(options.data as string) as Sent['body'],
  }));
const created = { statusCode: 201, data: { id: 'x', version: 1, label: '', values: {} } };
const waiting = () => (stored.get('lianke.outbox') ?? []) as Waiting[];

beforeEach(() => asMember('wangfang'));
afterEach(() => {
  for (const item of waiting()) dropWaiting(item.id);
  stored.clear();
  taro.request.mockReset();
});

describe('saving a visit', () => {
  test('writes the follow-up and a to-do for the next step, and 撤销 takes both back', async () => {
    taro.request.mockResolvedValue(created);
    expect(await saveVisit(visit())).toBeUndefined();
    const [record, todo] = sent();
    expect(record?.url).toContain(followUp.id);
    expect(record?.body.values).toMatchObject({ customer: customer.id, content: '已报价', nextDate: '2099-01-01' });
    expect(todo?.url).toContain(tasks.id);
    expect(todo?.body.values).toEqual({ title: '【回访】宁德时代', customer: customer.id, due: '2099-01-01' });

    taro.request.mockReset();
    taro.request.mockResolvedValue({
      statusCode: 200,
      data: { results: [{ index: 0, status: 'deleted', id: 'x', version: 2 }], batchId: 'b' },
    });
    notice.get().onAction?.();
    await expect.poll(() => sent().map((call) => call.body.delete?.[0])).toEqual([record?.body.id, todo?.body.id]);
  });

  test('keeps how far from the customer it was', async () => {
    taro.request.mockResolvedValue(created);
    const place = { lat: 26.66, lng: 119.55, distance: 120 };
    await saveVisit(visit({ content: '到店', nextAt: '', place }));
    expect(sent()[0]?.body.values?.place).toEqual(place);
    const shown = formatField(field('location', 'place', '定位'), place, { t, zone: 'Asia/Shanghai', now: 0 });
    expect(shown).toBe('26.66000, 119.55000 · 距客户地址 120 米');
    await saveVisit(visit({ content: '路上', nextAt: '', place: { lat: 26.66, lng: 119.55, distance: undefined } }));
    expect(sent()[1]?.body.values?.place).toEqual({ lat: 26.66, lng: 119.55 });
  });

  test('without a next step there is no to-do and no promise of a reminder', async () => {
    taro.request.mockResolvedValue(created);
    await saveVisit(visit({ nextAt: '' }));
    expect(sent()).toHaveLength(1);
    expect(notice.get().text).toBe('已记录');
  });

  test('a refusal is told and nothing waits', async () => {
    taro.request.mockResolvedValue({
      statusCode: 403,
      data: { code: 'forbidden', detail: '没有权限：新增', title: '', status: 403, type: '' },
    });
    expect(await saveVisit(visit({ content: '甲' }))).toEqual({ text: '没有权限：新增' });
    expect(waiting()).toEqual([]);
  });

  test('tried again after a refusal it keeps its ids and values, so that nothing is made twice', async () => {
    taro.request.mockResolvedValue({
      statusCode: 500,
      data: { code: 'internal', title: '出错', status: 500, type: '' },
    });
    const same = visit({ content: '乙' });
    await saveVisit(same);
    await saveVisit({ ...same });
    const [first, second] = sent();
    expect(second?.body).toEqual(first?.body);
  });
});

describe('without a network', () => {
  test('the visit waits under the ids it was tried with, and is sent once the network is back', async () => {
    taro.request.mockRejectedValue({ errMsg: 'fail' });
    expect(await saveVisit(visit({ content: '断网拜访' }))).toBeUndefined();
    const tried = sent()[0]?.body;
    expect(waiting().map((item) => item.formId)).toEqual([followUp.id, tasks.id]);

    taro.request.mockReset();
    taro.request.mockResolvedValue(created);
    await flushOutbox();
    expect(sent()[0]?.body).toEqual(tried);
    expect(sent()).toHaveLength(2);
    expect(waiting()).toEqual([]);
  });

  test('another person on the same phone does not send it', async () => {
    taro.request.mockRejectedValue({ errMsg: 'fail' });
    await saveVisit(visit({ content: '王芳的拜访', nextAt: '' }));
    taro.request.mockReset();
    asMember('liwei');
    await flushOutbox();
    expect(taro.request).not.toHaveBeenCalled();
    expect(waiting()).toHaveLength(1);
  });

  test('what the server refuses later stays with its reason and is not sent again by itself', async () => {
    taro.request.mockRejectedValue({ errMsg: 'fail' });
    await saveVisit(visit({ content: '客户已删除', nextAt: '' }));
    taro.request.mockReset();
    taro.request.mockResolvedValue({
      statusCode: 422,
      data: { code: 'invalid_values', detail: '所选数据不存在', title: '', status: 422, type: '' },
    });
    await flushOutbox();
    await flushOutbox();
    expect(taro.request).toHaveBeenCalledTimes(1);
    expect(waiting()[0]?.problem).toBe('所选数据不存在');
  });

  test('a server that is away is no refusal either', async () => {
    taro.request.mockResolvedValue({ statusCode: 503, data: '<html>' });
    expect(await saveVisit(visit({ content: '网关重启', nextAt: '' }))).toBeUndefined();
    expect(waiting()).toHaveLength(1);
    expect(notice.get().text).toBe('服务器暂时连不上，已存在手机里，稍后自动发送');
  });

  test('a photo that the server refused is said so, and not that there is no network', async () => {
    const file = { path: 'wx://tmp/1.jpg', name: '1.jpg', size: 9, image: true };
    const refused = { key: 'k', file, progress: 0, stored: null, failed: '文件太大', later: false };
    const problem = await saveVisit(visit({ content: '照片太大', nextAt: '', uploads: [refused] }));
    expect(problem).toEqual({ text: '有照片没有传上，请删掉它或重新拍', fields: { photos: '文件太大' } });
    expect(waiting()).toEqual([]);
  });
});
