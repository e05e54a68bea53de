import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, type Bench, bench, CORP } from '../testing/support.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
});
afterEach(() => sandbox.close());

function open(change: Record<string, string> = {}): Promise<Response> {
  const search = new URLSearchParams({
    login_type: 'CorpApp',
    appid: CORP,
    agentid: String(AGENT),
    redirect_uri: 'http://127.0.0.1:9/api/v1/auth/wecom/callback',
    state: 's-1_x',
    ...change,
  });
  return fetch(`${sandbox.url}/wwlogin/sso/login?${search}`);
}

async function waiting(): Promise<{ id: string; status: string; appName: string; returnsTo: string }[]> {
  return (await sandbox.api('GET', 'logins')).json.items as Awaited<ReturnType<typeof waiting>>;
}
async function opened(): Promise<string> {
  expect((await open()).status).toBe(200);
  return (await waiting())[0]?.id ?? '';
}
const status = async (id: string) =>
  (await (await fetch(`${sandbox.url}/wwlogin/sso/status?id=${id}`)).json()) as Record<string, string>;

describe('web log-in by QR', () => {
  it('goes from waiting over scanned to a code that exchanges for the member', async () => {
    const page = await open();
    expect(await page.text()).toContain('请使用企业微信扫描二维码登录');
    const [login] = await waiting();
    expect(login).toMatchObject({
      status: 'waiting',
      appName: '联客',
      returnsTo: 'http://127.0.0.1:9/api/v1/auth/wecom/callback',
    });
    const qrId = login?.id ?? '';
    expect(await status(qrId)).toEqual({ status: 'waiting' });

    expect(await sandbox.api('POST', 'scan', { userid: 'ADMIN', qrId })).toEqual({
      status: 200,
      json: { status: 'scanned' },
    });
    expect(await status(qrId)).toEqual({ status: 'scanned', name: '管理员' });

    const confirmed = await sandbox.api('POST', 'confirm', { userid: 'admin', qrId });
    const back = new URL(String(confirmed.json.redirect));
    expect(back.searchParams.get('state')).toBe('s-1_x');
    const code = back.searchParams.get('code') ?? '';
    expect(await status(qrId)).toMatchObject({ status: 'confirmed', code, redirect: back.toString() });
    expect(await waiting()).toEqual([]);

    expect(await sandbox.wecom('auth/getuserinfo', { query: { code } })).toEqual({
      errcode: 0,
      errmsg: 'ok',
      userid: 'admin',
    });
    expect((await sandbox.wecom('auth/getuserinfo', { query: { code } })).errcode).toBe(40029);
  });

  it('needs the scan before the confirmation, by the same person', async () => {
    const qrId = await opened();
    expect((await sandbox.api('POST', 'confirm', { userid: 'admin', qrId })).status).toBe(409);
    await sandbox.api('POST', 'scan', { userid: 'admin', qrId });
    expect((await sandbox.api('POST', 'confirm', { userid: 'boss', qrId })).status).toBe(409);
  });

  it('serves once', async () => {
    const qrId = await opened();
    await sandbox.api('POST', 'scan', { userid: 'admin', qrId });
    await sandbox.api('POST', 'confirm', { userid: 'admin', qrId });
    expect(await sandbox.api('POST', 'scan', { userid: 'boss', qrId })).toMatchObject({
      status: 409,
      json: { error: { code: 'cannot_scan', message: expect.stringContaining('已经用过') } },
    });
  });

  it('expires after five minutes', async () => {
    const qrId = await opened();
    sandbox.clock.advance(300_001);
    expect(await status(qrId)).toEqual({ status: 'expired' });
    expect(await waiting()).toEqual([]);
    expect((await sandbox.api('POST', 'scan', { userid: 'admin', qrId })).status).toBe(409);
  });

  it('can be declined on the phone and closed on the computer', async () => {
    const declined = await opened();
    await sandbox.api('POST', 'scan', { userid: 'admin', qrId: declined });
    await sandbox.api('POST', 'cancel', { qrId: declined });
    expect(await status(declined)).toMatchObject({ status: 'cancelled' });
    const closed = await opened();
    await fetch(`${sandbox.url}/wwlogin/sso/close?id=${closed}`, { method: 'POST' });
    expect(await waiting()).toEqual([]);
  });

  it('refuses a person outside of the company or the visible range', async () => {
    const qrId = await opened();
    expect((await sandbox.api('POST', 'scan', { userid: 'ghost', qrId })).status).toBe(409);
    await sandbox.api('PATCH', `corps/${CORP}/apps/${AGENT}`, { visibleDepartments: [3] });
    expect((await sandbox.api('POST', 'scan', { userid: 'boss', qrId })).status).toBe(409);
  });

  it.each([
    [{ redirect_uri: 'http://evil.example/' }, '50001'],
    [{ redirect_uri: 'http://127.0.0.1:90/' }, '50001'],
    [{ redirect_uri: '' }, '-31035'],
    [{ appid: 'wwnobody' }, '-31027'],
    [{ agentid: '9' }, '-31028'],
    [{ login_type: 'ServiceApp' }, '-31040'],
  ])('shows a page with %o → %s', async (change, number) => {
    const response = await open(change);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(number);
    expect(await waiting()).toEqual([]);
  });

  it.each([-31033, -31034, -31037, -31039])('is refused with %i where the switch says so', async (loginRefusal) => {
    await sandbox.api('PATCH', 'switches', { loginRefusal });
    const response = await open();
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(String(loginRefusal));
  });

  it('speaks English when asked', async () => {
    const page = await (await open({ lang: 'en' })).text();
    expect(page).toContain('Scan the QR code with WeCom');
  });

  it('keeps hostile values out of its script', async () => {
    const page = await (await open({ state: '</script><script>alert(1)</script>' })).text();
    expect(page).not.toContain('<script>alert(1)');
  });
});
