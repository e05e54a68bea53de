import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestEngine, TestTenant } from '../../../test/support/engine.js';
import { createFlowEngine } from '../../../test/support/flows.js';
import { FlowsService } from '../flows/flows.service.js';
import { FormRegistry } from '../forms/form-registry.js';
import { DashboardsService } from '../reports/dashboards.service.js';
import { SampleRows } from './package/sample-rows.js';
import { PackageInstaller } from './package-installer.js';
import { builtInTemplates } from './templates.js';

let engine: TestEngine;
let tenant: TestTenant;

beforeAll(async () => {
  engine = await createFlowEngine();
  tenant = await engine.tenant('acme');
});
afterAll(() => engine.close());

it('installs 客户关系管理 whole: forms with their relations, published flows without faults, a dashboard without broken widgets', async () => {
  const appId = await engine.get(PackageInstaller).install(await tenant.ctx(), builtInTemplates().get('crm'));
  const ctx = await tenant.ctx();
  const forms = (await engine.get(FormRegistry).forms(ctx)).filter((form) => form.appId === appId);
  expect(forms.map((form) => form.name)).toEqual([
    '客户信息表',
    '线索',
    '联系人',
    '跟进记录',
    '商机',
    '合同',
    '订单',
    '服务记录',
    '需求反馈',
    '销售任务表',
  ]);
  const customer = forms.find((form) => form.key === 'customer');
  expect(customer?.field('lastContact')?.config).toMatchObject({
    sources: [{ formId: forms.find((form) => form.key === 'followUp')?.id }],
  });
  const flows = await engine.get(FlowsService).list(ctx, { appId });
  expect(flows.map((flow) => [flow.name, flow.enabled])).toEqual([
    ['新客户跟进', true],
    ['合同审批', true],
    ['阶段推进时向上级汇报', true],
    ['赢单转服务', true],
    ['客户转交提醒', true],
  ]);
  for (const flow of flows) expect((await engine.get(FlowsService).get(ctx, flow.id)).faults).toEqual([]);
  const [dashboard] = await engine.get(DashboardsService).list(ctx, appId);
  const widgets = dashboard ? await engine.get(DashboardsService).data(ctx, dashboard.id) : [];
  expect(widgets.map((widget) => widget.kind)).toEqual([...Array(5).fill('value'), ...Array(3).fill('groups'), 'rows']);
  await expect(engine.get(PackageInstaller).install(ctx, builtInTemplates().get('crm'))).rejects.toMatchObject({
    code: 'already_exists',
  });
});

const whole: [key: string, forms: string[], flows: string[], widgets: number, rows: number][] = [
  [
    'project',
    ['项目', '里程碑', '项目任务', '工时', '风险与问题'],
    ['任务指派提醒', '任务完成后打勾', '严重风险上报主管'],
    9,
    11,
  ],
  [
    'afterSales',
    ['售后工单', '上门记录', '回访', '产品', '常见问题'],
    ['新工单提醒', '紧急工单上报主管', '关闭后三天回访'],
    8,
    6,
  ],
];

it.each(whole)(
  'installs %s whole beside 客户关系管理: forms, flows without faults, no broken widget, its sample rows',
  async (key, names, flowNames, widgets, rows) => {
    const pack = builtInTemplates().get(key);
    const appId = await engine.get(PackageInstaller).install(await tenant.ctx(), pack);
    const ctx = await tenant.ctx();
    const forms = (await engine.get(FormRegistry).forms(ctx)).filter((form) => form.appId === appId);
    expect(forms.map((form) => form.name)).toEqual(names);
    const flows = await engine.get(FlowsService).list(ctx, { appId });
    expect(flows.map((flow) => [flow.name, flow.enabled])).toEqual(flowNames.map((name) => [name, true]));
    for (const flow of flows) expect((await engine.get(FlowsService).get(ctx, flow.id)).faults).toEqual([]);
    expect(await engine.get(SampleRows).putInto(ctx, pack?.sample ?? [], appId)).toBe(rows);
    const [dashboard] = await engine.get(DashboardsService).list(ctx, appId);
    const data = dashboard ? await engine.get(DashboardsService).data(ctx, dashboard.id) : [];
    expect(data.filter((widget) => widget.kind === 'broken')).toEqual([]);
    expect(data).toHaveLength(widgets);
  },
);
