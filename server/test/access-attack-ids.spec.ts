import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AttackWorld, attackWorld, secret } from './support/attack-world.js';
import { settle, sound } from './support/paired-world.js';
import type { TestAccount } from './support/whole-app.js';
import { WholeApp } from './support/whole-app.js';

// 王芳 has learned the ids of what is not hers, and sends them wherever an id is taken; and what she may no more.
type Account = Omit<TestAccount, 'adminRoleId'>;

let whole: WholeApp;
let world: AttackWorld;
let mine: string;
let theirs: string;
let role: string;

beforeAll(async () => {
  whole = await WholeApp.start();
  world = await attackWorld(whole, 'ids');
  const { customers, member } = world;
  const fields = { secret: 'hidden', phone: 'masked', photo: 'hidden' };
  const actions = ['view', 'create', 'edit', 'delete', 'export', 'import', 'print', 'share', 'bulk'];
  role = await world.role('全能', { forms: { [customers.id]: { actions, scope: 'own', fields } } });
  world = { ...world, rep: await member('王芳', [role]), peer: await member('赵敏', [role]) };
  mine = await world.customer({ name: '我的', secret, owner: world.rep.memberId });
  theirs = await world.customer({ name: '别人的', secret, owner: world.peer.memberId });
}, 120_000);
afterAll(() => whole.close());

const call = (who: Account, method: string, url: string, body?: unknown) => who.call(method, `/api/v1${url}`, body);
const post = async (who: Account, url: string, body: unknown) => sound(await call(who, 'POST', url, body)).json;

describe('an id of a colleague’s', () => {
  it('opens none of what is his alone', async () => {
    const { customers, peer, rep, sales } = world;
    const at = `/forms/${customers.id}/records/${theirs}`;
    const expiresAt = new Date(whole.kernel.clock.now().getTime() + 86_400_000).toISOString();
    const link = await post(peer, `${at}/links`, { fields: ['name'], expiresAt });
    const comment = await post(peer, `${at}/comments`, { text: '私下说' });
    const view = await post(peer, `/forms/${customers.id}/views`, { name: '我自己的', shared: false });
    const exported = await post(peer, `/forms/${customers.id}/exports`, { format: 'csv' });
    const batch = await post(peer, `/forms/${customers.id}/records/batch`, {
      update: [{ id: theirs, values: { name: '别人的二' } }],
    });
    const away = await post(peer, '/aways', {
      ...{ to: world.head.memberId, from: '2039-01-01T00:00:00Z', until: '2040-01-01T00:00:00Z' },
    });
    const sheet = Buffer.from('名称\n新客户');
    const imported = sound(await peer.upload(`/api/v1/imports?appId=${sales}`, 'a.csv', sheet)).json;
    const doors: [string, string, unknown?][] = [
      ['GET', `${at}/links`],
      ['DELETE', `/record-links/${link.id}`],
      ['GET', `/record-links/${link.id}/uses`],
      ['PATCH', `/comments/${comment.id}`, { text: '改' }],
      ['DELETE', `/comments/${comment.id}`],
      ['PATCH', `/forms/${customers.id}/views/${view.id}`, { name: '改' }],
      ['DELETE', `/forms/${customers.id}/views/${view.id}`],
      ['GET', `/exports/${exported.id}`],
      ['GET', `/exports/${exported.id}/file`],
      ['POST', `/exports/${exported.id}/cancel`],
      ['POST', `/exports/${exported.id}/notify`],
      ['POST', `/batches/${batch.batchId}/undo`],
      ['DELETE', `/aways/${away.id}`],
      ['GET', `/imports/${imported.id}`],
      ['GET', `/imports/${imported.id}/rows?sheet=a&kind=import`],
      ['GET', `/imports/${imported.id}/errors.xlsx`],
      ['POST', `/imports/${imported.id}/start`, {}],
      ['POST', `/imports/${imported.id}/cancel`],
      ['POST', `/imports/${imported.id}/undo`],
      ['GET', `${at}/runs`],
      ['GET', `${at}/approvals`],
      ['GET', `${at}/buttons`],
      ['GET', `${at}/share-requests`],
      ['GET', `${at}/qr.png`],
      ['GET', `${at}/print`],
      ['POST', `${at}/unmask`, { field: 'phone' }],
      ['POST', `${at}/revert`, { before: batch.batchId }],
    ];
    const opened: string[] = [];
    for (const [method, url, body] of doors) {
      const { status, text } = await call(rep, method, url, body);
      if (status !== 404 || text.includes('别人')) opened.push(`${method} ${url}: ${status} ${text}`);
    }
    expect(opened).toEqual([]);
    for (const [url, key] of [
      ['/exports', exported.id],
      ['/imports', imported.id],
      ['/aways', away.id],
      [`/forms/${customers.id}/views`, view.id],
      [`/forms/${customers.id}/batches`, batch.batchId],
    ])
      expect(sound(await call(rep, 'GET', url as string)).text).not.toContain(key);
  });

  it('is no record of another form, whatever form it is put to', async () => {
    const { rep, tickets } = world;
    for (const tail of ['', '/history', '/comments', '/print', '/approvals', '/shares'])
      expect((await call(rep, 'GET', `/forms/${tickets.id}/records/${mine}${tail}`)).status, tail).toBe(404);
    for (const door of ['/favourites', '/recents'])
      expect((await call(rep, 'POST', door, { formId: tickets.id, recordId: mine })).status).toBe(404);
  });

  it('brings no row of another record’s subform over', async () => {
    const { admin, post: make, rep, sales, role: give, member } = world;
    const form = await make('/forms', {
      appId: sales,
      name: '报价',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        {
          key: 'lines',
          name: '明细',
          type: 'subform',
          config: { fields: [{ key: 'cost', name: '成本', type: 'text', rules: {} }] },
        },
      ],
    });
    const seller = await member('卖方', [
      await give('报价', { forms: { [form.id]: { actions: ['view', 'edit'], scope: 'own' } } }),
    ]);
    const of = (owner: string, cost: string) =>
      make(`/forms/${form.id}/records`, { values: { name: '报价', owner, lines: [{ values: { cost } }] } });
    const [own, other] = [await of(seller.memberId, '1'), await of(rep.memberId, secret)];
    const read = async (id: string) => sound(await call(admin, 'GET', `/forms/${form.id}/records/${id}`)).json;
    const row = (await read(other.id)).values.lines[0].id;
    const taken = await call(seller, 'PATCH', `/forms/${form.id}/records/${own.id}`, {
      values: { lines: [{ id: row, values: {} }] },
    });
    expect(taken.text).not.toContain(secret);
    expect((await read(other.id)).values.lines).toMatchObject([{ id: row, values: { cost: secret } }]);
  });
});

describe('what is not told', () => {
  it('why a flow failed, where its words hold a hidden value', async () => {
    const { admin, customers, post: make, rep, sales } = world;
    const value = { kind: 'ref', ref: { source: 'trigger', path: 'secret' } };
    const flow = await make('/flows', {
      appId: sales,
      name: '通知外部',
      definition: {
        trigger: { type: 'recordUpdated', formId: customers.id },
        nodes: [
          {
            ...{ id: 'h', name: '外部', type: 'http', method: 'GET', headers: [], timeoutSeconds: 5 },
            url: { kind: 'text', parts: [{ text: '/' }, { ref: value.ref }] },
          },
        ],
        edges: [{ from: 'trigger', to: 'h' }],
      },
    });
    await make(`/flows/${flow.id}/publish`, {});
    sound(await call(admin, 'PATCH', `/forms/${customers.id}/records/${mine}`, { values: { name: '我的二' } }));
    await settle(whole);
    const runs = `/forms/${customers.id}/records/${mine}/runs`;
    const [failed] = sound(await call(admin, 'GET', runs)).json.items;
    expect([failed.state, failed.error]).toEqual(['failed', expect.stringContaining(secret)]);
    const [told] = sound(await call(rep, 'GET', runs)).json.items;
    expect(told.state).toBe('failed');
    expect(JSON.stringify(told)).not.toContain(secret);
    sound(await call(admin, 'PATCH', `/flows/${flow.id}`, { enabled: false }));
  });
});

describe('what was taken away', () => {
  it('does not come back by undoing what was done before', async () => {
    const { admin, customers, rep } = world;
    const batch = await post(rep, `/forms/${customers.id}/records/batch`, {
      update: [{ id: mine, values: { name: '改过' } }],
    });
    const forms = (actions: string[]) => ({ permissions: { forms: { [customers.id]: { actions, scope: 'own' } } } });
    const name = async () => sound(await call(admin, 'GET', `/forms/${customers.id}/records/${mine}`)).json.values.name;
    for (const actions of [[], ['view']]) {
      sound(await call(admin, 'PATCH', `/roles/${role}`, forms(actions)));
      expect((await call(rep, 'POST', `/batches/${batch.batchId}/undo`)).status).toBe(404);
      expect(await name()).toBe('改过');
    }
    sound(await call(admin, 'PATCH', `/roles/${role}`, forms(['view', 'edit'])));
    sound(await call(rep, 'POST', `/batches/${batch.batchId}/undo`));
    expect(await name()).toBe('我的二');
  });
});
