import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestBrowser } from '../../../../test/support/browser.js';
import type { ChatTestApp } from '../../../../test/support/chat-app.js';
import { demo, suite, WecomSuiteWorld } from '../../../../test/support/wecom-suite.js';
import { ConnectionService } from '../connection.service.js';
import { OrgSync } from '../org/org-sync.js';
import { SuiteInbox } from '../suite/suite-inbox.js';
import { SuiteService } from '../suite/suite-service.js';
import { SuiteTickets } from '../suite/suite-tickets.js';
import { SuiteWorker } from '../suite/suite-worker.js';

const mine = 'wwmine0000000002';
const inChat = 'Mozilla/5.0 (iPhone) AppleWebKit MicroMessenger/7.0 wxwork/4.1.20';

let world: WecomSuiteWorld;
let t: ChatTestApp;
beforeAll(async () => {
  world = await WecomSuiteWorld.start();
  t = world.t;
});
afterAll(() => t.close());
beforeEach(() => t.sandbox.state.faults.remove());

describe('the suite ticket', () => {
  it('is kept encrypted, the newest by the platform’s own time, whatever comes last', async () => {
    const tickets = t.app.get(SuiteTickets);
    const now = Math.floor(Date.now() / 1000);
    const { ticket } = await world.platform<{ ticket: string }>('ticket', { at: now });
    expect(await tickets.get(suite)).toBe(ticket);
    await world.platform('ticket', { at: now - 600 });
    expect(await tickets.get(suite)).toBe(ticket);
    const later = await world.platform<{ ticket: string }>('ticket', { at: now + 600 });
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
    const before = await world.tenantCount();
    t.sandbox.state.wecom.switches.callbackDuplicate = true;
    await world.platform('install', { corpId: demo, userid: 'boss' });
    t.sandbox.state.wecom.switches.callbackDuplicate = false;
    await world.work();
    expect(await world.tenantCount()).toBe(before + 1);
    const connection = await world.connectionOf(demo);
    expect(connection).toMatchObject({ suiteId: suite.id, corpId: world.openId(demo), channel: 'wecom' });
    await t.app.get(OrgSync).run(connection);
    const people = await world.rows<{ name: string; roles: string[] }>(
      connection,
      `SELECT m.name, array_agg(r.key ORDER BY r.key) AS roles FROM lianke.member m
       LEFT JOIN lianke.role_member rm ON rm.member_id = m.id LEFT JOIN lianke.role r ON r.id = rm.role_id
       WHERE m.state = 'active' GROUP BY m.id, m.name ORDER BY m.name`,
    );
    expect(people).toHaveLength(9);
    // The platform withholds names from apps of the directory, and its userids are no words: something short stands in.
    expect(people.find((person) => person.name === world.standIn('boss'))?.roles).toContain('admin');
    expect(people.filter((person) => person.roles.includes('admin'))).toHaveLength(1);
    expect(people.find((person) => person.name === world.standIn('wangfang'))?.roles).toEqual(['member']);
    expect(await world.rows(connection, 'SELECT 1 FROM lianke.chat_licence')).toHaveLength(9);
  });

  it('keeps a name that an administrator entered', async () => {
    const connection = await world.connectionOf(demo);
    const id = await world.memberOf(connection, 'wangfang');
    await world.rows(connection, `UPDATE lianke.member SET name = '王芳' WHERE id = $1`, [id]);
    await t.app.get(OrgSync).run(connection);
    expect(await world.rows(connection, 'SELECT name FROM lianke.member WHERE id = $1', [id])).toEqual([
      { name: '王芳' },
    ]);
  });

  it('shows the administrator a connection without secrets', async () => {
    const connection = await world.connectionOf(demo);
    const [view] = await t.app
      .get(ConnectionService)
      .list(await world.contextOf(connection, await world.memberOf(connection, 'boss')));
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
    const [stored] = await world.rows<{ c: string }>(connection, 'SELECT c::text AS c FROM lianke.chat_connection c');
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
    const before = await world.tenantCount();
    const browser = new TestBrowser(t.url, inChat);
    const back = await install(browser, mine, 'admin', true);
    const [answer] = await Promise.all([browser.get(back), world.work(), world.work()]);
    expect(answer.status).toBe(303);
    const connection = await world.connectionOf(mine);
    expect(answer.headers.get('location')).toBe(`/api/v1/auth/wecom/start?connectionId=${connection.id}&returnTo=%2F`);
    await world.work();
    expect(await world.tenantCount()).toBe(before + 1);
    expect(await world.rows(connection, 'SELECT 1 FROM lianke.chat_connection')).toHaveLength(1);

    // On to the console by the suite's own log-in, which names no company.
    const start = await browser.get(answer.headers.get('location') ?? '');
    const authorise = new URL(start.headers.get('location') ?? '');
    expect(authorise.searchParams.get('appid')).toBe(suite.id);
    authorise.searchParams.set('sandbox_user', 'admin');
    authorise.searchParams.set('sandbox_corp', mine);
    const code = (await fetch(authorise, { redirect: 'manual' })).headers.get('location') ?? '';
    expect((await browser.get(code)).headers.get('location')).toBe('/');
    const me = (await (await browser.get('/api/v1/me')).json()) as { member: { name: string }; tenants: unknown[] };
    expect(me.member.name).toBe(`成员 ${world.seen('admin', mine).slice(-6)}`);
    // The same person's other company is not his: encrypted corp ids keep companies apart.
    expect(me.tenants).toHaveLength(1);
  });

  it('refuses a return that another browser began', async () => {
    const back = await install(new TestBrowser(t.url), mine, 'admin', false);
    const before = await world.tenantCount();
    expect((await new TestBrowser(t.url).get(back)).status).toBe(403);
    expect(await world.tenantCount()).toBe(before);
  });

  it('says so when the platform has not sent a ticket that it takes', async () => {
    await fetch(`${t.sandbox.url}/sandbox/api/suites/${suite.id}/tickets`, { method: 'DELETE' });
    await world.platform('expire-token', { as: 'invalid' });
    const answer = await new TestBrowser(t.url).get('/api/v1/auth/wecom/install');
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('suite_ticket');
    await world.platform('ticket', { at: Math.floor(Date.now() / 1000) + 1200 });
    expect((await new TestBrowser(t.url).get('/api/v1/auth/wecom/install')).status).toBe(303);
  });

  it('opens the company’s own home from the one address that the directory has', async () => {
    const home = (corpId: string) => new TestBrowser(t.url).get(`/api/v1/auth/wecom/home?corpid=${corpId}`);
    const connection = await world.connectionOf(mine);
    expect((await home(world.openId(mine))).headers.get('location')).toBe(`/m/?connection=${connection.id}`);
    expect((await home(world.openId(mine).toLowerCase())).status).toBe(404);
  });
});

describe('two consents of one company at once', () => {
  it('are one tenant, whichever comes first', async () => {
    // A company that nobody knows here yet, with two administrators who add the app in the same minute.
    const { corps } = t.sandbox.state.wecom.world;
    const like = corps.get(mine);
    if (!like) throw new Error('no corp');
    const third = 'wwthird0000000003';
    corps.set(third, { ...structuredClone(like), corpId: third, name: '第三家' });
    const before = await world.tenantCount();
    const known = t.app.get(SuiteService).of('wecom');
    if (!known) throw new Error('no suite');
    for (const userid of ['admin', 'boss']) {
      const { authCode } = await world.platform<{ authCode: string }>('install', {
        corpId: third,
        userid,
        event: false,
      });
      await t.app.get(SuiteService).receive(known, { kind: 'code', authCode }, `code:${authCode}`);
    }
    const inbox = t.app.get(SuiteInbox);
    const [first, second] = await inbox.claim();
    for (const row of [first, second]) if (row) await inbox.postpone(row, 0, 'for this test');
    const worker = t.app.get(SuiteWorker);
    await Promise.all([worker.now(first?.id ?? ''), worker.now(second?.id ?? '')]);
    expect(await world.tenantCount()).toBe(before + 1);
    const connection = await world.connectionOf(third);
    expect(await world.rows(connection, 'SELECT 1 FROM lianke.chat_connection')).toHaveLength(1);
    const administrators = await world.rows(
      connection,
      `SELECT 1 FROM lianke.role_member rm JOIN lianke.role r ON r.id = rm.role_id WHERE r.key = 'admin'`,
    );
    expect(administrators).toHaveLength(1);
  });
});

describe('an instruction that was interrupted', () => {
  it('is carried on from where it stood: the code is exchanged once, the tenant made once', async () => {
    const before = await world.tenantCount();
    const { authCode } = await world.platform<{ authCode: string }>('install', {
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
    await world.work();
    const outcomes = await t.database.control<{ state: string }>(`SELECT DISTINCT state FROM lianke.suite_inbox`);
    expect(outcomes).toEqual([{ state: 'done' }]);
    expect(await world.tenantCount()).toBe(before);
    expect((await world.connectionOf(mine)).secret).toBe(
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
