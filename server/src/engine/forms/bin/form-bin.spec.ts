import { type FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { RecordReader } from '../../records/record-reader.js';
import { RecordWriter } from '../../records/record-writer.js';
import { FormRegistry } from '../form-registry.js';
import { FormsService } from '../forms.service.js';
import { FormBin } from './form-bin.service.js';
import { purgeForms } from './purge-forms.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: Awaited<ReturnType<TestTenant['app']>>;
beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  appId = await tenant.app();
});
afterAll(() => engine.close());

const make = async (form: FormView, values: object) =>
  (
    await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
      ...{ formId: form.id, op: 'create' },
      row: { values: values as never },
    })
  ).id;
const read = async (form: FormView, id: string) =>
  (await engine.get(RecordReader).get(await tenant.ctx(), form.id, id as RecordId)).values;

describe('deleted forms', () => {
  const bin = () => engine.get(FormBin);

  it('come back with their data, under a free name', async () => {
    const form = await tenant.form({
      appId,
      key: 'gone',
      name: '会走',
      fields: [{ name: '名', type: 'text', key: 'name' }],
    });
    const id = await make(form, { name: '还在' });
    await engine.get(FormsService).remove(await tenant.ctx(), form.id);
    expect(await bin().list(await tenant.ctx(), appId)).toMatchObject([{ id: form.id, name: '会走', records: 1 }]);
    await tenant.form({ appId, key: 'gone', name: '会走', fields: [] });
    const back = await bin().restore(await tenant.ctx(), form.id);
    expect([back.name, back.key]).toEqual(['会走2', 'gone2']);
    expect((await read(back, id)).name).toBe('还在');
    expect(await bin().list(await tenant.ctx(), appId)).toEqual([]);
    // Sent twice, it answers what stands.
    expect((await bin().restore(await tenant.ctx(), form.id)).name).toBe('会走2');
  });

  it('wait for a form they point at that was deleted too', async () => {
    const target = await tenant.form({
      appId,
      key: 'aim',
      name: '目标',
      fields: [{ name: '名', type: 'text', key: 'name' }],
    });
    const from = await tenant.form({
      appId,
      key: 'pointing',
      name: '指向',
      fields: [{ key: 'to', name: '到', type: 'relation', config: { formId: target.id } }],
    });
    await engine.get(FormsService).remove(await tenant.ctx(), from.id);
    await engine.get(FormsService).remove(await tenant.ctx(), target.id);
    await expect(bin().restore(await tenant.ctx(), from.id)).rejects.toMatchObject({ code: 'wrong_state' });
    await bin().restore(await tenant.ctx(), target.id);
    await bin().restore(await tenant.ctx(), from.id);
  });

  it('go for good once their time is up, and only then', async () => {
    const form = await tenant.form({
      appId,
      key: 'old',
      name: '旧',
      fields: [{ name: '名', type: 'text', key: 'name' }],
    });
    await make(form, { name: '没了' });
    const { table } = await engine.get(FormRegistry).form(await tenant.ctx(), form.id);
    await engine.get(FormsService).remove(await tenant.ctx(), form.id);
    const { database } = engine.kernel;
    expect(await purgeForms(database, tenant.id, new Date(Date.now() - 3_600_000), 1)).toBe(0);
    expect(await purgeForms(database, tenant.id, new Date(Date.now() + 3_600_000), 1)).toBe(1);
    const left = await database.withTenant({ tenantId: tenant.id }, (tx) =>
      tx.sql<{ there: string | null }>('SELECT to_regclass($1)::text AS there', [table]),
    );
    expect(left[0]?.there).toBeNull();
  });
});
