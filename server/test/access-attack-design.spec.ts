import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AttackWorld, attackWorld, secret } from './support/attack-world.js';
import { sound } from './support/paired-world.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

// Whoever administers one app, or members, or owns some records, tries to get at what is another's.
type Account = Omit<TestAccount, 'adminRoleId'>;

let whole: WholeApp;
let world: AttackWorld;
let customer: string;
let ticket: string;

beforeAll(async () => {
  whole = await WholeApp.start();
  world = await attackWorld(whole, 'design');
  customer = await world.customer({ name: '甲公司', secret, owner: world.head.memberId });
  ticket = (await world.post(`/forms/${world.tickets.id}/records`, { values: { note: '修理', customer } })).id;
}, 120_000);
afterAll(() => whole.close());

const call = (who: Account, method: string, url: string, body?: unknown) => who.call(method, `/api/v1${url}`, body);
const status = async (who: Account, method: string, url: string, body?: unknown) =>
  (await call(who, method, url, body)).status;

describe('who administers one app reads no other through a flow of his', () => {
  const at = (path: string) => ({ ref: { source: 'trigger', path } });
  const flow = (...nodes: object[]) => ({
    trigger: { type: 'recordCreated', formId: world.tickets.id },
    nodes: nodes.map((node) => ({ id: 'n', name: '', ...node })),
    edges: [{ from: 'trigger', to: 'n' }],
  });
  const assign = (value: object) => ({
    ...{ type: 'updateRecord', target: 'trigger' },
    assignments: [{ field: 'note', value }],
  });
  const message = (path: string) => ({
    ...{ type: 'message', to: [{ kind: 'starter' }], kind: 'notice', record: 'trigger' },
    ...{ title: { kind: 'literal', value: '看' }, facts: [{ label: '底价', ...at(path) }] },
  });
  const variables = (formula: string) => ({
    type: 'setVariables',
    items: [{ key: 'v', name: 'v', type: 'text', value: { kind: 'formula', formula } }],
  });
  const attacks: [string, () => object][] = [
    ['a value written into his own form', () => assign({ kind: 'ref', ...at('customer.secret') })],
    ['a text joined of it', () => assign({ kind: 'text', parts: [at('customer.secret')] })],
    ['a fact of a message', () => message('customer.phone')],
    ['a field of his own form that is computed from it', () => message('price')],
    ['a formula of a variable', () => variables('{客户.底价}')],
    ['a formula over the computed field', () => variables('{客户底价}')],
    ['people named by a formula', () => ({ ...message('note'), to: [{ kind: 'formula', formula: '{客户.底价}' }] })],
    [
      'a branch',
      () => ({
        type: 'branch',
        cases: [{ id: 'a', name: 'a', filter: { field: 'price', op: 'eq', value: secret } }],
      }),
    ],
  ];

  it.each(attacks)('%s', async (_, node) => {
    const { service, steward } = world;
    const body = { appId: service, name: '偷看', definition: flow(node()) };
    const made = await call(steward, 'POST', '/flows', body);
    expect([made.status, made.json.code], made.text).toEqual([403, 'forbidden']);
    const own = { ...body, definition: flow(message('note')) };
    const { id } = sound(await call(steward, 'POST', '/flows', own)).json;
    expect(await status(steward, 'PATCH', `/flows/${id}`, { definition: body.definition })).toBe(403);
    const tried = await call(steward, 'POST', `/flows/${id}/test`, {
      definition: body.definition,
      recordId: ticket,
    });
    expect(tried.text).not.toContain(secret);
  });

  it('while what is his own may be named, and whoever designs the company’s apps may name all', async () => {
    const { admin, service, steward } = world;
    for (const node of [message('note'), message('customer'), variables('{内容}'), variables('{客户}')])
      sound(await call(steward, 'POST', '/flows', { appId: service, name: '自己的', definition: flow(node) }));
    for (const [, node] of attacks)
      sound(await call(admin, 'POST', '/flows', { appId: service, name: '管理员的', definition: flow(node()) }));
  });
});

describe('who administers one app', () => {
  it('lets nobody outside pick among another app’s records', async () => {
    const { steward, tickets } = world;
    const settings = { name: '报修', fields: ['note', 'customer'], pickers: ['customer'] };
    expect(await status(steward, 'POST', `/forms/${tickets.id}/public-forms`, { settings })).toBe(403);
    const own = { settings: { ...settings, pickers: [] } };
    const { id } = sound(await call(steward, 'POST', `/forms/${tickets.id}/public-forms`, own)).json;
    expect(await status(steward, 'PATCH', `/public-forms/${id}`, { settings })).toBe(403);
    // What an administrator made public may be changed in other ways.
    const given = await world.post(`/forms/${tickets.id}/public-forms`, { settings });
    sound(await call(steward, 'PATCH', `/public-forms/${given.id}`, { settings: { ...settings, intro: '请填写' } }));
  });

  it('shows a group nothing of another app with the rights that an administrator lent his page', async () => {
    const { admin, customers, post, service, steward, tickets } = world;
    const place = { x: 0, y: 0, w: 4, h: 4 };
    const metric = (id: string, formId: string, more: object = {}) => ({
      ...{ id, title: id, type: 'metric', formId, measure: { fn: 'count' }, place },
      ...more,
    });
    const page = { appId: service, name: '日报', definition: { widgets: [metric('old', customers.id)] } };
    const { id } = await post('/dashboards', page);
    const save = (...widgets: object[]) =>
      status(steward, 'PATCH', `/dashboards/${id}`, {
        definition: { widgets: [...page.definition.widgets, ...widgets] },
      });
    const over = metric('new', customers.id, { measure: { fn: 'max', field: 'secret' } });
    const through = metric('through', tickets.id, { filter: { field: 'customer.secret', op: 'eq', value: secret } });
    const computed = { ...metric('rows', tickets.id), type: 'list', columns: ['note', 'price'] };
    // As long as everybody sees it with his own rights, he may show what he likes.
    expect(await save(over)).toBe(200);
    expect(await save()).toBe(200);
    const value = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=6a1b';
    await post('/flow-secrets', { name: '服务群', kind: 'robot', value });
    await post(`/dashboards/${id}/subscriptions`, {
      ...{ schedule: { unit: 'day', time: '08:00' }, members: [], enabled: true },
      groups: [{ robot: '服务群', as: admin.memberId }],
    });
    for (const widget of [over, through, computed]) expect(await save(widget)).toBe(403);
    expect(await save(metric('own', tickets.id))).toBe(200);
    const { version, revision } = sound(await call(steward, 'GET', `/dashboards/${id}/draft`)).json;
    const draft = sound(
      await call(steward, 'PATCH', `/dashboards/${id}/draft`, { definition: { widgets: [over] }, version, revision }),
    ).json;
    const publish = { revision: draft.revision };
    expect(await status(steward, 'POST', `/dashboards/${id}/publish`, publish)).toBe(403);
    sound(await call(admin, 'POST', `/dashboards/${id}/publish`, publish));
  });

  it('draws nothing of another app into his forms', async () => {
    const { customers, steward, tickets } = world;
    const { fields } = sound(await call(world.admin, 'GET', `/forms/${tickets.id}`)).json;
    const kept = fields.filter((field: { system?: boolean }) => !field.system);
    const lookup = { relation: 'customer', field: 'secret', visible: true };
    for (const field of [
      { key: 'x', name: '偷', type: 'lookup', config: lookup },
      { key: 'x', name: '偷', type: 'formula', config: { expression: '{客户.底价}', visible: true } },
    ])
      expect(await status(steward, 'PATCH', `/forms/${tickets.id}`, { fields: [...kept, field] })).toBe(400);
    const asked = { expression: '{客户.底价}', decimals: 0, recordId: ticket };
    for (const expression of [asked.expression, '{客户底价}', '{客户.电话}']) {
      const tried = await call(steward, 'POST', `/forms/${tickets.id}/formula-trial`, { ...asked, expression });
      expect([expression, tried.status], tried.text).toEqual([expression, 403]);
    }
    const own = await call(steward, 'POST', `/forms/${tickets.id}/formula-trial`, { ...asked, expression: '{内容}' });
    expect(sound(own).json.result).toBe('修理');
    const all = await call(world.admin, 'POST', `/forms/${tickets.id}/formula-trial`, asked);
    expect(sound(all).json.result).toBe(secret);
    expect(await status(steward, 'GET', `/forms/${customers.id}/versions`)).toBe(403);
    expect(await status(steward, 'POST', `/forms/${customers.id}/formula-trial`, { expression: '{底价}' })).toBe(403);
  });

  it('opens no door of another app: rights, pools, duplicates, prints, trials, packages', async () => {
    const { customers, sales, steward } = world;
    const form = `/forms/${customers.id}`;
    const doors: [string, string, unknown?][] = [
      ['GET', `/apps/${sales}/access`],
      ['POST', `/apps/${sales}/access`, { visibleTo: null, admins: [{ kind: 'member', id: steward.memberId }] }],
      ['POST', `/apps/${world.service}/access`, { visibleTo: null, admins: [] }],
      ['GET', `${form}/pool/settings`],
      ['PATCH', `${form}/duplicates/rules`, { rules: [] }],
      ['GET', `${form}/public-forms`],
      ['GET', `/apps/${sales}/package`],
      ['POST', `/apps/${sales}/trial`, { testers: [{ kind: 'member', id: steward.memberId }] }],
      ['GET', `/apps/${sales}/deleted-forms`],
      ['POST', '/access/explain', { memberId: world.head.memberId, formId: customers.id }],
      ['POST', '/access/previews', { memberId: world.head.memberId }],
      ['POST', '/api-keys', { name: '钥匙', memberId: world.head.memberId, access: 'read' }],
      ['POST', '/roles', { name: '全部', permissions: { admin: true } }],
      ['GET', `/members/${world.head.memberId}/handover`],
    ];
    for (const [method, url, body] of doors)
      expect([url, await status(steward, method, url, body)]).toEqual([url, 403]);
  });
});

describe('who manages members gives nobody an app to administer', () => {
  const change = (who: Account, to: Account, body: object) => call(who, 'PATCH', `/members/${to.memberId}`, body);

  it('by a role, a department, or a department above it', async () => {
    const { personnel, post, rep, role, sales } = world;
    const admins = await role('销售应用管理', { forms: {} });
    const above = (await post('/departments', { name: '应用组' })).id;
    const below = (await post('/departments', { name: '小组', parentId: above })).id;
    const elsewhere = (await post('/departments', { name: '别处' })).id;
    const named = [
      { kind: 'role', id: admins },
      { kind: 'department', id: above },
    ];
    await post(`/apps/${sales}/access`, { visibleTo: null, admins: named });
    const me = sound(await call(personnel, 'GET', '/members')).json.items.find(
      ({ id }: { id: string }) => id === personnel.memberId,
    );
    const own = me.roles.map(({ id }: { id: string }) => id);
    for (const body of [{ roleIds: [...own, admins] }, { departmentIds: [above] }, { departmentIds: [below] }])
      for (const to of [personnel, rep]) expect((await change(personnel, to, body)).status).toBe(403);
    for (const body of [{ roleIds: [admins] }, { departmentIds: [below] }])
      expect((await call(personnel, 'POST', '/members', { name: '新人', ...body })).status).toBe(403);
    sound(await change(personnel, personnel, { departmentIds: [elsewhere] }));
    expect(await status(personnel, 'PATCH', `/departments/${elsewhere}`, { parentId: above })).toBe(403);
    expect(await status(personnel, 'POST', '/flows', { appId: sales, name: 'x', definition: {} })).not.toBe(200);
  });

  it('and gets no door to the account of who administers one', async () => {
    const { personnel, steward } = world;
    expect(await status(personnel, 'POST', `/members/${steward.memberId}/invite`)).toBe(403);
  });
});

describe('a colleague', () => {
  it('whose rows are those that name him is not shown another’s figures', async () => {
    const { customers, peer, post, rep, role, sales, member } = world;
    const scope = {
      forms: {
        [customers.id]: {
          ...{ actions: ['view'], scope: 'none', fields: {} },
          filter: { field: 'helper', op: 'eq', value: { me: true } },
        },
      },
    };
    const helpers = await role('协作', scope);
    const [one, other] = [await member('甲', [helpers]), await member('乙', [helpers])];
    await world.customer({ name: '协作一', helper: one.memberId });
    await world.customer({ name: '协作二', helper: one.memberId });
    const place = { x: 0, y: 0, w: 4, h: 4 };
    const widget = { id: 'w', title: '数', type: 'metric', formId: customers.id, measure: { fn: 'count' }, place };
    const rows = { id: 'l', title: '列', type: 'list', formId: customers.id, columns: ['name'], place };
    const page = await post('/dashboards', { appId: sales, name: '看板', definition: { widgets: [widget, rows] } });
    const data = async (who: Account) => sound(await call(who, 'GET', `/dashboards/${page.id}/data`)).json.widgets;
    expect((await data(one))[0].value).toBe(2);
    const seen = await data(other);
    expect(seen[0].value).toBe(0);
    expect(JSON.stringify(seen)).not.toContain('协作');
    for (const who of [rep, peer]) expect((await data(who))[0].value).toBe(0);
  });

  it('reads no file of a hidden field by naming it in a field of his own', async () => {
    const { admin, customers, rep } = world;
    const file = sound(await admin.upload('/api/v1/files', 'a.txt', Buffer.from('合同'))).json.id;
    const record = await world.customer({ name: '乙公司', owner: rep.memberId, photo: [file] });
    const url = `/forms/${customers.id}/records/${record}`;
    expect(await status(rep, 'GET', `/files/${file}`)).toBe(404);
    const tried = await call(rep, 'PATCH', url, { values: { paper: [file] } });
    expect([tried.status, tried.json.fields?.[0]?.code]).toEqual([400, 'no_such_file']);
    expect(await status(rep, 'GET', `/files/${file}`)).toBe(404);
    // His own stays his to move.
    const own = sound(await rep.upload('/api/v1/files', 'b.txt', Buffer.from('资料'))).json.id;
    sound(await call(rep, 'PATCH', url, { values: { paper: [own] } }));
    sound(await call(admin, 'PATCH', url, { values: { photo: [own, file] } }));
  });
});
