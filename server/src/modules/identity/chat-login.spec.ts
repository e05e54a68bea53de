import type { MemberId } from '@lianke/shared/ids';
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
import { OrgService } from '../../engine/org/org.service.js';
import type { Connection } from '../chat/connection.js';
import { PersonLinks } from './person-links.js';

let t: ChatTestApp;
let tenant: TestTenant;
let connection: Connection;
let corpId: string;

beforeAll(async () => {
  t = await startChatApp();
  tenant = await makeTenant(t, 'demo', '演示企业');
  connection = await connectWecom(t, tenant.tenantId);
  corpId = connection.corpId;
});
afterAll(() => t.close());

const inChat = 'Mozilla/5.0 (iPhone) AppleWebKit MicroMessenger/7.0 wxwork/4.1.20';
const browser = (userAgent?: string) => new TestBrowser(t.url, userAgent);
const bodyOf = async <T>(answer: Response) => (await answer.json()) as T;

async function sandbox<T>(path: string, body: unknown, method = 'POST'): Promise<T> {
  const answer = await fetch(`${t.sandbox.url}/sandbox/api/${path}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

/** What the phone does with the page that waits: scan, confirm. Answers where the platform sends the waiting page. */
async function confirmOnPhone(userid: string): Promise<string> {
  const waiting = await bodyOf<{ items: { id: string }[] }>(await fetch(`${t.sandbox.url}/sandbox/api/logins`));
  const qrId = waiting.items[0]?.id ?? '';
  await sandbox('scan', { userid, qrId });
  return (await sandbox<{ redirect: string }>('confirm', { userid, qrId })).redirect;
}

async function askForQr(computer: TestBrowser): Promise<{ id: string; url: string }> {
  const answer = await computer.json('POST', '/api/v1/auth/qr', { connectionId: connection.id });
  expect(answer.status).toBe(200);
  const ticket = await bodyOf<{ id: string; url: string }>(answer);
  expect((await fetch(ticket.url)).status).toBe(200);
  return ticket;
}

const stateOf = async (who: TestBrowser, id: string) =>
  bodyOf<{ state?: string; reason?: string; code?: string }>(await who.get(`/api/v1/auth/qr/${id}`));

async function nameOf(who: TestBrowser): Promise<string | null> {
  const answer = await who.get('/api/v1/me');
  return answer.status === 200 ? (await bodyOf<{ member: { name: string } }>(answer)).member.name : null;
}

/** Opens the authorize page as the phone of `userid` and answers where it sends the webview. */
async function authorize(location: string, as: Record<string, string>): Promise<string> {
  const url = new URL(location);
  for (const [name, value] of Object.entries(as)) url.searchParams.set(name, value);
  const answer = await fetch(url, { redirect: 'manual' });
  return answer.headers.get('location') ?? '';
}

const codeFor = (who: { userid?: string; openid?: string }, kind: 'oauth' | 'mini' = 'oauth') =>
  sandbox<{ code: string }>(`corps/${corpId}/codes`, { kind, ...who });

describe('what the log-in page shows', () => {
  it('names the connection and its company', async () => {
    const answer = await browser().get('/api/v1/auth/connections?tenant=demo');
    expect(await answer.json()).toEqual({
      password: true,
      tenant: { key: 'demo', name: '演示企业' },
      items: [
        {
          id: connection.id,
          channel: 'wecom',
          name: '企业微信',
          corpId: null,
          tenant: { key: 'demo', name: '演示企业' },
        },
      ],
    });
  });
});

describe('scanning the QR of the log-in page', () => {
  it('logs in the browser that shows the platform’s page, and tells whoever watches its state', async () => {
    const computer = browser();
    const ticket = await askForQr(computer);
    expect(await stateOf(computer, ticket.id)).toEqual({ state: 'waiting' });
    const back = await computer.get(await confirmOnPhone('wangfang'));
    expect([back.status, back.headers.get('location')]).toEqual([303, '/']);
    expect(await nameOf(computer)).toBe('王芳');
    const me = await bodyOf<{ channel: string }>(await computer.get('/api/v1/me'));
    expect(me.channel).toBe('wecom');
  });

  it('inside a frame of the log-in page ends on a page that says so, and the state says done', async () => {
    const computer = browser();
    const ticket = await askForQr(computer);
    const back = await computer.get(await confirmOnPhone('wangfang'), { 'sec-fetch-dest': 'iframe' });
    expect(back.headers.get('location')).toBe('/api/v1/auth/wecom/finished');
    expect(await (await computer.get('/api/v1/auth/wecom/finished')).text()).toContain('已确认登录');
    expect(await stateOf(computer, ticket.id)).toEqual({ state: 'done' });
    expect(await nameOf(computer)).toBe('王芳');
  });

  it('inside a frame that the platform sent here without our cookies, comes back once with them', async () => {
    const computer = browser();
    const ticket = await askForQr(computer);
    const address = await confirmOnPhone('wangfang');
    const bare = await browser().get(address, { 'sec-fetch-dest': 'iframe' });
    expect([bare.status, bare.headers.getSetCookie()]).toEqual([200, []]);
    const next = /url=([^"]+)"/.exec(await bare.text())?.[1]?.replaceAll('&#38;', '&') ?? '';
    expect(await stateOf(computer, ticket.id)).toEqual({ state: 'waiting' });
    const back = await computer.get(next, { 'sec-fetch-dest': 'iframe' });
    expect(back.headers.get('location')).toBe('/api/v1/auth/wecom/finished');
    expect(await stateOf(computer, ticket.id)).toEqual({ state: 'done' });
    const stranger = await browser().get(next, { 'sec-fetch-dest': 'iframe' });
    expect(stranger.status).toBe(403);
  });

  it('a reload of the return address does no harm', async () => {
    const computer = browser();
    await askForQr(computer);
    const address = await confirmOnPhone('wangfang');
    await computer.get(address);
    const again = await computer.get(address);
    expect([again.status, again.headers.get('location')]).toEqual([303, '/']);
    const elsewhere = await browser().get(address);
    expect(elsewhere.status).toBe(403);
    expect(elsewhere.headers.getSetCookie()).toEqual([]);
  });

  it('on another device asks its owner first, naming the device that will be logged in', async () => {
    const [computer, phone] = [browser(), browser(inChat)];
    const ticket = await askForQr(computer);
    const back = await phone.get(await confirmOnPhone('wangfang'));
    const confirm = back.headers.get('location') ?? '';
    expect(confirm).toMatch(/^\/api\/v1\/auth\/wecom\/confirm\//);
    expect(await stateOf(computer, ticket.id)).toEqual({ state: 'waiting' });
    const page = await phone.get(confirm);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const text = await page.text();
    for (const shown of ['王芳', '演示企业', 'Chrome · Windows', '127.0.0.1']) expect(text).toContain(shown);
    const answered = await phone.form(confirm, { answer: 'yes' });
    expect(answered.headers.get('location')).toBe('/api/v1/auth/wecom/finished');
    expect(await stateOf(computer, ticket.id)).toEqual({ state: 'done' });
    expect([await nameOf(computer), await nameOf(phone)]).toEqual(['王芳', null]);
  });

  it('somebody lured into another’s QR can say no, and nobody else can answer for him', async () => {
    const [attacker, victim] = [browser(), browser(inChat)];
    const ticket = await askForQr(attacker);
    const back = await victim.get(await confirmOnPhone('boss'));
    const confirm = back.headers.get('location') ?? '';
    expect((await attacker.form(confirm, { answer: 'yes' })).status).toBe(403);
    expect(await stateOf(attacker, ticket.id)).toEqual({ state: 'waiting' });
    const refused = await victim.form(confirm, { answer: 'no' });
    expect(refused.headers.get('location')).toBe('/api/v1/auth/wecom/finished?refused=1');
    expect(await stateOf(attacker, ticket.id)).toEqual({ state: 'refused', reason: '本人没有确认这次登录' });
    expect((await victim.form(confirm, { answer: 'yes' })).status).toBe(403);
    expect(await nameOf(attacker)).toBeNull();
  });

  it('has a state only for the browser that asked', async () => {
    const computer = browser();
    const ticket = await askForQr(computer);
    const other = browser();
    expect(await stateOf(other, ticket.id)).toMatchObject({ code: 'not_found' });
    await askForQr(other);
    expect(await stateOf(other, ticket.id)).toMatchObject({ code: 'not_found' });
    expect(await stateOf(computer, 'f'.repeat(64))).toMatchObject({ code: 'not_found' });
    const cookie = (
      await computer.json('POST', '/api/v1/auth/qr', { connectionId: connection.id })
    ).headers.getSetCookie();
    expect(cookie).toEqual([
      expect.stringMatching(/^lianke_login=[\w-]{43}; Path=\/api\/v1\/auth; Max-Age=600; HttpOnly; SameSite=Lax$/),
    ]);
  });

  it('expires', async () => {
    const computer = browser();
    const ticket = await askForQr(computer);
    await t.database.withTenant(tenant, (tx) =>
      tx.run(
        `UPDATE lianke.login_attempt SET expires_at = clock_timestamp() - interval '1 second' WHERE status = 'waiting'`,
      ),
    );
    expect(await stateOf(computer, ticket.id)).toEqual({ state: 'expired' });
    expect((await computer.get(await confirmOnPhone('wangfang'))).status).toBe(403);
    expect(await nameOf(computer)).toBeNull();
  });
});

describe('opening the application inside the chat', () => {
  const start = (returnTo: string, more = '') =>
    `/api/v1/auth/wecom/start?connectionId=${connection.id}&returnTo=${encodeURIComponent(returnTo)}${more}`;

  it('logs in silently and goes on to where the person wanted', async () => {
    const phone = browser(inChat);
    const away = (await phone.get(start('/m/?connection=1#/pages/task/index?id=2'))).headers.get('location') ?? '';
    expect(away).toMatch(/\/connect\/oauth2\/authorize\?.*scope=snsapi_base.*#wechat_redirect$/);
    const back = await phone.get(await authorize(away, { sandbox_user: 'liwei' }));
    expect([back.status, back.headers.get('location')]).toEqual([303, '/m/?connection=1#/pages/task/index?id=2']);
    expect(await nameOf(phone)).toBe('李伟');
  });

  it('elsewhere shows the platform’s page with a QR instead, unless told that this is a chat', async () => {
    const outside = (await browser().get(start('/'))).headers.get('location');
    expect(outside).toContain(`${t.sandbox.url}/wwlogin/sso/login?login_type=CorpApp`);
    const told = (await browser().get(start('/', '&mode=chat'))).headers.get('location');
    expect(told).toContain('/connect/oauth2/authorize?');
  });

  it('serves the return only in the browser that began, and only once', async () => {
    const phone = browser(inChat);
    const away = (await phone.get(start('/m/'))).headers.get('location') ?? '';
    const address = await authorize(away, { sandbox_user: 'liwei' });
    const stolen = await browser(inChat).get(address);
    expect([stolen.status, stolen.headers.getSetCookie()]).toEqual([403, []]);
    expect((await phone.get(address)).status).toBe(303);
    const fresh = browser(inChat);
    for (const [name, value] of phone.cookies) if (name !== 'lianke_session') fresh.cookies.set(name, value);
    expect((await fresh.get(address)).status).toBe(403);
  });

  it('tells a stranger that he is no member', async () => {
    const phone = browser(inChat);
    const away = (await phone.get(start('/m/'))).headers.get('location') ?? '';
    const answer = await phone.get(await authorize(away, { sandbox_openid: 'stranger' }));
    expect(answer.status).toBe(403);
    const page = await answer.text();
    expect(page).toContain('你还不是本企业的成员，请联系管理员');
    expect(page).toContain('href="/m/"');
    expect(await nameOf(phone)).toBeNull();
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)'])(
    'never goes on to another site: %s',
    async (returnTo) => {
      const answer = await browser(inChat).get(start(returnTo));
      expect(answer.status).toBe(403);
      expect(answer.headers.get('location')).toBeNull();
    },
  );

  it('makes an unknown chat account that of the member who is logged in and asks for it, once', async () => {
    await sandbox(`corps/${corpId}/members/newphone`, { name: '新手机', departments: [3] }, 'PUT');
    const away = async (who: TestBrowser, bind: string) =>
      (await who.get(start('/', `&mode=chat${bind}`))).headers.get('location') ?? '';
    const admin = browser();
    await t.database.withTenant(tenant, (tx) => tx.run(`DELETE FROM lianke.chat_account WHERE userid_key = 'admin'`));
    await admin.json('POST', '/api/v1/auth/password', { tenant: 'demo', account: 'admin', password: adminPassword });
    const plain = await admin.get(await authorize(await away(admin, ''), { sandbox_user: 'newphone' }));
    expect(plain.status).toBe(403);
    const bound = await admin.get(await authorize(await away(admin, '&bind=1'), { sandbox_user: 'newphone' }));
    expect(bound.status).toBe(303);
    const second = await admin.get(await authorize(await away(admin, '&bind=1'), { sandbox_user: 'wangfang' }));
    expect(second.status).toBe(403);
    const phone = browser(inChat);
    await phone.get(await authorize(await away(phone, ''), { sandbox_user: 'newphone' }));
    expect(await nameOf(phone)).toBe('管理员');
  });
});

describe('codes of the chat client', () => {
  const logIn = (code: string, client: 'h5' | 'miniprogram') =>
    browser().json('POST', '/api/v1/auth/wecom/code', { connectionId: connection.id, code, client });

  it('of a page and of a mini-program answer a bearer token; only the page gets a cookie', async () => {
    for (const [kind, client] of [
      ['oauth', 'h5'],
      ['mini', 'miniprogram'],
    ] as const) {
      const { code } = await codeFor({ userid: 'wangfang' }, kind);
      const answer = await logIn(code, client);
      expect(answer.headers.getSetCookie()).toHaveLength(client === 'h5' ? 1 : 0);
      const { token, member } = await bodyOf<{ token: string; member: { name: string } }>(answer);
      expect(member.name).toBe('王芳');
      const me = await fetch(`${t.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
      expect(me.status).toBe(200);
    }
  });

  it('serve once', async () => {
    const { code } = await codeFor({ userid: 'wangfang' });
    expect((await logIn(code, 'h5')).status).toBe(200);
    const again = await logIn(code, 'h5');
    expect([again.status, (await bodyOf<{ code: string }>(again)).code]).toEqual([401, 'session_expired']);
  });

  it('of one kind are worth nothing as the other', async () => {
    const { code } = await codeFor({ userid: 'wangfang' });
    expect((await logIn(code, 'miniprogram')).status).toBe(401);
  });

  it('of strangers, and of members the company does not know yet, are refused', async () => {
    expect((await logIn((await codeFor({ openid: 'x' })).code, 'h5')).status).toBe(403);
    await sandbox(`corps/${corpId}/members/unknown1`, { name: '没同步的人', departments: [3] }, 'PUT');
    expect((await logIn((await codeFor({ userid: 'unknown1' })).code, 'h5')).status).toBe(403);
  });

  it('tell what is wrong when the platform refuses', async () => {
    await sandbox('faults', { path: 'auth/getuserinfo', effect: { kind: 'errcode', errcode: 60020 }, times: 1 });
    const answer = await logIn((await codeFor({ userid: 'wangfang' })).code, 'h5');
    expect(answer.status).toBe(502);
    expect((await bodyOf<{ detail: string }>(answer)).detail).toMatch(/企业微信没有接受请求：.*企业可信IP/);
  });
});

describe('a member who leaves', () => {
  it('is locked out at once and stays out', async () => {
    const leaver = browser(inChat);
    const start = `/api/v1/auth/wecom/start?connectionId=${connection.id}&returnTo=/m/&mode=chat`;
    const enter = async () =>
      leaver.get(
        await authorize((await leaver.get(start)).headers.get('location') ?? '', { sandbox_user: 'zhangmin' }),
      );
    expect((await enter()).status).toBe(303);
    const [row] = await t.database.withTenant(tenant, (tx) =>
      tx.sql<{ member_id: MemberId }>(`SELECT member_id FROM lianke.chat_account WHERE userid_key = 'zhangmin'`),
    );
    await t.app.get(OrgService).updateMember(tenant, row?.member_id ?? ('' as MemberId), { state: 'left' });
    expect(await nameOf(leaver)).toBeNull();
    expect((await enter()).status).toBe(403);
    expect(await nameOf(leaver)).toBeNull();
  });
});

describe('switching companies', () => {
  let mine: TestTenant;
  beforeAll(async () => {
    mine = await makeTenant(t, 'mine', '我的企业');
    await connectWecom(t, mine.tenantId, 'mine');
  });

  const switchTo = (who: TestBrowser, tenantId: string) => who.json('POST', '/api/v1/auth/switch', { tenantId });
  async function chatBrowser(userid: string): Promise<TestBrowser> {
    const phone = browser(inChat);
    const start = `/api/v1/auth/wecom/start?connectionId=${connection.id}&returnTo=/m/`;
    await phone.get(await authorize((await phone.get(start)).headers.get('location') ?? '', { sandbox_user: userid }));
    return phone;
  }

  it('is not possible between companies that have nothing to do with one another', async () => {
    const phone = await chatBrowser('wangfang');
    expect(await bodyOf(await phone.get('/api/v1/me'))).toMatchObject({
      tenants: [{ name: '演示企业', current: true }],
    });
    const answer = await switchTo(phone, mine.tenantId);
    expect(answer.status).toBe(404);
    expect(await nameOf(phone)).toBe('王芳');
  });

  it('goes over to the same person of a company put together with this one, and ends the session here', async () => {
    await t.app.get(PersonLinks).putTogether('demo', [tenant.tenantId, mine.tenantId]);
    const phone = await chatBrowser('wangfang');
    const before = phone.cookies.get('lianke_session') ?? '';
    const answer = await switchTo(phone, mine.tenantId);
    expect(answer.status).toBe(200);
    const me = await bodyOf(await phone.get('/api/v1/me'));
    expect(me).toMatchObject({
      member: { name: '王芳', account: 'wangfang' },
      tenant: { key: 'mine' },
      channel: 'wecom',
      tenants: [
        { name: '我的企业', current: true },
        { name: '演示企业', current: false },
      ],
    });
    const old = await fetch(`${t.url}/api/v1/me`, { headers: { authorization: `Bearer ${before}` } });
    expect(old.status).toBe(401);
  });

  it('within one corp needs a log-in through that corp: a password another administrator gave proves nothing', async () => {
    const sister = await makeTenant(t, 'sister', '姊妹公司');
    await connectWecom(t, sister.tenantId, 'demo');
    const phone = await chatBrowser('liwei');
    const me = await bodyOf<{ tenants: { name: string }[] }>(await phone.get('/api/v1/me'));
    expect(me.tenants.map((each) => each.name)).toContain('姊妹公司');
    const office = browser();
    await office.json('POST', '/api/v1/auth/password', { tenant: 'sister', account: 'admin', password: adminPassword });
    const byPassword = await bodyOf<{ tenants: { name: string }[] }>(await office.get('/api/v1/me'));
    expect(byPassword.tenants).toEqual([{ id: sister.tenantId, name: '姊妹公司', current: true }]);
    expect((await switchTo(office, tenant.tenantId)).status).toBe(404);
  });
});
