import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { onDatabase } from '../../../test/support/database.js';
import { type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { FormChanges } from '../../engine/live/form-changes.js';
import { tenantTables } from '../../kernel/database/tenant-table.js';
import { DemoProgress } from './demo-progress.js';
import { DemoReset } from './demo-reset.js';

let whole: WholeApp;
let mine: TestAccount;
let other: TestAccount;
let superuser: pg.Client;

beforeAll(async () => {
  whole = await WholeApp.start();
  mine = await whole.company('mine', '我的企业');
  other = await whole.company('acme', '甲公司');
  const database = new URL(whole.kernel.database.urls.ownerUrl).pathname.slice(1);
  superuser = new pg.Client({ connectionString: onDatabase(inject('adminUrl'), database) });
  await superuser.connect();
  await superuser.query(`UPDATE lianke.tenant SET demo = true WHERE key = 'mine'`);
});
afterAll(async () => {
  await superuser.end();
  await whole.close();
});

/** How many rows of a company each shared table holds; tables without any are left out. */
async function rowsOf(tenantId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tenantTables) {
    const { rows } = await superuser.query(`SELECT count(*)::int AS n FROM lianke.${table} WHERE tenant_id = $1`, [
      tenantId,
    ]);
    if (rows[0].n > 0) counts[table] = rows[0].n;
  }
  return counts;
}

it('leaves a company as it was on the first day, whatever was built in it, and no other company changed', async () => {
  const { audit: _before, ...firstDay } = await rowsOf(mine.tenantId);
  for (const account of [mine, other]) {
    expect((await account.call('POST', '/api/v1/app-templates/crm/install', {})).status).toBe(200);
    const forms = (await account.call('GET', '/api/v1/forms')).json.items as { id: string; key: string }[];
    const customer = forms.find((form) => form.key === 'customer');
    expect(
      (await account.call('POST', `/api/v1/forms/${customer?.id}/records`, { values: { name: '测试客户' } })).status,
    ).toBe(200);
    const app = (await account.call('GET', '/api/v1/apps')).json.items[0];
    const list = Buffer.from('客户名称,来源渠道\n东篱茶业,展会\n');
    expect((await account.upload(`/api/v1/imports?appId=${app.id}`, '名单.csv', list)).status).toBe(200);
  }
  // What changed is told a moment after it is written.
  await whole.get(FormChanges).settled();
  const builtElsewhere = await rowsOf(other.tenantId);

  whole.get(DemoProgress).drilled = true;
  await whole.get(DemoReset).reset(mine.tenantId);
  expect(whole.get(DemoProgress).drilled).toBe(false);
  const { audit: _after, ...left } = await rowsOf(mine.tenantId);
  expect(left).toEqual({ ...firstDay, ...(left.file ? { file: left.file } : {}) });
  expect((await mine.call('GET', '/api/v1/forms')).json.items).toEqual([]);
  expect(await rowsOf(other.tenantId)).toEqual(builtElsewhere);

  // The same can be built once more.
  expect((await mine.call('POST', '/api/v1/app-templates/crm/install', {})).status).toBe(200);
  expect((await mine.call('GET', '/api/v1/forms')).json.items.length).toBeGreaterThan(5);
});

it('refuses to empty any other company', async () => {
  await expect(whole.get(DemoReset).reset(other.tenantId)).rejects.toThrow(/我的企业/);
});
