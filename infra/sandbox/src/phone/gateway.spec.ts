import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, type Bench, bench, CORP, listener } from '../testing/support.js';

let sandbox: Bench;
let app: Awaited<ReturnType<typeof listener>>;

beforeEach(async () => {
  app = await listener((request) => {
    const { pathname, searchParams } = request.url;
    if (pathname === '/login')
      return { headers: { 'set-cookie': [`sid=${searchParams.get('who')}; Path=/; HttpOnly`] } };
    if (pathname === '/page') {
      return {
        body: '<!doctype html><html><head><title>x</title></head></html>',
        headers: {
          'content-type': 'text/html',
          'x-frame-options': 'DENY',
          'content-security-policy': "frame-ancestors 'none'",
        },
      };
    }
    if (pathname === '/start') {
      const back = encodeURIComponent(`${app.url}/back`);
      return {
        status: 302,
        headers: {
          location: `${sandbox.url}/connect/oauth2/authorize?appid=${CORP}&redirect_uri=${back}&response_type=code&scope=snsapi_base&state=s`,
        },
      };
    }
    if (pathname === '/inside') return { status: 302, headers: { location: `${app.url}/page?x=1#/a` } };
    return {
      body: JSON.stringify({
        cookie: request.headers.cookie ?? null,
        origin: request.headers.origin ?? null,
        agent: request.headers['user-agent'],
        host: request.headers.host,
        body: request.body,
      }),
    };
  });
  sandbox = await bench({ publicUrl: app.url });
});
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

/** Origin of a person's phone, taken from the address that its frame opens. */
async function phone(userid: string): Promise<string> {
  const { json } = await sandbox.api('GET', `people/${userid}/mini-app?corpId=${CORP}`);
  return new URL(String(json.url)).origin;
}
const echo = async (url: string, init: RequestInit = {}) =>
  (await (await fetch(url, init)).json()) as Record<string, string | null>;
const asPage = { headers: { 'sec-fetch-dest': 'iframe' }, redirect: 'manual' } as const;

describe('a phone’s way to the application', () => {
  it('keeps one session a phone', async () => {
    const [wang, li] = [await phone('wangfang'), await phone('liwei')];
    expect(wang).not.toBe(li);
    await fetch(`${wang}/login?who=wang`);
    await fetch(`${li}/login?who=li`);
    expect((await echo(`${wang}/echo`)).cookie).toBe('sid=wang');
    expect((await echo(`${li}/echo`)).cookie).toBe('sid=li');
    expect((await fetch(`${wang}/login?who=wang`)).headers.get('set-cookie')).toBeNull();
  });

  it('passes method, body and origin on as the application’s own page, in WeCom’s webview', async () => {
    const origin = await phone('wangfang');
    const got = await echo(`${origin}/echo`, { method: 'POST', body: '{"a":"中文"}', headers: { origin } });
    expect(got).toMatchObject({
      origin: app.url,
      host: new URL(app.url).host,
      body: '{"a":"中文"}',
      agent: expect.stringContaining('wxwork/'),
    });
  });

  it('writes down which chat a page had the client open', async () => {
    const body = JSON.stringify({ api: 'openEnterpriseChat', userIds: [], externalUserIds: ['wmcontact'] });
    expect((await fetch(`${await phone('wangfang')}/__phone/opened-chat`, { method: 'POST', body })).status).toBe(200);
    expect(sandbox.state.log.list({})).toContainEqual(
      expect.objectContaining({
        method: 'JSAPI',
        path: 'openEnterpriseChat',
        request: { by: 'wangfang', userIds: [], externalUserIds: ['wmcontact'] },
      }),
    );
  });

  it('lets pages into the frame and gives them the bridge', async () => {
    const response = await fetch(`${await phone('wangfang')}/page`, asPage);
    expect(response.headers.get('x-frame-options')).toBeNull();
    expect(response.headers.get('content-security-policy')).toBeNull();
    const html = await response.text();
    expect(html).toMatch(/^<!doctype html><html><head><script>/);
    expect(html).toContain(`"home":"${sandbox.url}"`);
  });

  it('leaves what is no page alone', async () => {
    const html = await (
      await fetch(`${await phone('wangfang')}/page`, { headers: { 'sec-fetch-dest': 'empty' } })
    ).text();
    expect(html).not.toContain('<script>');
  });

  it('logs in through OAuth as the phone’s owner and comes back to the same phone', async () => {
    const origin = await phone('wangfang');
    const start = await fetch(`${origin}/start`, asPage);
    const authorize = start.headers.get('location') ?? '';
    expect(authorize).toContain('sandbox_user=wangfang');
    const back = new URL((await fetch(authorize, asPage)).headers.get('location') ?? '');
    expect(back.origin + back.pathname).toBe(`${origin}/back`);
    expect(back.href.endsWith('#')).toBe(true);
    const code = back.searchParams.get('code') ?? '';
    expect(await sandbox.wecom('auth/getuserinfo', { query: { code } })).toMatchObject({ userid: 'wangfang' });
  });

  it('does not send a code to an origin that is nobody’s phone', async () => {
    const back = encodeURIComponent(`${app.url}/back`);
    const query = `appid=${CORP}&redirect_uri=${back}&response_type=code&scope=snsapi_base&state=s&sandbox_user=wangfang`;
    const response = await fetch(
      `${sandbox.url}/connect/oauth2/authorize?${query}&sandbox_phone=${encodeURIComponent('http://127.0.0.1:1')}`,
      asPage,
    );
    expect(new URL(response.headers.get('location') ?? '').origin).toBe(app.url);
  });

  it('keeps redirects inside the application on the phone', async () => {
    const response = await fetch(`${await phone('wangfang')}/inside`, asPage);
    expect(response.headers.get('location')).toBe('/page?x=1#/a');
  });

  it('can be cut off and connected again', async () => {
    const origin = await phone('wangfang');
    expect(await sandbox.api('PATCH', 'people/wangfang/phone', { online: false })).toMatchObject({
      json: { online: false, locates: true, fakesPlace: false },
    });
    await expect(fetch(`${origin}/echo`)).rejects.toThrow();
    expect((await fetch(`${await phone('liwei')}/echo`)).status).toBe(200);
    await sandbox.api('PATCH', 'people/wangfang/phone', { online: true });
    expect((await fetch(`${origin}/echo`)).status).toBe(200);
  });

  it('says so when the application does not answer', async () => {
    const origin = await phone('wangfang');
    await app.close();
    const response = await fetch(`${origin}/page`);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain('联客没有应答');
    app = await listener(() => ({}));
  });
});

describe('what a phone opens', () => {
  const open = async (query: string) =>
    (await sandbox.api('GET', `people/wangfang/mini-app?corpId=${CORP}&${query}`)).json;

  it('is the app’s home page, a card’s link or a mini-program page', async () => {
    const origin = await phone('wangfang');
    expect(await open('')).toMatchObject({
      url: `${origin}/m/?channel=wecom&corpid=${CORP}&agentid=${AGENT}`,
      frameName: `lianke-phone:${CORP}:wangfang`,
      oauthUrl: expect.stringContaining('sandbox_user=wangfang'),
    });
    expect((await open(`url=${encodeURIComponent(`${app.url}/m/#/r/1`)}`)).url).toBe(`${origin}/m/#/r/1`);
    expect(String((await open('pagepath=pages/a?id=1')).url)).toMatch(/\/m\/\?.*#\/pages\/a\?id=1$/);
  });

  it('leaves foreign links as they are', async () => {
    expect(await open(`url=${encodeURIComponent('https://example.com/a')}`)).toMatchObject({
      url: 'https://example.com/a',
      oauthUrl: null,
    });
  });

  it('follows the home page set for the app', async () => {
    await sandbox.api('PATCH', `corps/${CORP}/apps/${AGENT}`, { homeUrl: `${app.url}/m/?connection=c1` });
    expect((await open('')).target).toBe(`${app.url}/m/?connection=c1`);
  });
});
