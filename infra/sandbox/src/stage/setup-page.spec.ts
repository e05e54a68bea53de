import * as official from '@wecom/crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DING_KEY, type DingBench, dingBench } from '../testing/ding-support.js';
import { AGENT, CALLBACK, CORP, listener } from '../testing/support.js';

let sandbox: DingBench;
let app: Awaited<ReturnType<typeof listener>>;
let files: Record<string, string>;
const path = `corps/${CORP}/apps/${AGENT}`;

beforeEach(async () => {
  files = {};
  app = await listener((request) => {
    const echo = request.url.searchParams.get('echostr');
    if (echo !== null) return { body: official.decrypt(CALLBACK.aesKey, echo).message };
    const file = files[request.url.pathname];
    return file === undefined ? { status: 404, body: 'no' } : { body: file };
  });
  sandbox = await dingBench({ publicUrl: app.url });
  await sandbox.api('PATCH', 'switches', { strictSetup: true });
  await sandbox.ding('PATCH', 'switches', { strictSetup: true });
});
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

const post = (fields: Record<string, string>) =>
  fetch(`${sandbox.url}/setup`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
const own = { corp: CORP, app: String(AGENT) };
const call = () => sandbox.wecom('department/simplelist');

describe('a WeCom app of the company’s own, where the order is kept', () => {
  it('is refused in the platform’s words until domain, callback and trusted IP are set in turn', async () => {
    const refused = await call();
    expect(refused).toMatchObject({ errcode: 60020, errmsg: expect.stringContaining('from ip: 127.0.0.1') });

    const early = await post({ action: 'ips', ...own, value: '127.0.0.1' });
    expect(early.status).toBe(422);
    expect(await early.text()).toContain('请先设置接收消息服务器');

    const host = new URL(app.url).host;
    const missing = await post({ action: 'domain', ...own, value: host });
    expect(missing.status).toBe(422);
    expect(await missing.text()).toContain('请把校验文件放到域名的根目录');
    const { json } = await sandbox.api('GET', path);
    const { name, content } = json.verifyFile as { name: string; content: string };
    expect(await (await fetch(`${sandbox.url}/setup/verify/${CORP}/${AGENT}`)).text()).toBe(content);
    files[`/${name}`] = content;
    expect((await post({ action: 'domain', ...own, value: host })).status).toBe(303);

    expect((await post({ action: 'callback', ...own, url: `${app.url}/callbacks`, ...CALLBACK })).status).toBe(303);
    expect((await post({ action: 'ips', ...own, value: '127.0.0.1' })).status).toBe(303);
    expect(await call()).toMatchObject({ errcode: 60020 });
    sandbox.clock.advance(60_001);
    expect(await call()).toMatchObject({ errcode: 0 });
  });

  it('opens no page of a domain that is not entered, for in-chat and for web log-in', async () => {
    const back = new URLSearchParams({ redirect_uri: `${app.url}/back`, state: 's' });
    const oauth = `${sandbox.url}/connect/oauth2/authorize?appid=${CORP}&response_type=code&scope=snsapi_base&agentid=${AGENT}&${back}`;
    expect(await (await fetch(oauth)).text()).toContain('还没有配置可信域名');
    const login = `${sandbox.url}/wwlogin/sso/login?login_type=CorpApp&appid=${CORP}&agentid=${AGENT}&${back}`;
    expect(await (await fetch(login)).text()).toContain('还没有配置授权回调域');
    await post({ action: 'login', ...own, value: new URL(app.url).host });
    expect(await (await fetch(login)).text()).not.toContain('还没有配置授权回调域');
  });
});

describe('a DingTalk app of the company’s own, where the order is kept', () => {
  it('may not call from an unknown address, and is the administrators’ alone until it is published', async () => {
    const list = () => sandbox.oapi('topapi/v2/department/listsub', {});
    expect(await list()).toMatchObject({
      errcode: 88,
      sub_code: '60020',
      errmsg: expect.stringContaining('127.0.0.1'),
    });
    const card = await sandbox.acs('PUT', 'card/instances', {});
    expect(card).toMatchObject({ status: 403, json: { code: 'Forbidden.AccessDenied.IpNotInWhiteList' } });
    await post({ action: 'ding-ips', app: DING_KEY, value: '127.0.0.1' });
    expect(await list()).toMatchObject({ errcode: 0 });

    const scopes = () => sandbox.oapi('microapp/visible_scopes', { agentId: 2000002 });
    const send = async (content: string) => {
      const msg = { msgtype: 'text', text: { content } };
      const body = { agent_id: 2000002, userid_list: 'boss,admin', msg };
      const { task_id } = await sandbox.oapi('topapi/message/corpconversation/asyncsend_v2', body);
      const result = { agent_id: 2000002, task_id };
      return (await sandbox.oapi('topapi/message/corpconversation/getsendresult', result)).send_result;
    };
    expect(await scopes()).toMatchObject({ isHidden: true });
    expect(await send('一')).toMatchObject({ invalid_user_id_list: ['boss'], unread_user_id_list: ['admin'] });
    await post({ action: 'ding-publish', app: DING_KEY });
    expect(await scopes()).toMatchObject({ isHidden: false });
    expect(await send('二')).toMatchObject({ invalid_user_id_list: [], unread_user_id_list: ['boss', 'admin'] });
  });
});

it('the page shows what is set, and refuses what it does not offer', async () => {
  const shown = await (await fetch(`${sandbox.url}/setup`)).text();
  expect(shown).toContain('正按平台的顺序检查');
  expect(shown).toContain('WW_verify_');
  expect((await post({ action: 'other' })).status).toBe(400);
  expect((await post({ action: 'ips', corp: 'wwnone0000000000', app: '1', value: '' })).status).toBe(404);
  await post({ action: 'strict', on: '0' });
  expect(await call()).toMatchObject({ errcode: 0 });
});
