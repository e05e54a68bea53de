import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Answer, type Bench, bench, listener } from '../testing/support.js';
import { decryptMessage, encryptMessage, signatureOf } from '../wecom/crypto.js';

const SUITE = 'suitelianke00000001';
const SECRET = 'sandbox-ding-suite-secret';
const CORP = 'dingdemo0000000001';
let sandbox: Bench;
let app: Awaited<ReturnType<typeof listener>>;
let pushed: { EventType: string; bizData: { corp_id: string; biz_type: number; biz_data: string }[] }[];

beforeEach(async () => {
  pushed = [];
  app = await listener((request) => {
    const suite = sandbox.state.ding.world.suites.get(SUITE);
    const keys = { aesKey: suite?.aesKey ?? '', receiveId: SUITE };
    const { encrypt } = JSON.parse(request.body) as { encrypt: string };
    pushed.push(JSON.parse(decryptMessage({ ...keys, encrypt }).message));
    const sealed = encryptMessage({ ...keys, message: 'success', random16: Buffer.alloc(16, 1) });
    const msg_signature = signatureOf(suite?.token ?? '', '1', 'n', sealed);
    return { body: JSON.stringify({ msg_signature, timeStamp: '1', nonce: 'n', encrypt: sealed }) };
  });
  sandbox = await bench({ publicUrl: app.url });
});
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

async function control(action: string, body: unknown = {}): Promise<Answer> {
  const { json } = await sandbox.api('POST', `dingtalk/suites/${SUITE}/${action}`, body);
  await sandbox.state.pushes.idle();
  return json;
}
const post = async (path: string, body: unknown): Promise<Answer> => {
  const answer = await fetch(`${sandbox.url}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Answer;
};
const token = (suiteTicket: unknown, more: object = {}) =>
  post('v1.0/oauth2/corpAccessToken', {
    suiteKey: SUITE,
    suiteSecret: SECRET,
    authCorpId: CORP,
    suiteTicket,
    ...more,
  });
const lastItem = () => {
  const item = pushed.at(-1)?.bizData[0];
  return { type: item?.biz_type, corp: item?.corp_id, data: JSON.parse(item?.biz_data ?? '{}') as Answer };
};

it('gives a company’s token, another at each call, as long as ticket and consent stand', async () => {
  const { ticket } = await control('ticket');
  expect(lastItem()).toMatchObject({ type: 2, data: { syncAction: 'suite_ticket', suiteTicket: ticket } });
  expect(await token(ticket)).toMatchObject({ code: 'invalidAuthInfo' });
  await control('install', { corpId: CORP, userid: 'admin' });
  expect(lastItem()).toMatchObject({
    type: 4,
    corp: CORP,
    data: { syncAction: 'org_suite_auth', auth_user_info: { userId: 'admin' } },
  });
  const [first, second] = [await token(ticket), await token(ticket)];
  expect(first.accessToken).not.toBe(second.accessToken);
  expect(await token(ticket, { suiteSecret: 'wrong' })).toMatchObject({ code: 'invalidSuiteKey' });
  expect(await token('x')).toMatchObject({ code: 'invalidSuiteTicket' });
  const me = (access_token: unknown) =>
    post(`topapi/v2/user/get?access_token=${String(access_token)}`, { userid: 'admin' });
  for (const each of [first, second]) expect(await me(each.accessToken)).toMatchObject({ errcode: 0 });
  await control('cancel', { corpId: CORP });
  expect(lastItem()).toMatchObject({ type: 4, data: { syncAction: 'org_suite_relieve' } });
  expect(await me(first.accessToken)).toMatchObject({ errcode: 88, sub_code: '40014' });
});

it('takes signed calls of the older interface only', async () => {
  const { ticket } = await control('ticket');
  await control('install', { corpId: CORP, userid: 'admin' });
  const timestamp = String(sandbox.clock.now());
  const signature = createHmac('sha256', SECRET)
    .update(`${timestamp}\n${String(ticket)}`)
    .digest('base64');
  const ask = (more: Record<string, string> = {}) =>
    post(
      `service/get_corp_token?${new URLSearchParams({ accessKey: SUITE, timestamp, suiteTicket: String(ticket), signature, ...more })}`,
      { auth_corpid: CORP },
    );
  expect(await ask()).toMatchObject({ errcode: 0, expires_in: 7200 });
  expect((await ask({ timestamp: String(Number(timestamp) + 1) })).errcode).not.toBe(0);
});

it('tells the app of people one by one, with a snapshot, and of a leaver by his id', async () => {
  await control('install', { corpId: CORP, userid: 'admin' });
  const member = { name: '新人', departments: [3] };
  await sandbox.api('PUT', `dingtalk/corps/${CORP}/members/newbie`, member);
  await sandbox.state.pushes.idle();
  expect(lastItem()).toMatchObject({
    type: 13,
    corp: CORP,
    data: { syncAction: 'user_add_org', userid: 'newbie', name: '新人', unionid: expect.stringMatching(/^[\w-]{22}$/) },
  });
  await sandbox.api('DELETE', `dingtalk/corps/${CORP}/members/newbie`);
  await sandbox.state.pushes.idle();
  expect(lastItem().data).toEqual({ syncAction: 'user_leave_org', userId: 'newbie' });
});

it('knows a person by another unionid than the company’s own app does', async () => {
  const { ticket } = await control('ticket');
  await control('install', { corpId: CORP, userid: 'admin' });
  const { accessToken } = await token(ticket);
  const call = (path: string, body: object) => post(`topapi/${path}?access_token=${String(accessToken)}`, body);
  const { result } = (await call('v2/user/get', { userid: 'admin' })) as { result: { unionid: string } };
  const own = sandbox.state.ding.world.corps.get(CORP)?.members.get('admin')?.unionid;
  expect(result.unionid).not.toBe(own);
  expect(await call('user/getbyunionid', { unionid: result.unionid })).toMatchObject({ result: { userid: 'admin' } });
  expect(await call('user/getbyunionid', { unionid: own })).toMatchObject({ errcode: 60121 });
});

it('sends notices by a template of the directory’s app, and by nothing else', async () => {
  const { ticket } = await control('ticket');
  const { agentId } = await control('install', { corpId: CORP, userid: 'admin' });
  const { accessToken } = await token(ticket);
  const send = (call: string, more: object) =>
    post(`topapi/message/corpconversation/${call}?access_token=${String(accessToken)}`, {
      agent_id: agentId,
      userid_list: 'admin',
      ...more,
    });
  const words = { msg: { msgtype: 'text', text: { content: 'x' } } };
  expect(await send('asyncsend_v2', words)).toMatchObject({ errcode: 88, sub_code: '60011' });
  const data = JSON.stringify({ title: '标题', content: '内容', url: 'https://example.com' });
  const sent = await send('sendbytemplate', { template_id: 'lianke-suite-notice', data });
  expect(sent).toMatchObject({ errcode: 0 });
  expect((await send('sendbytemplate', { template_id: 'other', data })).errcode).not.toBe(0);
});
