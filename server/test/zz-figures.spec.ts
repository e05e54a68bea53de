import { afterAll, beforeAll, expect, it } from 'vitest';
import { DerivedBuildWorker } from '../src/engine/derived/build.worker.js';
import { RecomputeWorker } from '../src/engine/derived/recompute.worker.js';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { createTestEngine, type TestEngine, TestTenant } from './support/engine.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await createTestEngine();
});
afterAll(() => engine.close());

it('figures', { timeout: 900_000 }, async () => {
  const org = engine.get(OrgService);
  const { tenantId, adminRoleId } = await org.createTenant({ key: 'acme', name: 'acme' });
  const admin = await org.createMember({ tenantId }, { name: '王芳', roleIds: [adminRoleId] });
  const tenant = new TestTenant(engine, tenantId, admin);
  const appId = await tenant.app();
  const parents = await tenant.form({ appId, name: '客户', fields: [{ name: '名称', key: 'name', type: 'text' }] });
  const children = await tenant.form({
    appId,
    name: '合同',
    fields: [
      { name: '编号', key: 'no', type: 'text' },
      { name: '客户', key: 'customer', type: 'relation', config: { formId: parents.id } },
      { name: '金额', key: 'amount', type: 'money' },
      { name: '税率', key: 'rate', type: 'percent' },
    ],
  });
  let ctx = await tenant.ctx(admin);
  const writer = engine.get(RecordWriter);
  const made = await writer.write(ctx, { formId: parents.id, op: 'create', rows: [{ values: { name: '甲' } }] });
  const parent = String(made.results[0]?.id);
  let child = '';
  let t = performance.now();
  for (let at = 0; at < 100_000; at += 5000) {
    const { results } = await writer.write(ctx, {
      formId: children.id,
      op: 'create',
      rows: Array.from({ length: 5000 }, (_, i) => ({
        values: { no: `N${at + i}`, customer: parent, amount: '0.01', rate: '0.13' },
      })),
    });
    child = String(results[0]?.id);
  }
  console.log('load s', (performance.now() - t) / 1000);
  const view = await engine.get(FormsService).view(ctx, parents.id);
  const relation = children.fields.find((field) => field.key === 'customer');
  await engine.get(FormsService).update(ctx, parents.id, {
    fields: [
      ...view.fields.filter((field) => !field.system),
      {
        name: '合同额',
        key: 'total',
        type: 'rollup',
        rules: {},
        config: { formId: children.id, relation: String(relation?.id), fn: 'sum', field: 'amount' },
      },
    ] as never,
  });
  ctx = await tenant.ctx(admin);
  while (await engine.get(DerivedBuildWorker).work());
  while (await engine.get(RecomputeWorker).work());
  const total = async () => (await engine.get(RecordReader).get(ctx, parents.id, parent as never)).values.total;
  expect(await total()).toBe('1000');
  for (const amount of ['1.01', '2.01', '3.01']) {
    t = performance.now();
    await writer.write(ctx, { formId: children.id, op: 'update', rows: [{ id: child as never, values: { amount } }] });
    const wrote = performance.now() - t;
    while (await engine.get(RecomputeWorker).work());
    console.log('write ms', wrote, 'write to exact rollup ms', performance.now() - t, await total());
  }
  const contract = await engine.get(FormsService).view(ctx, children.id);
  t = performance.now();
  await engine.get(FormsService).update(ctx, children.id, {
    fields: [
      ...contract.fields.filter((field) => !field.system),
      { name: '税额', key: 'tax', type: 'formula', rules: {}, config: { expression: '{金额}*{税率}', decimals: 4 } },
    ] as never,
  });
  console.log('publish ms', performance.now() - t);
  ctx = await tenant.ctx(admin);
  const lists: number[] = [];
  let over = false;
  const building = (async () => {
    while (await engine.get(DerivedBuildWorker).work());
    over = true;
  })();
  while (!over) {
    const start = performance.now();
    await engine.get(RecordReader).query(ctx, children.id, { limit: 50, sort: [{ field: 'createdAt', dir: 'desc' }], total: true });
    lists.push(performance.now() - start);
  }
  await building;
  lists.sort((a, b) => a - b);
  console.log('build s', (performance.now() - t) / 1000, 'lists', lists.length, 'p50', lists[Math.floor(lists.length / 2)], 'p95', lists[Math.floor(lists.length * 0.95)], 'max', lists.at(-1));
});
