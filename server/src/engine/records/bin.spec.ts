import type { FormView } from '@lianke/shared/forms/definition';
import type { BatchId, MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import type { TenantContext } from '../context.js';
import { BinService } from './bin.service.js';
import { BulkLog } from './bulk/bulk-log.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { UndoService } from './undo.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let customers: FormView;
let contacts: FormView;
let clerk: MemberId;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('bin');
  const appId = await tenant.app();
  customers = await tenant.form({
    appId,
    key: 'customer',
    name: '客户',
    fields: [{ key: 'name', name: '名称', type: 'text' }],
  });
  contacts = await tenant.form({
    appId,
    key: 'contact',
    name: '联系人',
    fields: [
      { key: 'name', name: '姓名', type: 'text' },
      {
        key: 'customer',
        name: '客户',
        type: 'relation',
        config: { formId: customers.id, onDelete: 'cascade' },
      },
    ],
  });
  clerk = await tenant.memberWith('小吴', {
    [customers.id]: { actions: ['view', 'create', 'edit', 'delete'], scope: 'own' },
  });
});
afterAll(() => engine.close());

const bin = () => engine.get(BinService);
const make = async (form: FormView, values: Record<string, unknown>, ctx?: TenantContext) =>
  (
    await engine.get(RecordWriter).writeOne(ctx ?? (await tenant.ctx()), {
      formId: form.id,
      op: 'create',
      row: { values: values as never },
    })
  ).id;
const remove = async (form: FormView, ids: RecordId[], ctx?: TenantContext) =>
  engine
    .get(RecordWriter)
    .write(ctx ?? (await tenant.ctx()), { formId: form.id, op: 'delete', rows: ids.map((id) => ({ id })) });
const deleted = async (form: FormView) =>
  (
    await engine.get(RecordReader).query(await tenant.ctx(), form.id, {
      deleted: true,
      sort: [{ field: 'updatedAt', dir: 'desc' }],
      limit: 50,
      total: true,
    })
  ).items;

describe('the recycle bin', () => {
  it('lists the last deleted first, with who deleted it and when', async () => {
    const first = await make(customers, { name: '先删的' });
    const second = await make(customers, { name: '后删的' });
    await remove(customers, [first]);
    engine.kernel.clock.advance(60_000);
    await remove(customers, [second]);
    const items = await deleted(customers);
    expect(items.map((item) => item.label)).toEqual(['后删的', '先删的']);
    expect(items[0]?.values.updatedBy).toMatchObject({ label: '管理员' });
    expect(items[0]?.deletedAt).toBe('2026-03-04T02:01:00.000Z');
  });

  it('brings back what had been deleted along, and only that', async () => {
    const customer = await make(customers, { name: '华兴' });
    const earlier = await make(contacts, { name: '早先删的', customer });
    const along = await make(contacts, { name: '一起删的', customer });
    await remove(contacts, [earlier]);
    await remove(customers, [customer]);
    const result = await bin().restore(await tenant.ctx(), customers.id, [customer]);
    expect(result.results).toMatchObject([{ status: 'restored', id: customer }]);
    expect(result.along).toEqual([{ formId: contacts.id, formName: '联系人', count: 1 }]);
    const back = await engine.get(RecordReader).get(await tenant.ctx(), contacts.id, along);
    expect(back.values.customer).toMatchObject({ id: customer, label: '华兴' });
    expect((await deleted(contacts)).map((item) => item.label)).toContain('早先删的');
  });

  it('brings records back as a bulk action that is listed and can be taken back', async () => {
    const id = await make(customers, { name: '恢复了又后悔' });
    await remove(customers, [id]);
    const { batchId } = await bin().restore(await tenant.ctx(), customers.id, [id]);
    const [entry] = await engine.get(BulkLog).list(await tenant.ctx(), customers.id);
    expect(entry).toMatchObject({ batchId, action: 'restore', done: 1, failed: 0, mayUndo: true });
    expect(await engine.get(UndoService).undo(await tenant.ctx(), batchId as BatchId)).toMatchObject({
      reversed: 1,
      failed: 0,
    });
    expect((await deleted(customers)).map((item) => item.label)).toContain('恢复了又后悔');
  });

  it('removes for good only with the right to, only what lies in the bin, with its history', async () => {
    const ctx = await tenant.ctx(clerk);
    const gone = await make(customers, { name: '要彻底删除' }, ctx);
    const live = await make(customers, { name: '还在用' }, ctx);
    await remove(customers, [gone], ctx);
    await expect(bin().purge(ctx, customers.id, [gone])).rejects.toMatchObject({ code: 'forbidden' });
    expect(await bin().purge(await tenant.ctx(), customers.id, [gone, live])).toEqual({ purged: 1 });
    await expect(engine.get(RecordReader).history(await tenant.ctx(), customers.id, gone)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await engine.get(RecordReader).get(ctx, customers.id, live)).toMatchObject({ label: '还在用' });
    await expect(bin().purge(await tenant.ctx(), customers.id, [gone])).rejects.toMatchObject({ code: 'not_found' });
    const [entry] = await engine.kernel.database.withTenant(await tenant.ctx(), (tx) =>
      tx.sql<{ action: string; detail: { count: number } }>(
        "SELECT * FROM lianke.audit WHERE action = 'records.purge'",
      ),
    );
    expect(entry?.detail).toMatchObject({ form: '客户', count: 1 });
  });

  it('does not let anybody purge rows outside of his scope', async () => {
    const purger = await tenant.memberWith('小钱', {
      [customers.id]: { actions: ['view', 'delete', 'purge'], scope: 'own' },
    });
    const foreign = await make(customers, { name: '别人的' });
    await remove(customers, [foreign]);
    await expect(bin().purge(await tenant.ctx(purger), customers.id, [foreign])).rejects.toMatchObject({
      code: 'not_found',
    });
    expect((await deleted(customers)).map((item) => item.id)).toContain(foreign);
  });

  it('keeps records 30 days, then empties itself', async () => {
    const old = await make(customers, { name: '三十天前删的' });
    await remove(customers, [old]);
    engine.kernel.clock.advance(29 * 86_400_000);
    const fresh = await make(customers, { name: '刚删的' });
    await remove(customers, [fresh]);
    await bin().sweep();
    expect((await deleted(customers)).map((item) => item.id)).toContain(old);
    engine.kernel.clock.advance(2 * 86_400_000);
    expect(await bin().sweep()).toBeGreaterThan(0);
    expect((await deleted(customers)).map((item) => item.id)).toEqual([fresh]);
  });
});

describe('undoing a deletion', () => {
  it('is open to whoever deleted, even when a relation’s rule deleted more along with it', async () => {
    const ctx = await tenant.ctx(clerk);
    const customer = await make(customers, { name: '小吴的客户' }, ctx);
    await make(contacts, { name: '张三', customer });
    const { batchId } = await remove(customers, [customer], ctx);
    expect(await engine.get(UndoService).undo(ctx, batchId)).toMatchObject({ reversed: 2, kept: 0, failed: 0 });
  });
});
