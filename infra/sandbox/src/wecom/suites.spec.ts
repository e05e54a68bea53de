import * as official from '@wecom/crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type Bench, bench, CORP, listener } from '../testing/support.js';
import { shownUserid } from './ids.js';
import { pageSignature } from './js-sdk.js';
import { fromXml } from './xml.js';

const SUITE = 'wwsuite0000000001';
const secrets = { suite_id: SUITE, suite_secret: 'sandbox-suite-secret' };
let sandbox: Bench;
let app: Awaited<ReturnType<typeof listener>>;

beforeEach(async () => {
  app = await listener(() => ({ body: 'success' }));
  sandbox = await bench({ publicUrl: app.url });
});
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

const control = async (action: string, body: unknown = {}) => {
  const { json } = await sandbox.api('POST', `suites/${SUITE}/${action}`, body);
  await sandbox.state.callbacks.idle();
  return json;
};

async function post(path: string, body: unknown, query: Record<string, string> = {}): Promise<Answer> {
  const url = `${sandbox.url}/cgi-bin/${path}?${new URLSearchParams(query)}`;
  return (await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()) as Answer;
}
async function get(path: string, query: Record<string, string>): Promise<Answer> {
  return (await (await fetch(`${sandbox.url}/cgi-bin/${path}?${new URLSearchParams(query)}`)).json()) as Answer;
}

/** The last instruction that was pushed, opened with the official library. */
function lastPush(): { receiver: string; xml: Record<string, unknown> } {
  const request = app.received.at(-1);
  const envelope = fromXml(request?.body ?? '');
  const suite = sandbox.state.wecom.world.suites.get(SUITE);
  const { message, id } = official.decrypt(suite?.aesKey ?? '', String(envelope.Encrypt));
  return { receiver: id, xml: fromXml(message) };
}

function sandboxProvider(): object {
  const provider = sandbox.state.wecom.world.suites.get(SUITE)?.provider;
  return { corpid: provider?.corpId, provider_secret: provider?.secret };
}

/** What the suite is told in the place of a userid. */
function seen(userid: string): string {
  const corp = sandbox.state.wecom.world.corps.get(CORP);
  const app = [...(corp?.apps.values() ?? [])].find((each) => each.suite !== null);
  return shownUserid(app ?? { suite: null }, userid);
}

async function suiteToken(): Promise<string> {
  const { ticket } = await control('ticket');
  return String((await post('service/get_suite_token', { ...secrets, suite_ticket: ticket })).suite_access_token);
}

async function installed() {
  const suite_access_token = await suiteToken();
  const { authCode, openCorpId } = await control('install', { corpId: CORP, userid: 'admin' });
  const answer = await post('service/v2/get_permanent_code', { auth_code: authCode }, { suite_access_token });
  const company = { auth_corpid: String(openCorpId), permanent_code: String(answer.permanent_code) };
  return { suite_access_token, authCode, openCorpId: String(openCorpId), answer, company };
}

describe('the ticket', () => {
  it('is pushed sealed for the suite, and proves it for half an hour', async () => {
    const { ticket } = await control('ticket');
    expect(lastPush()).toMatchObject({
      receiver: SUITE,
      xml: { SuiteId: SUITE, InfoType: 'suite_ticket', SuiteTicket: ticket },
    });
    const ask = (more: object = {}) => post('service/get_suite_token', { ...secrets, suite_ticket: ticket, ...more });
    expect(await ask()).toMatchObject({ errcode: 0, expires_in: 7200 });
    expect(await ask({ suite_secret: 'wrong-secret' })).toMatchObject({ errcode: 40080 });
    expect(await ask({ suite_id: 'wwnobody' })).toMatchObject({ errcode: 40083 });
    expect(await ask({ suite_ticket: 'x' })).toMatchObject({ errcode: 40085 });
    expect(await ask({ suite_ticket: '' })).toMatchObject({ errcode: 41023 });
    sandbox.clock.advance(1_800_001);
    expect(await ask()).toMatchObject({ errcode: 40085 });
  });
});

it('codes of a suite’s mini-programs are exchanged at a path that the platform may not have', async () => {
  const suite_access_token = await suiteToken();
  const ask = async (name: string) => {
    const query = new URLSearchParams({ suite_access_token, js_code: 'x', grant_type: 'authorization_code' });
    const answer = await fetch(`${sandbox.url}/cgi-bin/service/miniprogram/${name}?${query}`);
    return { status: answer.status, text: await answer.text() };
  };
  expect(await ask('jscode2session')).toEqual({ status: 200, text: expect.stringContaining('40029') });
  await sandbox.api('PATCH', 'switches', { suiteMiniLogin: false });
  expect(await ask('jscode2session')).toEqual(await ask('nothing'));
});

describe('an installation', () => {
  it('gives a code that serves once, for a company whose id is encrypted and has case', async () => {
    const { suite_access_token, authCode, openCorpId, answer } = await installed();
    expect(lastPush().xml).toMatchObject({ InfoType: 'create_auth', AuthCode: authCode });
    expect(openCorpId).toMatch(/^wp/);
    expect(answer).toMatchObject({
      auth_corp_info: { corpid: openCorpId, corp_name: '演示企业' },
      auth_user_info: { userid: seen('admin'), open_userid: seen('admin'), name: seen('admin') },
    });
    const again = await post('service/v2/get_permanent_code', { auth_code: authCode }, { suite_access_token });
    expect(again).toMatchObject({ errcode: 40078 });
    const lower = { auth_corpid: openCorpId.toLowerCase(), permanent_code: String(answer.permanent_code) };
    expect(await post('service/get_corp_token', lower, { suite_access_token })).toMatchObject({ errcode: 40013 });
  });

  it('gives the company’s token, under which names are withheld', async () => {
    const { suite_access_token, company } = await installed();
    const info = await post('service/v2/get_auth_info', company, { suite_access_token });
    expect(info).toMatchObject({ auth_info: { agent: [{ privilege: { allow_party: [1] } }] } });
    const { access_token } = await post('service/get_corp_token', company, { suite_access_token });
    const users = (await get('user/list', { access_token: String(access_token), department_id: '3' })) as {
      userlist?: { userid: string; name: string }[];
    };
    expect(users.userlist?.every((user) => user.name === user.userid)).toBe(true);
    const departments = (await get('department/list', { access_token: String(access_token) })) as {
      department?: { id: number; name: string }[];
    };
    expect(departments.department?.every((department) => department.name === String(department.id))).toBe(true);
    await control('expire-token', { corpId: CORP, as: 'expired' });
    expect(await get('department/list', { access_token: String(access_token) })).toMatchObject({ errcode: 42001 });
  });

  it('shows names on pages that proved themselves, and finds people by them, but tells none', async () => {
    const { suite_access_token, openCorpId, company } = await installed();
    const { access_token } = await post('service/get_corp_token', company, { suite_access_token });
    const info = (await post('service/v2/get_auth_info', company, { suite_access_token })) as {
      auth_info: { agent: { agentid: number }[] };
    };
    const agentId = String(info.auth_info.agent[0]?.agentid);
    const { ticket } = await get('ticket/get', { access_token: String(access_token), type: 'agent_config' });
    const page = { url: `${app.url}/`, timestamp: '1700000000', nonceStr: 'n' };
    const session = async (signature: string) => {
      const body = JSON.stringify({ kind: 'agentConfig', corpId: openCorpId, agentId, ...page, signature });
      return (await fetch(`${sandbox.url}/wwopen/open-data/session`, { method: 'POST', body })).json();
    };
    expect(await session(pageSignature(String(ticket), page))).toMatchObject({ errcode: 0 });
    expect(await session('0'.repeat(40))).toMatchObject({ errcode: 40093 });
    const shown = async (type: string, id: string) => {
      const body = JSON.stringify({ corpId: openCorpId, agentId, type, id });
      return (await fetch(`${sandbox.url}/wwopen/open-data/names`, { method: 'POST', body })).json();
    };
    expect(await shown('userName', seen('wangfang'))).toEqual({ name: '王芳' });
    expect(await shown('userName', 'wangfang')).toEqual({ name: null });
    expect(await shown('departmentName', '3')).toEqual({ name: '销售部' });
    const script = await (await fetch(`${sandbox.url}/wwopen/js/jwxwork-1.0.0.js`)).text();
    expect(script).toContain('WWOpenData');

    const provider_access_token = String(
      (await post('service/get_provider_token', sandboxProvider())).provider_access_token,
    );
    const asked = { auth_corpid: openCorpId, agentid: Number(agentId), query_type: 1 };
    const found = (query_word: string) =>
      post('service/contact/search', { ...asked, query_word }, { provider_access_token });
    expect(await found('王芳')).toMatchObject({ errcode: 0, query_result: { user: { userid: [seen('wangfang')] } } });
    expect(await found('wangf')).toMatchObject({ query_result: { user: { userid: [seen('wangfang')] } } });
    expect(await found('')).toMatchObject({ errcode: 40058 });
    await control('change', { corpId: CORP, visibleDepartments: [2] });
    expect(await found('王芳')).toMatchObject({ query_result: { user: { userid: [] } } });
    expect(await shown('userName', seen('wangfang'))).toEqual({ name: null });
  });

  it('is told no plain userid, and reaches nobody by one', async () => {
    const { suite_access_token, company } = await installed();
    const token = String((await post('service/get_corp_token', company, { suite_access_token })).access_token);
    const get_user = (userid: string) => get('user/get', { access_token: token, userid });
    expect(seen('wangfang')).toMatch(/^wo\w{30}$/);
    expect(await get_user('wangfang')).toMatchObject({ errcode: 60111 });
    expect(await get_user(seen('wangfang'))).toMatchObject({ errcode: 0, userid: seen('wangfang') });
    const { agentid } = (
      (await post('service/v2/get_auth_info', company, { suite_access_token })) as {
        auth_info: { agent: { agentid: number }[] };
      }
    ).auth_info.agent[0] ?? { agentid: 0 };
    const text = {
      msgtype: 'text',
      agentid,
      enable_id_trans: 1,
      text: { content: `$userName=${seen('wangfang')}$到了` },
    };
    const query = { access_token: token };
    expect(await post('message/send', { ...text, touser: 'boss' }, query)).toMatchObject({ errcode: 81013 });
    const sent = await post('message/send', { ...text, touser: `${seen('boss')}|wangfang` }, query);
    expect(sent).toMatchObject({ errcode: 0, invaliduser: 'wangfang' });
    const message = sandbox.state.wecom.world.messages.get(String(sent.msgid));
    expect(message).toMatchObject({ recipients: ['boss'], content: { text: '王芳到了' } });
    // Group chats are for self-built apps only (A10).
    const chat = { userlist: [seen('boss'), seen('wangfang')], name: '群' };
    expect(await post('appchat/create', chat, query)).toMatchObject({ errcode: 48002 });
  });

  it('ends when the company takes its consent back, and has another permanent code after a reset', async () => {
    const { suite_access_token, company, openCorpId } = await installed();
    const { access_token } = await post('service/get_corp_token', company, { suite_access_token });
    await control('reset-code', { corpId: CORP });
    expect(lastPush().xml).toMatchObject({ InfoType: 'reset_permanent_code' });
    expect(await post('service/get_corp_token', company, { suite_access_token })).toMatchObject({ errcode: 40084 });
    await control('cancel', { corpId: CORP });
    expect(lastPush().xml).toMatchObject({ InfoType: 'cancel_auth', AuthCorpId: openCorpId });
    expect(await get('department/list', { access_token: String(access_token) })).toMatchObject({ errcode: 48004 });
  });

  it('tells the suite of changed contacts, in its own envelope', async () => {
    const { openCorpId } = await installed();
    await sandbox.api('DELETE', `corps/${CORP}/members/liwei`);
    await sandbox.state.callbacks.idle();
    expect(lastPush()).toMatchObject({
      receiver: SUITE,
      xml: {
        InfoType: 'change_contact',
        AuthCorpId: openCorpId,
        ChangeType: 'delete_user',
        UserID: seen('liwei'),
        OpenUserID: seen('liwei'),
      },
    });
  });

  it('says who logged in, by the suite’s id', async () => {
    const { suite_access_token, openCorpId } = await installed();
    const query = new URLSearchParams({
      appid: SUITE,
      redirect_uri: `${app.url}/back`,
      response_type: 'code',
      scope: 'snsapi_base',
      state: 's',
      sandbox_user: 'wangfang',
    });
    const page = await fetch(`${sandbox.url}/connect/oauth2/authorize?${query}`, { redirect: 'manual' });
    const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const who = await get('service/auth/getuserinfo3rd', { suite_access_token, code });
    expect(who).toMatchObject({ errcode: 0, corpid: openCorpId, userid: seen('wangfang') });
    expect((await get('service/auth/getuserinfo3rd', { suite_access_token, code })).errcode).not.toBe(0);
  });

  it('has licences under the provider’s token, a page at a time', async () => {
    const { openCorpId } = await installed();
    const { provider_access_token } = await post('service/get_provider_token', {
      corpid: 'wwprovider0000001',
      provider_secret: 'sandbox-provider-secret',
    });
    const query = { provider_access_token: String(provider_access_token) };
    const first = await post('license/list_actived_account', { corpid: openCorpId, limit: 5 }, query);
    expect(first).toMatchObject({ has_more: 1, next_cursor: '5' });
    const rest = await post('license/list_actived_account', { corpid: openCorpId, limit: 5, cursor: '5' }, query);
    expect(rest).toMatchObject({ has_more: 0 });
  });
});

describe('the page', () => {
  it('needs a pre-auth code, and returns with the code of the company that was chosen', async () => {
    const suite_access_token = await suiteToken();
    const { pre_auth_code } = await get('service/get_pre_auth_code', { suite_access_token });
    const page = (more: Record<string, string>) =>
      fetch(
        `${sandbox.url}/3rdapp/install?${new URLSearchParams({ suite_id: SUITE, redirect_uri: `${app.url}/back`, state: 's', ...more })}`,
        { redirect: 'manual' },
      );
    expect((await page({ pre_auth_code: 'x' })).status).toBe(400);
    const open = { pre_auth_code: String(pre_auth_code) };
    expect(await (await page(open)).text()).toContain('演示企业');
    const back = await page({ ...open, sandbox_corp: CORP, sandbox_user: 'admin' });
    const target = new URL(back.headers.get('location') ?? '');
    expect([target.pathname, target.searchParams.get('state')]).toEqual(['/back', 's']);
    const auth_code = target.searchParams.get('auth_code');
    const answer = await post('service/v2/get_permanent_code', { auth_code }, { suite_access_token });
    expect(answer.errcode).toBe(0);
    sandbox.clock.advance(1_200_001);
    expect((await page(open)).status).toBe(400);
  });
});
