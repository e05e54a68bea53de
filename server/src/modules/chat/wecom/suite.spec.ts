import type { WithheldNames } from '@lianke/shared/chat/withheld';
import type { ConnectionId, MemberId, TenantId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shownUserid } from '../../../../../infra/sandbox/src/wecom/ids.js';
import { TestBrowser } from '../../../../test/support/browser.js';
import { type ChatTestApp, startChatApp } from '../../../../test/support/chat-app.js';
import { TenantDirectory } from '../../../engine/org/tenant-directory.js';
import { SessionService } from '../../identity/session.service.js';
import { CallbackWorker } from '../callbacks/callback-worker.js';
import { ChatAccounts } from '../chat-accounts.js';
import type { Connection } from '../connection.js';
import { ConnectionRepository } from '../connection.repository.js';
import { ConnectionService } from '../connection.service.js';
import { MessageService } from '../message.service.js';
import { MessageSender } from '../message-sender.js';
import { OrgSync } from '../org/org-sync.js';
import { ChatPlatforms } from '../port/platforms.js';
import { LicenceWatch } from '../suite/licence-watch.js';
import { SuiteInbox } from '../suite/suite-inbox.js';
import { SuiteInstalls } from '../suite/suite-installs.js';
import { SuiteService } from '../suite/suite-service.js';
import { SuiteTickets } from '../suite/suite-tickets.js';
import { SuiteWorker } from '../suite/suite-worker.js';
import { VisibleRanges } from '../visible-ranges.js';
import { WecomClient } from './wecom-client.js';

const suite = { channel: 'wecom', id: 'wwsuite0000000001' } as const;
const demo = 'wwdemo0000000001';
const mine = 'wwmine0000000002';
const inChat = 'Mozilla/5.0 (iPhone) AppleWebKit MicroMessenger/7.0 wxwork/4.1.20';
const day = 86_400_000;

let t: ChatTestApp;
beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
});
afterAll(() => t.close());
beforeEach(() => t.sandbox.state.faults.remove());

/** The platform's own side: what an administrator does in its directory and console. */
async function platform<T = Record<string, never>>(action: string, body: unknown, method = 'POST'): Promise<T> {
  const url = `${t.sandbox.url}/sandbox/api/suites/${suite.id}/${action}`;
  const answer = await fetch(url, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  await t.sandbox.state.callbacks.idle();
  return (await answer.json()) as T;
}

/** Everything that waits is worked on. */
async function work(): Promise<void> {
  await t.sandbox.state.callbacks.idle();
  while (await t.app.get(SuiteWorker).round());
  while (await t.app.get(CallbackWorker).round());
  while (await t.app.get(MessageSender).round());
  await t.sandbox.state.callbacks.idle();
  while (await t.app.get(CallbackWorker).round());
  while (await t.app.get(MessageSender).round());
}

const openId = (corpId: string) =>
  t.sandbox.state.wecom.world.suites.get(suite.id)?.installs.get(corpId)?.openCorpId ?? '';

/** What the platform tells the app in the place of a userid: it encrypts them for the provider. */
function seen(userid: string, corpId = demo): string {
  const apps = t.sandbox.state.wecom.world.corps.get(corpId)?.apps.values() ?? [];
  const app = [...apps].find((each) => each.suite !== null);
  if (!app) throw new Error(`${corpId} is not installed`);
  return shownUserid(app, userid);
}
/** What stands in the place of a name. */
const standIn = (userid: string) => `成员 ${seen(userid).slice(-6)}`;

async function connectionOf(corpId: string): Promise<Connection> {
  const found = await t.app.get(SuiteInstalls).find(suite, openId(corpId));
  const connection = found && (await t.app.get(ConnectionRepository).ofTenant(found, found.connectionId));
  if (!connection) throw new Error(`${corpId} is not installed`);
  return connection;
}

const tenantCount = async () => (await t.app.get(TenantDirectory).list()).length;
const memberOf = async (connection: Connection, userid: string) => {
  const id = await t.app.get(ChatAccounts).memberOf(connection, seen(userid));
  if (!id) throw new Error(`${userid} is nobody`);
  return id;
};
const rows = <Row>(connection: Connection, sql: string, values: unknown[] = []) =>
  t.database.withTenant(connection, (tx) => tx.sql<Row>(sql, values as never[]));
const contextOf = (connection: Connection, memberId: MemberId) =>
  t.app.get(TenantDirectory).context(connection.tenantId, { kind: 'member', memberId });

describe('the suite ticket', () => {
  it('is kept encrypted, the newest by the platform’s own time, whatever comes last', async () => {
    const tickets = t.app.get(SuiteTickets);
    const now = Math.floor(Date.now() / 1000);
    const { ticket } = await platform<{ ticket: string }>('ticket', { at: now });
    expect(await tickets.get(suite)).toBe(ticket);
    await platform('ticket', { at: now - 600 });
    expect(await tickets.get(suite)).toBe(ticket);
    const later = await platform<{ ticket: string }>('ticket', { at: now + 600 });
    expect(await tickets.get(suite)).toBe(later.ticket);
    const [row] = await t.database.control<{ row: string }>('SELECT s::text AS row FROM lianke.suite_ticket s');
    expect(row?.row).not.toContain(later.ticket);
  });

  it('is refused when the seal is not the suite’s', async () => {
    const before = await t.app.get(SuiteTickets).get(suite);
    const forged = '<xml><ToUserName>wwsuite0000000001</ToUserName><Encrypt>QUFBQQ==</Encrypt></xml>';
    const answer = await fetch(`${t.url}/callbacks/suites/wecom?msg_signature=x&timestamp=1&nonce=2`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: forged,
    });
    expect(answer.status).toBe(403);
    expect(await t.app.get(SuiteTickets).get(suite)).toBe(before);
  });
});

describe('a company adds the app in the directory', () => {
  it('and is a tenant with its administrator, people and roles, once, however often the platform says so', async () => {
    const before = await tenantCount();
    t.sandbox.state.wecom.switches.callbackDuplicate = true;
    await platform('install', { corpId: demo, userid: 'boss' });
    t.sandbox.state.wecom.switches.callbackDuplicate = false;
    await work();
    expect(await tenantCount()).toBe(before + 1);
    const connection = await connectionOf(demo);
    expect(connection).toMatchObject({ suiteId: suite.id, corpId: openId(demo), channel: 'wecom' });
    await t.app.get(OrgSync).run(connection);
    const people = await rows<{ name: string; roles: string[] }>(
      connection,
      `SELECT m.name, array_agg(r.key ORDER BY r.key) AS roles FROM lianke.member m
       LEFT JOIN lianke.role_member rm ON rm.member_id = m.id LEFT JOIN lianke.role r ON r.id = rm.role_id
       WHERE m.state = 'active' GROUP BY m.id, m.name ORDER BY m.name`,
    );
    expect(people).toHaveLength(9);
    // The platform withholds names from apps of the directory, and its userids are no words: something short stands in.
    expect(people.find((person) => person.name === standIn('boss'))?.roles).toContain('admin');
    expect(people.filter((person) => person.roles.includes('admin'))).toHaveLength(1);
    expect(people.find((person) => person.name === standIn('wangfang'))?.roles).toEqual(['member']);
    expect(await rows(connection, 'SELECT 1 FROM lianke.chat_licence')).toHaveLength(9);
  });

  it('keeps a name that an administrator entered', async () => {
    const connection = await connectionOf(demo);
    const id = await memberOf(connection, 'wangfang');
    await rows(connection, `UPDATE lianke.member SET name = '王芳' WHERE id = $1`, [id]);
    await t.app.get(OrgSync).run(connection);
    expect(await rows(connection, 'SELECT name FROM lianke.member WHERE id = $1', [id])).toEqual([{ name: '王芳' }]);
  });

  it('shows the administrator a connection without secrets', async () => {
    const connection = await connectionOf(demo);
    const [view] = await t.app
      .get(ConnectionService)
      .list(await contextOf(connection, await memberOf(connection, 'boss')));
    const facts = { state: 'active', corpName: '演示企业', scope: { departments: 1, people: 0 } };
    // Of nine people one was given a name.
    expect(view?.suite).toMatchObject({ ...facts, nameless: 8 });
    expect(view?.checks[0]).toMatchObject({ key: 'authorised', ok: true });
    expect(JSON.stringify(view)).not.toContain(connection.secret);
    await expect(
      t.app.get(ConnectionService).save(connection, {
        id: connection.id,
        channel: 'wecom',
        name: '改名',
        corpId: connection.corpId,
        agentId: connection.agentId,
        secret: 'mine',
      }),
    ).rejects.toMatchObject({ code: 'invalid_request' });
    const [stored] = await rows<{ c: string }>(connection, 'SELECT c::text AS c FROM lianke.chat_connection c');
    expect(stored?.c).not.toContain(connection.secret);
  });
});

describe('a company adds the app from our side', () => {
  /** Goes out to the platform's page and chooses company and administrator there. Answers where the page sends the browser. */
  async function install(browser: TestBrowser, corpId: string, userid: string, event: boolean): Promise<string> {
    const out = await browser.get('/api/v1/auth/wecom/install');
    expect(out.status).toBe(303);
    const page = new URL(out.headers.get('location') ?? '');
    expect((await fetch(page)).status).toBe(200);
    for (const [name, value] of Object.entries({ sandbox_corp: corpId, sandbox_user: userid }))
      page.searchParams.set(name, value);
    if (event) page.searchParams.set('sandbox_event', '1');
    const back = await fetch(page, { redirect: 'manual' });
    return back.headers.get('location') ?? '';
  }

  it('by page and event at once, and is one tenant; the page goes on to the log-in', async () => {
    const before = await tenantCount();
    const browser = new TestBrowser(t.url, inChat);
    const back = await install(browser, mine, 'admin', true);
    const [answer] = await Promise.all([browser.get(back), work(), work()]);
    expect(answer.status).toBe(303);
    const connection = await connectionOf(mine);
    expect(answer.headers.get('location')).toBe(`/api/v1/auth/wecom/start?connectionId=${connection.id}&returnTo=%2F`);
    await work();
    expect(await tenantCount()).toBe(before + 1);
    expect(await rows(connection, 'SELECT 1 FROM lianke.chat_connection')).toHaveLength(1);

    // On to the console by the suite's own log-in, which names no company.
    const start = await browser.get(answer.headers.get('location') ?? '');
    const authorise = new URL(start.headers.get('location') ?? '');
    expect(authorise.searchParams.get('appid')).toBe(suite.id);
    authorise.searchParams.set('sandbox_user', 'admin');
    authorise.searchParams.set('sandbox_corp', mine);
    const code = (await fetch(authorise, { redirect: 'manual' })).headers.get('location') ?? '';
    expect((await browser.get(code)).headers.get('location')).toBe('/');
    const me = (await (await browser.get('/api/v1/me')).json()) as { member: { name: string }; tenants: unknown[] };
    expect(me.member.name).toBe(`成员 ${seen('admin', mine).slice(-6)}`);
    // The same person's other company is not his: encrypted corp ids keep companies apart.
    expect(me.tenants).toHaveLength(1);
  });

  it('refuses a return that another browser began', async () => {
    const back = await install(new TestBrowser(t.url), mine, 'admin', false);
    const before = await tenantCount();
    expect((await new TestBrowser(t.url).get(back)).status).toBe(403);
    expect(await tenantCount()).toBe(before);
  });

  it('says so when the platform has not sent a ticket that it takes', async () => {
    await fetch(`${t.sandbox.url}/sandbox/api/suites/${suite.id}/tickets`, { method: 'DELETE' });
    await platform('expire-token', { as: 'invalid' });
    const answer = await new TestBrowser(t.url).get('/api/v1/auth/wecom/install');
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('suite_ticket');
    await platform('ticket', { at: Math.floor(Date.now() / 1000) + 1200 });
    expect((await new TestBrowser(t.url).get('/api/v1/auth/wecom/install')).status).toBe(303);
  });

  it('opens the company’s own home from the one address that the directory has', async () => {
    const home = (corpId: string) => new TestBrowser(t.url).get(`/api/v1/auth/wecom/home?corpid=${corpId}`);
    const connection = await connectionOf(mine);
    expect((await home(openId(mine))).headers.get('location')).toBe(`/m/?connection=${connection.id}`);
    expect((await home(openId(mine).toLowerCase())).status).toBe(404);
  });
});

describe('two consents of one company at once', () => {
  it('are one tenant, whichever comes first', async () => {
    // A company that nobody knows here yet, with two administrators who add the app in the same minute.
    const { world } = t.sandbox.state.wecom;
    const like = world.corps.get(mine);
    if (!like) throw new Error('no corp');
    const third = 'wwthird0000000003';
    world.corps.set(third, { ...structuredClone(like), corpId: third, name: '第三家' });
    const before = await tenantCount();
    const known = t.app.get(SuiteService).of('wecom');
    if (!known) throw new Error('no suite');
    for (const userid of ['admin', 'boss']) {
      const { authCode } = await platform<{ authCode: string }>('install', { corpId: third, userid, event: false });
      await t.app.get(SuiteService).receive(known, { kind: 'code', authCode }, `code:${authCode}`);
    }
    const inbox = t.app.get(SuiteInbox);
    const [first, second] = await inbox.claim();
    for (const row of [first, second]) if (row) await inbox.postpone(row, 0, 'for this test');
    const worker = t.app.get(SuiteWorker);
    await Promise.all([worker.now(first?.id ?? ''), worker.now(second?.id ?? '')]);
    expect(await tenantCount()).toBe(before + 1);
    const connection = await connectionOf(third);
    expect(await rows(connection, 'SELECT 1 FROM lianke.chat_connection')).toHaveLength(1);
    const administrators = await rows(
      connection,
      `SELECT 1 FROM lianke.role_member rm JOIN lianke.role r ON r.id = rm.role_id WHERE r.key = 'admin'`,
    );
    expect(administrators).toHaveLength(1);
  });
});

describe('an instruction that was interrupted', () => {
  it('is carried on from where it stood: the code is exchanged once, the tenant made once', async () => {
    const before = await tenantCount();
    const { authCode } = await platform<{ authCode: string }>('install', {
      corpId: mine,
      userid: 'admin',
      event: false,
    });
    const known = t.app.get(SuiteService).of('wecom');
    if (!known) throw new Error('no suite');
    await t.app.get(SuiteService).receive(known, { kind: 'code', authCode }, 'crash');
    // The platform dies between the exchange and what follows.
    t.sandbox.state.faults.add({
      path: 'service/v2/get_auth_info',
      effect: { kind: 'status', status: 502 },
      times: 1,
    });
    await t.app.get(SuiteWorker).round();
    await t.database.control('UPDATE lianke.suite_inbox SET ready_at = clock_timestamp()');
    await work();
    const outcomes = await t.database.control<{ state: string }>(`SELECT DISTINCT state FROM lianke.suite_inbox`);
    expect(outcomes).toEqual([{ state: 'done' }]);
    expect(await tenantCount()).toBe(before);
    expect((await connectionOf(mine)).secret).toBe(
      t.sandbox.state.wecom.world.suites.get(suite.id)?.installs.get(mine)?.permanentCode,
    );
  });

  it('with a code that was used before fails for good, and says why', async () => {
    const inbox = t.app.get(SuiteInbox);
    const id = await inbox.put(suite, { kind: 'code', authCode: 'used-before' }, 'code:used-before');
    await t.app.get(SuiteWorker).now(id);
    expect(await inbox.outcome(id)).toMatchObject({ state: 'failed' });
  });
});

describe('a connected company', () => {
  it('gets tokens of its own, a new one when they end or are taken back, and of the suite too', async () => {
    const connection = await connectionOf(demo);
    const client = t.app.get(WecomClient);
    for (const as of ['expired', 'invalid']) {
      await platform('expire-token', { corpId: demo, as });
      expect(await client.departments(connection)).not.toHaveLength(0);
    }
    for (const as of ['expired', 'invalid']) {
      await platform('expire-token', { as });
      await client.checkSecret(connection);
    }
    await platform('reset-code', { corpId: demo });
    await work();
    const renewed = await connectionOf(demo);
    expect(renewed.secret).not.toBe(connection.secret);
    await client.checkSecret(renewed);
  });

  it('reads people when the range of the app changes', async () => {
    await platform('change', { corpId: demo, visibleDepartments: [3] });
    await work();
    const connection = await connectionOf(demo);
    await t.app.get(OrgSync).run(connection);
    const bound = await rows(connection, 'SELECT 1 FROM lianke.chat_account');
    expect(bound.length).toBeLessThan(9);
    await platform('change', { corpId: demo, visibleDepartments: [1] });
    await work();
    await t.app.get(OrgSync).run(connection);
    expect(await rows(connection, 'SELECT 1 FROM lianke.chat_account')).toHaveLength(9);
  });

  it('names whoever is outside of its range, and reads those who see it by name or tag', async () => {
    const connection = await connectionOf(demo);
    const tag = { name: '高管', userids: ['chenjing'] };
    await fetch(`${t.sandbox.url}/sandbox/api/corps/${demo}/tags/7`, { method: 'PUT', body: JSON.stringify(tag) });
    await platform('change', { corpId: demo, visibleDepartments: [], visibleUsers: ['boss'], visibleTags: [7] });
    const { users } = await t.app.get(ChatPlatforms).of(connection).readOrganisation(connection);
    expect(users.map((user) => user.userid).sort()).toEqual([seen('boss'), seen('chenjing')].sort());
    const ranges = t.app.get(VisibleRanges);
    await ranges.refresh(connection);
    const { items } = await ranges.outside(connection, connection.id);
    const names = items.filter((item) => item.why === 'range').map((item) => item.member.label);
    expect(names).toHaveLength(7);
    expect(names).toContain('王芳');
    expect(names).not.toContain(standIn('chenjing'));
    const check = async () => {
      const context = await contextOf(connection, await memberOf(connection, 'boss'));
      const [view] = await t.app.get(ConnectionService).list(context);
      return view?.checks.find((each) => each.key === 'range');
    };
    expect(await check()).toMatchObject({ ok: false });
    await platform('change', { corpId: demo, visibleDepartments: [1] });
    await ranges.refresh(connection);
    expect(await check()).toMatchObject({ ok: true });
    await work();
  });

  it('hears of a leaver, who is out at once', async () => {
    const connection = await connectionOf(demo);
    const liwei = await memberOf(connection, 'liwei');
    const answer = await fetch(`${t.sandbox.url}/sandbox/api/corps/${demo}/members/liwei`, { method: 'DELETE' });
    expect(answer.ok).toBe(true);
    await work();
    expect(await rows(connection, 'SELECT state FROM lianke.member WHERE id = $1', [liwei])).toEqual([
      { state: 'left' },
    ]);
  });

  it('sends a card whose button comes back, sealed for the company', async () => {
    const connection = await connectionOf(demo);
    const boss = await memberOf(connection, 'boss');
    await t.app.get(ConnectionService).test(await contextOf(connection, boss), connection.id);
    await work();
    const inbox = await fetch(`${t.sandbox.url}/sandbox/api/effects?corpId=${demo}&kind=send`);
    const { items } = (await inbox.json()) as { items: { raw: string; agentId: number; msgid: string }[] };
    const sent = items.at(-1);
    expect(sent?.agentId).toBe(Number(connection.agentId));
    expect(JSON.parse(sent?.raw ?? '{}')).toMatchObject({ touser: seen('boss'), enable_id_trans: 1 });
    const pressed = await fetch(`${t.sandbox.url}/sandbox/api/cards/${sent?.msgid}/press`, {
      method: 'POST',
      body: JSON.stringify({ userid: 'boss', key: `connection.test:${connection.id}` }),
    });
    expect(pressed.ok, await pressed.clone().text()).toBe(true);
    await work();
    const views = await t.app.get(ConnectionService).list(await contextOf(connection, boss));
    expect(views[0]?.checks.find((check) => check.key === 'card')).toMatchObject({ ok: true });
  });
});

describe('names that the platform withholds', () => {
  it('are put into cards by the platform itself, where the userid stands in their place', async () => {
    const connection = await connectionOf(demo);
    const boss = await memberOf(connection, 'boss');
    const ctx = await contextOf(connection, boss);
    await t.database.withTenant(ctx, (tx) =>
      t.app.get(MessageService).enqueueVia(
        tx,
        ctx,
        { connectionId: connection.id, memberId: boss },
        {
          key: 'names',
          card: {
            kind: 'notice',
            title: `${standIn('liuyang')}提交了合同`,
            description: `王芳与${standIn('chenjing')}，${standIn('liuyang')}-2 不是人名`,
            facts: [{ label: '提交人', value: `${'字'.repeat(26)}${standIn('liuyang')}` }],
            path: '/',
            buttons: [],
          },
        },
      ),
    );
    await work();
    const cards = await fetch(`${t.sandbox.url}/sandbox/api/people/boss/cards?corpId=${demo}`);
    const { items } = (await cards.json()) as { items: { card: { main_title?: { title: string } } }[] };
    const shown = items.map((item) => JSON.stringify(item.card)).find((card) => card.includes('提交了合同'));
    expect(shown).toContain('刘洋提交了合同');
    expect(shown).toContain(`王芳与陈静，${standIn('liuyang')}-2 不是人名`);
    expect(shown).toContain(`"value":"${'字'.repeat(26)}刘洋"`);
  });
});

describe('names on pages', () => {
  const call = async <T>(connection: Connection, path: string): Promise<T> => {
    const memberId = await memberOf(connection, 'boss');
    const token = await t.app.get(SessionService).create(await contextOf(connection, memberId), {
      memberId,
      channel: 'wecom',
      personKey: null,
      door: 'console',
      address: '127.0.0.1',
      userAgent: 'test',
    });
    const answer = await fetch(`${t.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status, await answer.clone().text()).toBe(200);
    return (await answer.json()) as T;
  };
  const search = (connection: Connection, name: string) =>
    call<{ searchable: boolean; ids: string[] }>(connection, `/withheld-names/search?name=${encodeURIComponent(name)}`);

  it('are told by whom the platform asks for them: who has none here, and departments', async () => {
    const connection = await connectionOf(demo);
    const view = await call<WithheldNames>(connection, '/withheld-names');
    expect(view.connection).toMatchObject({ id: connection.id, corpId: openId(demo), agentId: connection.agentId });
    expect(view.connection?.script).toBe(`${t.sandbox.url}/wwopen/js/jwxwork-1.0.0.js`);
    expect(view.searchable).toBe(true);
    const texts = view.items.map((item) => item.text);
    expect(view.items).toContainEqual({ kind: 'member', text: standIn('chenjing'), id: seen('chenjing') });
    expect(view.items).toContainEqual({ kind: 'department', text: '部门 3', id: '3' });
    // Whose name was entered here needs none of the platform's.
    expect(view.items.some((item) => item.id === seen('wangfang'))).toBe(false);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('find their people through the platform, as far as it lets the app see them', async () => {
    const connection = await connectionOf(demo);
    expect(await search(connection, '陈静')).toEqual({
      searchable: true,
      ids: [await memberOf(connection, 'chenjing')],
    });
    expect(await search(connection, '没有这个人')).toEqual({ searchable: true, ids: [] });
    t.sandbox.state.faults.add({
      path: 'service/contact/search',
      effect: { kind: 'errcode', errcode: 60020 },
      times: 1,
    });
    expect(await search(connection, '陈静')).toEqual({ searchable: false, ids: [] });
  });
});

describe('licences', () => {
  it('are read from the platform, and administrators are told of each end once, thirty days before', async () => {
    const connection = await connectionOf(demo);
    const now = t.clock.now().getTime();
    const items = [
      { userid: 'wangfang', expiresAt: now + 20 * day },
      { userid: 'boss', expiresAt: now + 90 * day },
    ];
    await platform('licences', { corpId: demo, items });
    const watch = t.app.get(LicenceWatch);
    const warnings = () =>
      rows<{ to: MemberId; description: string }>(
        connection,
        `SELECT member_id AS to, card->>'description' AS description FROM lianke.message WHERE key LIKE 'licence:%' ORDER BY created_at`,
      );
    await watch.sweep();
    await watch.sweep();
    t.clock.advance(day);
    await watch.sweep();
    const first = await warnings();
    expect(first).toHaveLength(1);
    expect(first[0]?.to).toBe(await memberOf(connection, 'boss'));
    expect(first[0]?.description).toContain('1 个许可');
    t.clock.advance(45 * day);
    await watch.sweep();
    expect(await warnings()).toHaveLength(1);
    t.clock.advance(20 * day);
    await watch.sweep();
    expect(await warnings()).toHaveLength(2);
    // Renewed, it ends another day and is told of anew when that is near.
    items[1] = { userid: 'boss', expiresAt: t.clock.now().getTime() + 25 * day };
    await platform('licences', { corpId: demo, items });
    t.clock.advance(day);
    await watch.sweep();
    expect(await warnings()).toHaveLength(3);
    const boss = await contextOf(connection, await memberOf(connection, 'boss'));
    const token = await t.app.get(SessionService).create(boss, {
      memberId: await memberOf(connection, 'boss'),
      channel: 'wecom',
      personKey: null,
      door: 'console',
      address: '127.0.0.1',
      userAgent: 'test',
    });
    const answer = await fetch(`${t.url}/api/v1/connections/${connection.id}/licences`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const listed = (await answer.json()) as { items: { userid: string; member: { label: string } }[] };
    expect(listed.items.map((item) => [item.userid, item.member.label])).toEqual([
      [seen('wangfang'), '王芳'],
      [seen('boss'), standIn('boss')],
    ]);
  });
});

describe('a company takes the app away', () => {
  const sessions = (connection: Connection) =>
    rows(connection, 'SELECT 1 FROM lianke.session WHERE channel = $1', ['wecom']);

  it('is out of service at once, its people signed out, its data kept for a while; back again, it is the same tenant', async () => {
    const connection = await connectionOf(demo);
    const place: { tenantId: TenantId; connectionId: ConnectionId } = {
      tenantId: connection.tenantId,
      connectionId: connection.id,
    };
    await t.app.get(SessionService).create(connection, {
      memberId: await memberOf(connection, 'boss'),
      channel: 'wecom',
      personKey: null,
      door: 'console',
      address: '127.0.0.1',
      userAgent: 'test',
    });
    expect((await sessions(connection)).length).toBeGreaterThan(0);
    await platform('cancel', { corpId: demo });
    await work();
    const gone = await connectionOf(demo);
    expect(gone.secret).toBeNull();
    expect(await sessions(connection)).toHaveLength(0);
    const facts = await t.database.withTenant(place, (tx) => t.app.get(SuiteInstalls).facts(tx, connection.id));
    expect(facts?.state).toBe('cancelled');
    const kept = Date.parse(facts?.deleteAfter ?? '') - t.clock.now().getTime();
    expect(Math.round(kept / day)).toBe(30);
    expect(await rows(connection, `SELECT 1 FROM lianke.member WHERE state = 'active'`)).not.toHaveLength(0);
    const start = await new TestBrowser(t.url).get(`/api/v1/auth/wecom/start?connectionId=${connection.id}`);
    expect(start.status).toBe(403);

    const before = await tenantCount();
    await platform('install', { corpId: demo, userid: 'boss' });
    await work();
    expect(await tenantCount()).toBe(before);
    const back = await connectionOf(demo);
    expect(back).toMatchObject({ id: connection.id, tenantId: connection.tenantId });
    expect(back.secret).not.toBeNull();
    await t.app.get(OrgSync).run(back);
  });

  it('does not lose its connection to a word that comes late', async () => {
    const known = t.app.get(SuiteService).of('wecom');
    if (!known) throw new Error('no suite');
    await t.app.get(SuiteService).receive(known, { kind: 'cancelled', corpId: openId(demo) }, 'late');
    await work();
    expect((await connectionOf(demo)).secret).not.toBeNull();
  });
});
