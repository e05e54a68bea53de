import { updateFormBody } from '@lianke/shared/forms/definition';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { tenantName } from '../../../kernel/database/ident.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { FormsService } from '../../forms/forms.service.js';

let engine: TestEngine;
let tenant: TestTenant;
beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
});
afterAll(() => engine.close());

it('a publish does not wait for a running index build', async () => {
  const form = await tenant.form({
    appId: await tenant.app(),
    name: '客户',
    fields: [{ key: 'name', name: '名称', type: 'text' }],
  });
  const meta = await engine.get(FormRegistry).form(await tenant.ctx(), form.id);
  const { database } = engine.kernel;
  // A build that does not end by itself: it waits for this older snapshot, which has nothing to do with the table.
  const reader = new pg.Client({ connectionString: database.urls.ownerUrl });
  await reader.connect();
  onTestFinished(() => reader.end());
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await reader.query('SELECT 1 FROM pg_class LIMIT 1');
  const build = database.asTender(async (client) => {
    await client.query(`SET ROLE ${tenantName(tenant.id)}`);
    try {
      await client.query(`CREATE INDEX CONCURRENTLY x_slow ON ${meta.table} (created_at)`);
    } finally {
      await client.query('RESET ROLE');
    }
  });
  const ended = build.then(
    () => 'built',
    (error: { code?: string }) => error.code,
  );
  const running = async (): Promise<boolean> => {
    const { rows } = await reader.query(`SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
      WHERE c.relname = '${meta.table.split('"').at(-2)}' AND l.mode = 'ShareUpdateExclusiveLock' AND l.granted`);
    return rows.length > 0;
  };
  await expect.poll(running, { timeout: 20_000, interval: 20 }).toBe(true);
  const fields = [...form.fields.filter((field) => !field.system), { key: 'city', name: '城市', type: 'text' }];
  const published = await engine
    .get(FormsService)
    .update(await tenant.ctx(), form.id, updateFormBody.parse({ fields }));
  expect(published.fields.some((field) => field.key === 'city')).toBe(true);
  expect(await ended).toBe('57014');
});
