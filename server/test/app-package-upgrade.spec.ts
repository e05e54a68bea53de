import type { AppPackage } from '@lianke/shared/apps/package';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppsService } from '../src/engine/apps/apps.service.js';
import { PackagesService } from '../src/engine/apps/package/packages.service.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { ViewsService } from '../src/engine/forms/views.service.js';
import type { TestEngine } from './support/engine.js';
import { create, formOf, packageWorld, read } from './support/package-world.js';
import { installInto, readInto } from './support/packaged-app.js';

let engine: TestEngine;
let pack: AppPackage;

beforeAll(async () => {
  ({ engine, pack } = await packageWorld());
}, 60_000);
afterAll(() => engine.close());

interface Column {
  key: string;
  config: { fields?: Column[] };
}

describe('an upgrade', () => {
  it('brings what is new, changes what nobody touched, keeps what people changed, and loses no data', async () => {
    const c = await engine.tenant('theta');
    const { app } = await installInto(c, pack);
    const forms = engine.get(FormsService);
    const order = await formOf(c, app.id, 'order');
    const view = await forms.view(await c.ctx(), order.id);
    const own = view.fields
      .filter((field) => !field.system)
      .map(({ writable: _, masked: __, system: ___, ...field }) => field);
    // The company renames a field, and adds one of its own.
    await forms.update(await c.ctx(), order.id, {
      fields: [
        ...own.map((field) => (field.key === 'title' ? { ...field, name: '订单标题' } : field)),
        { key: 'city', name: '城市', type: 'text', config: {}, rules: {} },
      ] as never,
    });
    const customer = await formOf(c, app.id, 'customer');
    const customerId = await create(c, customer.id, { name: '甲', grade: 'A' });
    const id = await create(c, order.id, { title: '旧单', customer: customerId, city: '深圳' });

    const next = structuredClone(pack);
    next.version = '2.0.0';
    const nextOrder = next.forms.find((form) => form.key === 'order');
    const fields = nextOrder?.fields as { key: string; name: string; [key: string]: unknown }[];
    Object.assign(fields.find((field) => field.key === 'title') ?? {}, { name: '单名' });
    Object.assign(fields.find((field) => field.key === 'state') ?? {}, { name: '进度' });
    fields.push({ key: 'urgent', name: '城市', type: 'switch', config: {}, rules: {} });
    next.dashboards[0] = { ...next.dashboards[0], name: '新看板' } as never;

    const preview = await readInto(c, next);
    expect(preview).toMatchObject({ choice: { appId: app.id }, older: false, problem: null });
    const change = (token: string) => preview.parts.find((part) => part.token === token)?.change;
    expect(change('field:order/title')).toBe('conflict');
    expect(change('field:order/state')).toBe('update');
    expect(change('field:order/urgent')).toBe('create');
    expect(change('field:customer/name')).toBe('same');
    expect(preview.parts.find((part) => part.name === '新看板')?.change).toBe('update');
    expect(preview.parts.find((part) => part.token === 'field:order/urgent')?.note).toContain('城市 2');
    expect(change('flow:dingDanShenPi')).toBe('same');

    await engine.get(PackagesService).install(await c.ctx(), preview.id, preview.choice, 'zh');
    const after = await formOf(c, app.id, 'order');
    const names = after.definition.fields.map((field) => field.name);
    expect(names).toEqual(expect.arrayContaining(['订单标题', '进度', '城市', '城市 2']));
    expect(after.id).toBe(order.id);
    expect(await read(c, order.id, id)).toMatchObject({ title: '旧单', city: '深圳', urgent: null });

    // What was kept is still the company's own when the next package comes; taken, it is the package's.
    const later = { ...structuredClone(next), version: '2.0.1' };
    const again = await readInto(c, later);
    expect(again.parts.find((part) => part.token === 'field:order/title')).toMatchObject({
      change: 'kept',
      mayTake: true,
    });
    await engine
      .get(PackagesService)
      .install(await c.ctx(), again.id, { ...again.choice, take: ['field:order/title'] }, 'zh');
    expect((await formOf(c, app.id, 'order')).field('title')?.name).toBe('单名');
  });

  it('leaves alone a subform whose column has become another type here, and names the column', async () => {
    const c = await engine.tenant('lambda');
    const { app } = await installInto(c, pack);
    const order = await formOf(c, app.id, 'order');
    const next = structuredClone(pack);
    next.version = '1.1.0';
    const coming = next.forms.find((form) => form.key === 'order')?.fields as Column[];
    const items = coming.find((field) => field.key === 'items');
    for (const column of items?.config.fields ?? [])
      if (column.key === 'price') Object.assign(column, { type: 'text', config: {} });
    const preview = await readInto(c, next);
    expect(preview.problem).toBeNull();
    expect(preview.parts.find((part) => part.token === 'field:order/items')).toMatchObject({
      change: 'blocked',
      note: expect.stringMatching(/^它的列“.+”类型与本企业的不同/),
    });
    await engine.get(PackagesService).install(await c.ctx(), preview.id, preview.choice, 'zh');
    const after = await formOf(c, app.id, 'order');
    expect(after.field('items')?.config).toEqual(order.field('items')?.config);
  });

  it('knows whom a designer put into the open places, and keeps him', async () => {
    const c = await engine.tenant('iota');
    const { app } = await installInto(c, pack);
    const flows = engine.get(FlowsService);
    const flow = (await flows.list(await c.ctx(), { appId: app.id })).find((item) => item.name === '订单审批');
    const detail = await flows.get(await c.ctx(), flow?.id as never);
    const filled = JSON.parse(
      JSON.stringify(detail.definition).replace('00000000-0000-4000-8000-000000000001', c.admin),
    );
    await flows.update(await c.ctx(), flow?.id as never, { definition: filled });
    const next = structuredClone(pack);
    next.version = '1.1.0';
    const changed = next.flows.find((item) => item.name === '订单审批') as
      | { definition: { nodes: object[] } }
      | undefined;
    Object.assign(changed?.definition.nodes[1] ?? {}, { commentOnReject: true });
    const preview = await readInto(c, next);
    expect(preview.open).toMatchObject([{ filled: true }]);
    expect(preview.parts.find((part) => part.name === '订单审批')?.change).toBe('update');
    await engine.get(PackagesService).install(await c.ctx(), preview.id, { ...preview.choice, startFlows: true }, 'zh');
    const after = await flows.get(await c.ctx(), flow?.id as never);
    expect(after.faults).toEqual([]);
    expect(after.definition.nodes[1]).toMatchObject({ commentOnReject: true, approvers: [{ ids: [c.admin] }, {}] });
  });

  it('lets deleted things stay away unless they are asked back, and says what the package has no more', async () => {
    const c = await engine.tenant('kappa');
    const { app } = await installInto(c, pack);
    const order = await formOf(c, app.id, 'order');
    const [view] = await engine.get(ViewsService).list(await c.ctx(), order.id);
    await engine.get(ViewsService).remove(await c.ctx(), order.id, view?.id as never);
    const next = structuredClone(pack);
    next.version = '1.1.0';
    next.dashboards = [];
    const preview = await readInto(c, next);
    const gone = preview.parts.find((part) => part.kind === 'view');
    expect(gone).toMatchObject({ change: 'gone', mayTake: true });
    expect(preview.parts.find((part) => part.kind === 'dashboard')?.change).toBe('dropped');
    await engine
      .get(PackagesService)
      .install(await c.ctx(), preview.id, { ...preview.choice, take: [gone?.token ?? ''] }, 'zh');
    expect(await engine.get(ViewsService).list(await c.ctx(), order.id)).toHaveLength(1);
    expect(
      (await engine.get(AppsService).list(await c.ctx()))[0]?.items.some((item) => item.kind === 'dashboard'),
    ).toBe(true);
  });
});
