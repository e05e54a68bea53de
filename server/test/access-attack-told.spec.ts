import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AttackWorld, attackWorld, secret } from './support/attack-world.js';
import { settle, sound } from './support/paired-world.js';
import { pdfPages } from './support/pdf-text.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

// What an approval tells its approver is cut for him; nobody else may read it in his stead.
type Account = Omit<TestAccount, 'adminRoleId'>;

let whole: WholeApp;
let world: AttackWorld;
let record: string;
let task: string;
let n = 0;

const at = (path: string) => ({ ref: { source: 'trigger', path } });

beforeAll(async () => {
  whole = await WholeApp.start();
}, 120_000);
afterAll(() => whole.close());

// 王芳 makes a customer; a flow writes its 底价 and its phone and asks 总监, telling him everything.
beforeEach(async () => {
  world = await attackWorld(whole, `told${++n}`);
  const { customers, head, post, rep, sales } = world;
  const definition = {
    trigger: { type: 'recordCreated', formId: customers.id },
    nodes: [
      {
        ...{ id: 'price', name: '定价', type: 'updateRecord', target: 'trigger' },
        assignments: [
          { field: 'secret', value: { kind: 'literal', value: secret } },
          { field: 'phone', value: { kind: 'literal', value: ['13811112222'] } },
        ],
      },
      {
        ...{ id: 'ask', name: '价格审批', type: 'approval', mode: 'any', whenEmpty: 'admin', commentOnReject: false },
        approvers: [{ kind: 'member', ids: [head.memberId] }],
        title: { kind: 'text', parts: [{ text: '审批 ' }, at('name'), at('secret')] },
        facts: ['name', 'secret', 'phone'].map((path) => ({ label: path, ...at(path) })),
      },
    ],
    edges: [
      { from: 'trigger', to: 'price' },
      { from: 'price', to: 'ask' },
    ],
  };
  const flow = await post('/flows', { appId: sales, name: '新客户审批', definition });
  await post(`/flows/${flow.id}/publish`, {});
  const made = await rep.call('POST', `/api/v1/forms/${customers.id}/records`, {
    values: { name: '甲公司', owner: rep.memberId },
  });
  record = sound(made).json.id;
  await settle(whole);
  task = sound(await head.call('GET', '/api/v1/tasks')).json.items[0].id;
});

const get = async (who: Account, url: string) => sound(await who.call('GET', `/api/v1${url}`)).text;
const act = async (who: Account, verb: string, body: unknown, of = task) =>
  sound(await who.call('POST', `/api/v1/tasks/${of}/${verb}`, body));
const waiting = async (who: Account) => sound(await who.call('GET', '/api/v1/tasks')).json.items[0];
const cards = async (who: Account): Promise<string> =>
  JSON.stringify(
    await whole.kernel.database.withTenant({ tenantId: world.admin.tenantId }, (tx) =>
      tx.sql('SELECT * FROM lianke.message WHERE member_id = $1', [who.memberId]),
    ),
  );
/** Everything that who does not own 底价 must not find in it; told he is of the customer nevertheless. */
const cut = (said: string, name = '甲公司') => {
  expect(said).not.toContain(secret);
  expect(said).not.toContain('13811112222');
  expect(said).toContain(name);
};

describe('an approval tells its approver', () => {
  it('all of it, and in his own list', async () => {
    for (const url of ['/tasks', `/tasks/${task}`]) expect(await get(world.head, url)).toContain(secret);
    expect(await cards(world.head)).toContain(secret);
  });

  it('and not who may only see the record: its page, its approvals, its print', async () => {
    const { customers, rep } = world;
    cut(await get(rep, `/tasks/${task}`));
    expect(await get(rep, `/forms/${customers.id}/records/${record}/approvals`)).not.toContain(secret);
    const pages = pdfPages(sound(await rep.call('GET', `/api/v1/tasks/${task}/print`)).bytes);
    expect(JSON.stringify(pages)).not.toContain(secret);
    expect(JSON.stringify(pages)).not.toContain('13811112222');
  });

  it('and not who started it: the list of what he started, nor a search in it', async () => {
    expect(await get(world.rep, '/runs')).not.toContain(secret);
    expect(await get(world.rep, '/runs')).toContain(task);
    expect(await get(world.rep, `/runs?search=${encodeURIComponent(secret)}`)).not.toContain(task);
    expect(await get(world.rep, `/runs?search=${encodeURIComponent('新客户')}`)).toContain(task);
  });

  it.each([
    ['transfer', (to: string) => ({ to })],
    ['delegate', (to: string) => ({ to, comment: '看看' })],
    ['add-signer', (to: string) => ({ to: [to], position: 'before' })],
  ])('and not whom he brings in by %s', async (verb, body) => {
    const { head, peer } = world;
    await act(head, verb, body(peer.memberId));
    const item = await waiting(peer);
    cut(JSON.stringify(item));
    cut(await get(peer, `/tasks/${item.id}`));
    cut(await cards(peer));
  });

  it('and not whom a copy is sent to', async () => {
    await act(world.head, 'copy', { to: [world.peer.memberId] });
    cut(await get(world.peer, '/copies'));
    cut(await cards(world.peer));
  });

  it('and not whom he asks for more, or returns it to', async () => {
    const { head, rep } = world;
    await act(head, 'ask-info', { comment: '补充说明' });
    cut(JSON.stringify(await waiting(rep)));
    expect(await cards(rep)).not.toContain(secret);
  });

  it('and not his substitute while he is away, nor who takes over when he leaves', async () => {
    const { admin, head, peer } = world;
    const [from, until] = ['2020-01-01T00:00:00Z', '2040-01-01T00:00:00Z'];
    sound(await head.call('POST', '/api/v1/aways', { to: peer.memberId, from, until }));
    cut(JSON.stringify(await waiting(peer)));
    cut(await get(peer, `/tasks/${task}`));
    sound(
      await admin.call('POST', `/api/v1/members/${head.memberId}/handover`, {
        items: [{ kind: 'tasks', formId: null, to: peer.memberId }],
      }),
    );
    cut(JSON.stringify(await waiting(peer)));
    cut(await cards(peer));
  });

  it('and not himself any more, once his role hides it', async () => {
    const { admin, customers, head } = world;
    const [role] = sound(await admin.call('GET', '/api/v1/roles')).json.items.filter(
      (item: { name: string }) => item.name === '总监',
    );
    const forms = { [customers.id]: { actions: ['view', 'edit'], scope: 'all', fields: { secret: 'hidden' } } };
    sound(await admin.call('PATCH', `/api/v1/roles/${role.id}`, { permissions: { forms } }));
    for (const url of ['/tasks', `/tasks/${task}`]) expect(await get(head, url)).not.toContain(secret);
  });
});
