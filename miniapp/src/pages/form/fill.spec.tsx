// @vitest-environment jsdom
import { afterEach, describe, expect, test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { stored, taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import { changeWaiting, dropWaiting, keepForLater, type Waiting, waitingById } from '../../data/outbox.js';
import { flushOutbox } from '../../data/outbox-send.js';
import type { RecordRow } from '../../data/record-types.js';
import { type Me, session } from '../../session/session.js';
import { Fill } from './fill.js';

const price = field('number', 'price', '单价', { config: {} });
const count = field('number', 'count', '数量', { config: {} });
const inner = (key: string, name: string, type: string, config: object = {}) => ({
  ...{ id: `f_in_${key}`, key, name, type, config, rules: {} },
});
const lines = field('subform', 'lines', '明细', {
  config: {
    formId: '00000000-0000-7000-8000-0000000000f1',
    parentField: 'f_up',
    fields: [
      inner('cost', '费用', 'number'),
      inner('tax', '税费', 'formula', {
        expression: '{费用}*0.1',
        result: { type: 'number', config: { decimals: 2 } },
      }),
    ],
  } as never,
});
const result = { type: 'number', config: { decimals: 2 } };
const total = field('formula', 'total', '合计', { config: { expression: '{单价}*{数量}', result } as never });
const taxes = field('formula', 'taxes', '税费合计', { config: { expression: 'SUM({明细.税费})', result } as never });
const region = field('lookup', 'region', '地区', { config: { result: { type: 'text', config: {} } } as never });
const order = form('order', '订单', [price, count, lines, total, taxes, region]);
const record: RecordRow = {
  ...{ id: 'r1', version: 1, label: '订单' },
  values: {
    price: '3',
    count: '2',
    region: '华东',
    total: '6',
    lines: [{ id: 'l1', values: { cost: '50', tax: '5' } }] as never,
  },
};

test('formulas are computed while one types, and what comes from other records waits for saving', async () => {
  const page = draw(<Fill form={order} record={record} preset={{}} />, {});
  await page.shows('合计6');
  await page.shows('税费合计5');
  await page.shows('地区华东');
  const [first] = page.root.querySelectorAll('input');
  await page.typeInto(first, '10');
  await page.shows('合计20');
  await page.shows('地区保存后计算');
});

test('a row of a subform shows what its formula gives before it is kept', async () => {
  const page = draw(<Fill form={order} record={record} preset={{}} />, {});
  await page.shows('税费合计5');
  await page.tap('50');
  await page.shows('税费5');
  await page.typeInto([...page.root.querySelectorAll('input')].at(-1), '200');
  await page.shows('税费20');
  await page.tap('确定');
  await page.shows('税费合计20');
});

test('a field that is shown and required for my department can be filled in (it was hidden, and saving was refused)', async () => {
  const asked = field('department', 'asked', '申请部门', { config: { default: 'mine' } });
  const reason = field('text', 'reason', '折扣原因', {
    rules: {
      visibleWhen: { field: 'asked', op: 'in', value: [{ myDepartment: true }] },
      requiredWhen: { field: 'asked', op: 'in', value: [{ myDepartment: true }] },
    },
  });
  const page = draw(<Fill form={form('discount', '折扣', [asked, reason])} record={undefined} preset={{}} />, {});
  await page.shows('申请部门销售一部');
  await page.shows('折扣原因');
  await page.tap('保存');
  await page.shows('必填');
});

describe('without a network', () => {
  const waiting = () => (stored.get('lianke.outbox') ?? []) as Waiting[];
  const kept = (page: ReturnType<typeof draw>) =>
    page.until(() => {
      const [found] = waiting();
      if (!found) throw new Error(`nothing waits; there is: ${page.text()}`);
      return found;
    });
  const contact = form('contact', '联系人', [
    field('text', 'name', '姓名', { rules: { required: true } }),
    field('text', 'city', '城市'),
    field('attachment', 'papers', '附件', { config: { accept: 'image', max: 3 } }),
  ]);
  const stands: RecordRow = { id: 'r1', version: 3, label: '王一', values: { name: '王一', city: '上海' } };
  const input = (page: ReturnType<typeof draw>, at: number) => page.root.querySelectorAll('input')[at];
  const offline = () => taro.request.mockRejectedValue({ errMsg: 'request:fail' });

  afterEach(() => {
    for (const item of waiting()) dropWaiting(item.id);
    stored.clear();
    taro.chooseImage.mockReset();
    taro.uploadFile.mockReset();
  });

  test('a new record of any form waits on the phone and is sent once under its own id', async () => {
    const page = draw(<Fill form={contact} record={undefined} preset={{}} />, {});
    offline();
    await page.shows('姓名');
    await page.typeInto(input(page, 0), '李二');
    await page.tap('保存');
    const item = await kept(page);
    expect(item).toMatchObject({ formId: contact.id, title: '李二', values: { name: '李二' } });
    taro.request.mockReset();
    taro.request.mockResolvedValue({ statusCode: 201, data: { id: item.id, version: 1, label: '', values: {} } });
    await flushOutbox();
    expect(JSON.parse(taro.request.mock.calls[0]?.[0].data)).toEqual({ id: item.id, values: { name: '李二' } });
    expect(waiting()).toEqual([]);
  });

  test('a change waits with what it was made from, and a second change joins it', async () => {
    const page = draw(<Fill form={contact} record={stands} preset={{}} />, {});
    offline();
    await page.shows('姓名');
    await page.typeInto(input(page, 0), '王二');
    await page.tap('保存');
    expect(await kept(page)).toMatchObject({
      ...{ id: 'r1', title: '王一', values: { name: '王二' } },
      edit: { version: 3, base: { name: '王一' } },
    });
    await page.gone('正在保存');
    await page.typeInto(input(page, 1), '北京');
    await page.tap('保存');
    await page.until(() =>
      expect(waiting()).toMatchObject([
        { values: { name: '王二', city: '北京' }, edit: { base: { name: '王一', city: '上海' } } },
      ]),
    );
  });

  test('a photo that could not be sent waits with its record', async () => {
    taro.chooseImage.mockResolvedValue({ tempFilePaths: ['wx://tmp/1.jpg'], tempFiles: [{ size: 9 }] });
    taro.uploadFile.mockImplementation(() => Promise.reject({ errMsg: 'uploadFile:fail' }));
    const page = draw(<Fill form={contact} record={undefined} preset={{}} />, {});
    await page.shows('姓名');
    await page.typeInto(input(page, 0), '李二');
    await page.tap('拍照');
    await page.shows('点此重传');
    await page.tap('保存');
    expect(await kept(page)).toMatchObject({ files: [{ field: 'papers', file: { path: 'wx://usr/1.jpg' } }] });
  });

  test('a record that waits is opened with what was typed and saved in its own place', async () => {
    const id = '00000000-0000-7000-8000-0000000000b1';
    const filled = { name: '李二', city: '苏州' };
    session.set({ state: 'in', me: { member: { id: 'm-me' } } as unknown as Me });
    await keepForLater([{ id, formId: contact.id, title: '李二', values: filled, filled, files: [] }]);
    changeWaiting(id, { problem: '重复' });
    const page = draw(<Fill form={contact} record={undefined} preset={{}} waiting={waitingById(id)} />, {
      [`POST /forms/${contact.id}/records`]: () => ({ id, version: 1, label: '', values: {} }),
    });
    await page.until(() => expect(input(page, 0)?.value).toBe('李二'));
    await page.typeInto(input(page, 0), '李三');
    await page.tap('保存');
    const { body } = await page.until(() => {
      const found = page.asked.find((one) => one.path === `/forms/${contact.id}/records`);
      if (!found) throw new Error('not sent');
      return found;
    });
    expect(body).toEqual({ id, values: { name: '李三', city: '苏州' } });
    await page.until(() => expect(waiting()).toEqual([]));
  });
});
