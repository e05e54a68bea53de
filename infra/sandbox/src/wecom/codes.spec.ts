import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, type Bench, bench, CORP } from '../testing/support.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
});
afterEach(() => sandbox.close());

async function code(body: Record<string, unknown>): Promise<string> {
  return String((await sandbox.api('POST', `corps/${CORP}/codes`, body)).json.code);
}
const info = (value: string) => sandbox.wecom('auth/getuserinfo', { query: { code: value } });

describe('log-in codes', () => {
  it('serve once', async () => {
    const value = await code({ kind: 'oauth', userid: 'wangfang' });
    expect(await info(value)).toEqual({ errcode: 0, errmsg: 'ok', userid: 'wangfang' });
    expect((await info(value)).errcode).toBe(40029);
    await sandbox.api('PATCH', 'switches', { usedCodeError: 42022 });
    expect((await info(value)).errcode).toBe(42022);
  });

  it('live five minutes', async () => {
    const value = await code({ kind: 'oauth', userid: 'wangfang' });
    sandbox.clock.advance(300_000);
    expect((await info(value)).errcode).toBe(42003);
  });

  it('belong to one pool', async () => {
    const web = await code({ kind: 'oauth', userid: 'wangfang' });
    const mini = await code({ kind: 'mini', userid: 'wangfang' });
    const session = (js_code: string) =>
      sandbox.wecom('miniprogram/jscode2session', { query: { js_code, grant_type: 'authorization_code' } });
    expect((await session(web)).errcode).toBe(40029);
    expect((await info(mini)).errcode).toBe(40029);
    expect(await session(mini)).toMatchObject({
      errcode: 0,
      corpid: CORP,
      userid: 'wangfang',
      session_key: expect.any(String),
    });
    expect((await session(mini)).errcode).toBe(40029);
  });

  it('tell an openid of somebody who is no member', async () => {
    expect(await info(await code({ kind: 'oauth', openid: 'o-1' }))).toEqual({
      errcode: 0,
      errmsg: 'ok',
      openid: 'o-1',
    });
  });

  it('refuse unknown and missing codes', async () => {
    expect((await info('nonsense')).errcode).toBe(40029);
    expect((await sandbox.wecom('auth/getuserinfo')).errcode).toBe(41008);
  });

  it('give a user_ticket for 1800 s with snsapi_privateinfo', async () => {
    const answer = await info(await code({ kind: 'oauth', userid: 'wangfang', agentId: AGENT, privateInfo: true }));
    const detail = () => sandbox.wecom('auth/getuserdetail', { body: { user_ticket: answer.user_ticket } });
    expect(await detail()).toMatchObject({ errcode: 0, userid: 'wangfang', gender: '2', mobile: '13800000014' });
    sandbox.clock.advance(1_800_000);
    expect((await detail()).errcode).toBe(84014);
  });
});

describe('in-chat OAuth', () => {
  const authorize = (extra: Record<string, string>) => {
    const search = new URLSearchParams({
      appid: CORP,
      redirect_uri: 'http://127.0.0.1:9/back?x=1',
      response_type: 'code',
      scope: 'snsapi_base',
      state: 'abc123',
      agentid: String(AGENT),
      ...extra,
    });
    return fetch(`${sandbox.url}/connect/oauth2/authorize?${search}`, { redirect: 'manual' });
  };

  it('sends the person back with code and state', async () => {
    const response = await authorize({ sandbox_user: 'liwei' });
    expect(response.status).toBe(302);
    const back = new URL(response.headers.get('location') ?? '');
    expect(back.origin + back.pathname).toBe('http://127.0.0.1:9/back');
    expect(back.searchParams.get('x')).toBe('1');
    expect(back.searchParams.get('state')).toBe('abc123');
    expect(await info(back.searchParams.get('code') ?? '')).toMatchObject({ userid: 'liwei' });
  });

  it('ends in an own empty fragment, so that none is carried over', async () => {
    expect((await authorize({ sandbox_user: 'liwei' })).headers.get('location')).toMatch(/#$/);
  });

  it('reads the person from a cookie outside of frames', async () => {
    const search = `appid=${CORP}&redirect_uri=${encodeURIComponent('http://127.0.0.1:9/')}&response_type=code&scope=snsapi_base`;
    const url = `${sandbox.url}/connect/oauth2/authorize?${search}`;
    const direct = await fetch(url, { redirect: 'manual', headers: { cookie: 'sandbox_user=liwei' } });
    expect(direct.status).toBe(302);
    const framed = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: 'sandbox_user=liwei', 'sec-fetch-dest': 'iframe' },
    });
    expect(framed.status).toBe(200);
    expect(await framed.text()).toContain(`lianke-phone:'+"${CORP}"`);
  });

  it('asks who it is when nobody is known', async () => {
    const page = await (await authorize({})).text();
    expect(page).toContain('data-user="wangfang"');
  });

  it('asks for consent before private information', async () => {
    const asked = await authorize({ sandbox_user: 'liwei', scope: 'snsapi_privateinfo' });
    expect(asked.status).toBe(200);
    const agreed = await authorize({ sandbox_user: 'liwei', scope: 'snsapi_privateinfo', sandbox_agree: '1' });
    const value = new URL(agreed.headers.get('location') ?? '').searchParams.get('code') ?? '';
    expect(await info(value)).toMatchObject({ userid: 'liwei', user_ticket: expect.any(String) });
  });

  it.each([
    [{ redirect_uri: 'http://evil.example/' }, '50001'],
    [{ redirect_uri: 'http://127.0.0.1:99/' }, '50001'],
    [{ appid: 'wwnobody' }, '40013'],
    [{ scope: 'snsapi_all' }, '40035'],
    [{ state: 'a-b' }, '40035'],
    [{ agentid: '7' }, '40056'],
    [{ sandbox_user: 'ghost' }, '46004'],
  ])('refuses %o with %s', async (extra, number) => {
    const response = await authorize({ sandbox_user: 'liwei', ...extra });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(number);
  });
});
