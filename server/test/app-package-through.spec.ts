import type { AppPackage } from '@lianke/shared/apps/package';
import type { InstallChoice } from '@lianke/shared/apps/package-api';
import type { DashboardDefinition } from '@lianke/shared/dashboards/definition';
import type { FieldInput, FormView } from '@lianke/shared/forms/definition';
import type { AppId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PackagesService } from '../src/engine/apps/package/packages.service.js';
import { FormRegistry } from '../src/engine/forms/form-registry.js';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { ViewsService } from '../src/engine/forms/views.service.js';
import { DashboardsService } from '../src/engine/reports/dashboards.service.js';
import { Database } from '../src/kernel/database/database.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { createFlowEngine } from './support/flows.js';
import { create, formOf, read } from './support/package-world.js';
import { exported, installInto, readInto } from './support/packaged-app.js';

let engine: TestEngine;
let a: TestTenant;
let stockApp: AppId;
let file: AppPackage;

const level = (...labels: string[]): FieldInput => ({
  ...{ key: 'level', name: '等级', type: 'select', rules: {} },
  config: { options: labels.map((label) => ({ id: label, label })) },
});
const text = (key: string, name: string): FieldInput => ({ key, name, type: 'text', config: {}, rules: {} });
const firmFields = [text('name', '名称'), level('合格', '停用'), { ...text('phone', '电话'), type: 'phone' as const }];

/** A store whose goods read their supplier, of another app, in every way there is. */
beforeAll(async () => {
  engine = await createFlowEngine();
  a = await engine.tenant('alpha');
  const supplier = await a.form({ appId: await a.app('采购'), name: '供应商', fields: firmFields });
  stockApp = await a.app('仓库');
  const stock = await a.form({
    appId: stockApp,
    key: 'stock',
    name: '库存',
    fields: [
      text('name', '品名'),
      {
        ...{ key: 'source', name: '供应商', type: 'relation', config: { formId: supplier.id } },
        rules: { pickWhen: { field: 'level', op: 'eq', value: '合格' } },
      },
      { key: 'sourceName', name: '供应商名', type: 'lookup', config: { relation: 'source', field: 'name' } },
      { key: 'tag', name: '标签', type: 'formula', config: { expression: '{品名} & "/" & {供应商.名称}' } },
      { key: 'short', name: '简称', type: 'formula', config: { expression: '{供应商名} & "!"' } },
      {
        ...{ key: 'call', name: '联系电话', type: 'phone' },
        default: { kind: 'linked', formId: supplier.id, match: [{ field: 'id', own: 'source' }], take: 'phone' },
      },
      { ...text('note', '备注'), rules: { visibleWhen: { field: 'sourceName', op: 'notEmpty' } } },
    ] as FieldInput[],
  });
  const views = engine.get(ViewsService);
  await views.create(await a.ctx(), stock.id, { name: '全部', columns: ['name', 'source.name', 'source.level'] });
  await views.create(await a.ctx(), stock.id, {
    ...{ name: '合格供应商', columns: ['name'], filter: { field: 'source.level', op: 'eq', value: '合格' } },
  });
  await engine.get(DashboardsService).create(await a.ctx(), {
    ...{ appId: stockApp, name: '仓库看板' },
    definition: {
      widgets: [
        {
          ...{ id: 'w1', type: 'bar', title: '按供应商', formId: stock.id, place: { x: 0, y: 0, w: 6, h: 4 } },
          ...{ dimension: { field: idOf(stock, 'sourceName') }, measure: { fn: 'count' }, limit: 10 },
        },
      ],
      filters: [],
    },
  } as never);
  file = await exported(a, stockApp);
}, 60_000);
afterAll(() => engine.close());

const idOf = (form: FormView, key: string) => form.fields.find((field) => field.key === key)?.id as string;
const firmIn = async (tenant: TestTenant, fields: FieldInput[]) =>
  tenant.form({ appId: await tenant.app('厂家'), name: '厂家', fields });

/** How the file would be installed with that form in the supplier's place. */
async function seen(tenant: TestTenant, pack: AppPackage, formId?: string) {
  const { id, choice } = await readInto(tenant, pack);
  const asked: InstallChoice = { ...choice, forms: formId ? { 'outside:o1': formId as never } : {} };
  const preview = await engine.get(PackagesService).preview(await tenant.ctx(), id, asked, 'zh');
  const install = async () => engine.get(PackagesService).install(await tenant.ctx(), id, asked, 'zh');
  return { preview, install };
}
const viewsOf = (tenant: TestTenant, formId: string) =>
  engine
    .get(Database)
    .withTenant({ tenantId: tenant.id }, (tx) =>
      tx.sql<{ definition: { name: string; columns: string[]; filter?: unknown } }>(
        'SELECT definition FROM lianke.view WHERE form_id = $1 ORDER BY sort',
        [formId],
      ),
    );

const formById = async (tenant: TestTenant, id: string) =>
  (await engine.get(FormRegistry).forms(await tenant.ctx())).find((form) => form.id === id);

/** The form with more fields. */
async function extend(tenant: TestTenant, formId: FormView['id'], more: FieldInput[]): Promise<void> {
  const forms = engine.get(FormsService);
  const { fields } = await forms.view(await tenant.ctx(), formId);
  const own = fields
    .filter((field) => !field.system)
    .map(({ writable: _, masked: __, system: ___, ...field }): FieldInput => field);
  await forms.update(await tenant.ctx(), formId, { fields: [...own, ...more] });
}

describe('what reads another app’s form through a relation', () => {
  it('goes along by the names of that form’s fields, and tells no id and nothing else of it', () => {
    expect(JSON.stringify(file)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|f_[0-9a-z]{10}/);
    expect(JSON.stringify(file)).not.toContain('停用');
    expect(file.left).toEqual([]);
    expect(file.outside).toMatchObject([
      {
        key: 'o1',
        relations: [{ form: 'stock', field: { key: 'source' } }],
        fields: [
          { key: 'level', name: '等级', type: 'select', options: [{ id: '合格', label: '合格' }] },
          { key: 'name', name: '名称', type: 'text' },
          { key: 'phone', name: '电话', type: 'phone' },
        ],
      },
    ]);
    const fields = file.through?.forms[0]?.fields as { key: string; config: unknown; default?: unknown }[];
    const of = (key: string) => fields.find((field) => field.key === key);
    expect(of('sourceName')).toMatchObject({ config: { relation: 'field:stock/source', field: 'outside:o1/name' } });
    expect(of('tag')?.config).toMatchObject({
      expression: expect.stringContaining('{field:stock/source.outside:o1/name}'),
    });
    expect(of('call')?.default).toMatchObject({ formId: 'outside:o1', take: 'outside:o1/phone' });
    expect(file.open[0]?.uses.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['库存 · 供应商', '库存 · 供应商名', '库存 · 标签', '库存 · 合格供应商']),
    );
    // The file holds without it.
    expect(file.forms[0]?.fields.map((field) => (field as { key: string }).key)).toEqual(['name', 'call', 'note']);
  });

  it('is left off where no form is named, told one by one beforehand', async () => {
    const c = await engine.tenant('none');
    const { preview, install } = await seen(c, file);
    expect(preview.problem).toBeNull();
    expect(preview.through.map(({ kind, name, of }) => [kind, name, of])).toEqual([
      ['field', '供应商', '库存'],
      ['field', '供应商名', '库存'],
      ['field', '标签', '库存'],
      ['field', '简称', '库存'],
      ['rule', '联系电话', '库存'],
      ['rule', '备注', '库存'],
      ['column', '全部', '库存'],
      ['view', '合格供应商', '库存'],
      ['widget', '按供应商', '仓库看板'],
    ]);
    expect(preview.through.every((item) => !item.comes)).toBe(true);
    expect(preview.through[1]).toMatchObject({ unnamed: ['供应商（采购）'], lacks: [] });
    const { app } = await install();
    expect((await formOf(c, app.id, 'stock')).definition.fields.map(({ key }) => key)).toEqual([
      'name',
      'call',
      'note',
    ]);
  });

  it('is bound to the chosen form’s fields, by key or by name, and works on its records', async () => {
    const c = await engine.tenant('whole');
    // The name has another key here, and so has an option.
    const firm = await firmIn(c, [
      text('title', '名称'),
      { ...level(), config: { options: [{ id: 'ok', label: '合格' }] } },
      { ...text('phone', '手机'), type: 'phone' },
    ]);
    const { preview, install } = await seen(c, file, firm.id);
    expect(preview.through.filter((item) => !item.comes)).toEqual([]);
    const { app } = await install();
    const form = await formOf(c, app.id, 'stock');
    const firmId = await create(c, firm.id, { title: '甲厂', level: 'ok', phone: '13800000000' });
    const id = await create(c, form.id, { name: '螺丝', source: firmId });
    expect(await read(c, form.id, id)).toMatchObject({ sourceName: '甲厂', tag: '螺丝/甲厂', short: '甲厂!' });
    expect(form.field('call')?.def.default).toMatchObject({
      kind: 'linked',
      formId: firm.id,
      take: idOf(firm, 'phone'),
    });
    expect(form.field('source')?.def.rules.pickWhen).toEqual({ field: idOf(firm, 'level'), op: 'eq', value: 'ok' });
    expect((await viewsOf(c, form.id)).map(({ definition }) => definition)).toMatchObject([
      {
        columns: [
          'name',
          `${form.field('source')?.id}.${idOf(firm, 'title')}`,
          `${form.field('source')?.id}.${idOf(firm, 'level')}`,
        ],
      },
      { filter: { field: `${form.field('source')?.id}.${idOf(firm, 'level')}`, value: 'ok' } },
    ]);
    const [page] = await engine
      .get(Database)
      .withTenant({ tenantId: c.id }, (tx) =>
        tx.sql<{ definition: DashboardDefinition }>('SELECT definition FROM lianke.dashboard WHERE app_id = $1', [
          app.id,
        ]),
      );
    expect(page?.definition.widgets).toMatchObject([{ dimension: { field: form.field('sourceName')?.id } }]);
  });

  it('comes as far as the chosen form has the fields; what it lacks is told, and comes once it is mended', async () => {
    const c = await engine.tenant('part');
    const firm = await firmIn(c, [text('name', '名称'), level('良好')]);
    const { preview, install } = await seen(c, file, firm.id);
    expect(preview.problem).toBeNull();
    const stay = preview.through.filter((item) => !item.comes);
    expect(
      stay.map(({ kind, name, lacks }) => [kind, name, lacks.map(({ field, type, option }) => [field, type, option])]),
    ).toEqual([
      ['rule', '联系电话', [['电话', 'phone', null]]],
      ['view', '合格供应商', [['等级', 'select', '合格']]],
      ['rule', '供应商', [['等级', 'select', '合格']]],
    ]);
    const { app } = await install();
    const form = await formOf(c, app.id, 'stock');
    expect(form.definition.fields.map(({ key }) => key)).toEqual([
      ...['name', 'source', 'sourceName', 'tag', 'short', 'call', 'note'],
    ]);
    expect(form.field('call')?.def.default).toBeUndefined();
    expect(form.field('source')?.def.rules).toEqual({});
    await extend(c, firm.id, [{ ...text('phone', '电话'), type: 'phone' }]);
    const next = await readInto(c, { ...file, version: '1.1.0' });
    expect(next.through.filter((item) => !item.comes).map(({ name }) => name)).toEqual(['合格供应商', '供应商']);
    expect(next.parts.filter(({ change }) => change !== 'same').map(({ token, change }) => [token, change])).toEqual([
      ['field:stock/call', 'update'],
    ]);
  });

  it('is the same in the app’s next version, and exported again as it came', async () => {
    const c = await engine.tenant('again');
    const firm = await firmIn(c, firmFields);
    const { app } = await installInto(c, file, { forms: { 'outside:o1': firm.id } });
    const next = await readInto(c, { ...file, version: '1.1.0' });
    expect(next.parts.filter(({ change }) => change !== 'same').map(({ token }) => token)).toEqual([]);
    const { version: _, open: __, ...back } = await exported(c, app.id);
    const { version: ___, open: ____, ...there } = file;
    expect(back).toEqual(there);
  });
});

describe('a roll-up over another app’s form', () => {
  it('comes once the chosen form relates to the app’s own, and is told before what that takes', async () => {
    const appId = await a.app('质检');
    const part = await a.form({ appId, key: 'part', name: '零件', fields: [text('name', '名称')] });
    const checks = await a.form({
      ...{ appId: await a.app('实验室'), name: '检验' },
      fields: [
        { key: 'part', name: '零件', type: 'relation', config: { formId: part.id } },
        { key: 'score', name: '得分', type: 'number' },
      ],
    });
    const rollup: FieldInput = {
      ...{ key: 'scores', name: '总分', type: 'rollup', rules: {} },
      config: { formId: checks.id, relation: 'part', fn: 'sum', field: 'score' },
    };
    await extend(a, part.id, [rollup]);
    const packed = await exported(a, appId);
    expect(packed.outside).toMatchObject([
      { relations: [], fields: [{ key: 'part', type: 'relation', to: 'form:part' }, { key: 'score' }] },
    ]);
    const c = await engine.tenant('sums');
    const { app } = await installInto(c, packed);
    const form = await formOf(c, app.id, 'part');
    expect(form.field('scores')).toBeUndefined();
    const lab = await c.form({ appId: await c.app('化验'), name: '化验', fields: [text('name', '名称')] });
    const next = { ...packed, version: '1.1.0' };
    const { preview } = await seen(c, next, lab.id);
    expect(preview.through).toMatchObject([
      { name: '总分', comes: false, lacks: [{ field: '得分' }, { field: '零件', type: 'relation', to: '零件' }] },
    ]);
    await extend(c, lab.id, [
      { key: 'of', name: '零件', type: 'relation', config: { formId: form.id }, rules: {} },
      { key: 'points', name: '得分', type: 'number', config: {}, rules: {} },
    ]);
    await (await seen(c, next, lab.id)).install();
    const [lately, sums] = [await formById(c, lab.id), await formOf(c, app.id, 'part')];
    expect(sums.field('scores')?.def.config).toMatchObject({
      ...{ formId: lab.id, relation: lately?.field('of')?.id, fn: 'sum', field: lately?.field('points')?.id },
    });
  });
});

describe('two forms of other apps for which one form stands', () => {
  it('stay two places when the app is exported again, each with what reads it', async () => {
    const appId = await a.app('发货');
    const [maker, carrier] = [
      await a.form({ appId: await a.app('生产'), name: '厂商', fields: [text('name', '名称')] }),
      await a.form({ appId: await a.app('物流'), name: '承运商', fields: [text('name', '名称')] }),
    ];
    await a.form({
      ...{ appId, key: 'parcel', name: '发货单' },
      fields: [
        text('no', '单号'),
        { key: 'maker', name: '厂商', type: 'relation', config: { formId: maker.id } },
        { key: 'carrier', name: '承运商', type: 'relation', config: { formId: carrier.id } },
        { key: 'makerName', name: '厂商名', type: 'lookup', config: { relation: 'maker', field: 'name' } },
        { key: 'carrierName', name: '承运商名', type: 'lookup', config: { relation: 'carrier', field: 'name' } },
        { key: 'both', name: '两家', type: 'formula', config: { expression: '{厂商.名称} & {承运商.名称}' } },
      ],
    });
    const first = await exported(a, appId);
    const c = await engine.tenant('one');
    const firm = await firmIn(c, [text('name', '名称')]);
    const { app } = await installInto(c, first, { forms: { 'outside:o1': firm.id, 'outside:o2': firm.id } });
    const again = await exported(c, app.id);
    expect(again.outside).toEqual(first.outside);
    expect(again.through).toEqual(first.through);
    const d = await engine.tenant('two');
    const [one, two] = [
      await firmIn(d, [text('name', '名称')]),
      await d.form({ appId: await d.app('车队'), name: '车队', fields: [text('name', '名称')] }),
    ];
    const { app: last } = await installInto(d, again, { forms: { 'outside:o1': one.id, 'outside:o2': two.id } });
    const form = await formOf(d, last.id, 'parcel');
    const id = await create(d, form.id, {
      ...{
        no: '1',
        maker: await create(d, one.id, { name: '甲厂' }),
        carrier: await create(d, two.id, { name: '顺风' }),
      },
    });
    expect(await read(d, form.id, id)).toMatchObject({ makerName: '甲厂', carrierName: '顺风', both: '甲厂顺风' });
  });
});
