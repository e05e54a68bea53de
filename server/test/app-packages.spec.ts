import type { AppPackage } from '@lianke/shared/apps/package';
import { installChoice } from '@lianke/shared/apps/package-api';
import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppsService } from '../src/engine/apps/apps.service.js';
import { PackagesService } from '../src/engine/apps/package/packages.service.js';
import { PackageInstaller } from '../src/engine/apps/package-installer.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { FormRegistry } from '../src/engine/forms/form-registry.js';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { dropStrayTables } from '../src/engine/forms/stray-tables.js';
import { ViewsService } from '../src/engine/forms/views.service.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { bumpAccess } from '../src/engine/versions.js';
import { Database } from '../src/kernel/database/database.js';
import { tenantName } from '../src/kernel/database/ident.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { comeToRest, createFlowEngine } from './support/flows.js';
import { exported, installInto, type OrderApp, orderApp, readInto } from './support/packaged-app.js';

let engine: TestEngine;
let a: TestTenant;
let b: TestTenant;
let source: OrderApp;
let pack: AppPackage;

beforeAll(async () => {
  engine = await createFlowEngine();
  [a, b] = [await engine.tenant('alpha'), await engine.tenant('beta')];
  source = await orderApp(a);
  pack = await exported(a, source.appId);
}, 60_000);
afterAll(() => engine.close());

const formsOf = async (tenant: TestTenant, appId: string) =>
  (await engine.get(FormRegistry).forms(await tenant.ctx())).filter((form) => form.appId === appId);
const formOf = async (tenant: TestTenant, appId: string, key: string) => {
  const form = (await formsOf(tenant, appId)).find((item) => item.key === key);
  if (!form) throw new Error(`no form ${key}`);
  return form;
};
const create = async (tenant: TestTenant, formId: string, values: Record<string, unknown>) =>
  (
    await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
      ...{ formId: formId as never, op: 'create' },
      row: { values: values as never },
    })
  ).id;
const read = async (tenant: TestTenant, formId: string, id: string) =>
  (await engine.get(RecordReader).get(await tenant.ctx(), formId as never, id as never)).values;
const packages = () => engine.get(PackagesService);
const rows = async (tenant: TestTenant, table: string) =>
  (
    await engine
      .get(Database)
      .withTenant({ tenantId: tenant.id }, (tx) =>
        tx.sql<{ n: number }>(`SELECT count(*)::int AS n FROM lianke.${table}`),
      )
  )[0]?.n;

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

  it('leaves behind what leads into another app, and what is made of that', async () => {
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
    expect(left.left.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'field 供应商',
      'field 供应商名',
      'view 有供应商',
    ]);
    await expect(installInto(await engine.tenant(), left)).resolves.toMatchObject({ created: expect.any(Number) });
  });
});

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
    const press = async () => packages().install(await c.ctx(), id, installChoice.parse({}), 'zh');
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

describe('who may', () => {
  const member = async (tenant: TestTenant, name: string): Promise<MemberId> =>
    engine.get(OrgService).createMember({ tenantId: tenant.id }, { name, roleIds: [] });

  it('only who administers the app exports it, and nobody of another company', async () => {
    const clerk = await member(a, '职员');
    await expect(packages().export(await a.ctx(clerk), source.appId, { sample: [] })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(packages().outline(await a.ctx(clerk), source.appId)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(packages().outline(await b.ctx(), source.appId)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('only designers install; a file is there only for who read it', async () => {
    const clerk = await member(b, '职员');
    await expect(readInto(b, pack, clerk)).rejects.toMatchObject({ code: 'forbidden' });
    const { id } = await readInto(b, pack);
    const choice = installChoice.parse({});
    await expect(packages().preview(await a.ctx(), id, choice, 'zh')).rejects.toMatchObject({ code: 'not_found' });
    await expect(packages().install(await a.ctx(), id, choice, 'zh')).rejects.toMatchObject({ code: 'not_found' });
    await expect(packages().install(await b.ctx(clerk), id, choice, 'zh')).rejects.toMatchObject({ code: 'forbidden' });
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
    await expect(packages().install(await c.ctx(chief), preview.id, fresh, 'zh')).rejects.toMatchObject({
      code: 'forbidden',
    });
    const choice = installChoice.parse({ appId: done.app.id });
    expect(await packages().install(await c.ctx(chief), preview.id, choice, 'zh')).toMatchObject({ kept: 1 });
  });
});

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

    await packages().install(await c.ctx(), preview.id, preview.choice, 'zh');
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
    await packages().install(await c.ctx(), again.id, { ...again.choice, take: ['field:order/title'] }, 'zh');
    expect((await formOf(c, app.id, 'order')).field('title')?.name).toBe('单名');
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
    await packages().install(await c.ctx(), preview.id, { ...preview.choice, startFlows: true }, 'zh');
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
    await packages().install(await c.ctx(), preview.id, { ...preview.choice, take: [gone?.token ?? ''] }, 'zh');
    expect(await engine.get(ViewsService).list(await c.ctx(), order.id)).toHaveLength(1);
    expect(
      (await engine.get(AppsService).list(await c.ctx()))[0]?.items.some((item) => item.kind === 'dashboard'),
    ).toBe(true);
  });
});

describe('a file that is no sound package', () => {
  const refused = async (content: unknown) => {
    try {
      await readInto(b, content);
    } catch (error) {
      return error as { code: string; params: Record<string, string> };
    }
    throw new Error('it was taken');
  };
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  it.each<[string, () => unknown, string, RegExp]>([
    ['no JSON', () => 'PK\u0003\u0004', 'invalid_file', /不是应用包/],
    ['some other JSON', () => ({ hello: 1 }), 'invalid_file', /不是应用包/],
    ['a package cut short', () => JSON.stringify(pack).slice(0, 5000), 'invalid_file', /损坏/],
    ['a newer format', () => ({ ...pack, format: 'lianke-app/9' }), 'invalid_file', /先升级本系统/],
    ['a missing part', () => ({ ...pack, forms: 'x' }), 'invalid_file', /forms/],
    ['nested without end', () => JSON.stringify(pack).replace('"flows":[', `"flows":[${deep},`), 'invalid_file', /./],
    ['characters nobody can store', () => ({ ...pack, name: 'a\u0000b' }), 'invalid_file', /无法保存/],
    ['two forms of one name', () => ({ ...pack, forms: [...pack.forms, pack.forms[0]] }), 'invalid_file', /两次/],
    ['too much', () => JSON.stringify({ ...pack, pad: 'x'.repeat(11_000_000) }), 'too_large', /10 MB/],
  ])('%s is refused, saying why', async (_, content, code, words) => {
    const sent = content();
    const before = process.cpuUsage();
    const error = await refused(sent);
    const { user } = process.cpuUsage(before);
    expect(error.code).toBe(code);
    expect(String(error.params.detail)).toMatch(words);
    // Microseconds of work, whatever else the machine is doing.
    expect(user).toBeLessThan(5_000_000);
  });

  it('names of nothing, and broken definitions, are told in the preview and install nothing', async () => {
    const before = await rows(b, 'app');
    const loose = structuredClone(pack);
    Object.assign(loose.flows[0] ?? {}, {
      definition: { trigger: { type: 'called', formId: 'form:nothing' }, nodes: [], edges: [] },
    });
    expect((await readInto(b, loose)).problem).toContain('form:nothing');
    await expect(installInto(b, loose)).rejects.toMatchObject({ code: 'invalid_definition' });
    const circle = structuredClone(pack);
    const total = circle.forms[1]?.fields.find((field) => (field as { key: string }).key === 'total');
    Object.assign((total as { config: object }).config, { expression: '{field:order/total}+1' });
    const preview = await readInto(b, circle);
    expect(preview.problem).toContain('合计');
    expect(await rows(b, 'app')).toBe(before);
  });

  it('texts that look like names stay texts', async () => {
    const appId = await a.app('说明');
    await a.form({
      appId,
      key: 'note',
      name: '说明',
      fields: [{ key: 'text', name: '文本', type: 'text', hint: '见 form:note 和 form:\\x，不是 member:m1' }],
    });
    const words = await exported(a, appId);
    const done = await installInto(await engine.tenant(), words);
    expect(done.created).toBeGreaterThan(0);
    const c = await engine.tenant();
    const again = await installInto(c, words);
    expect((await formOf(c, again.app.id, 'note')).field('text')?.def.hint).toBe(
      '见 form:note 和 form:\\x，不是 member:m1',
    );
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
