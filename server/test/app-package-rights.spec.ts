import type { AppPackage } from '@lianke/shared/apps/package';
import { installChoice } from '@lianke/shared/apps/package-api';
import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PackagesService } from '../src/engine/apps/package/packages.service.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { bumpAccess } from '../src/engine/versions.js';
import { Database } from '../src/kernel/database/database.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { packageWorld } from './support/package-world.js';
import { installInto, type OrderApp, readInto } from './support/packaged-app.js';

let engine: TestEngine;
let a: TestTenant;
let b: TestTenant;
let source: OrderApp;
let pack: AppPackage;

beforeAll(async () => {
  ({ engine, a, b, source, pack } = await packageWorld());
}, 60_000);
afterAll(() => engine.close());

describe('who may', () => {
  const member = async (tenant: TestTenant, name: string): Promise<MemberId> =>
    engine.get(OrgService).createMember({ tenantId: tenant.id }, { name, roleIds: [] });

  it('only who administers the app exports it, and nobody of another company', async () => {
    const clerk = await member(a, '职员');
    await expect(
      engine.get(PackagesService).export(await a.ctx(clerk), source.appId, { sample: [] }),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(engine.get(PackagesService).outline(await a.ctx(clerk), source.appId)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(engine.get(PackagesService).outline(await b.ctx(), source.appId)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('only designers install; a file is there only for who read it', async () => {
    const clerk = await member(b, '职员');
    await expect(readInto(b, pack, clerk)).rejects.toMatchObject({ code: 'forbidden' });
    const { id } = await readInto(b, pack);
    const choice = installChoice.parse({});
    await expect(engine.get(PackagesService).preview(await a.ctx(), id, choice, 'zh')).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(engine.get(PackagesService).install(await a.ctx(), id, choice, 'zh')).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(engine.get(PackagesService).install(await b.ctx(clerk), id, choice, 'zh')).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('an app administrator upgrades his app but makes no other, and no rights', async () => {
    const c = await engine.tenant('eta');
    const done = await installInto(c, pack);
    const chief = await member(c, '应用管理员');
    await engine.get(Database).withTenant({ tenantId: c.id }, async (tx) => {
      const access = JSON.stringify({ visibleTo: null, admins: [{ kind: 'member', id: chief }] });
      await tx.run('UPDATE lianke.app SET access = $2 WHERE id = $1', [done.app.id, access]);
      await bumpAccess(tx, c.id);
    });
    const next = structuredClone(pack);
    next.version = '1.1.0';
    (next.roles[0] as { forms: Record<string, unknown> }).forms = { order: { actions: ['view'], scope: 'all' } };
    const preview = await readInto(c, next, chief);
    expect(preview).toMatchObject({ mayInstallNew: false, choice: { appId: done.app.id } });
    expect(preview.parts.find((part) => part.kind === 'role')).toMatchObject({ change: 'blocked' });
    const fresh = installChoice.parse({ appId: null });
    await expect(
      engine.get(PackagesService).install(await c.ctx(chief), preview.id, fresh, 'zh'),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
    const choice = installChoice.parse({ appId: done.app.id });
    expect(await engine.get(PackagesService).install(await c.ctx(chief), preview.id, choice, 'zh')).toMatchObject({
      kept: 1,
    });
  });
});
