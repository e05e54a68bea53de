import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isRelayAddress, relayRule } from '@lianke/shared/chat/login-relay';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestBrowser } from '../../../test/support/browser.js';
import { type ChatTestApp, connectWecom, makeTenant, startChatApp } from '../../../test/support/chat-app.js';
import type { Connection } from '../chat/connection.js';
import { ConnectionRepository } from '../chat/connection.repository.js';
import { ConnectionService } from '../chat/connection.service.js';
import { LoginReturns } from '../chat/login-returns.js';

const domain = 'portal.example';
const relay = `https://${domain}/lianke-relay`;
const inChat = 'Mozilla/5.0 (iPhone) AppleWebKit MicroMessenger/7.0 wxwork/4.1.20';

let t: ChatTestApp;
let connection: Connection;
let callback: string;
let portal: Server;
let seen: string[];

beforeAll(async () => {
  t = await startChatApp();
  const tenant = await makeTenant(t, 'demo', '演示企业');
  const before = await connectWecom(t, tenant.tenantId);
  const { id, channel, name, corpId, agentId } = before;
  await t.app
    .get(ConnectionService)
    .save(tenant, { id, channel, name, corpId, agentId, settings: { loginRelay: relay } });
  connection = (await t.app.get(ConnectionRepository).ofTenant(tenant, id)) ?? before;
  await sandbox(`corps/${corpId}/apps/${agentId}`, { redirectDomain: domain }, 'PATCH');
  callback = `${t.url}/api/v1/auth/wecom/callback`;
  portal = createServer((request, response) => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', `https://${domain}`);
    seen.push(pathname);
    const to = searchParams.get('to') ?? '';
    searchParams.delete('to');
    // As a program does it: it goes where it is told, if that is Lianke.
    const program = to.startsWith(`${callback}?`) ? `${to}&${searchParams}` : null;
    const target = request.headers['x-relay'] === 'program' ? program : `${callback}${search}`;
    if (pathname !== '/lianke-relay' || target === null) response.writeHead(404).end();
    else response.writeHead(302, { location: target }).end();
  });
  await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  portal.closeAllConnections();
  await new Promise((resolve) => portal.close(resolve));
  await t.close();
});
beforeEach(() => {
  seen = [];
});

async function sandbox<T>(path: string, body: unknown, method = 'POST'): Promise<T> {
  const answer = await fetch(`${t.sandbox.url}/sandbox/api/${path}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

/** What the other system answers where the platform sent the browser; its domain is this machine's here. */
async function throughPortal(address: string, kind: 'nginx' | 'program' = 'nginx'): Promise<string | null> {
  expect(address.startsWith(`${relay}?`), address).toBe(true);
  const { pathname, search } = new URL(address);
  const here = `http://127.0.0.1:${(portal.address() as AddressInfo).port}${pathname}${search}`;
  return (await fetch(here, { redirect: 'manual', headers: { 'x-relay': kind } })).headers.get('location');
}

/** Begins a log-in inside the chat; answers where the platform sends the webview. */
async function begin(phone: TestBrowser): Promise<string> {
  const start = await phone.get(`/api/v1/auth/wecom/start?connectionId=${connection.id}&mode=chat`);
  const authorize = new URL(start.headers.get('location') ?? '');
  authorize.searchParams.set('sandbox_user', 'wangfang');
  const answer = await fetch(authorize, { redirect: 'manual' });
  return answer.headers.get('location') ?? (await answer.text());
}

async function nameOf(who: TestBrowser): Promise<string | null> {
  const answer = await who.get('/api/v1/me');
  return answer.status === 200 ? ((await answer.json()) as { member: { name: string } }).member.name : null;
}

/** The line of the check-list that says whether log-ins come back. */
async function loginLine() {
  const now = await t.app.get(ConnectionRepository).ofTenant(connection, connection.id);
  return now && t.app.get(LoginReturns).check(now, 'zh');
}

function changed(address: string, change: (query: URLSearchParams) => void): string {
  const url = new URL(address);
  change(url.searchParams);
  return url.href;
}

describe('a log-in through another system’s domain', () => {
  it.each(['nginx', 'program'] as const)('inside the chat works, the relay being %s', async (kind) => {
    const phone = new TestBrowser(t.url, inChat);
    const back = await throughPortal(await begin(phone), kind);
    expect(back?.startsWith(`${callback}?`)).toBe(true);
    const done = await phone.get(back ?? '');
    expect([done.status, done.headers.get('location')]).toEqual([303, '/']);
    expect(await nameOf(phone)).toBe('王芳');
    expect(seen).toEqual(['/lianke-relay']);
  });

  it('by the QR of the log-in page works too', async () => {
    const computer = new TestBrowser(t.url);
    const ticket = await computer.json('POST', '/api/v1/auth/qr', { connectionId: connection.id });
    const { url } = (await ticket.json()) as { url: string };
    expect((await fetch(url)).status).toBe(200);
    const waiting = (await (await fetch(`${t.sandbox.url}/sandbox/api/logins`)).json()) as { items: { id: string }[] };
    const scan = { userid: 'wangfang', qrId: waiting.items[0]?.id ?? '' };
    await sandbox('scan', scan);
    const { redirect } = await sandbox<{ redirect: string }>('confirm', scan);
    expect(await loginLine()).toMatchObject({ ok: null });
    await computer.get((await throughPortal(redirect)) ?? '');
    expect(await nameOf(computer)).toBe('王芳');
    expect(await loginLine()).toMatchObject({ ok: true, message: `登录从 ${domain} 回来过` });
  });

  it('a frame that comes without our cookies keeps what the relay gave on', async () => {
    const computer = new TestBrowser(t.url, inChat);
    const back = (await throughPortal(await begin(computer))) ?? '';
    const bare = await new TestBrowser(t.url).get(back, { 'sec-fetch-dest': 'iframe' });
    const next = /url=([^"]+)"/.exec(await bare.text())?.[1]?.replaceAll('&#38;', '&') ?? '';
    await computer.get(next, { 'sec-fetch-dest': 'iframe' });
    expect(await nameOf(computer)).toBe('王芳');
  });

  it.each<[string, (query: URLSearchParams) => void]>([
    ['another site', (query) => query.set('to', 'https://evil.example/?sig=1')],
    ['a site whose name begins like ours', (query) => query.set('to', `${callback}.evil.example/?sig=1`)],
    [
      'another signature',
      (query) =>
        query.set(
          'to',
          (query.get('to') ?? '').replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        ),
    ],
    ['another path of ours', (query) => query.set('to', (query.get('to') ?? '').replace('callback', 'finished'))],
    ['something behind', (query) => query.set('to', `${query.get('to')}&returnTo=https://evil.example`)],
    ['nothing', (query) => query.delete('to')],
  ])('with %s in `to` leads nowhere', async (_, tamper) => {
    const phone = new TestBrowser(t.url, inChat);
    const address = changed(await begin(phone), tamper);
    const followed = await throughPortal(address, 'program');
    if (followed !== null) expect(new URL(followed).origin).toBe(t.url);
    const answer = await phone.get((await throughPortal(address)) ?? '');
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null]);
    expect(await answer.text()).not.toContain('evil');
    expect(await nameOf(phone)).toBeNull();
  });

  it('with the `to` of another log-in leads nowhere', async () => {
    const [phone, other] = [new TestBrowser(t.url, inChat), new TestBrowser(t.url, inChat)];
    const theirs = new URL(await begin(other)).searchParams.get('to') ?? '';
    const address = changed(await begin(phone), (query) => query.set('to', theirs));
    expect((await phone.get((await throughPortal(address)) ?? '')).status).toBe(403);
    expect(await nameOf(phone)).toBeNull();
  });

  it('is for the browser that began it only', async () => {
    const back = (await throughPortal(await begin(new TestBrowser(t.url, inChat)))) ?? '';
    const thief = new TestBrowser(t.url, inChat);
    expect((await thief.get(back)).status).toBe(403);
    expect(await nameOf(thief)).toBeNull();
  });

  it('does not work past the relay', async () => {
    const phone = new TestBrowser(t.url, inChat);
    const { searchParams } = new URL(await begin(phone));
    searchParams.delete('to');
    expect((await phone.get(`${callback}?${searchParams}`)).status).toBe(403);
  });
});

it.each([
  ...['http://portal.example/relay', 'https://user:pw@portal.example/relay', 'https://portal.example/relay?x=1'],
  ...['https://portal.example/relay#x', 'https://portal.example/relay?', 'javascript:alert(1)', '//portal.example', ''],
])('%s is no relay', (address) => {
  expect(isRelayAddress(address)).toBe(false);
});

it('the rule for nginx leads to our callback and nowhere else', () => {
  expect(relayRule(relay, 'https://crm.example/api/v1/auth/wecom/callback')).toBe(
    'location = /lianke-relay {\n  return 302 https://crm.example/api/v1/auth/wecom/callback?$args;\n}',
  );
});
