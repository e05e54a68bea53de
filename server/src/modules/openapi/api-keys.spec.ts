import { contracts } from '@lianke/shared/api/contracts';
import { type RouteName, routes } from '@lianke/shared/api/routes';
import { keyUseOf } from '@lianke/shared/api-keys/routes';
import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sound } from '../../../test/support/paired-world.js';
import { type Answer, type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { Database } from '../../kernel/database/database.js';
import { ApiKeyUses } from './api-key-uses.js';

let whole: WholeApp;
let admin: TestAccount;
let rep: MemberId;
let customers: string;
let visits: string;
let own: string;
let others: string;
let n = 0;

beforeAll(async () => {
  whole = await WholeApp.start();
}, 120_000);
afterAll(() => whole.close());

const post = async (url: string, body: unknown) => sound(await admin.call('POST', `/api/v1${url}`, body)).json;

interface Made {
  id: string;
  secret: string;
  call(method: string, url: string, body?: unknown): Promise<Answer>;
}

async function keyWith(more: Record<string, unknown> = {}): Promise<Made> {
  const made = await post('/api-keys', { name: `对接 ${++n}`, memberId: rep, access: 'write', ...more });
  const headers = { authorization: `Bearer ${made.secret}` };
  return {
    id: made.key.id,
    secret: made.secret,
    call: (method, url, body) =>
      whole.call(method, `/api/v1${url}`, { headers, ...(body === undefined ? {} : { body }) }),
  };
}

// A rep sees his own customers, and the visits of customers he sees.
beforeEach(async () => {
  admin = await whole.company(`keys${++n}`);
  const app = await post('/apps', { name: '销售' });
  const form = async (name: string, fields: unknown[]) => (await post('/forms', { appId: app.id, name, fields })).id;
  customers = await form('客户', [{ key: 'name', name: '名称', type: 'text' }]);
  visits = await form('拜访', [
    { key: 'note', name: '记录', type: 'text' },
    { key: 'customer', name: '客户', type: 'relation', config: { formId: customers } },
    { key: 'customerName', name: '客户名称', type: 'lookup', config: { relation: 'customer', field: 'name' } },
  ]);
  const actions = ['view', 'create', 'edit', 'delete', 'bulk'];
  const forms = {
    [customers]: { actions, scope: 'own' },
    [visits]: { actions, scope: 'own', inherit: ['customer'] },
  };
  const role = await post('/roles', { name: '销售', permissions: { forms } });
  rep = (await post('/members', { name: '王芳', roleIds: [role.id] })).id;
  own = (await post(`/forms/${customers}/records`, { values: { name: '我的', owner: rep } })).id;
  others = (await post(`/forms/${customers}/records`, { values: { name: '别人的' } })).id;
});

const codeOf = (answer: Answer) => [answer.status, answer.json?.code];

describe('a key', () => {
  it('is told once, and kept only as a hash', async () => {
    const { id, secret } = await keyWith();
    expect(secret).toMatch(/^lianke_/);
    const [row] = await whole
      .get(Database)
      .withTenant({ tenantId: admin.tenantId }, (tx) =>
        tx.sql<{ all: string }>('SELECT k::text AS all FROM lianke.api_key k WHERE id = $1', [id]),
      );
    expect(row?.all).not.toContain(secret.slice(12));
    const listed = sound(await admin.call('GET', '/api/v1/api-keys')).text;
    expect(listed).toContain(secret.slice(0, 11));
    expect(listed).not.toContain(secret.slice(12));
  });

  it('is made and revoked by administrators only, and both stand in the trail', async () => {
    const { id } = await keyWith({ name: 'ERP' });
    await post(`/api-keys/${id}/revoke`, {});
    await post(`/api-keys/${id}/revoke`, {});
    const plain = await whole.account(admin.tenantId, rep);
    for (const [method, url, body] of [
      ['GET', '/api-keys', undefined],
      ['POST', '/api-keys', { name: 'x', memberId: rep, access: 'read' }],
      ['POST', `/api-keys/${id}/revoke`, {}],
    ] as const)
      expect(codeOf(await plain.call(method, `/api/v1${url}`, body))).toEqual([403, 'forbidden']);
    const trail = await whole
      .get(Database)
      .withTenant({ tenantId: admin.tenantId }, (tx) =>
        tx.sql('SELECT action, detail FROM lianke.audit WHERE object = $1 ORDER BY id', [id]),
      );
    expect(trail).toMatchObject([
      { action: 'apiKey.create', detail: { name: 'ERP', member: '王芳', access: 'write' } },
      { action: 'apiKey.revoke', detail: { name: 'ERP' } },
    ]);
  });

  it('is refused for whoever is not there, and a name that another key bears', async () => {
    const asked = { name: 'ERP', memberId: rep, access: 'read' };
    await post('/api-keys', asked);
    expect(codeOf(await admin.call('POST', '/api/v1/api-keys', asked))).toEqual([409, 'already_exists']);
    const past = { ...asked, name: 'b', expiresAt: '2020-01-01T00:00:00Z' };
    for (const bad of [past, { ...asked, name: 'c', memberId: own }, { ...asked, name: 'd', forms: [own] }])
      expect(codeOf(await admin.call('POST', '/api/v1/api-keys', bad))).toEqual([400, 'invalid_request']);
  });
});

describe('a change of a key', () => {
  const change = (id: string, body: unknown) => admin.call('PATCH', `/api/v1/api-keys/${id}`, body);

  it('holds from the next request on, without a new secret, and stands in the trail', async () => {
    const { id, call } = await keyWith({ name: 'ERP' });
    expect((await call('POST', `/forms/${customers}/records`, { values: { name: '新' } })).status).toBe(200);
    const changed = sound(await change(id, { name: 'ERP 只读', access: 'read', forms: [visits], perMinute: 60 })).json;
    expect(changed).toMatchObject({ name: 'ERP 只读', access: 'read', perMinute: 60, member: { label: '王芳' } });
    expect(codeOf(await call('POST', `/forms/${visits}/records`, { values: { note: 'x' } }))[0]).toBe(403);
    expect((await call('POST', `/forms/${customers}/records/query`, {})).status).toBe(404);
    expect((await call('POST', `/forms/${visits}/records/query`, {})).status).toBe(200);
    const trail = await whole
      .get(Database)
      .withTenant({ tenantId: admin.tenantId }, (tx) =>
        tx.sql(`SELECT detail FROM lianke.audit WHERE object = $1 AND action = 'apiKey.update'`, [id]),
      );
    expect(trail).toMatchObject([
      {
        detail: {
          before: { name: 'ERP', access: 'write', forms: null },
          after: { name: 'ERP 只读', access: 'read', forms: ['拜访'] },
        },
      },
    ]);
  });

  it('gives a leaver’s key to somebody else, and a later end to one that has run out', async () => {
    const { id, call } = await keyWith({
      expiresAt: new Date(whole.kernel.clock.now().getTime() + 60_000).toISOString(),
    });
    whole.kernel.clock.advance(61_000);
    const look = () => call('POST', `/forms/${customers}/records/query`, {});
    expect(codeOf(await look())).toEqual([401, 'api_key_expired']);
    sound(await change(id, { expiresAt: null }));
    expect((await look()).status).toBe(200);
    sound(await admin.call('PATCH', `/api/v1/members/${rep}`, { state: 'left' }));
    expect(codeOf(await look())).toEqual([401, 'api_key_member_gone']);
    sound(await change(id, { memberId: admin.memberId }));
    expect((await look()).json.items.length).toBeGreaterThan(1);
  });

  it('is refused for a revoked key, a name another key bears, who is not there, and by others', async () => {
    const { id } = await keyWith({ name: 'A' });
    await keyWith({ name: 'B' });
    expect(codeOf(await change(id, { name: 'B' }))).toEqual([409, 'already_exists']);
    sound(await change(id, { name: 'A' }));
    for (const bad of [{ memberId: own }, { forms: [own] }, { expiresAt: '2020-01-01T00:00:00Z' }, { hint: 'x' }])
      expect(codeOf(await change(id, bad))[0]).toBe(400);
    const plain = await whole.account(admin.tenantId, rep);
    expect(codeOf(await plain.call('PATCH', `/api/v1/api-keys/${id}`, { name: 'C' }))).toEqual([403, 'forbidden']);
    await post(`/api-keys/${id}/revoke`, {});
    expect(codeOf(await change(id, { name: 'C' }))).toEqual([400, 'invalid_request']);
  });
});

describe('a request by key', () => {
  it('acts as the member: his rows, his rights, and history tells the door', async () => {
    const { call } = await keyWith();
    const page = sound(await call('POST', `/forms/${customers}/records/query`, {})).json;
    expect(page.items.map((item: { id: string }) => item.id)).toEqual([own]);
    expect(codeOf(await call('GET', `/forms/${customers}/records/${others}`))).toEqual([404, 'not_found']);
    sound(await call('PATCH', `/forms/${customers}/records/${own}`, { values: { name: '改过' } }));
    const { items } = sound(await call('GET', `/forms/${customers}/records/${own}/history`)).json;
    expect(items[0]).toMatchObject({ door: 'api', actor: { label: '王芳' } });
  });

  it('only reads when the key only reads', async () => {
    const { call } = await keyWith({ access: 'read' });
    sound(await call('GET', `/forms/${customers}/records/${own}`));
    for (const [method, url, body] of [
      ['POST', `/forms/${customers}/records`, { values: { name: '新' } }],
      ['PATCH', `/forms/${customers}/records/${own}`, { values: { name: '新' } }],
      ['DELETE', `/forms/${customers}/records/${own}`, undefined],
      ['POST', `/forms/${customers}/records/batch`, { delete: [own] }],
    ] as const)
      expect(codeOf(await call(method, url, body)), url).toEqual([403, 'api_key_read_only']);
  });

  it('knows only the forms of the key, while rows lent by a record outside of them stay', async () => {
    const lent = (await post(`/forms/${visits}/records`, { values: { note: '来访', customer: own } })).id;
    const { call } = await keyWith({ forms: [visits] });
    expect(codeOf(await call('GET', `/forms/${customers}`))).toEqual([404, 'not_found']);
    expect(codeOf(await call('POST', `/forms/${customers}/records/query`, {}))).toEqual([404, 'not_found']);
    expect(sound(await call('GET', '/forms')).json.items.map((item: { name: string }) => item.name)).toEqual(['拜访']);
    const seen = sound(await call('GET', `/forms/${visits}/records/${lent}`));
    // The customer's name is neither told nor computed with.
    expect(seen.text).not.toContain('我的');
    expect(seen.json.values).not.toHaveProperty('customerName');
    const by = { filter: { field: 'customer.name', op: 'eq', value: '我的' } };
    expect(codeOf(await call('POST', `/forms/${visits}/records/query`, by))).toEqual([400, 'unknown_field']);
    const fields = sound(await call('POST', `/forms/${visits}/records`, { values: { note: '新' } }));
    expect(fields.status).toBe(200);
    const related = await call('POST', `/forms/${visits}/records`, { values: { customer: own } });
    expect(related.json.fields).toMatchObject([{ field: 'customer', code: 'no_such_record' }]);
    const whose = await keyWith();
    expect(sound(await whose.call('GET', `/forms/${visits}/records/${lent}`)).json.values.customerName).toBe('我的');
  });

  it('designs and administers nothing, even as an administrator: every other route is closed', async () => {
    const { call } = await keyWith({ memberId: admin.memberId, perMinute: 6000 });
    sound(await call('GET', `/forms/${customers}/records/${others}`));
    for (const [name, [method, path]] of Object.entries(routes) as [RouteName, readonly [string, string]][]) {
      if (keyUseOf(name) || (contracts[name] as { open?: boolean }).open) continue;
      const url = path.replace('/api/v1', '').replace(/:(\w+)/g, customers);
      const answer = await call(method, url, method === 'GET' ? undefined : {});
      expect(codeOf(answer), name).toEqual([403, 'api_key_closed_route']);
    }
  });

  it('is answered 429 with the time to wait when it comes too often; another key is not', async () => {
    const { call } = await keyWith({ perMinute: 2 });
    const look = () => call('GET', `/forms/${customers}`);
    expect([(await look()).status, (await look()).status]).toEqual([200, 200]);
    const refused = await look();
    expect(codeOf(refused)).toEqual([429, 'too_many_requests']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    sound(await (await keyWith()).call('GET', `/forms/${customers}`));
  });

  it('ends at the key’s time, and is told why', async () => {
    const expiresAt = new Date(whole.kernel.clock.now().getTime() + 3_600_000).toISOString();
    const { id, call } = await keyWith({ expiresAt });
    sound(await call('GET', `/forms/${customers}`));
    whole.kernel.clock.advance(3_600_000);
    expect(codeOf(await call('GET', `/forms/${customers}`))).toEqual([401, 'api_key_expired']);
    const { items } = sound(await admin.call('GET', '/api/v1/api-keys')).json;
    expect(items.find((item: { id: string }) => item.id === id).state).toBe('expired');
    const unknown = { authorization: `Bearer lianke_${'x'.repeat(43)}` };
    const answer = await whole.call('GET', `/api/v1/forms/${customers}`, { headers: unknown });
    expect(codeOf(answer)).toEqual([401, 'api_key_unknown']);
  });

  it('is no log-in for browsers: a key in the cookie opens nothing', async () => {
    const { secret } = await keyWith();
    const answer = await whole.call('GET', `/api/v1/forms/${customers}`, {
      headers: { cookie: `lianke_session=${secret}` },
    });
    expect(codeOf(answer)).toEqual([401, 'session_expired']);
  });

  it('is noted with its time and address', async () => {
    const { id, call } = await keyWith();
    await call('GET', `/forms/${customers}`);
    await whole.get(ApiKeyUses).settled();
    const { items } = sound(await admin.call('GET', '/api/v1/api-keys')).json;
    expect(items.find((item: { id: string }) => item.id === id)).toMatchObject({
      lastUsedAt: whole.kernel.clock.now().toISOString(),
      lastUsedFrom: '127.0.0.1',
    });
  });
});

it('designers are told which keys may use a field', async () => {
  const everything = await keyWith({ name: '所有表单' });
  await keyWith({ name: '只有拜访', forms: [visits] });
  const ended = await keyWith({ name: '停用的' });
  await post(`/api-keys/${ended.id}/revoke`, {});
  const idle = (await post('/members', { name: '没有权限的人' })).id;
  await keyWith({ name: '看不到', memberId: idle });
  const { items } = await post(`/forms/${customers}/impact`, { fields: ['name'] });
  const found = items.filter((item: { kind: string }) => item.kind === 'apiKey');
  expect(found).toMatchObject([{ name: '所有表单', id: everything.id }]);
});
