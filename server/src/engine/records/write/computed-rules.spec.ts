import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { FormsService } from '../../forms/forms.service.js';
import { RecordReader } from '../record-reader.js';
import { RecordWriter } from '../record-writer.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let customers: FormView;
let quotes: FormView;

const atLoss = { field: 'verdict', op: 'eq', value: '亏损' };
const quoteFields = () => [
  { key: 'name', name: '名称', type: 'text' as const },
  { key: 'price', name: '售价', type: 'number' as const },
  { key: 'cost', name: '成本', type: 'number' as const },
  { key: 'margin', name: '毛利', type: 'formula' as const, config: { expression: '{售价} - {成本}' } },
  { key: 'verdict', name: '结论', type: 'formula' as const, config: { expression: 'IF({毛利} >= 0, "正常", "亏损")' } },
  { key: 'why', name: '亏损原因', type: 'text' as const, rules: { visibleWhen: atLoss, requiredWhen: atLoss } },
  { key: 'customer', name: '客户', type: 'relation' as const, config: { formId: customers.id } },
  { key: 'grade', name: '客户等级', type: 'lookup' as const, config: { relation: 'customer', field: 'grade' } },
  {
    key: 'approval',
    name: '批文',
    type: 'text' as const,
    rules: { requiredWhen: { field: 'grade', op: 'eq', value: '重点' } },
  },
  {
    key: 'lines',
    name: '明细',
    type: 'subform' as const,
    config: {
      fields: [
        { key: 'amount', name: '金额', type: 'number', config: {}, rules: {} },
        { key: 'twice', name: '双倍', type: 'formula', config: { expression: '{金额} * 2' }, rules: {} },
        {
          key: 'note',
          name: '说明',
          type: 'text',
          config: {},
          rules: { requiredWhen: { field: 'twice', op: 'gte', value: 100 } },
        },
      ],
    },
  },
  { key: 'sum', name: '合计', type: 'formula' as const, config: { expression: 'SUM({明细.金额})' } },
];
const checks = [
  { must: { field: 'margin', op: 'gte', value: -100 }, message: '亏得太多', field: 'price' },
  {
    must: {
      or: [
        { field: 'sum', op: 'empty' },
        { field: 'sum', op: 'lte', value: 500 },
      ],
    },
    message: '明细太多',
  },
];

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('computed');
  appId = await tenant.app();
  customers = await tenant.form({
    appId,
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'grade', name: '等级', type: 'text' },
    ],
  });
  quotes = await tenant.form({
    appId,
    name: '报价',
    fields: quoteFields() as never,
    settings: { summaryFields: [], hiddenValues: 'clear', checks: checks as never },
  });
});
afterAll(() => engine.close());

async function write(op: 'create' | 'update', values: Record<string, Json>, id?: string) {
  const { results } = await engine.get(RecordWriter).write(await tenant.ctx(), {
    formId: quotes.id,
    op,
    rows: [{ values, ...(id ? { id: id as never } : {}) }],
  });
  const [result] = results;
  return {
    id: String(result?.id),
    codes: (result?.error?.fields ?? []).map((item) => `${item.field}: ${item.code}`).sort(),
  };
}
const read = async (id: string) =>
  (await engine.get(RecordReader).get(await tenant.ctx(), quotes.id, id as never)).values;

describe('rules on computed fields', () => {
  it('are published with the operators of what the formula gives, and refused with others', async () => {
    const margin = quotes.settings.checks?.[0]?.must as { field: string };
    expect(margin.field).toBe(quotes.fields.find((field) => field.key === 'margin')?.id);
    const broken = tenant.form({
      appId,
      name: '坏条件',
      fields: quoteFields() as never,
      settings: {
        summaryFields: [],
        checks: [{ must: { field: 'margin', op: 'contains', value: '1' }, message: '?' }],
      },
    });
    await expect(broken).rejects.toMatchObject({
      code: 'invalid_definition',
      params: { detail: '校验“?”：字段“毛利”的条件有误' },
    });
  });

  it('see what a new record is worth, not a blank', async () => {
    expect((await write('create', { name: '正常', price: 10, cost: 5 })).codes).toEqual([]);
    expect((await write('create', { name: '亏损', price: 5, cost: 10 })).codes).toEqual(['why: required']);
    expect((await write('create', { name: '大亏', price: 5, cost: 200, why: '抢单' })).codes).toEqual([
      'price: rule_failed',
    ]);
  });

  it('keep what was filled into a field that a formula shows, and empty it when it hides', async () => {
    const { id, codes } = await write('create', { name: '亏', price: 5, cost: 10, why: '抢单' });
    expect(codes).toEqual([]);
    expect((await read(id)).why).toBe('抢单');
    expect((await write('update', { price: 20 }, id)).codes).toEqual([]);
    expect(await read(id)).toMatchObject({ why: null, verdict: '正常' });
  });

  it('look at the new values of a change, not at those computed before it', async () => {
    const { id } = await write('create', { name: '好', price: 10, cost: 5 });
    expect((await write('update', { cost: 50 }, id)).codes).toEqual(['why: required']);
    expect((await write('update', { cost: 50, why: '促销' }, id)).codes).toEqual([]);
  });

  it('say nothing about what follows from a value that is faulty itself', async () => {
    expect((await write('create', { name: '坏', price: 'x', cost: 900 })).codes).toEqual(['price: bad_number']);
  });

  it('read rows of a subform and formulas over them', async () => {
    expect((await write('create', { name: '行', lines: [{ values: { amount: 60 } }] })).codes).toEqual([
      'lines[0].note: required',
    ]);
    expect((await write('create', { name: '行', lines: [{ values: { amount: 600, note: '多' } }] })).codes).toEqual([
      'lines: rule_failed',
    ]);
    const { id, codes } = await write('create', { name: '行', lines: [{ values: { amount: 40 } }] });
    expect(codes).toEqual([]);
    const [row] = (await read(id)).lines as { id: string }[];
    expect((await write('update', { lines: [{ id: row?.id ?? '', values: { amount: 50 } }] }, id)).codes).toEqual([
      'lines[0].note: required',
    ]);
  });

  it('look through a relation at what the record names, and never at one the writer may not see', async () => {
    const made = await engine.get(RecordWriter).write(await tenant.ctx(), {
      formId: customers.id,
      op: 'create',
      rows: [{ values: { name: '甲', grade: '重点' } }, { values: { name: '乙', grade: '一般' } }],
    });
    const [first, second] = made.results.map((result) => result.id as string);
    expect((await write('create', { name: '一', customer: first ?? '' })).codes).toEqual(['approval: required']);
    const { id, codes } = await write('create', { name: '二', customer: second ?? '' });
    expect(codes).toEqual([]);
    expect((await write('update', { customer: first ?? '' }, id)).codes).toEqual(['approval: required']);
    const seller = await tenant.memberWith('销售', {
      [quotes.id]: { actions: ['view', 'create'] },
      [customers.id]: { actions: ['view'], scope: 'own' },
    } as never);
    const { results } = await engine.get(RecordWriter).write(await tenant.ctx(seller), {
      formId: quotes.id,
      op: 'create',
      rows: [first, second].map((customer) => ({ values: { name: '偷看', customer: customer ?? '' } })),
    });
    for (const { error } of results)
      expect(error?.fields?.map((item) => `${item.field}: ${item.code}`)).toEqual(['customer: no_such_record']);
  });

  it('may not hide and empty fields by what only the server knows', async () => {
    const fields = quoteFields().map((field) =>
      field.key === 'approval'
        ? { ...field, rules: { visibleWhen: { field: 'grade', op: 'eq', value: '重点' } } }
        : field,
    );
    const settings = { summaryFields: [], hiddenValues: 'clear' as const };
    await expect(tenant.form({ appId, name: '会丢', fields: fields as never, settings })).rejects.toMatchObject({
      code: 'invalid_definition',
      params: { detail: expect.stringContaining('字段“批文”的显示条件用到“客户等级”') },
    });
    await tenant.form({ appId, name: '不丢', fields: fields as never, settings: { summaryFields: [] } });
  });

  it('keep a formula of another form from turning into what they cannot compare', async () => {
    const texts = [
      { key: 'number', name: '编号', type: 'number' as const },
      { key: 'code', name: '代号', type: 'formula' as const, config: { expression: '"K" & {编号}' } },
    ];
    const goods = await tenant.form({ appId, name: '货品', fields: texts });
    await tenant.form({
      appId,
      name: '出库',
      fields: [
        { key: 'goods', name: '货品', type: 'relation', config: { formId: goods.id } },
        { key: 'code', name: '货品代号', type: 'lookup', config: { relation: 'goods', field: 'code' } },
      ],
      settings: {
        summaryFields: [],
        checks: [{ must: { field: 'code', op: 'startsWith', value: 'K' }, message: '代号不对' }],
      },
    });
    const fields = goods.fields
      .filter((field) => !field.system)
      .map((field) => (field.key === 'code' ? { ...field, config: { expression: '{编号} * 2' } } : field));
    await expect(
      engine.get(FormsService).update(await tenant.ctx(), goods.id, { fields: fields as never }),
    ).rejects.toMatchObject({ code: 'in_use' });
  });
});
