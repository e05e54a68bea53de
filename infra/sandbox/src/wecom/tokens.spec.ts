import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, type Bench, bench, CORP, SECRET } from '../testing/support.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
});
afterEach(() => sandbox.close());

async function plain(path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(`${sandbox.url}/cgi-bin/${path}`)).json()) as Record<string, unknown>;
}

describe('access tokens', () => {
  it('stay the same while valid and change after 7200 s', async () => {
    const first = await sandbox.token();
    sandbox.clock.advance(7_199_000);
    expect(await sandbox.token()).toBe(first);
    sandbox.clock.advance(1000);
    expect(await sandbox.token()).not.toBe(first);
    const old = await plain(`getcallbackip?access_token=${first}`);
    expect(old.errcode).toBe(42001);
  });

  it('tell how long they still live', async () => {
    expect(await plain(`gettoken?corpid=${CORP}&corpsecret=${SECRET}`)).toMatchObject({
      errcode: 0,
      errmsg: 'ok',
      expires_in: 7200,
    });
    sandbox.clock.advance(7_000_000);
    expect(await plain(`gettoken?corpid=${CORP}&corpsecret=${SECRET}`)).toMatchObject({ expires_in: 200 });
  });

  it.each([
    [`gettoken?corpid=${CORP}&corpsecret=wrong`, 40001],
    ['gettoken?corpid=wwnobody&corpsecret=x', 40013],
    [`gettoken?corpsecret=${SECRET}`, 41002],
    [`gettoken?corpid=${CORP}`, 41004],
    ['getcallbackip', 41001],
    ['getcallbackip?access_token=garbage', 40014],
  ])('%s answers %i', async (path, errcode) => {
    expect((await plain(path)).errcode).toBe(errcode);
  });

  it('compare the corp id without case', async () => {
    expect((await plain(`gettoken?corpid=${CORP.toUpperCase()}&corpsecret=${SECRET}`)).errcode).toBe(0);
  });

  it.each([
    ['expired', 42001],
    ['invalid', 40014],
  ])('can be ended early as %s', async (as, errcode) => {
    const before = await sandbox.token();
    await sandbox.api('POST', `corps/${CORP}/apps/${AGENT}/expire-token`, { as });
    expect((await plain(`getcallbackip?access_token=${before}`)).errcode).toBe(errcode);
    expect(await sandbox.token()).not.toBe(before);
  });

  it('carry the platform tail in failures', async () => {
    const { errmsg } = await plain('getcallbackip?access_token=garbage');
    expect(errmsg).toMatch(/^invalid access_token, hint: \[\d+_.+\], from ip: 127\.0\.0\.1, more info at .*e=40014$/);
  });

  it('are apart for each app of a corp', async () => {
    expect(await sandbox.token('sandbox-contacts-demo')).not.toBe(await sandbox.token());
  });
});

describe('the API frame', () => {
  it('answers 43001 and 43002 to the wrong method, 404 to an unknown path', async () => {
    const token = await sandbox.token();
    const send = await (await fetch(`${sandbox.url}/cgi-bin/message/send?access_token=${token}`)).json();
    expect(send).toMatchObject({ errcode: 43002 });
    const get = await (
      await fetch(`${sandbox.url}/cgi-bin/user/get?access_token=${token}`, { method: 'POST', body: '{}' })
    ).json();
    expect(get).toMatchObject({ errcode: 43001 });
    expect((await fetch(`${sandbox.url}/cgi-bin/no/such?access_token=${token}`)).status).toBe(404);
    expect((await fetch(`${sandbox.url}/cgi-bin/constructor?access_token=${token}`)).status).toBe(404);
  });

  it('warns of a body that is no JSON', async () => {
    const answer = await sandbox.wecom('message/send', { raw: '{bad' });
    expect(answer.errcode).toBe(47001);
    expect(answer.errmsg).toContain('Warning: wrong json format.');
  });

  it('answers 45009 beyond the calls of one minute', async () => {
    await sandbox.api('PATCH', 'switches', { callsPerMinute: 2 });
    const codes = [];
    for (let call = 0; call < 3; call += 1) codes.push((await sandbox.wecom('getcallbackip')).errcode);
    expect(codes).toEqual([0, 0, 45009]);
    sandbox.clock.advance(60_000);
    expect((await sandbox.wecom('getcallbackip')).errcode).toBe(0);
  });

  it('gives tickets that last, one per corp and one per app', async () => {
    const corp = await sandbox.wecom('get_jsapi_ticket');
    const app = await sandbox.wecom('ticket/get', { query: { type: 'agent_config' } });
    expect(corp).toMatchObject({ errcode: 0, expires_in: 7200 });
    expect(app.ticket).not.toBe(corp.ticket);
    expect((await sandbox.wecom('get_jsapi_ticket')).ticket).toBe(corp.ticket);
    expect((await sandbox.wecom('ticket/get', { query: { type: 'other' } })).errcode).toBe(40035);
  });
});
