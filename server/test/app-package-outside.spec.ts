import type { AppPackage } from '@lianke/shared/apps/package';
import type { DashboardDefinition } from '@lianke/shared/dashboards/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PackagesService } from '../src/engine/apps/package/packages.service.js';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { Database } from '../src/kernel/database/database.js';
import { uuid7 } from '../src/kernel/ids/uuid7.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { create, formOf, packageWorld, read } from './support/package-world.js';
import { exported, installInto, readInto } from './support/packaged-app.js';

let engine: TestEngine;
let a: TestTenant;
let pack: AppPackage;
let stock: FormView;
let stockApp: AppId;

/** A store whose goods, and their lots, relate to a supplier of another app. */
beforeAll(async () => {
  ({ engine, a, pack } = await packageWorld());
  const supplier = await a.form({
    appId: await a.app('采购'),
    name: '供应商',
    fields: [{ key: 'name', name: '名称', type: 'text' }],
  });
  stockApp = await a.app('仓库');
  const config = { formId: supplier.id };
  stock = await a.form({
    appId: stockApp,
    key: 'stock',
    name: '库存',
    fields: [
      { key: 'name', name: '品名', type: 'text' },
      { key: 'source', name: '供应商', type: 'relation', config: { ...config, onDelete: 'refuse' } },
      { key: 'count', name: '数量', type: 'number' },
      {
        key: 'lots',
        name: '批次',
        type: 'subform',
        config: {
          fields: [
            { key: 'no', name: '批号', type: 'text' },
            { key: 'source', name: '来自', type: 'relations', config },
          ] as never,
        },
      },
    ],
  });
}, 60_000);
afterAll(() => engine.close());

const suppliers = async (tenant: TestTenant, name: string) =>
  tenant.form({
    appId: await tenant.app(name),
    name,
    fields: [{ key: 'name', name: '名称', type: 'text' }],
  });
const keysOf = (fields: readonly { key: string }[]) => fields.map(({ key }) => key);

describe('relations to forms of other apps', () => {
  it('are named as open places, and tell nothing of those forms but what they are called', async () => {
    const file = await exported(a, stockApp);
    expect(JSON.stringify(file)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|f_[0-9a-z]{10}/);
    expect(file.left).toEqual([]);
    expect(file.open).toMatchObject([
      {
        kind: 'outside',
        key: 'o1',
        name: '供应商（采购）',
        uses: [{ name: '库存 · 供应商' }, { name: '库存 · 批次 · 来自' }],
      },
    ]);
    expect(file.outside).toMatchObject([
      {
        key: 'o1',
        relations: [
          {
            form: 'stock',
            after: 'name',
            field: { key: 'source', config: { formId: 'outside:o1', onDelete: 'refuse' } },
          },
          { form: 'stock', rows: 'lots', after: 'no', field: { key: 'source', type: 'relations' } },
        ],
      },
    ]);
  });

  it('are left off where nobody names a form, told beforehand; an upgrade can still bring them', async () => {
    const file = await exported(a, stockApp);
    const c = await engine.tenant('off');
    const preview = await readInto(c, file);
    expect(preview.open).toMatchObject([{ token: 'outside:o1', filled: false }]);
    const { app } = await installInto(c, file);
    const form = await formOf(c, app.id, 'stock');
    expect(keysOf(form.definition.fields)).toEqual(['name', 'count', 'lots']);
    const id = await create(c, form.id, { name: '螺丝', count: '3' });
    const firm = await suppliers(c, '厂家');
    const next = { ...file, version: '1.1.0' };
    const seen = await readInto(c, next);
    const choice = { ...seen.choice, forms: { 'outside:o1': firm.id } };
    const again = await engine.get(PackagesService).preview(await c.ctx(), seen.id, choice, 'zh');
    expect(again.parts.filter((part) => part.change !== 'same').map(({ token, change }) => [token, change])).toEqual([
      ['field:stock/source', 'create'],
      ['field:stock/lots', 'update'],
      ['layout:stock', 'update'],
    ]);
    await engine.get(PackagesService).install(await c.ctx(), seen.id, choice, 'zh');
    const after = await formOf(c, app.id, 'stock');
    expect(keysOf(after.definition.fields)).toEqual(['name', 'source', 'count', 'lots']);
    expect(await read(c, form.id, id)).toMatchObject({ name: '螺丝', count: '3', source: null });
  });

  it('lead to the form that was named, which later versions and exports remember', async () => {
    const file = await exported(a, stockApp);
    const c = await engine.tenant('on');
    const firm = await suppliers(c, '厂家');
    const { app } = await installInto(c, file, { forms: { 'outside:o1': firm.id } });
    const form = await formOf(c, app.id, 'stock');
    expect(keysOf(form.definition.fields)).toEqual(['name', 'source', 'count', 'lots']);
    const placed = form.definition.layout.sections[0]?.items.map(
      (item) => 'field' in item && form.field(item.field)?.key,
    );
    expect(placed?.slice(0, 3)).toEqual(['name', 'source', 'count']);
    const firmId = await create(c, firm.id, { name: '甲厂' });
    const id = await create(c, form.id, {
      ...{ name: '螺丝', source: firmId, lots: [{ values: { no: '1', source: [firmId] } }] },
    });
    expect(await read(c, form.id, id)).toMatchObject({ source: { label: '甲厂' } });
    const next = await readInto(c, { ...file, version: '1.1.0' });
    expect(next.open).toMatchObject([{ token: 'outside:o1', filled: true }]);
    expect(new Set(next.parts.map(({ change }) => change))).toEqual(new Set(['same']));
    const { version: _, open: __, left: ___, ...back } = await exported(c, app.id);
    const { version: ____, open: _____, left: ______, ...there } = file;
    expect(back).toEqual(there);
  });

  it('stand for no form that is not there, is not seen, or belongs to the app itself', async () => {
    const file = await exported(a, stockApp);
    const c = await engine.tenant('none');
    const { app } = await installInto(c, file);
    const own = await formOf(c, app.id, 'stock');
    const refused = async (id: string, appId: string | null = null, token = 'outside:o1') => {
      const { id: read, choice } = await readInto(c, file);
      const asked = { ...choice, appId: appId as never, forms: { [token]: id as never } };
      return expect(engine.get(PackagesService).preview(await c.ctx(), read, asked, 'zh')).rejects.toMatchObject({
        code: 'invalid_request',
      });
    };
    await refused(stock.id);
    await refused(own.id, app.id);
    await refused(own.id, null, 'form:stock');
  });
});

describe('a figure’s target', () => {
  it('travels with its dashboard; one of another app stays behind, and is named', async () => {
    const appId = await a.app('业绩');
    const deals = await a.form({
      appId,
      key: 'deal',
      name: '成交',
      fields: [{ key: 'amount', name: '金额', type: 'money' }],
    });
    const [own, foreign] = [uuid7(), uuid7()];
    await engine.get(Database).withTenant({ tenantId: a.id }, async (tx) => {
      for (const [id, formId] of [
        [own, deals.id],
        [foreign, stock.id],
      ] as const)
        await tx.run('INSERT INTO lianke.target (tenant_id, id, form_id, definition) VALUES ($1, $2, $3, $4)', [
          ...[a.id, id, formId],
          JSON.stringify({
            ...{ formId, name: '月度成交', fn: 'count', field: null, filter: null },
            ...{ dateField: 'createdAt', period: 'month', unit: '单' },
          }),
        ]);
      const metric = (id: string, target: string | undefined, y: number) => ({
        ...{ id, title: `指标${id}`, formId: deals.id, type: 'metric', measure: { fn: 'count' } },
        ...{ target: { id: target, whose: 'me' }, place: { x: 0, y, w: 6, h: 4 } },
      });
      await tx.run(
        'INSERT INTO lianke.dashboard (tenant_id, id, app_id, name, definition, sort) VALUES ($1, $2, $3, $4, $5, 1)',
        [
          ...[a.id, uuid7(), appId, '业绩看板'],
          JSON.stringify({ widgets: [metric('m1', own, 0), metric('m2', foreign, 4)] }),
        ],
      );
    });
    const file = await exported(a, appId);
    const { widgets = [] } = (file.dashboards[0]?.definition ?? {}) as Partial<DashboardDefinition>;
    expect(widgets).toMatchObject([{ id: 'm1', target: { id: `target:${file.targets[0]?.key}` } }, { id: 'm2' }]);
    expect(widgets[1]).not.toHaveProperty('target');
    expect(file.left).toContainEqual({ kind: 'target', name: '指标m2', of: '业绩看板' });
    const c = await engine.tenant('figures');
    const { app } = await installInto(c, file);
    const [page] = await engine
      .get(Database)
      .withTenant({ tenantId: c.id }, (tx) =>
        tx.sql<{ definition: DashboardDefinition; target: string }>(
          'SELECT d.definition, t.id AS target FROM lianke.dashboard d, lianke.target t WHERE d.app_id = $1',
          [app.id],
        ),
      );
    expect(page?.definition.widgets[0]).toMatchObject({ target: { id: page?.target, whose: 'me' } });
  });
});

describe('an app installed before it was recorded what came from where', () => {
  it('is found by key or name, compared with the package part by part, and upgraded from the file', async () => {
    const c = await engine.tenant('old');
    const { app } = await installInto(c, pack);
    await engine
      .get(Database)
      .withTenant({ tenantId: c.id }, (tx) => tx.run('DELETE FROM lianke.app_origin WHERE app_id = $1', [app.id]));
    const order = await formOf(c, app.id, 'order');
    const id = await create(c, order.id, { title: '旧单' });
    const forms = engine.get(FormsService);
    const fields = (await forms.view(await c.ctx(), order.id)).fields
      .filter((field) => !field.system)
      .map(({ writable: _, masked: __, system: ___, ...field }) =>
        field.key === 'title' ? { ...field, name: '订单标题' } : field,
      );
    await forms.update(await c.ctx(), order.id, { fields } as never);
    const next = structuredClone(pack);
    next.version = '2.0.0';
    const coming = next.forms.find((form) => form.key === 'order')?.fields as { key: string; name: string }[];
    coming.push({ ...{ key: 'urgent', name: '加急', type: 'switch', config: {}, rules: {} } });

    const seen = await readInto(c, next);
    // It is offered, and only taken when it is chosen.
    expect(seen).toMatchObject({
      choice: { appId: null },
      apps: [{ id: app.id, version: pack.version, recorded: false }],
    });
    const choice = { ...seen.choice, appId: app.id };
    const preview = await engine.get(PackagesService).preview(await c.ctx(), seen.id, choice, 'zh');
    expect(preview.problem).toBeNull();
    const changes = new Map(preview.parts.map((part) => [part.token, part.change]));
    expect(changes.get('field:order/title')).toBe('conflict');
    expect(changes.get('field:order/urgent')).toBe('create');
    expect(changes.get('field:customer/name')).toBe('same');
    expect(preview.parts.filter((part) => part.change === 'create').map(({ token }) => token)).toEqual([
      'field:order/urgent',
    ]);
    await engine.get(PackagesService).install(await c.ctx(), seen.id, choice, 'zh');
    const after = await formOf(c, app.id, 'order');
    expect([after.field('title')?.name, after.field('urgent')?.name]).toEqual(['订单标题', '加急']);
    expect(await read(c, order.id, id)).toMatchObject({ title: '旧单' });
    expect((await readInto(c, { ...next, version: '2.0.1' })).apps).toMatchObject([
      { recorded: true, version: '2.0.0' },
    ]);
  });

  it('keeps the people it has in the package’s open places', async () => {
    const c = await engine.tenant('people');
    const boss = await engine.get(OrgService).createMember({ tenantId: c.id }, { name: '李总', roleIds: [] });
    const { app } = await installInto(c, pack, { people: { 'member:m1': boss } });
    await engine
      .get(Database)
      .withTenant({ tenantId: c.id }, (tx) => tx.run('DELETE FROM lianke.app_origin WHERE app_id = $1', [app.id]));
    const seen = await readInto(c, pack);
    const choice = { ...seen.choice, appId: app.id };
    const preview = await engine.get(PackagesService).preview(await c.ctx(), seen.id, choice, 'zh');
    expect(preview.open).toMatchObject([{ token: 'member:m1', filled: true }]);
    expect(preview.parts.find((part) => part.name === '订单审批')?.change).toBe('same');
  });
});
