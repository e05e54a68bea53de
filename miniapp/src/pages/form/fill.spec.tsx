// @vitest-environment jsdom
import { afterEach, describe, expect, test, vi } from 'vitest';
import { draw } from '../../../test/draw.js';
import { stored, taro } from '../../../test/fake-taro.js';
import { field, form } from '../../../test/forms.js';
import type { Draft } from '../../data/form-draft.js';
import { releaseLocalFiles } from '../../data/local-files.js';
import { localIds } from '../../data/local-values.js';
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

  describe('files that are on their way', () => {
    const cost = { ...inner('cost', '费用', 'text'), rules: { required: true } };
    const bill = { ...inner('bill', '发票', 'attachment', { accept: 'image', max: 3 }), rules: { required: true } };
    const costs = field('subform', 'costs', '报销明细', {
      config: {
        formId: '00000000-0000-7000-8000-0000000000f2',
        parentField: 'f_up',
        fields: [cost, bill],
      } as never,
    });
    const claim = form('claim', '报销单', [field('text', 'name', '事由'), costs]);
    const arrived = (id: string) => ({
      statusCode: 201,
      data: JSON.stringify({ id, name: '1.jpg', size: 9, mime: 'image/jpeg' }),
    });
    const drafts = () => [...stored].filter(([key]) => key.startsWith('lianke.draft.'));
    const local = () => [...stored.keys()].filter((key) => key.startsWith('lianke.localFile.'));
    const page = (answers: Parameters<typeof draw>[1] = {}) =>
      draw(<Fill form={claim} record={undefined} preset={{}} />, answers);
    const bodyOf = (one: ReturnType<typeof draw>) =>
      one.until(() => {
        const found = one.asked.find(({ path }) => path === `/forms/${claim.id}/records`);
        if (!found) throw new Error(`not sent; there is: ${one.text()}`);
        return found.body;
      });
    /** Another run of the program knows what was written down and nothing else. */
    function killed() {
      const written = new Map(stored);
      for (const [, draft] of drafts()) releaseLocalFiles(localIds((draft as Draft).values));
      for (const [key, value] of written) stored.set(key, value);
    }
    /** A claim with one row whose bill was photographed. */
    async function rowWithBill(one: ReturnType<typeof draw>) {
      await one.shows('事由');
      await one.typeInto(input(one, 0), '出差');
      await one.tap(' 添加一行');
      await one.shows('发票');
      await one.typeInto(input(one, 1), '打车');
      await one.tap('拍照');
    }

    afterEach(() => vi.useRealTimers());

    test('of a row are there after the app was killed, are sent on and stand once in their row', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      taro.chooseImage.mockResolvedValue({ tempFilePaths: ['wx://tmp/1.jpg'], tempFiles: [{ size: 9 }] });
      taro.uploadFile.mockImplementation(() => new Promise(() => undefined));
      const before = page();
      await rowWithBill(before);
      await before.shows('0%');
      await before.tap('确定');
      await before.shows('打车');
      vi.advanceTimersByTime(1000);
      await before.until(() => expect(JSON.stringify(drafts())).toContain('local:'));
      expect(JSON.stringify([...stored])).toContain('wx://usr/1.jpg');
      killed();

      taro.uploadFile.mockReset();
      taro.uploadFile.mockResolvedValue(arrived('f1'));
      const after = page({
        [`POST /forms/${claim.id}/records`]: () => ({ id: 'x', version: 1, label: '', values: {} }),
      });
      await after.shows('的草稿？');
      await after.tap('恢复');
      await after.shows('打车');
      await after.until(() => expect(taro.uploadFile).toHaveBeenCalledTimes(1));
      expect(taro.uploadFile).toHaveBeenCalledWith(expect.objectContaining({ filePath: 'wx://usr/1.jpg' }));
      await after.tap('保存');
      expect(await bodyOf(after)).toMatchObject({
        values: { name: '出差', costs: [{ values: { cost: '打车', bill: ['f1'] } }] },
      });
      await after.until(() => expect([drafts(), local()]).toEqual([[], []]));
      expect(taro.uploadFile).toHaveBeenCalledTimes(1);
    });

    test('of a row wait with the record without a network, and arrive in their row once', async () => {
      taro.chooseImage.mockResolvedValue({ tempFilePaths: ['wx://tmp/1.jpg'], tempFiles: [{ size: 9 }] });
      taro.uploadFile.mockImplementation(() => Promise.reject({ errMsg: 'uploadFile:fail' }));
      const one = page();
      await rowWithBill(one);
      await one.shows('点此重传');
      await one.tap('确定');
      await one.tap('保存');
      const item = await kept(one);
      const [row] = item.values.costs as unknown as { id: string }[];
      expect(item.files).toMatchObject([
        { field: 'costs', row: { id: row?.id, field: 'bill' }, file: { path: 'wx://usr/1.jpg' } },
      ]);
      expect(JSON.stringify([item.values, item.filled])).not.toContain('local:');
      expect(local()).toEqual([]);
      taro.request.mockReset();
      taro.request.mockResolvedValue({ statusCode: 201, data: { id: item.id, version: 1, label: '', values: {} } });
      taro.uploadFile.mockReset();
      taro.uploadFile.mockResolvedValue(arrived('f2'));
      await flushOutbox();
      expect(JSON.parse(taro.request.mock.calls[0]?.[0].data)).toMatchObject({
        ...{ id: item.id },
        values: { costs: [{ id: row?.id, values: { cost: '打车', bill: ['f2'] } }] },
      });
      expect(taro.uploadFile).toHaveBeenCalledTimes(1);
      expect(waiting()).toEqual([]);
    });

    test('taken out of a row that is then closed unchanged are still there, and a copied row does not share them', async () => {
      taro.chooseImage.mockResolvedValue({ tempFilePaths: ['wx://tmp/1.jpg'], tempFiles: [{ size: 9 }] });
      taro.uploadFile.mockImplementation(() => Promise.reject({ errMsg: 'uploadFile:fail' }));
      const one = page();
      await rowWithBill(one);
      await one.shows('点此重传');
      await one.tap('确定');
      await one.tap('打车');
      const drop = () =>
        one.root.querySelector('.files__drop')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      drop();
      await one.gone('点此重传');
      one.root.querySelector('.sheet__close')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      await one.tap('打车');
      await one.shows('点此重传');
      await one.tap('复制');
      await one.gone('点此重传');
      await one.shows('打车');
    });

    test('are shown when the record that waits is opened, and saved again they are not doubled', async () => {
      const id = '00000000-0000-7000-8000-0000000000b2';
      const row = { id: 'l1', values: { cost: '打车', bill: [] } };
      const filled = { name: '出差', costs: [row] } as never;
      const file = { path: 'wx://usr/9.jpg', name: '9.jpg', size: 9, image: true, kept: true };
      session.set({ state: 'in', me: { member: { id: 'm-me' } } as unknown as Me });
      const files = [{ field: 'costs', row: { id: 'l1', field: 'bill' }, file }];
      await keepForLater([{ id, formId: claim.id, title: '出差', values: filled, filled, files }]);
      changeWaiting(id, { problem: '重复' });
      taro.uploadFile.mockResolvedValue(arrived('f3'));
      const one = draw(<Fill form={claim} record={undefined} preset={{}} waiting={waitingById(id)} />, {
        [`POST /forms/${claim.id}/records`]: () => ({ id, version: 1, label: '', values: {} }),
      });
      await one.shows('打车');
      await one.until(() => expect(taro.uploadFile).toHaveBeenCalledTimes(1));
      await one.tap('保存');
      expect(await bodyOf(one)).toMatchObject({ id, values: { costs: [{ values: { bill: ['f3'] } }] } });
      await one.until(() => expect(waiting()).toEqual([]));
      expect(taro.uploadFile).toHaveBeenCalledTimes(1);
    });
  });
});
