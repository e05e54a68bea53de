import type { AppPackage } from '@lianke/shared/apps/package';
import { installChoice } from '@lianke/shared/apps/package-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppsService } from '../src/engine/apps/apps.service.js';
import { PackagesService } from '../src/engine/apps/package/packages.service.js';
import { PackageInstaller } from '../src/engine/apps/package-installer.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { dropStrayTables } from '../src/engine/forms/stray-tables.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { Database } from '../src/kernel/database/database.js';
import { tenantName } from '../src/kernel/database/ident.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { comeToRest } from './support/flows.js';
import { create, formOf, formsOf, packageWorld, read, rows } from './support/package-world.js';
import { exported, installInto, type OrderApp, readInto } from './support/packaged-app.js';

let engine: TestEngine;
let a: TestTenant;
let b: TestTenant;
let source: OrderApp;
let pack: AppPackage;

beforeAll(async () => {
  ({ engine, a, b, source, pack } = await packageWorld());
}, 60_000);
afterAll(() => engine.close());

describe('installed in another company', () => {
  it('has the same structure, works, and exports as what it came from', async () => {
    const boss = await engine.get(OrgService).createMember({ tenantId: b.id }, { name: '李总', roleIds: [] });
    const tables = await rows(b, 'form');
    const preview = await readInto(b, pack);
    expect(preview).toMatchObject({ problem: null, apps: [], mayInstallNew: true, appName: '订货', sampleRows: 0 });
    expect(new Set(preview.parts.map((part) => part.change))).toEqual(new Set(['create']));
    expect(preview.open).toMatchObject([{ token: 'member:m1', filled: false }]);
    expect(preview.parts.find((part) => part.name === '订单审批')?.note).toContain('还没有选成员');
    expect(await rows(b, 'form')).toBe(tables);

    const done = await installInto(b, pack, { people: { 'member:m1': boss }, startFlows: true });
    expect(done.drafts).toEqual([]);
    const appId = done.app.id;
    expect(done.app.items.map((item) => [item.name, item.group])).toEqual([
      ['订单', '销售'],
      ['客户', null],
      ['订货看板', null],
    ]);
    const [order, customer] = [await formOf(b, appId, 'order'), await formOf(b, appId, 'customer')];
    const customerId = await create(b, customer.id, { name: '甲公司', grade: 'A', secret: '12' });
    const id = await create(b, order.id, {
      title: '第一单',
      customer: customerId,
      items: [{ values: { count: 2, price: '5' } }, { values: { count: 1, price: '3' } }],
    });
    expect(await read(b, order.id, id)).toMatchObject({ grade: 'A', total: '13' });
    await expect(
      create(b, order.id, { title: '太大', items: [{ values: { count: 1, price: '2000000' } }] }),
    ).rejects.toMatchObject({ more: { fields: [expect.objectContaining({ code: 'rule_failed' })] } });
    await comeToRest(engine);
    expect(await read(b, order.id, id)).toMatchObject({ state: '审批中' });
    const asked = await engine
      .get(Database)
      .withTenant({ tenantId: b.id }, (tx) => tx.sql<{ member_id: string }>('SELECT member_id FROM lianke.task'));
    expect(asked).toMatchObject([{ member_id: boss }]);

    const { version: _, open: __, left: ___, ...back } = await exported(b, appId);
    const { version: ____, open: _____, left: ______, ...there } = pack;
    expect(back).toEqual(there);
  });

  it('pressed twice is installed once; the trail says who did it', async () => {
    const c = await engine.tenant('gamma');
    const { id } = await readInto(c, pack);
    const press = async () => engine.get(PackagesService).install(await c.ctx(), id, installChoice.parse({}), 'zh');
    const [first, second] = await Promise.allSettled([press(), press()]);
    const won = [first, second].filter((result) => result.status === 'fulfilled');
    expect(won.length).toBeGreaterThan(0);
    const again = await press();
    expect(won[0]?.value.app.id).toBe(again.app.id);
    expect((await engine.get(AppsService).list(await c.ctx())).length).toBe(1);
    const trail = await engine
      .get(Database)
      .withTenant({ tenantId: c.id }, (tx) =>
        tx.sql<{ action: string; actor_id: string }>(
          `SELECT action, actor_id FROM lianke.audit WHERE action LIKE 'app.%'`,
        ),
      );
    expect(trail).toEqual([{ action: 'app.install', actor_id: c.admin }]);
  });

  it('without people its flows wait as drafts, and others come switched off', async () => {
    const c = await engine.tenant('delta');
    const done = await installInto(c, pack);
    expect(done.drafts).toEqual(['订单审批']);
    const flows = await engine.get(FlowsService).list(await c.ctx(), { appId: done.app.id });
    expect(flows.map(({ name, enabled, publishedVersion }) => [name, enabled, publishedVersion])).toEqual([
      ['归档', false, 1],
      ['订单审批', false, null],
    ]);
  });

  it('takes names that are free when its own are not, and roles only when asked', async () => {
    const c = await engine.tenant('epsilon');
    await c.app('订货');
    const roleId = await engine
      .get(OrgService)
      .createRole({ tenantId: c.id }, { name: '跟单', permissions: { forms: {} } as never });
    const preview = await readInto(c, pack);
    expect(preview).toMatchObject({ appName: '订货 2', sameRoles: ['跟单'], mayJoinRoles: true });
    expect(preview.parts.find((part) => part.kind === 'role')?.note).toBe('同名的已经有了，会叫“跟单 2”');
    const done = await installInto(c, pack, { roles: 'join' });
    expect(done.app.name).toBe('订货 2');
    const order = await formOf(c, done.app.id, 'order');
    const role = (
      await engine
        .get(Database)
        .withTenant({ tenantId: c.id }, (tx) =>
          tx.sql<{ permissions: { forms: Record<string, unknown> } }>(
            'SELECT permissions FROM lianke.role WHERE id = $1',
            [roleId],
          ),
        )
    )[0];
    expect(role?.permissions.forms[order.id]).toMatchObject({ actions: ['view', 'edit'] });
  });

  it('brings sample rows as their exporter sees them: no people, no secrets, relations among themselves', async () => {
    const customerId = await create(a, source.customers.id, {
      ...{ name: '样例公司', grade: 'A', secret: '机密', keeper: a.admin },
    });
    await create(a, source.orders.id, {
      ...{ title: '样例单', customer: customerId, items: [{ values: { count: 3, price: '2' } }] },
    });
    await comeToRest(engine);
    const withRows = await exported(a, source.appId, {
      sample: [
        { formId: source.orders.id, rows: 5 },
        { formId: source.customers.id, rows: 5 },
      ],
    });
    expect(JSON.stringify(withRows.sample)).not.toMatch(/机密|[0-9a-f]{8}-/);
    const c = await engine.tenant('zeta');
    const done = await installInto(c, withRows, { sample: true, startFlows: true });
    expect(done).toMatchObject({ sampleRows: 2, sampleProblem: null });
    const order = await formOf(c, done.app.id, 'order');
    const page = await engine.get(RecordReader).query(await c.ctx(), order.id, { limit: 10, total: false });
    expect(page.items[0]?.values).toMatchObject({ title: '样例单', customer: { label: '样例公司' }, total: '6' });
  });
});

it('an installation that dies between tables and content leaves none of its tables behind', async () => {
  const c = await engine.tenant('died');
  const { database } = engine.kernel;
  const tables = async () => {
    const found = await database.withTenant({ tenantId: c.id }, (tx) =>
      tx.sql<{ name: string }>(
        `SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r' AND relname LIKE 'f\\_%' ORDER BY 1`,
        [tenantName(c.id)],
      ),
    );
    return found.map(({ name }) => name);
  };
  const kept = await c.form({
    appId: await c.app(),
    name: '客户',
    fields: [{ key: 'name', name: '名称', type: 'text' }],
  });
  const before = await tables();
  const died = engine.get(PackageInstaller).run(await c.ctx(), {
    pack,
    choice: installChoice.parse({}),
    last: async () => {
      throw new Error('died');
    },
  });
  await expect(died).rejects.toThrow('died');
  expect((await tables()).length).toBeGreaterThan(before.length);
  // What is only just made may yet be stored.
  expect(await dropStrayTables(database, c.id, new Date(Date.now() - 86_400_000))).toBe(0);
  const later = new Date(Date.now() + 60_000);
  const [stray] = (await tables()).filter((name) => !before.includes(name));
  await database.ddl(c.id, (sql) =>
    sql(
      `INSERT INTO ${tenantName(c.id)}.${stray} (id, created_at, updated_at, version) VALUES (gen_random_uuid(), now(), now(), 1)`,
    ),
  );
  expect(await dropStrayTables(database, c.id, later)).toBeGreaterThan(0);
  // A table with rows is nobody's to throw away.
  expect(await tables()).toEqual([...before, stray].sort());
  await database.ddl(c.id, (sql) => sql(`DELETE FROM ${tenantName(c.id)}.${stray}`));
  expect(await dropStrayTables(database, c.id, later)).toBe(1);
  expect(await tables()).toEqual(before);
  expect(await create(c, kept.id, { name: '甲' })).toBeTruthy();
  const { app } = await installInto(c, pack);
  expect(await formsOf(c, app.id)).not.toEqual([]);
});
