import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBrowser } from '../../../test/support/browser.js';
import {
  adminPassword,
  type ChatTestApp,
  connectWecom,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../test/support/chat-app.js';
import { Database } from '../../kernel/database/database.js';
import type { Connection } from '../chat/connection.js';
import { ConnectionRepository } from '../chat/connection.repository.js';
import { LoginReturns } from '../chat/login-returns.js';

const inChat = 'Mozilla/5.0 (iPhone) AppleWebKit MicroMessenger/7.0 wxwork/4.1.20';

let t: ChatTestApp;
let tenant: TestTenant;
let connection: Connection;
let admin: TestBrowser;
let host: string;

beforeAll(async () => {
  t = await startChatApp();
  tenant = await makeTenant(t, 'demo', '演示企业');
  connection = await connectWecom(t, tenant.tenantId);
  host = new URL(t.url).host;
  admin = new TestBrowser(t.url);
  const login = { tenant: 'demo', account: 'admin', password: adminPassword };
  expect((await admin.json('POST', '/api/v1/auth/password', login)).status).toBe(200);
});
afterAll(() => t.close());

async function sandbox<T>(path: string, body: unknown, method = 'POST'): Promise<T> {
  const answer = await fetch(`${t.sandbox.url}/sandbox/api/${path}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

const domain = (redirectDomain: string) =>
  sandbox(`corps/${connection.corpId}/apps/${connection.agentId}`, { redirectDomain }, 'PATCH');

/** The line of the check-list. */
async function line(language: 'zh' | 'en' = 'zh') {
  const now = await t.app.get(ConnectionRepository).ofTenant(tenant, connection.id);
  return now && t.app.get(LoginReturns).check(now, language);
}

const english = { 'accept-language': 'en' };
const sql = (text: string, values: unknown[] = []) =>
  t.app.get(Database).withTenant(tenant, (tx) => tx.sql(text, values as never));

const trialUrl = () => `/api/v1/auth/wecom/start?connectionId=${connection.id}&trial=1&returnTo=/settings/connections`;

/** Opens the platform's page of a trial. */
async function begin(who: TestBrowser): Promise<{ page: string; address: URL }> {
  const start = await who.get(trialUrl());
  const address = new URL(start.headers.get('location') ?? '');
  return { page: await (await fetch(address)).text(), address };
}

/** Somebody scans the page that waits: where it sends the browser. */
async function scan(userid: string): Promise<string> {
  const waiting = (await (await fetch(`${t.sandbox.url}/sandbox/api/logins`)).json()) as { items: { id: string }[] };
  const scanned = { userid, qrId: waiting.items[0]?.id ?? '' };
  await sandbox('scan', scanned);
  return (await sandbox<{ redirect: string }>('confirm', scanned)).redirect;
}

async function nameOf(who: TestBrowser): Promise<string | null> {
  const answer = await who.get('/api/v1/me');
  return answer.status === 200 ? ((await answer.json()) as { member: { name: string } }).member.name : null;
}

describe('a trial of the log-in', () => {
  it('says nothing before a log-in came back; one inside the chat comes back through another domain', async () => {
    expect(await line()).toMatchObject({ ok: null, message: expect.stringContaining('试一次登录') });
    const phone = new TestBrowser(t.url, inChat);
    const start = await phone.get(`/api/v1/auth/wecom/start?connectionId=${connection.id}&mode=chat`);
    const authorize = new URL(start.headers.get('location') ?? '');
    authorize.searchParams.set('sandbox_user', 'wangfang');
    const back = await fetch(authorize, { redirect: 'manual' });
    await phone.get(back.headers.get('location') ?? '');
    expect(await nameOf(phone)).toBe('王芳');
    expect(await line()).toMatchObject({ ok: null });
  });

  it('with another domain at the platform shows its sentence there, and here which domain to enter', async () => {
    await domain('other.example:8080');
    const { page } = await begin(admin);
    expect(page).toContain('50001');
    expect(page).toContain('redirect_uri 与配置的授权完成回调域名不一致');
    const shown = await line();
    expect(shown?.ok).toBe(null);
    expect(shown?.message).toContain('redirect_uri 与配置的授权完成回调域名不一致');
    expect(shown?.message).toContain(`不是 ${host}`);
    await domain(host);
  });

  it('that comes back with a code the platform does not know is red, with the reason', async () => {
    const { address } = await begin(admin);
    const back = new URL(address.searchParams.get('redirect_uri') ?? '');
    back.search = String(new URLSearchParams({ code: 'no-such-code', state: address.searchParams.get('state') ?? '' }));
    expect((await admin.get(back.href)).status).toBe(403);
    expect(await line()).toMatchObject({ ok: false, message: expect.stringContaining('登录回来了') });
  });

  it.each([
    [
      'a wrong corp id',
      'corp_id',
      'wwnobody000000000',
      /企业 ID 不对.*“我的企业”/,
      /corp id is wrong.*我的企业 in the WeCom/,
    ],
    [
      'another app’s id',
      'agent_id',
      '1000009',
      /不是同一个应用的.*“应用管理”/,
      /different apps: open the app under 应用管理/,
    ],
  ])(
    'with %s says so before the platform’s page is opened, and where it is copied from',
    async (_, column, bad, zh, en) => {
      const set = async (value: string) => {
        await sql(`UPDATE lianke.chat_connection SET ${column} = $2 WHERE id = $1 RETURNING 1`, [connection.id, value]);
        await sql('DELETE FROM lianke.chat_token WHERE connection_id = $1 RETURNING 1', [connection.id]);
      };
      await set(bad);
      const told = await (await admin.get(trialUrl())).text();
      expect(told).toMatch(zh);
      expect(told).toContain('再试一次');
      expect(await (await admin.get(trialUrl(), english)).text()).toMatch(en);
      expect(await line()).toMatchObject({ ok: false, message: expect.stringMatching(zh) });
      expect(await line('en')).toMatchObject({ ok: false, message: expect.stringMatching(en) });
      await set(column === 'corp_id' ? connection.corpId : connection.agentId);
    },
  );

  it('that came too late, without a code or into another browser says which of these, in the reader’s language', async () => {
    const back = async (code?: string) => {
      const { address } = await begin(admin);
      const url = new URL(address.searchParams.get('redirect_uri') ?? '');
      url.search = String(
        new URLSearchParams({ ...(code ? { code } : {}), state: address.searchParams.get('state') ?? '' }),
      );
      return url.href;
    };
    const cancelled = await admin.get(await back());
    expect([cancelled.status, await cancelled.text()]).toEqual([403, expect.stringContaining('没有带回凭据')]);
    expect(await line()).toMatchObject({ ok: false, message: expect.stringContaining('多半是在手机上取消了') });
    expect(await line('en')).toMatchObject({ ok: false, message: expect.stringContaining('cancelled on the phone') });
    const late = await back('x');
    await sql(`UPDATE lianke.login_attempt SET expires_at = clock_timestamp() - interval '1 second' RETURNING 1`);
    expect(await (await admin.get(late)).text()).toContain('超过了 5 分钟');
    expect(await (await admin.get(late, english)).text()).toContain('more than five minutes passed');
    const elsewhere = new TestBrowser(t.url);
    expect(await (await elsewhere.get(await back('x'))).text()).toContain('另一个浏览器');
    expect(await (await elsewhere.get(trialUrl(), english)).text()).toContain('Nobody is logged in to Lianke');
  });

  it('is green once a code came back, whoever scanned, and leaves the administrator logged in as he was', async () => {
    await begin(admin);
    const back = await scan('wangfang');
    const done = await admin.get(back);
    expect(done.headers.get('location')).toBe('/api/v1/auth/wecom/finished?tried=1');
    expect(await (await admin.get('/api/v1/auth/wecom/finished?tried=1')).text()).toContain('授权回调域设对了');
    expect(await nameOf(admin)).toBe('管理员');
    expect(await line()).toEqual({ key: 'login', ok: true, message: `登录从 ${host} 回来过` });
    // A reload of the window goes on to where it came from.
    expect((await admin.get(back)).headers.get('location')).toBe('/settings/connections');
  });

  it('serves only the browser that began, and only members', async () => {
    expect((await new TestBrowser(t.url).get(trialUrl())).status).toBe(403);
    await begin(admin);
    const stranger = new TestBrowser(t.url);
    expect((await stranger.get(await scan('wangfang'))).status).toBe(403);
    expect(await nameOf(stranger)).toBe(null);
  });

  it('is not needed where somebody has logged in by the QR', async () => {
    await begin(admin);
    expect(await line()).toMatchObject({ ok: null });
    const computer = new TestBrowser(t.url);
    const ticket = await computer.json('POST', '/api/v1/auth/qr', { connectionId: connection.id });
    await fetch(((await ticket.json()) as { url: string }).url);
    await computer.get(await scan('wangfang'));
    expect(await nameOf(computer)).toBe('王芳');
    expect(await line()).toMatchObject({ ok: true });
  });
});
