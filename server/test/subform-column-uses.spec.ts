import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId } from '@lianke/shared/ids';
import { rolePermissions } from '@lianke/shared/org/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { FormRegistry } from '../src/engine/forms/form-registry.js';
import { FieldUses } from '../src/engine/forms/uses/field-uses.service.js';
import { ViewsService } from '../src/engine/forms/views.service.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { Database } from '../src/kernel/database/database.js';
import { uuid7 } from '../src/kernel/ids/uuid7.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { createFlowEngine } from './support/flows.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let order: FormView;
/** The column's id. */
let price: string;

beforeAll(async () => {
  engine = await createFlowEngine();
  tenant = await engine.tenant();
  appId = await tenant.app('订货');
  order = await tenant.form({
    ...{ appId, key: 'order', name: '订单' },
    fields: [
      { key: 'title', name: '标题', type: 'text' },
      // The form has a field of the column's key, and one of its name.
      { key: 'price', name: '单价', type: 'number' },
      {
        ...{ key: 'items', name: '明细', type: 'subform' },
        config: { fields: [{ key: 'price', name: '单价', type: 'number' }] } as never,
      },
    ],
  });
  const form = await engine.get(FormRegistry).form(await tenant.ctx(), order.id);
  price = form.field('items')?.part?.field('price')?.id as string;
}, 60_000);
afterAll(() => engine.close());

const usesOf = async (ref: string) =>
  (await engine.get(FieldUses).of(await tenant.ctx(), order.id, [ref]))
    .map(({ kind, name }) => `${kind} ${name}`)
    .sort();

const flow = async (name: string, nodes: FlowDefinition['nodes']) =>
  engine.get(FlowsService).create(await tenant.ctx(), {
    ...{ appId, name },
    definition: {
      trigger: { type: 'recordCreated', formId: order.id },
      nodes,
      edges: nodes.slice(0, 1).map(({ id }) => ({ from: 'trigger', to: id })),
    },
  });
const text = (value: string) => ({ kind: 'literal' as const, value });
const place = { x: 0, y: 0, w: 6, h: 4 };

it('names whatever reads a column by the keys of its subform and itself, or by their names', async () => {
  const { id: formId } = order;
  const views = engine.get(ViewsService);
  const dear = { field: 'items.price', op: 'gt' as const, value: 100 };
  await views.create(await tenant.ctx(), formId, { name: '有高价', filter: dear });
  await views.create(await tenant.ctx(), formId, { name: '有单价', filter: { field: 'price', op: 'notEmpty' } });
  const visits = await tenant.form({
    ...{ appId, name: '回访' },
    fields: [{ key: 'order', name: '订单', type: 'relation', config: { formId } }],
  });
  await views.create(await tenant.ctx(), visits.id, {
    name: '高价订单的回访',
    filter: { field: 'order.items.price', op: 'gt', value: 100 },
  });
  await flow('带出明细', [
    {
      ...{ id: 'make', name: '', type: 'createRecord' as const, formId },
      assignments: [{ field: 'items', value: { kind: 'literal', value: [{ values: { price: '1' } }] } }],
    },
  ]);
  await flow('按明细审批', [
    {
      ...{ id: 'ok', name: '', type: 'approval' as const, mode: 'any' as const, whenEmpty: 'admin' as const },
      approvers: [{ kind: 'formula', formula: 'IF(SUM({明细.单价}) > 100, "甲", "乙")' }],
      ...{ title: text('请审批'), facts: [], commentOnReject: false },
    },
  ]);
  await flow('改单价', [
    {
      ...{ id: 'set', name: '', type: 'updateRecord' as const, target: 'trigger' },
      assignments: [{ field: 'price', value: text('1') }],
    },
  ]);
  await engine.get(OrgService).createRole(
    { tenantId: tenant.id },
    {
      name: '高价组',
      permissions: rolePermissions.parse({ forms: { [formId]: { actions: ['view'], scope: 'all', filter: dear } } }),
    },
  );
  await engine.get(Database).withTenant({ tenantId: tenant.id }, async (tx) => {
    await tx.run(
      'INSERT INTO lianke.dashboard (tenant_id, id, app_id, name, definition, sort) VALUES ($1, $2, $3, $4, $5, 1)',
      [
        ...[tenant.id, uuid7(), appId, '看板'],
        JSON.stringify({
          widgets: [
            { id: 'w1', type: 'metric', title: '高价', formId, filter: dear, measure: { fn: 'count' }, place },
            { id: 'w2', type: 'metric', title: '单价', formId, measure: { fn: 'sum', field: 'price' }, place },
          ],
        }),
      ],
    );
  });
  expect(await usesOf(price)).toEqual(
    [
      ...['dashboard 看板 · 高价', 'flow 带出明细', 'flow 按明细审批', 'role 高价组'],
      ...['view 回访.高价订单的回访', 'view 有高价'],
    ].sort(),
  );
  const own = await usesOf('price');
  for (const use of ['flow 改单价', 'view 有单价', 'dashboard 看板 · 单价']) expect(own).toContain(use);
  expect(own).not.toContain('flow 按明细审批');
});
