import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { AppsService } from './apps.service.js';

let engine: TestEngine;
let tenant: TestTenant;
beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('nav');
});
afterAll(() => engine.close());

it('an arranged navigation stands so for everybody; new forms follow at the end', async () => {
  const appId = await tenant.app();
  const form = (name: string) => tenant.form({ appId, name, fields: [{ name: '名称', type: 'text' }] });
  const [one, two] = [await form('甲'), await form('乙')];
  const clerk = await tenant.memberWith('小吴', { '*': { actions: ['view'], scope: 'all' } });
  const apps = engine.get(AppsService);
  const items = [
    { kind: 'form' as const, id: two.id as string, group: '销售' },
    { kind: 'form' as const, id: one.id as string, group: null },
  ];
  await apps.arrange(await tenant.ctx(), appId, { items });
  const three = await form('丙');
  const seen = (await apps.list(await tenant.ctx(clerk))).find((app) => app.id === appId)?.items;
  expect(seen?.map((item) => [item.id, item.group])).toEqual([
    [two.id, '销售'],
    [one.id, null],
    [three.id, null],
  ]);
  await expect(apps.arrange(await tenant.ctx(clerk), appId, { items })).rejects.toMatchObject({ code: 'forbidden' });
});
