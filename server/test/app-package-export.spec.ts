import type { AppPackage } from '@lianke/shared/apps/package';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { ViewsService } from '../src/engine/forms/views.service.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { packageWorld } from './support/package-world.js';
import { exported, installInto, type OrderApp } from './support/packaged-app.js';

let engine: TestEngine;
let a: TestTenant;
let source: OrderApp;
let pack: AppPackage;

beforeAll(async () => {
  ({ engine, a, source, pack } = await packageWorld());
}, 60_000);
afterAll(() => engine.close());

describe('an exported app', () => {
  it('tells no id of the company and nobody in it, and says what is to be filled in', async () => {
    const text = JSON.stringify(pack);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(text).not.toMatch(/f_[0-9a-z]{10}/);
    expect(text).not.toContain('王总');
    expect(pack.open).toEqual([
      {
        kind: 'member',
        key: 'm1',
        uses: [
          { kind: 'view', name: '订单 · A 级客户的订单' },
          { kind: 'flow', name: '订单审批' },
        ],
      },
    ]);
    expect(pack.left).toContainEqual({ kind: 'poolPeople', name: '客户', of: null });
    expect(pack.forms.find((form) => form.key === 'customer')?.pool).toMatchObject({
      on: true,
      claimers: [],
      holds: 5,
    });
  });

  it('names what its parts refer to', () => {
    const order = pack.forms.find((form) => form.key === 'order');
    const field = (key: string) => order?.fields.find((item) => (item as { key: string }).key === key);
    expect(field('customer')).toMatchObject({ config: { formId: 'form:customer' } });
    expect(field('grade')).toMatchObject({
      config: { relation: 'field:order/customer', field: 'field:customer/grade' },
    });
    expect(JSON.stringify(field('total'))).toContain('field:order/items/sum');
    expect(pack.flows.find((flow) => flow.name === '订单审批')?.definition).toMatchObject({
      nodes: [{}, { approvers: [{ ids: ['member:m1'] }, { roleId: 'role:genDan' }] }, { flowId: 'flow:guiDang' }],
    });
  });

  it('keeps its names from one export to the next, whatever things are called by then', async () => {
    const [flow] = (await engine.get(FlowsService).list(await a.ctx(), { appId: source.appId })).filter(
      (item) => item.name === '归档',
    );
    await engine.get(FlowsService).update(await a.ctx(), flow?.id as never, { name: '收尾' });
    const again = await exported(a, source.appId);
    expect(again.version).toBe('1.0.1');
    expect(again.origin).toBe(pack.origin);
    expect(again.flows.find((item) => item.name === '收尾')?.key).toBe('guiDang');
    await engine.get(FlowsService).update(await a.ctx(), flow?.id as never, { name: '归档' });
  });

  it('holds without what leads into another app, and without what is made of that', async () => {
    const other = await a.form({
      appId: await a.app('采购'),
      name: '供应商',
      fields: [{ key: 'name', name: '名称', type: 'text' }],
    });
    const appId = await a.app('仓库');
    const stock = await a.form({
      appId,
      name: '库存',
      fields: [
        { key: 'name', name: '品名', type: 'text' },
        { key: 'from', name: '供应商', type: 'relation', config: { formId: other.id } },
        { key: 'fromName', name: '供应商名', type: 'lookup', config: { relation: 'from', field: 'name' } },
      ],
    });
    const view = { name: '有供应商', filter: { field: 'from', op: 'notEmpty' as const } };
    await engine.get(ViewsService).create(await a.ctx(), stock.id, view);
    await engine.get(ViewsService).create(await a.ctx(), stock.id, { name: '全部', columns: ['name', 'from'] });
    const left = await exported(a, appId);
    expect(left.forms[0]?.fields.map((field) => (field as { key: string }).key)).toEqual(['name']);
    expect(left.forms[0]?.views).toMatchObject([{ name: '全部', columns: ['name'] }]);
    expect(left.left).toEqual([]);
    expect(left.open).toEqual([
      {
        ...{ kind: 'outside', key: 'o1', name: '供应商（采购）' },
        uses: [
          { kind: 'form', name: '库存 · 供应商' },
          { kind: 'form', name: '库存 · 供应商名' },
        ],
      },
    ]);
    await expect(installInto(await engine.tenant(), left)).resolves.toMatchObject({ created: expect.any(Number) });
  });
});
