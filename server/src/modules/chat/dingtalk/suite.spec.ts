import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBrowser } from '../../../../test/support/browser.js';
import { type ChatTestApp, startChatApp } from '../../../../test/support/chat-app.js';
import { TenantDirectory } from '../../../engine/org/tenant-directory.js';
import { CallbackWorker } from '../callbacks/callback-worker.js';
import { ChatAccounts } from '../chat-accounts.js';
import type { Connection } from '../connection.js';
import { ConnectionRepository } from '../connection.repository.js';
import { ConnectionService } from '../connection.service.js';
import { Envelope } from '../envelope.js';
import { MessageSender } from '../message-sender.js';
import { OrgSync } from '../org/org-sync.js';
import { ChatPlatforms } from '../port/platforms.js';
import { LicenceWatch } from '../suite/licence-watch.js';
import { SuiteInstalls } from '../suite/suite-installs.js';
import { SuiteTickets } from '../suite/suite-tickets.js';
import { SuiteWorker } from '../suite/suite-worker.js';
import { VisibleRanges } from '../visible-ranges.js';
import { DingApi } from './ding-api.js';
import { readSync } from './suite-instructions.js';
import { suiteSignature } from './suite-signature.js';

const suite = { channel: 'dingtalk', id: 'suitelianke00000001' } as const;
const demo = 'dingdemo0000000001';
const appKey = `${suite.id}@${demo}`;
const day = 86_400_000;

describe('protocol', () => {
  it('signs calls of the older interface', () => {
    expect(suiteSignature('suitesecret', '1700000000000', 'ticket1')).toBe(
      'x4kVty3xUAtRpHs1OY5GCStYlsje9VMVz+QhmUmgCYQ=',
    );
  });

  it('reads pushes however their names are spelt, and passes over what means nothing', () => {
    const item = (biz_type: number, biz_data: object) => ({
      corp_id: 'dingx',
      biz_id: '1',
      biz_type,
      biz_data: JSON.stringify(biz_data),
    });
    const push = (...bizData: object[]) => JSON.stringify({ EventType: 'SYNC_HTTP_PUSH_MEDIUM', bizData });
    const read = (...bizData: object[]) => readSync(push(...bizData), 7).map(({ instruction }) => instruction);
    expect(read(item(2, { syncAction: 'suite_ticket', suiteTicket: 'T' }))).toEqual([
      { kind: 'ticket', ticket: 'T', at: 7 },
    ]);
    const grant = {
      corpId: 'dingx',
      corpName: '甲',
      permanentCode: 'P',
      adminUserid: 'u1',
      adminName: null,
      agentId: '5',
    };
    for (const spelt of [
      {
        syncAction: 'org_suite_auth',
        permanent_code: 'P',
        auth_corp_info: { corpid: 'dingx', corp_name: '甲' },
        auth_user_info: { userId: 'u1' },
        auth_info: { agent: [{ agentid: 5 }] },
      },
      {
        syncAction: 'org_suite_auth',
        permanentCode: 'P',
        authCorpInfo: { corpId: 'dingx', corpName: '甲' },
        authUserInfo: { userId: 'u1' },
        authInfo: { agent: [{ agentId: '5' }] },
      },
    ])
      expect(read(item(4, spelt))).toEqual([{ kind: 'grant', grant }]);
    expect(read(item(4, { syncAction: 'org_suite_relieve' }), item(22, {}), item(20, { syncAction: 'x' }))).toEqual([
      { kind: 'cancelled', corpId: 'dingx' },
    ]);
    expect(() => readSync('{"EventType":"user_add_org"}', 7)).toThrow();
  });
});

let t: ChatTestApp;
beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
});
afterAll(() => t.close());

async function platform<T = Record<string, never>>(action: string, body: unknown): Promise<T> {
  const url = `${t.sandbox.url}/sandbox/api/dingtalk/suites/${suite.id}/${action}`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  await t.sandbox.state.pushes.idle();
  return (await answer.json()) as T;
}

async function work(): Promise<void> {
  for (let again = 0; again < 2; again++) {
    await t.sandbox.state.pushes.idle();
    while (await t.app.get(SuiteWorker).round());
    while (await t.app.get(CallbackWorker).round());
    while (await t.app.get(MessageSender).round());
  }
}

async function connectionOf(corpId: string): Promise<Connection> {
  const found = await t.app.get(SuiteInstalls).find(suite, corpId);
  const connection = found && (await t.app.get(ConnectionRepository).ofTenant(found, found.connectionId));
  if (!connection) throw new Error(`${corpId} is not installed`);
  return connection;
}

const tenantCount = async () => (await t.app.get(TenantDirectory).list()).length;
const rows = <Row>(connection: Connection, sql: string, values: unknown[] = []) =>
  t.database.withTenant(connection, (tx) => tx.sql<Row>(sql, values as never[]));
async function adminOf(connection: Connection) {
  const memberId = (await t.app.get(ChatAccounts).memberOf(connection, 'admin')) as MemberId;
  return t.app.get(TenantDirectory).context(connection.tenantId, { kind: 'member', memberId });
}
const states = () =>
  [...t.sandbox.state.ding.world.deliveries.values()]
    .filter((delivery) => delivery.appKey === suite.id)
    .map((delivery) => delivery.state);

describe('an app of the directory', () => {
  it('takes its ticket, and answers every push as the platform asks', async () => {
    const { ticket } = await platform<{ ticket: string }>('ticket', {});
    expect(await t.app.get(SuiteTickets).get(suite)).toBe(ticket);
    expect(states()).toEqual(['delivered']);
  });

  it('answers the check of its address with the word that it was asked', async () => {
    const [seed] = t.sandbox.state.seed.dingSuites;
    if (!seed) throw new Error('no seed');
    const envelope = new Envelope(seed.token, seed.aesKey, seed.suiteKey);
    const encrypt = envelope.seal(
      JSON.stringify({ EventType: 'check_create_suite_url', Random: 'LPIdSnlF', TestSuiteKey: seed.suiteKey }),
    );
    const query = new URLSearchParams({
      signature: envelope.signatureOf('1', 'n', encrypt),
      timestamp: '1',
      nonce: 'n',
    });
    const ask = (search: URLSearchParams) =>
      fetch(`${t.url}/callbacks/suites/dingtalk?${search}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ encrypt }),
      });
    const answer = (await (await ask(query)).json()) as Record<string, string>;
    const signed = {
      signature: answer.msg_signature ?? '',
      timestamp: answer.timeStamp ?? '',
      nonce: answer.nonce ?? '',
    };
    expect(envelope.open(signed, answer.encrypt ?? '')).toBe('LPIdSnlF');
    query.set('nonce', 'm');
    expect((await ask(query)).status).toBe(403);
  });

  it('makes one tenant of a company that adds it, though the push comes twice', async () => {
    const before = await tenantCount();
    t.sandbox.state.ding.switches.pushTwice = true;
    await platform('install', { corpId: demo, userid: 'admin' });
    t.sandbox.state.ding.switches.pushTwice = false;
    await work();
    expect(await tenantCount()).toBe(before + 1);
    const connection = await connectionOf(demo);
    expect(connection).toMatchObject({ channel: 'dingtalk', suiteId: suite.id, appKey: suite.id, agentId: '3000001' });
    await t.app.get(OrgSync).run(connection);
    expect(await rows(connection, `SELECT 1 FROM lianke.member WHERE state = 'active'`)).toHaveLength(3);
    const [view] = await t.app.get(ConnectionService).list(await adminOf(connection));
    expect(view?.suite).toMatchObject({ state: 'active', corpName: '演示企业' });
    expect(view?.checks[0]).toMatchObject({ key: 'authorised', ok: true });
  });

  it('logs people in, from its page and from inside the chat', async () => {
    const connection = await connectionOf(demo);
    const browser = new TestBrowser(t.url);
    const start = await browser.get(`/api/v1/auth/dingtalk/start?connectionId=${connection.id}&returnTo=/`);
    const page = new URL(start.headers.get('location') ?? '');
    expect(page.searchParams.get('client_id')).toBe(suite.id);
    page.searchParams.set('sandbox_user', 'boss');
    page.searchParams.set('sandbox_corp', demo);
    const back = (await fetch(page, { redirect: 'manual' })).headers.get('location') ?? '';
    expect((await browser.get(back)).headers.get('location')).toBe('/');
    const made = await fetch(`${t.sandbox.url}/sandbox/api/dingtalk/apps/${encodeURIComponent(appKey)}/codes`, {
      method: 'POST',
      body: JSON.stringify({ userid: 'chenzg', kind: 'client' }),
    });
    const { code } = (await made.json()) as { code: string };
    const answer = await browser.json('POST', '/api/v1/auth/dingtalk/code', {
      connectionId: connection.id,
      code,
      client: 'h5',
    });
    expect(answer.status, await answer.clone().text()).toBe(200);
  });

  it('gets another token when one ends or is taken back', async () => {
    const connection = await connectionOf(demo);
    for (const as of ['expired', 'invalid']) {
      await platform('expire-token', { corpId: demo, as });
      await t.app.get(OrgSync).run(connection);
    }
    const first = await t.app.get(DingApi).fetchToken(connection);
    expect((await t.app.get(DingApi).fetchToken(connection)).token).not.toBe(first.token);
  });

  it('sends a card to a person by his unionid, whose press comes back the same way; notices go through its template', async () => {
    const connection = await connectionOf(demo);
    await t.app.get(ConnectionService).test(await adminOf(connection), connection.id);
    await work();
    const inbox = await fetch(
      `${t.sandbox.url}/sandbox/api/dingtalk/apps/${encodeURIComponent(appKey)}/people/admin/inbox`,
    );
    const { cards } = (await inbox.json()) as { cards: { outTrackId: string; templateId: string }[] };
    expect(cards.map((card) => card.templateId)).toEqual(['lianke-suite.schema']);
    const pressed = await fetch(`${t.sandbox.url}/sandbox/api/dingtalk/cards/press`, {
      method: 'POST',
      body: JSON.stringify({
        appKey,
        outTrackId: cards[0]?.outTrackId,
        userid: 'admin',
        actionId: 'a1',
        params: { action: `connection.test:${connection.id}` },
      }),
    });
    expect(pressed.ok, await pressed.clone().text()).toBe(true);
    await work();
    const [view] = await t.app.get(ConnectionService).list(await adminOf(connection));
    expect(view?.checks.find((check) => check.key === 'card')).toMatchObject({ ok: true });
  });

  it('names whomever the company has not authorised it for, and reads those whom it names', async () => {
    const connection = await connectionOf(demo);
    await platform('change', { corpId: demo, visibleDepartments: [3], visibleUsers: ['admin'] });
    const { users } = await t.app.get(ChatPlatforms).of(connection).readOrganisation(connection);
    expect(users.map((user) => user.userid).sort()).toEqual(['admin', 'chenzg']);
    await t.app.get(VisibleRanges).refresh(connection);
    const { items } = await t.app.get(VisibleRanges).outside(connection, connection.id);
    expect(items.filter((item) => item.why === 'range').map((item) => item.member.label)).toEqual(['老板']);
    const [view] = await t.app.get(ConnectionService).list(await adminOf(connection));
    expect(view?.checks.find((check) => check.key === 'range')).toMatchObject({ ok: false });
    await platform('change', { corpId: demo, visibleDepartments: [1] });
    await work();
    await t.app.get(VisibleRanges).refresh(connection);
    expect((await t.app.get(VisibleRanges).outside(connection, connection.id)).total).toBe(0);
  });

  it('hears what people write to its robot, signed with the suite’s secret, in whichever company', async () => {
    const connection = await connectionOf(demo);
    const said = async (text: string) => {
      const answer = await fetch(`${t.sandbox.url}/sandbox/api/people/chenzg/say`, {
        method: 'POST',
        body: JSON.stringify({ corpId: demo, agentId: Number(connection.agentId), text }),
      });
      expect(answer.ok, await answer.clone().text()).toBe(true);
      expect(await answer.json()).toMatchObject({ state: 'delivered' });
    };
    const heard = () =>
      rows<{ body: string }>(connection, `SELECT body FROM lianke.callback_inbox WHERE body LIKE '%msgtype%'`);
    await said('完成 巴比食品');
    expect((await heard()).map((row) => JSON.parse(row.body))).toMatchObject([
      { senderStaffId: 'chenzg', text: { content: '完成 巴比食品' }, chatbotCorpId: demo },
    ]);
    const forged = await fetch(`${t.url}/callbacks/suites/dingtalk/robot`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', timestamp: String(Date.now()), sign: 'bm8=' },
      body: JSON.stringify({ msgId: 'x', senderStaffId: 'boss', chatbotCorpId: demo, text: { content: 'x' } }),
    });
    expect(forged.status).toBe(403);
    expect(await heard()).toHaveLength(1);
  });

  it('hears of a leaver', async () => {
    const connection = await connectionOf(demo);
    const gone = await t.app.get(ChatAccounts).memberOf(connection, 'chenzg');
    await fetch(`${t.sandbox.url}/sandbox/api/dingtalk/corps/${demo}/members/chenzg`, { method: 'DELETE' });
    await work();
    expect(await rows(connection, 'SELECT state FROM lianke.member WHERE id = $1', [gone])).toEqual([
      { state: 'left' },
    ]);
  });

  it('learns from an order until when the company may use it, and warns once; the warning goes through the template', async () => {
    const connection = await connectionOf(demo);
    await platform('order', { corpId: demo, people: 50, stopsAt: t.clock.now().getTime() + 20 * day });
    await work();
    const watch = t.app.get(LicenceWatch);
    await watch.sweep();
    await watch.sweep();
    await work();
    expect(
      await rows(connection, `SELECT state, error FROM lianke.message WHERE key LIKE 'licence:%' ORDER BY created_at`),
    ).toEqual([{ state: 'sent', error: null }]);
    const notices = [...t.sandbox.state.ding.world.notices.values()].filter((notice) => notice.appKey === appKey);
    expect(JSON.stringify(notices.at(-1)?.msg)).toContain('应用订购即将到期');
    expect(await rows(connection, 'SELECT seats, userid FROM lianke.chat_licence')).toEqual([
      { seats: 50, userid: '' },
    ]);
  });

  it('is out of service when the company takes it away, and the same tenant when it comes back', async () => {
    const before = await connectionOf(demo);
    const tenants = await tenantCount();
    await platform('cancel', { corpId: demo });
    await work();
    expect((await connectionOf(demo)).secret).toBeNull();
    await platform('install', { corpId: demo, userid: 'admin' });
    await work();
    const back = await connectionOf(demo);
    expect([back.id, back.tenantId]).toEqual([before.id, before.tenantId]);
    expect(back.secret).not.toBeNull();
    expect(await tenantCount()).toBe(tenants);
    expect(states().every((state) => state === 'delivered')).toBe(true);
  });
});
