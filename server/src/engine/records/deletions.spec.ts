import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, FormId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { FormsService } from '../forms/forms.service.js';
import { DeletePreviews } from './delete-preview.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let customers: FormView;
let deals: FormView;
let contracts: FormView;
let visits: FormView;

const relation = (key: string, to: FormView, onDelete: string, type: 'relation' | 'relations' = 'relation') => ({
  key,
  name: to.name,
  type,
  config: { formId: to.id, onDelete },
});
const name = { key: 'name', name: '名称', type: 'text' as const };

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('deletions');
  appId = await tenant.app();
  customers = await tenant.form({ appId, name: '客户', fields: [name] });
  deals = await tenant.form({ appId, name: '商机', fields: [name, relation('customer', customers, 'cascade')] });
  contracts = await tenant.form({ appId, name: '合同', fields: [name, relation('deal', deals, 'refuse')] });
  visits = await tenant.form({
    appId,
    name: '拜访',
    fields: [name, relation('customers', customers, 'detach', 'relations')],
  });
});
afterAll(() => engine.close());

async function make(form: FormView, values: Record<string, unknown> = {}): Promise<RecordId> {
  const row = { values: { name: form.name, ...values } as never };
  return (await engine.get(RecordWriter).writeOne(await tenant.ctx(), { formId: form.id, op: 'create', row })).id;
}
const remove = async (form: FormView, ...ids: RecordId[]) =>
  (
    await engine
      .get(RecordWriter)
      .write(await tenant.ctx(), { formId: form.id, op: 'delete', rows: ids.map((id) => ({ id })) })
  ).results;
const lives = async (form: FormView, id: RecordId) =>
  (await engine.get(RecordReader).getMany(await tenant.ctx(), form.id, [id])).length === 1;

describe('deleting what others point at', () => {
  it('is refused at any depth, and then nothing of it goes', async () => {
    const [held, free] = [await make(customers), await make(customers)];
    const deal = await make(deals, { customer: held });
    await make(contracts, { deal });
    const other = await make(deals, { customer: free });
    const results = await remove(customers, held, free);
    expect(results.map((result) => result.status)).toEqual(['failed', 'deleted']);
    expect(results[0]?.error?.message).toContain('合同 1 条');
    expect(await Promise.all([lives(customers, held), lives(deals, deal), lives(deals, other)])).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('goes when what held it goes along', async () => {
    const parts = await tenant.form({
      appId,
      name: '配件',
      fields: [name, relation('customer', customers, 'cascade'), relation('deal', deals, 'refuse')],
    });
    const customer = await make(customers);
    const deal = await make(deals, { customer });
    const part = await make(parts, { customer, deal });
    expect((await remove(customers, customer))[0]?.status).toBe('deleted');
    expect(await Promise.all([lives(deals, deal), lives(parts, part)])).toEqual([false, false]);
  });

  it('ends where records point at one another in a ring', async () => {
    const rings = await tenant.form({ appId, name: '环', fields: [name] });
    const settings = {
      fields: [...rings.fields.filter((field) => !field.system), { rules: {}, ...relation('next', rings, 'cascade') }],
      version: rings.version,
    };
    await engine.get(FormsService).update(await tenant.ctx(), rings.id as FormId, settings as never);
    const one = await make(rings);
    const two = await make(rings, { next: one });
    await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
      formId: rings.id,
      op: 'update',
      row: { id: one, values: { next: two } },
    });
    expect((await remove(rings, one))[0]?.status).toBe('deleted');
    expect(await Promise.all([lives(rings, one), lives(rings, two)])).toEqual([false, false]);
  });

  it('tells beforehand what hangs on it, by what the relation does', async () => {
    const customer = await make(customers);
    const deal = await make(deals, { customer });
    await make(contracts, { deal });
    await make(visits, { customers: [customer] });
    const { uses } = await engine.get(DeletePreviews).preview(await tenant.ctx(), customers.id, [customer]);
    expect(uses).toEqual([
      expect.objectContaining({ formName: '商机', onDelete: 'cascade', count: 1 }),
      expect.objectContaining({ formName: '合同', onDelete: 'refuse', count: 1 }),
      expect.objectContaining({ formName: '拜访', onDelete: 'detach', count: 1 }),
    ]);
    const blind = await tenant.memberWith('小吴', {
      [customers.id]: { actions: ['view', 'delete'], scope: 'all' },
      [deals.id]: { actions: ['view'], scope: 'own' },
    });
    expect((await engine.get(DeletePreviews).preview(await tenant.ctx(blind), customers.id, [customer])).uses).toEqual(
      [],
    );
  });
});
