import type { FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { FormsService } from '../forms/forms.service.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { DerivedBuildWorker } from './build.worker.js';
import { DerivedFields } from './derived-fields.js';
import { FormulaTrials } from './formula-trials.js';
import { RecomputeWorker } from './recompute.worker.js';

let engine: TestEngine;
let tenant: TestTenant;
let customers: FormView;
let orders: FormView;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('derived');
  const appId = await tenant.app();
  customers = await tenant.form({
    appId,
    key: 'customer',
    name: '客户',
    fields: [
      { key: 'name', name: '客户名称', type: 'text' },
      {
        key: 'grade',
        name: '等级',
        type: 'select',
        config: {
          options: [
            { id: 'a', label: 'A级' },
            { id: 'b', label: 'B级' },
          ],
        },
      },
      { key: 'secret', name: '底价', type: 'number' },
      { key: 'margin', name: '毛利', type: 'formula', config: { expression: '{底价} * 2' } },
      { key: 'open', name: '公开毛利', type: 'formula', config: { expression: '{底价} * 3', visible: true } },
    ],
  });
  orders = await tenant.form({
    appId,
    key: 'order',
    name: '订单',
    fields: [
      { key: 'title', name: '标题', type: 'text' },
      { key: 'price', name: '单价', type: 'number', config: { decimals: 4 } },
      { key: 'quantity', name: '数量', type: 'number' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
      { key: 'total', name: '合计', type: 'formula', config: { expression: '=单价×数量', decimals: 2 } },
      {
        key: 'big',
        name: '大单',
        type: 'formula',
        config: { expression: 'IF({合计} >= 1000, "大", "小") & {客户.等级}' },
      },
      { key: 'level', name: '客户等级', type: 'lookup', config: { relation: 'customer', field: 'grade' } },
      {
        key: 'late',
        name: '逾期天数',
        type: 'formula',
        config: { expression: 'DAYS(TODAY(), {创建时间})', decimals: 0 },
      },
    ],
  });
  customers = await change(customers, [
    {
      key: 'sum',
      name: '订单总额',
      type: 'rollup',
      config: { formId: orders.id, relation: 'customer', fn: 'sum', field: 'total' },
    },
    {
      key: 'large',
      name: '大单数',
      type: 'rollup',
      config: { formId: orders.id, relation: '客户', fn: 'count', filter: { field: 'total', op: 'gte', value: 1000 } },
    },
    {
      key: 'titles',
      name: '订单标题',
      type: 'formula',
      config: { expression: 'JOIN({订单.标题}, "/") & COUNT({订单})' },
    },
    {
      key: 'score',
      name: '评分',
      type: 'formula',
      config: { expression: 'IF({订单总额} > 1000, 1, 0) + {大单数}', decimals: 0 },
    },
  ]);
  await work();
}, 120_000);

afterAll(() => engine.close());

const writer = () => engine.get(RecordWriter);
const reader = () => engine.get(RecordReader);

/** The form with further fields. */
async function change(form: FormView, more: object[]): Promise<FormView> {
  const own = form.fields.filter((field) => !field.system).map(({ writable: _, ...field }) => field);
  return engine.get(FormsService).update(await tenant.ctx(), form.id, {
    fields: [...own, ...more.map((field) => ({ rules: {}, ...field }))] as never,
  });
}

async function create(form: FormView, values: Record<string, unknown>): Promise<RecordId> {
  return (
    await writer().writeOne(await tenant.ctx(), { formId: form.id, op: 'create', row: { values: values as never } })
  ).id;
}

async function edit(form: FormView, id: RecordId, values: Record<string, unknown>): Promise<void> {
  await writer().writeOne(await tenant.ctx(), { formId: form.id, op: 'update', row: { id, values: values as never } });
}

const get = async (form: FormView, id: RecordId) => reader().get(await tenant.ctx(), form.id, id);

/** Everything that follows from what was written. */
async function work(): Promise<void> {
  while ((await engine.get(RecomputeWorker).work()) || (await engine.get(DerivedBuildWorker).work()));
}

const refusal = async (doing: Promise<unknown>) => {
  const error = await doing.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof AppError ? `${error.code}: ${JSON.stringify(error.params)}` : String(error);
};

describe('formulas over the row', () => {
  it('are stored with ids, whatever they were written with, and computed in the write', async () => {
    const price = orders.fields.find((field) => field.key === 'price')?.id;
    const quantity = orders.fields.find((field) => field.key === 'quantity')?.id;
    const total = orders.fields.find((field) => field.key === 'total');
    expect(total?.config).toMatchObject({ expression: `{${price}} * {${quantity}}`, result: { type: 'number' } });
    expect(total?.writable).toBe(false);
    const id = await create(orders, { title: '一', price: '0.105', quantity: 3 });
    expect((await get(orders, id)).values).toMatchObject({ total: '0.32', big: '小', level: null, late: '0' });
    await edit(orders, id, { quantity: 10000 });
    expect((await get(orders, id)).values).toMatchObject({ total: '1050', big: '大' });
  });

  it('refuse to be written', async () => {
    const answer = await refusal(create(orders, { total: 5 }));
    expect(answer).toContain('validation_failed');
  });

  it('can be filtered, sorted and added up as numbers', async () => {
    const ctx = await tenant.ctx();
    const page = await reader().query(ctx, orders.id, {
      filter: { field: 'total', op: 'gte', value: 1000 },
      sort: [{ field: 'total', dir: 'desc' }],
      limit: 10,
      total: true,
    } as never);
    expect(page.items.length).toBeGreaterThan(0);
    for (const item of page.items) expect(Number(item.values.total)).toBeGreaterThanOrEqual(1000);
    const [sum] = await reader().aggregate(ctx, orders.id, {
      groupBy: [],
      metrics: [{ fn: 'sum', field: 'total', as: 's' }],
      sort: [],
      limit: 1,
    } as never);
    expect(Number(sum?.metrics.s)).toBeGreaterThan(1000);
  });

  it('leave history alone', async () => {
    const id = await create(orders, { title: '二', price: 1, quantity: 1 });
    await edit(orders, id, { price: 2 });
    const { items } = await reader().history(await tenant.ctx(), orders.id, id);
    expect(items.flatMap((item) => item.changes.map((entry) => entry.name))).toEqual(['单价']);
  });
});

describe('values of other records', () => {
  it('a lookup and a path follow the record they name, in the write and after its change', async () => {
    const customer = await create(customers, { name: '甲', grade: 'a' });
    const order = await create(orders, { title: '三', price: 1, quantity: 1, customer });
    expect((await get(orders, order)).values).toMatchObject({ level: 'a', big: '小A级' });
    await edit(customers, customer, { grade: 'b' });
    const before = await get(orders, order);
    await work();
    const after = await get(orders, order);
    expect(after.values).toMatchObject({ level: 'b', big: '小B级' });
    expect(after.version).toBe(before.version);
  });

  it('rollups are exact after children were created, changed, moved, deleted and brought back', async () => {
    const [one, two] = [await create(customers, { name: '乙' }), await create(customers, { name: '丙' })];
    const values = async (id: RecordId) => {
      await work();
      const { sum, large, titles, score } = (await get(customers, id)).values;
      return [Number(sum), Number(large), titles, Number(score)];
    };
    expect(await values(one)).toEqual([0, 0, '0', 0]);
    const first = await create(orders, { title: 'x', price: 1000, quantity: 2, customer: one });
    const second = await create(orders, { title: 'y', price: 10, quantity: 1, customer: one });
    expect(await values(one)).toEqual([2010, 1, 'x/y2', 2]);
    await edit(orders, second, { customer: two });
    expect(await values(one)).toEqual([2000, 1, 'x1', 2]);
    expect(await values(two)).toEqual([10, 0, 'y1', 0]);
    await writer().writeOne(await tenant.ctx(), { formId: orders.id, op: 'delete', row: { id: first } });
    expect(await values(one)).toEqual([0, 0, '0', 0]);
    await writer().writeOne(await tenant.ctx(), { formId: orders.id, op: 'restore', row: { id: first } });
    expect(await values(one)).toEqual([2000, 1, 'x1', 2]);
  });

  it('a rollup is exact when many write its children at the same time', async () => {
    const customer = await create(customers, { name: '丁' });
    const writers = Array.from({ length: 20 }, (_, index) =>
      create(orders, { title: `c${index}`, price: index, quantity: 1, customer }),
    );
    const working = Promise.all([engine.get(RecomputeWorker).work(), engine.get(RecomputeWorker).work()]);
    await Promise.all(writers);
    await working;
    await work();
    expect(Number((await get(customers, customer)).values.sum)).toBe(190);
  });
});

describe('publishing', () => {
  it('a cycle is refused with its path', async () => {
    const answer = await refusal(
      change(orders, [{ key: 'loop', name: '循环', type: 'formula', config: { expression: '{客户.评分} + 1' } }]).then(
        (form) =>
          change(customers, [
            {
              key: 'again',
              name: '再来',
              type: 'rollup',
              config: { formId: form.id, relation: 'customer', fn: 'sum', field: 'loop' },
            },
          ]).then((next) => {
            customers = next;
            const own = next.fields
              .filter((field) => !field.system)
              .map(({ writable: _, ...field }) =>
                field.key === 'score' ? { ...field, config: { ...field.config, expression: '{再来}' } } : field,
              );
            return tenant.ctx().then((ctx) => engine.get(FormsService).update(ctx, next.id, { fields: own as never }));
          }),
      ),
    );
    expect(answer).toContain('invalid_definition');
    expect(answer).toMatch(/循环引用：.*客户\.评分 → .*订单\.循环.*客户\.评分|订单\.循环 → 客户\.评分/);
  });

  it('a formula that is wrong names the field, the reason and the place', async () => {
    const answer = await refusal(
      change(customers, [{ key: 'bad', name: '坏的', type: 'formula', config: { expression: '{底价} + {客户名称}' } }]),
    );
    expect(answer).toContain('字段“坏的”：这里需要数字，现在是文本，可以用 VALUE() 转成数字（第 8 个字符）');
  });

  it('a field that a formula elsewhere reads cannot be taken away', async () => {
    const own = customers.fields
      .filter((field) => !field.system && field.key !== 'grade')
      .map(({ writable: _, ...field }) => field);
    const answer = await refusal(
      engine.get(FormsService).update(await tenant.ctx(), customers.id, { fields: own as never }),
    );
    expect(answer).toMatch(/in_use.*订单\./);
  });

  it('a formula added to a form with rows is computed in the background, with its progress', async () => {
    customers = await change(customers, [
      { key: 'letters', name: '字数', type: 'formula', config: { expression: 'LEN({客户名称})', decimals: 0 } },
    ]);
    const ctx = await tenant.ctx();
    const waiting = await engine.get(DerivedFields).builds(ctx, customers.id);
    expect(waiting.map((build) => build.name)).toContain('字数');
    await work();
    expect(await engine.get(DerivedFields).builds(ctx, customers.id)).toEqual([]);
    const page = await reader().query(ctx, customers.id, { limit: 50, total: false } as never);
    for (const item of page.items) expect(Number(item.values.letters)).toBe(String(item.values.name).length);
  });

  it('a formula of another kind gets values of that kind', async () => {
    const own = customers.fields
      .filter((field) => !field.system)
      .map(({ writable: _, ...field }) =>
        field.key === 'letters' ? { ...field, config: { ...field.config, expression: '{客户名称} & "!"' } } : field,
      );
    customers = await engine.get(FormsService).update(await tenant.ctx(), customers.id, { fields: own as never });
    await work();
    const page = await reader().query(await tenant.ctx(), customers.id, {
      filter: { field: 'letters', op: 'contains', value: '!' },
      limit: 50,
      total: false,
    } as never);
    expect(page.items.length).toBeGreaterThan(0);
  });

  it('is tried on a record while it is written', async () => {
    const ctx = await tenant.ctx();
    const customer = await create(customers, { name: '试算', secret: 4 });
    const trial = await engine
      .get(FormulaTrials)
      .run(ctx, customers.id, { expression: '{底价} / 3', recordId: customer, decimals: 2 });
    expect(trial).toMatchObject({ result: '1.33', record: { id: customer }, faults: [] });
    const faulty = await engine
      .get(FormulaTrials)
      .run(ctx, customers.id, { expression: '1 / {订单总额}', recordId: customer, decimals: 2 });
    expect(faulty.faults).toEqual([{ at: { start: 4, end: 10 }, message: '除数是 0' }]);
    const english = await engine
      .get(FormulaTrials)
      .run({ ...ctx, language: 'en' }, customers.id, { expression: '1 / {订单总额}', recordId: customer, decimals: 2 });
    expect(english.faults[0]?.message).not.toMatch(/\p{Script=Han}/u);
  });
});

describe('who may see what', () => {
  it('a derived field is hidden from whoever may not see an input, unless its result is made visible', async () => {
    const id = await create(customers, { name: '戊', secret: 7 });
    const rep = await tenant.memberWith('小张', {
      [customers.id]: { actions: ['view'], scope: 'all', fields: { secret: 'hidden' } },
    });
    const ctx = await tenant.ctx(rep);
    const record = await reader().get(ctx, customers.id, id);
    expect(record.values).not.toHaveProperty('margin');
    // What counts orders is hidden from whoever may not see orders.
    expect(record.values).not.toHaveProperty('sum');
    expect(record.values).not.toHaveProperty('score');
    expect(Number(record.values.open)).toBe(21);
    const filtered = reader().query(ctx, customers.id, {
      filter: { field: 'margin', op: 'gt', value: 1 },
      limit: 5,
      total: false,
    } as never);
    expect(await refusal(filtered)).toContain('unknown_field');
    const view = await engine.get(FormsService).view(ctx, customers.id);
    expect(JSON.stringify(view)).not.toContain('margin');
    expect(view.fields.find((field) => field.key === 'open')?.config).not.toHaveProperty('expression');
  });
});

describe('formulas that follow the date', () => {
  it('are computed anew at the tenant’s midnight', async () => {
    const id = await create(orders, { title: '旧', price: 1, quantity: 1 });
    await work();
    engine.kernel.clock.advance(24 * 3_600_000);
    await work();
    expect(Number((await get(orders, id)).values.late)).toBe(1);
  });
});
