import { Readable } from 'node:stream';
import type { AppPackage } from '@lianke/shared/apps/package';
import { type InstallChoice, installChoice } from '@lianke/shared/apps/package-api';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, MemberId } from '@lianke/shared/ids';
import { rolePermissions } from '@lianke/shared/org/api';
import { AppsService } from '../../src/engine/apps/apps.service.js';
import { PackagesService } from '../../src/engine/apps/package/packages.service.js';
import { FlowsService } from '../../src/engine/flows/flows.service.js';
import { ViewsService } from '../../src/engine/forms/views.service.js';
import { OrgService } from '../../src/engine/org/org.service.js';
import { a4, paragraph } from '../../src/engine/print/blocks.js';
import { writeDocx } from '../../src/engine/print/docx/write.js';
import { DashboardsService } from '../../src/engine/reports/dashboards.service.js';
import { Database } from '../../src/kernel/database/database.js';
import { uuid7 } from '../../src/kernel/ids/uuid7.js';
import type { TestTenant } from './engine.js';

export interface OrderApp {
  appId: AppId;
  customers: FormView;
  orders: FormView;
  boss: MemberId;
}

/** An app of a company with something of every kind: fields that refer to one another, flows, pages, rights, rules. */
export async function orderApp(tenant: TestTenant): Promise<OrderApp> {
  const { engine } = tenant;
  const boss = await engine.get(OrgService).createMember({ tenantId: tenant.id }, { name: '王总', roleIds: [] });
  const appId = await tenant.app('订货');
  const customers = await tenant.form({
    appId,
    key: 'customer',
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text', rules: { required: true, unique: true } },
      {
        key: 'grade',
        name: '等级',
        type: 'select',
        config: {
          options: [
            { id: 'A', label: 'A' },
            { id: 'B', label: 'B' },
          ],
        },
        rules: { requiredWhen: { field: 'name', op: 'notEmpty' } },
        default: { kind: 'literal', value: 'B' },
      },
      { key: 'secret', name: '底价', type: 'text', encrypted: true },
      { key: 'keeper', name: '客服', type: 'member' },
      { key: 'code', name: '编号', type: 'autonumber', config: { prefix: 'KH', reset: 'never', date: 'none' } },
    ],
  });
  const orders = await tenant.form({
    appId,
    key: 'order',
    name: '订单',
    fields: [
      { key: 'title', name: '标题', type: 'text' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id, reverseLabel: '订单' } },
      { key: 'grade', name: '客户等级', type: 'lookup', config: { relation: 'customer', field: 'grade' } },
      {
        key: 'items',
        name: '明细',
        type: 'subform',
        config: {
          fields: [
            { key: 'count', name: '数量', type: 'number', config: { decimals: 0 } },
            { key: 'price', name: '单价', type: 'number' },
            { key: 'sum', name: '小计', type: 'formula', config: { expression: '{数量}*{单价}' } },
          ],
        } as never,
      },
      { key: 'total', name: '合计', type: 'formula', config: { expression: 'SUM({明细.小计})' } },
      { key: 'state', name: '状态', type: 'text' },
    ],
    settings: {
      titleField: 'title',
      summaryFields: ['customer'],
      checks: [
        { must: { field: 'title', op: 'notEmpty' }, message: '要有标题' },
        { formula: 'SUM({明细.小计}) <= 1000000', message: '一单太大', field: 'total' },
      ],
    },
  });
  const ctx = () => tenant.ctx();
  const idOf = (form: FormView, key: string) => form.fields.find((field) => field.key === key)?.id as string;
  await engine.get(ViewsService).create(await ctx(), orders.id, {
    name: 'A 级客户的订单',
    columns: [idOf(orders, 'title'), 'total', `${idOf(orders, 'customer')}.${idOf(customers, 'name')}`],
    filter: {
      and: [
        { field: idOf(orders, 'grade'), op: 'eq', value: 'A' },
        { field: 'owner', op: 'eq', value: boss },
      ],
    },
  });
  const roleId = await engine.get(OrgService).createRole(
    { tenantId: tenant.id },
    {
      name: '跟单',
      permissions: rolePermissions.parse({
        forms: {
          [orders.id]: { actions: ['view', 'edit'], scope: 'own', fields: { [idOf(orders, 'total')]: 'read' } },
        },
      }),
    },
  );
  const flows = engine.get(FlowsService);
  const called = await flows.create(await ctx(), { appId, name: '归档', definition: archive(orders) });
  await flows.publish(await ctx(), called.id);
  const approval = await flows.create(await ctx(), {
    appId,
    name: '订单审批',
    definition: approvalFlow(orders, boss, roleId, called.id, idOf(orders, 'state')),
  });
  await flows.publish(await ctx(), approval.id);
  await engine.get(DashboardsService).create(await ctx(), {
    appId,
    name: '订货看板',
    definition: {
      widgets: [
        {
          ...{ id: 'w1', type: 'metric', title: '合计', formId: orders.id, place: { x: 0, y: 0, w: 6, h: 4 } },
          measure: { fn: 'sum', field: idOf(orders, 'total') },
        },
      ],
      filters: [{ id: 'f1', type: 'date', title: '时间', fields: { [orders.id]: 'createdAt' } }],
    } as never,
  });
  await engine.get(AppsService).arrange(await ctx(), appId, {
    items: [
      { kind: 'form', id: orders.id, group: '销售' },
      { kind: 'form', id: customers.id, group: null },
    ],
  });
  const docx = writeDocx({ title: '', page: a4, header: [], footer: [], blocks: [paragraph('{{标题}}')] });
  await engine.get(Database).withTenant({ tenantId: tenant.id }, async (tx) => {
    await tx.run('UPDATE lianke.form SET duplicates = $2 WHERE id = $1', [
      customers.id,
      JSON.stringify([{ id: 'rule1', fields: [{ field: idOf(customers, 'name'), as: 'company' }], action: 'warn' }]),
    ]);
    await tx.run(
      `INSERT INTO lianke.print_template (tenant_id, id, form_id, name, file_name, content, placeholders, is_default, updated_at)
       VALUES ($1, $2, $3, '订单', '订单.docx', $4, '{标题}', true, now())`,
      [tenant.id, uuid7(), orders.id, docx],
    );
    await tx.run('INSERT INTO lianke.pool (tenant_id, form_id, settings) VALUES ($1, $2, $3)', [
      tenant.id,
      customers.id,
      JSON.stringify({
        ...{ on: true, claimers: [{ kind: 'member', id: boss }], managers: [], holds: 5, daily: null, protectDays: 0 },
        ...{ fields: { [idOf(customers, 'name')]: 'read' }, dealt: null, contactField: null, contactDays: null },
        ...{ dealDays: 30, noticeDays: 3 },
      }),
    ]);
    await tx.run('INSERT INTO lianke.target (tenant_id, id, form_id, definition) VALUES ($1, $2, $3, $4)', [
      ...[tenant.id, uuid7(), orders.id],
      JSON.stringify({
        ...{ formId: orders.id, name: '月度订货', fn: 'sum', field: idOf(orders, 'total'), filter: null },
        ...{ dateField: 'createdAt', period: 'month', unit: '元' },
      }),
    ]);
  });
  return { appId, customers, orders, boss };
}

const text = (value: string) => ({ kind: 'literal' as const, value });

const archive = (orders: FormView): FlowDefinition => ({
  trigger: { type: 'called', formId: orders.id, inputs: [] },
  nodes: [
    {
      ...{ id: 'set', name: '', type: 'updateRecord' as const, target: 'trigger' },
      assignments: [{ field: 'state', value: text('已归档') }],
    },
  ],
  edges: [{ from: 'trigger', to: 'set' }],
});

const approvalFlow = (
  orders: FormView,
  boss: MemberId,
  roleId: string,
  calls: string,
  state: string,
): FlowDefinition => ({
  trigger: { type: 'recordCreated', formId: orders.id },
  nodes: [
    {
      ...{ id: 'mark', name: '标记', type: 'updateRecord' as const, target: 'trigger' },
      assignments: [{ field: state, value: text('审批中') }],
    },
    {
      ...{ id: 'ok', name: '总经理审批', type: 'approval' as const, mode: 'any' as const, whenEmpty: 'admin' as const },
      approvers: [
        { kind: 'member', ids: [boss] },
        { kind: 'role', roleId },
      ],
      title: text('请审批'),
      facts: [],
      commentOnReject: false,
      fields: { [state]: 'hide' },
    },
    {
      ...{ id: 'sub', name: '归档', type: 'subflow' as const, flowId: calls as never, record: 'trigger' },
      inputs: [],
      wait: true,
    },
  ],
  edges: [
    { from: 'trigger', to: 'mark' },
    { from: 'mark', to: 'ok' },
    { from: 'ok', to: 'sub', port: 'approved' },
  ],
});

/** The app as a file, read again. */
export async function exported(
  tenant: TestTenant,
  appId: AppId,
  body: { version?: string; sample?: { formId: string; rows: number }[] } = {},
): Promise<AppPackage> {
  const { bytes } = await tenant.engine
    .get(PackagesService)
    .export(await tenant.ctx(), appId, { sample: [], ...body } as never);
  return JSON.parse(bytes.toString('utf8')) as AppPackage;
}

export async function readInto(tenant: TestTenant, pack: unknown, by?: MemberId) {
  const content = typeof pack === 'string' ? pack : JSON.stringify(pack);
  return tenant.engine
    .get(PackagesService)
    .read(await tenant.ctx(by), { name: 'app.json', content: Readable.from([Buffer.from(content)]) }, 'zh');
}

/** Installs it as chosen, and answers what came of it. */
export async function installInto(tenant: TestTenant, pack: unknown, choice: Partial<InstallChoice> = {}) {
  const { id } = await readInto(tenant, pack);
  return tenant.engine.get(PackagesService).install(await tenant.ctx(), id, installChoice.parse(choice), 'zh');
}
