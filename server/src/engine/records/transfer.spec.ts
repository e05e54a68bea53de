import type { FormView } from '@lianke/shared/forms/definition';
import type { BatchId, MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { TransferService } from './transfer.service.js';
import { UndoService } from './undo.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let customers: FormView;
let contacts: FormView;
let tasks: FormView;
let heir: MemberId;
let colleague: MemberId;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('transfer');
  const appId = await tenant.app();
  customers = await tenant.form({ appId, name: '客户', fields: [{ key: 'name', name: '名称', type: 'text' }] });
  const pointing = (name: string, more: Parameters<TestTenant['form']>[0]['fields'] = []) => ({
    appId,
    name,
    fields: [
      { key: 'name', name: '名称', type: 'text' as const },
      { key: 'customer', name: '客户', type: 'relation' as const, config: { formId: customers.id } },
      ...more,
    ],
  });
  contacts = await tenant.form(pointing('联系人'));
  tasks = await tenant.form({
    ...pointing('待办', [{ key: 'done', name: '完成', type: 'switch' }]),
    settings: { summaryFields: [], task: { title: 'name', owner: 'owner', done: 'done', subject: 'customer' } },
  });
  const all = { actions: ['view' as const, 'edit' as const], scope: 'own' as const };
  heir = await tenant.memberWith('王芳', { [customers.id]: all });
  colleague = await tenant.memberWith('李伟', { [customers.id]: all });
});
afterAll(() => engine.close());

const make = async (form: FormView, values: Record<string, unknown>): Promise<RecordId> =>
  (
    await engine
      .get(RecordWriter)
      .writeOne(await tenant.ctx(), { formId: form.id, op: 'create', row: { values: values as never } })
  ).id;
const ownerOf = async (form: FormView, id: RecordId) =>
  (await engine.get(RecordReader).get(await tenant.ctx(), form.id, id)).values.owner;

describe('handing records over', () => {
  it('names what goes along with counts, takes only what has the same owner, and is undone as one', async () => {
    const customer = await make(customers, { name: '华兴' });
    const contact = await make(contacts, { name: '张三', customer });
    const theirs = await make(contacts, { name: '李四', customer, owner: colleague });
    const open = await make(tasks, { name: '回访', customer });
    const done = await make(tasks, { name: '已办', customer, done: true });
    const service = engine.get(TransferService);
    const preview = await service.preview(await tenant.ctx(), customers.id, [customer]);
    expect(preview).toEqual({
      records: 1,
      along: [
        { formId: contacts.id, formName: '联系人', field: 'customer', fieldName: '客户', kind: 'record', count: 1 },
        { formId: tasks.id, formName: '待办', field: 'customer', fieldName: '客户', kind: 'todo', count: 1 },
      ],
    });
    const result = await service.transfer(await tenant.ctx(), customers.id, {
      ids: [customer],
      to: heir,
      along: preview.along,
    });
    expect(result.moved.map(({ formName, done: n, failed }) => [formName, n, failed])).toEqual([
      ['客户', 1, 0],
      ['联系人', 1, 0],
      ['待办', 1, 0],
    ]);
    expect(await ownerOf(contacts, contact)).toMatchObject({ id: heir });
    expect(await ownerOf(contacts, theirs)).toMatchObject({ id: colleague });
    expect(await ownerOf(tasks, open)).toMatchObject({ id: heir });
    expect(await ownerOf(tasks, done)).toMatchObject({ id: tenant.admin });
    const undone = await engine.get(UndoService).undo(await tenant.ctx(), result.batchId as BatchId);
    expect(undone).toMatchObject({ reversed: 3, kept: 0, failed: 0 });
    expect(await ownerOf(customers, customer)).toMatchObject({ id: tenant.admin });
  });

  it('leaves along what the person may not change, and refuses a companion he was not offered', async () => {
    const customer = await make(customers, { name: '博远', owner: heir });
    await make(contacts, { name: '赵六', customer, owner: heir });
    const ctx = await tenant.ctx(heir);
    const service = engine.get(TransferService);
    expect(await service.preview(ctx, customers.id, [customer])).toEqual({ records: 1, along: [] });
    await expect(
      service.transfer(ctx, customers.id, {
        ids: [customer],
        to: colleague,
        along: [{ formId: contacts.id, field: 'customer' }],
      }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await ownerOf(customers, customer)).toMatchObject({ id: heir });
  });
});
