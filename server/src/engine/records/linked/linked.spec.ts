import { type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import type { TenantContext } from '../../context.js';
import { FormsService } from '../../forms/forms.service.js';
import { RecordReader } from '../record-reader.js';
import { RecordWriter } from '../record-writer.js';
import { LinkedService } from './linked.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: Awaited<ReturnType<TestTenant['app']>>;
let customers: FormView;
let contacts: FormView;
let visits: FormView;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  appId = await tenant.app();
  customers = await tenant.form({
    appId,
    key: 'customer',
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'city', name: '城市', type: 'text' },
    ],
  });
  contacts = await tenant.form({
    appId,
    key: 'contact',
    name: '联系人',
    fields: [
      { key: 'name', name: '姓名', type: 'text' },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
    ],
  });
  visits = await tenant.form({
    appId,
    key: 'visit',
    name: '拜访',
    fields: [
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
      {
        key: 'contact',
        name: '联系人',
        type: 'relation',
        config: { formId: contacts.id },
        rules: { pickBy: [{ field: 'customer', by: 'customer' }] },
      },
      {
        key: 'city',
        name: '城市',
        type: 'text',
        default: { kind: 'linked', formId: customers.id, match: [{ field: 'id', own: 'customer' }], take: 'city' },
      },
      {
        key: 'phone',
        name: '电话',
        type: 'phone',
        default: {
          kind: 'linked',
          formId: contacts.id,
          match: [{ field: 'customer', own: 'customer' }],
          take: 'phone',
        },
      },
    ] as never,
  });
});
afterAll(() => engine.close());

const write = async (form: FormView, op: 'create' | 'update', row: object, ctx?: TenantContext) =>
  engine.get(RecordWriter).writeOne(ctx ?? (await tenant.ctx()), { formId: form.id, op, row: row as never });
const make = async (form: FormView, values: object) => (await write(form, 'create', { values })).id;
const read = async (form: FormView, id: string) =>
  (await engine.get(RecordReader).get(await tenant.ctx(), form.id, id as RecordId)).values;

describe('data linkage', () => {
  it('fills what was left out, at save and while one types, alike', async () => {
    const hz = await make(customers, { name: '杭州甲', city: '杭州' });
    await make(contacts, { name: '老人', phone: ['13800000001'], customer: hz });
    await make(contacts, { name: '新人', phone: ['13800000002'], customer: hz });
    const visit = await read(visits, await make(visits, { customer: hz }));
    expect([visit.city, visit.phone]).toEqual(['杭州', ['13800000002']]);
    const typed = await engine.get(LinkedService).take(await tenant.ctx(), visits.id, { customer: hz }, ['customer']);
    expect(typed).toEqual({ city: '杭州', phone: ['13800000002'] });
  });

  it('a value somebody typed stands; another customer brings its own, none empties', async () => {
    const [a, b] = [await make(customers, { name: '甲', city: '宁波' }), await make(customers, { name: '乙' })];
    const id = await make(visits, { customer: a, city: '手填' });
    expect((await read(visits, id)).city).toBe('手填');
    await write(visits, 'update', { id, values: { customer: b } });
    expect((await read(visits, id)).city).toBeNull();
    await write(visits, 'update', { id, values: { customer: a } });
    expect((await read(visits, id)).city).toBe('宁波');
    await write(visits, 'update', { id, values: { phone: ['13900000000'] } });
    expect((await read(visits, id)).city).toBe('宁波');
  });

  it('tells nobody what he may not read', async () => {
    const secret = await make(customers, { name: '密', city: '秘密' });
    const clerk = await tenant.memberWith('小吴', {
      [visits.id]: { actions: ['view', 'create', 'edit'], scope: 'all' },
      [customers.id]: { actions: ['view'], scope: 'all', fields: { city: 'hidden' } },
    });
    const typed = await engine
      .get(LinkedService)
      .take(await tenant.ctx(clerk), visits.id, { customer: secret }, ['customer']);
    expect(typed.city).toBeNull();
    const { id } = await write(visits, 'create', { values: { customer: secret } }, await tenant.ctx(clerk));
    expect((await read(visits, id)).city).toBeNull();
  });

  it.each<[string, object, string]>([
    ['another type', { match: [{ field: 'id', own: 'customer' }], take: 'name', key: 'phone' }, '类型不同'],
    ['an unknown field', { match: [{ field: 'nobody', own: 'customer' }], take: 'city' }, '不存在'],
    ['what cannot be compared', { match: [{ field: 'city', own: 'customer' }], take: 'city' }, '不能比较'],
    ['itself', { match: [{ field: 'city', own: 'city' }], take: 'city' }, '自己决定'],
  ])('%s is refused when published', async (_, link, detail) => {
    const { key = 'city', ...rest } = link as { key?: string };
    const fields = visits.fields
      .filter((field) => !field.system)
      .map((field) =>
        field.key === key ? { ...field, default: { kind: 'linked', formId: customers.id, ...rest } } : field,
      );
    const publish = engine.get(FormsService).update(await tenant.ctx(), visits.id, updateFormBody.parse({ fields }));
    await expect(publish).rejects.toMatchObject({
      code: 'invalid_definition',
      params: { detail: expect.stringContaining(detail) },
    });
  });
});

describe('data linkage in the rows of a subform', () => {
  let orders: FormView;
  let [tea, cup] = ['', ''];
  beforeAll(async () => {
    const appId = await tenant.app('订单');
    const products = await tenant.form({
      appId,
      name: '产品',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'price', name: '单价', type: 'money' },
      ] as never,
    });
    [tea, cup] = [
      await make(products, { name: '茶', price: '10' }),
      await make(products, { name: '杯', price: '20.5' }),
    ];
    orders = await tenant.form({
      appId,
      name: '订单',
      fields: [
        {
          key: 'items',
          name: '明细',
          type: 'subform',
          config: {
            fields: [
              { key: 'product', name: '产品', type: 'relation', config: { formId: products.id } },
              {
                key: 'price',
                name: '单价',
                type: 'money',
                default: {
                  kind: 'linked',
                  formId: products.id,
                  match: [{ field: 'id', own: 'product' }],
                  take: 'price',
                },
              },
              { key: 'count', name: '数量', type: 'number' },
              { key: 'asked', name: '报价', type: 'money', default: { kind: 'formula', expression: '={单价}*{数量}' } },
            ],
          },
        },
      ] as never,
    });
  });
  const rowsOf = async (id: string) =>
    (await read(orders, id)).items as { id: string; values: Record<string, unknown> }[];

  it('is computed at save, row by row; a typed value stands, another product brings its own', async () => {
    const id = await make(orders, {
      items: [
        { values: { product: tea, count: '3' } },
        { values: { product: cup, count: '2', price: '1' } },
        { values: { count: '2' } },
      ],
    });
    const rows = await rowsOf(id);
    expect(rows.map(({ values }) => [values.price, values.asked])).toEqual([
      ['10', '30'],
      ['1', '2'],
      [null, '0'],
    ]);
    const [first, second] = rows;
    await write(orders, 'update', {
      id,
      values: {
        items: [
          { id: first?.id, values: { product: cup } },
          { id: second?.id, values: { count: '4' } },
        ],
      },
    });
    expect((await rowsOf(id)).map(({ values }) => [values.price, values.asked])).toEqual([
      ['20.5', '61.5'],
      ['1', '4'],
    ]);
  });

  it('is answered for all rows of a burst in one request, by the same rights', async () => {
    const part = orders.fields.find((field) => field.key === 'items')?.config.formId as FormId;
    const asked = [tea, cup].map((product) => ({ values: { product, count: '2' }, changed: ['product'] }));
    expect(await engine.get(LinkedService).takeAll(await tenant.ctx(), part, asked)).toEqual([
      { price: '10', asked: '20' },
      { price: '20.5', asked: '41' },
    ]);
    const stranger = await tenant.memberWith('外人', {});
    await expect(engine.get(LinkedService).takeAll(await tenant.ctx(stranger), part, asked)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a picker narrowed by another field', () => {
  it('refuses a record that does not fit, whichever of the two changes', async () => {
    const [a, b] = [await make(customers, { name: '甲一' }), await make(customers, { name: '乙一' })];
    const ofA = await make(contacts, { name: '甲的人', customer: a });
    const unfit = { more: { fields: [{ field: 'contact', code: 'record_does_not_fit' }] } };
    await expect(make(visits, { customer: b, contact: ofA })).rejects.toMatchObject(unfit);
    const id = await make(visits, { customer: a, contact: ofA });
    await expect(write(visits, 'update', { id, values: { customer: b } })).rejects.toMatchObject(unfit);
    await write(visits, 'update', { id, values: { customer: b, contact: null } });
    await make(visits, { contact: ofA });
  });
});

describe('rows of a subform', () => {
  it('take what follows from the record around them, while one types and at every door', async () => {
    const prices = await tenant.form({
      appId,
      name: '价格',
      fields: [
        { key: 'grade', name: '等级', type: 'text' },
        { key: 'item', name: '品名', type: 'text' },
        { key: 'price', name: '单价', type: 'number' },
      ],
    });
    const ctx = await tenant.ctx();
    await engine.get(RecordWriter).write(ctx, {
      formId: prices.id,
      op: 'create',
      rows: [{ values: { grade: 'A', item: '键盘', price: 80 } }, { values: { grade: 'B', item: '键盘', price: 99 } }],
    });
    const own = (grade: string) => ({
      kind: 'linked',
      formId: prices.id,
      match: [
        { field: 'item', own: 'item' },
        { field: 'grade', own: grade },
      ],
      take: 'price',
    });
    const body = (grade: string) => ({
      appId,
      name: `报价 ${grade}`,
      fields: [
        { key: 'grade', name: '客户等级', type: 'text' as const },
        {
          key: 'lines',
          name: '明细',
          type: 'subform' as const,
          config: {
            fields: [
              { key: 'item', name: '品名', type: 'text' },
              { key: 'price', name: '单价', type: 'number', default: own(grade) },
            ],
          },
        },
      ],
    });
    await expect(tenant.form(body('parent.nothing') as never)).rejects.toMatchObject({ code: 'invalid_definition' });
    const quotes = await tenant.form(body('parent.客户等级') as never);
    const again = await tenant.ctx();
    const config = quotes.fields[1]?.config as { formId: FormId; fields: { id: string; default: object }[] };
    expect(config.fields[1]?.default).toMatchObject({ match: [{}, { own: `parent.${quotes.fields[0]?.id}` }] });
    const taken = await engine
      .get(LinkedService)
      .takeAll(again, config.formId, [{ values: { item: '键盘' }, changed: ['parent.grade'] }], { grade: 'B' });
    expect(taken).toEqual([{ price: '99' }]);
    const write = async (op: 'create' | 'update', row: object) =>
      engine.get(RecordWriter).writeOne(await tenant.ctx(), { formId: quotes.id, op, row: row as never });
    const lines = async (id: RecordId) =>
      (await engine.get(RecordReader).get(await tenant.ctx(), quotes.id, id)).values.lines as {
        id: string;
        values: { price: string };
      }[];
    const { id } = await write('create', { values: { grade: 'A', lines: [{ values: { item: '键盘' } }] } });
    const [first] = await lines(id);
    expect(first?.values.price).toBe('80');
    await write('update', { id, values: { grade: 'B', lines: [{ id: first?.id, values: { item: '键盘' } }] } });
    expect((await lines(id))[0]?.values.price).toBe('99');
    // What a person puts there stands, and rows that are not sent stay as they are.
    await write('update', { id, values: { grade: 'A', lines: [{ id: first?.id, values: { price: 70 } }] } });
    await write('update', { id, values: { grade: 'B' } });
    expect((await lines(id))[0]?.values.price).toBe('70');
  });
});
