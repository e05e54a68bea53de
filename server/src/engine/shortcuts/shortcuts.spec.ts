import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { RecordWriter } from '../records/record-writer.js';
import { ShortcutsService } from './shortcuts.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let customers: FormView;
let contracts: FormView;
let rep: MemberId;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('shortcuts');
  const appId = await tenant.app();
  const text = [{ key: 'name', name: '名称', type: 'text' as const }];
  customers = await tenant.form({ appId, name: '客户', fields: text });
  contracts = await tenant.form({ appId, name: '合同', fields: text });
  rep = await tenant.memberWith('王芳', { [customers.id]: { actions: ['view', 'create', 'edit'], scope: 'own' } });
});
afterAll(() => engine.close());

const shortcuts = () => engine.get(ShortcutsService);
const make = async (form: FormView, name: string, by: MemberId = tenant.admin): Promise<RecordId> =>
  (
    await engine
      .get(RecordWriter)
      .writeOne(await tenant.ctx(by), { formId: form.id, op: 'create', row: { values: { name } } })
  ).id;

it('searches every form one may see, and only rows within one’s scope', async () => {
  const own = await make(customers, '华兴科技', rep);
  const foreign = await make(customers, '华兴集团');
  const contract = await make(contracts, '华兴年度合同');
  const ids = async (by: MemberId) =>
    (await shortcuts().search(await tenant.ctx(by), '华兴', 5)).map((item) => item.id).sort();
  expect(await ids(tenant.admin)).toEqual([own, foreign, contract].sort());
  expect(await ids(rep)).toEqual([own]);
});

it('keeps favourites and the recently opened, the youngest first, until they can no longer be seen', async () => {
  const first = await make(customers, '甲', rep);
  const second = await make(customers, '乙', rep);
  const ctx = await tenant.ctx(rep);
  for (const shelf of ['favourite', 'recent'] as const) {
    await shortcuts().add(ctx, shelf, customers.id, first);
    await shortcuts().add(ctx, shelf, customers.id, second);
    expect((await shortcuts().list(ctx, shelf)).map((item) => item.label)).toEqual(['乙', '甲']);
  }
  await shortcuts().add(ctx, 'recent', customers.id, first);
  expect((await shortcuts().list(ctx, 'recent')).map((item) => item.label)).toEqual(['甲', '乙']);
  await shortcuts().remove(ctx, customers.id, first);
  expect((await shortcuts().list(ctx, 'favourite')).map((item) => item.label)).toEqual(['乙']);
  await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
    formId: customers.id,
    op: 'update',
    row: { id: second, values: { owner: tenant.admin } },
  });
  expect(await shortcuts().list(ctx, 'favourite')).toEqual([]);
  const hidden = await make(contracts, '看不到的合同');
  await expect(shortcuts().add(ctx, 'favourite', contracts.id, hidden)).rejects.toMatchObject({ code: 'not_found' });
});
