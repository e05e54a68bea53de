import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cardFor, DING_CORP, DING_KEY, DING_SECRET, type DingBench, dingBench } from '../testing/ding-support.js';

let sandbox: DingBench;
beforeEach(async () => {
  sandbox = await dingBench();
});
afterEach(() => sandbox.close());

describe('tokens', () => {
  it('are the same while they live, in both generations, and another afterwards', async () => {
    const first = await sandbox.dingToken();
    const second = await sandbox.acs('POST', 'oauth2/accessToken', { appKey: DING_KEY, appSecret: DING_SECRET }, null);
    expect(second.json).toEqual({ accessToken: first, expireIn: 7200 });
    sandbox.clock.advance(7_200_001);
    expect(await sandbox.dingToken()).not.toBe(first);
  });

  it('are refused with each generation’s own error', async () => {
    const wrong = await fetch(`${sandbox.url}/gettoken?appkey=${DING_KEY}&appsecret=wrong`);
    expect(await wrong.json()).toMatchObject({ errcode: 40096 });
    const missing = await fetch(`${sandbox.url}/gettoken`);
    expect(await missing.json()).toMatchObject({ errcode: 40035 });
    const body = { appKey: DING_KEY, appSecret: 'wrong' };
    expect(await sandbox.acs('POST', 'oauth2/accessToken', body, null)).toMatchObject({
      status: 400,
      json: { code: 'invalidClientIdOrSecret', requestid: expect.any(String) },
    });
  });

  it('answer 88 with a sub code in the older interface, and 400 InvalidAuthentication in the newer', async () => {
    expect(await sandbox.oapi('topapi/v2/user/get', { userid: 'admin' }, 'nonsense')).toMatchObject({
      errcode: 88,
      sub_code: '40014',
      errmsg: expect.stringContaining('subcode=40014'),
    });
    expect(await sandbox.oapi('topapi/v2/user/get', { userid: 'admin' }, '')).toMatchObject({ sub_code: '40000' });
    expect(await sandbox.acs('PUT', 'card/instances', {}, 'nonsense')).toMatchObject({
      status: 400,
      json: { code: 'InvalidAuthentication' },
    });
    expect(await sandbox.acs('PUT', 'card/instances', {}, null)).toMatchObject({
      json: { code: 'AuthenticationFailed.MissingParameter' },
    });
    expect(await sandbox.oapi('topapi/no/such/call', {})).toMatchObject({ errcode: 22 });
  });

  it('can be ended early', async () => {
    const token = await sandbox.dingToken();
    await sandbox.ding('POST', `apps/${DING_KEY}/expire-token`, { as: 'invalid' });
    expect(await sandbox.oapi('topapi/v2/user/get', { userid: 'admin' }, token)).toMatchObject({ sub_code: '40014' });
    expect(await sandbox.dingToken()).not.toBe(token);
  });

  it('are shown masked in the log', async () => {
    const token = await sandbox.dingToken();
    const { json } = await sandbox.api('GET', 'log');
    expect(JSON.stringify(json)).not.toContain(token);
    expect(JSON.stringify(json)).not.toContain(DING_SECRET);
  });
});

describe('people', () => {
  it('are listed one department at a time, in pages', async () => {
    const departments = await sandbox.oapi('topapi/v2/department/listsub', { dept_id: 1 });
    expect((departments.result as { dept_id: number }[]).map((each) => each.dept_id)).toEqual([2, 3, 4, 5]);
    const page = await sandbox.oapi('topapi/v2/user/list', { dept_id: 3, cursor: 0, size: 100 });
    expect(page.result).toMatchObject({ has_more: false, list: [{ userid: 'chenzg', leader: true }] });
    expect(page.result).not.toHaveProperty('next_cursor');
    expect(await sandbox.oapi('topapi/v2/user/list', { dept_id: 3, cursor: 0, size: 101 })).toMatchObject({
      errcode: 400002,
    });
    expect(await sandbox.oapi('topapi/v2/user/list', { dept_id: 99, cursor: 0, size: 10 })).toMatchObject({
      errcode: 60003,
    });
  });

  it('keep mobile and mail to themselves unless the app may see them', async () => {
    const before = await sandbox.oapi('topapi/v2/user/get', { userid: 'chenzg' });
    expect(before.result).not.toHaveProperty('mobile');
    await sandbox.ding('PATCH', `apps/${DING_KEY}`, { permissions: ['contacts', 'mobile'] });
    const after = await sandbox.oapi('topapi/v2/user/get', { userid: 'chenzg' });
    expect(after.result).toMatchObject({ mobile: '13800000003', dept_id_list: [3], manager_userid: 'boss' });
    expect(after.result).not.toHaveProperty('email');
    await sandbox.ding('PATCH', `apps/${DING_KEY}`, { permissions: [] });
    expect(await sandbox.oapi('topapi/v2/user/get', { userid: 'chenzg' })).toMatchObject({ sub_code: '60011' });
  });

  it('outside of the contact scope are refused, strangers not found', async () => {
    await sandbox.ding('PATCH', `apps/${DING_KEY}`, { visibleDepartments: [3] });
    expect(await sandbox.oapi('topapi/v2/user/get', { userid: 'boss' })).toMatchObject({ errcode: 50002 });
    expect(await sandbox.oapi('topapi/v2/user/get', { userid: 'nobody' })).toMatchObject({ errcode: 60121 });
  });
});

describe('log-in', () => {
  const page = (more: Record<string, string> = {}) =>
    fetch(
      `${sandbox.url}/oauth2/auth?${new URLSearchParams({
        redirect_uri: 'http://127.0.0.1:9/back',
        response_type: 'code',
        client_id: DING_KEY,
        scope: 'openid',
        state: 'a1',
        prompt: 'consent',
        ...more,
      })}`,
      { redirect: 'manual' },
    );

  it('of the web page: code and authCode, a token of the person, who it is', async () => {
    expect((await page()).status).toBe(200);
    const back = new URL((await page({ sandbox_user: 'chenzg' })).headers.get('location') ?? '');
    expect(back.searchParams.get('state')).toBe('a1');
    const code = back.searchParams.get('authCode');
    expect(back.searchParams.get('code')).toBe(code);
    const body = { clientId: DING_KEY, clientSecret: DING_SECRET, code, grantType: 'authorization_code' };
    const token = await sandbox.acs('POST', 'oauth2/userAccessToken', body, null);
    expect(token.json).toMatchObject({ expireIn: 7200, corpId: DING_CORP });
    const me = await sandbox.acs('GET', 'contact/users/me', undefined, String(token.json.accessToken));
    expect(me.json).toMatchObject({ nick: '陈主管', unionId: 'union_demo_chenzg' });
    const found = await sandbox.oapi('topapi/user/getbyunionid', { unionid: me.json.unionId });
    expect(found.result).toEqual({ contact_type: 0, userid: 'chenzg' });
    // Used once; and an app's token is nobody's.
    expect((await sandbox.acs('POST', 'oauth2/userAccessToken', body, null)).status).toBe(400);
    expect((await sandbox.acs('GET', 'contact/users/me')).json).toMatchObject({ code: 'InvalidAuthentication' });
  });

  it('refuses an address that was not registered', async () => {
    const answer = await page({ redirect_uri: 'http://elsewhere.example/back' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('回调域名');
  });

  it('inside DingTalk: a code for five minutes, once', async () => {
    const mint = async () =>
      (await sandbox.ding('POST', `apps/${DING_KEY}/codes`, { userid: 'boss', kind: 'client' })).json.code;
    const code = await mint();
    const first = await sandbox.oapi('topapi/v2/user/getuserinfo', { code });
    expect(first.result).toMatchObject({ userid: 'boss', sys_level: 100, name: '老板' });
    expect(await sandbox.oapi('topapi/v2/user/getuserinfo', { code })).toMatchObject({ errcode: 40078 });
    const late = await mint();
    sandbox.clock.advance(300_001);
    expect(await sandbox.oapi('topapi/v2/user/getuserinfo', { code: late })).toMatchObject({ errcode: 40078 });
  });
});

describe('work notices', () => {
  const send = (userids: string, msg: unknown = { msgtype: 'text', text: { content: '你好' } }) =>
    sandbox.oapi('topapi/message/corpconversation/asyncsend_v2', { agent_id: 2000002, userid_list: userids, msg });
  const result = async (taskId: unknown) =>
    (await sandbox.oapi('topapi/message/corpconversation/getsendresult', { agent_id: 2000002, task_id: taskId }))
      .send_result;

  it('with the same content on one day succeed and reach nobody', async () => {
    const first = await send('chenzg');
    const again = await send('chenzg,nobody');
    expect(again.errcode).toBe(0);
    expect(await result(first.task_id)).toMatchObject({ unread_user_id_list: ['chenzg'] });
    expect(await result(again.task_id)).toMatchObject({
      invalid_user_id_list: ['nobody'],
      forbidden_list: [{ code: '143106', userid: 'chenzg', count: 1 }],
    });
    sandbox.clock.advance(86_400_001);
    expect(await result((await send('chenzg')).task_id)).toMatchObject({ unread_user_id_list: ['chenzg'] });
  });

  it('beyond the daily cap are held back', async () => {
    await sandbox.ding('PATCH', 'switches', { noticesPerDay: 1 });
    await send('boss', { msgtype: 'text', text: { content: '一' } });
    const second = await send('boss', { msgtype: 'text', text: { content: '二' } });
    expect(await result(second.task_id)).toMatchObject({ forbidden_list: [{ code: '143105' }] });
  });

  it('are on their way as long as the switch says, and nothing is known of them until then', async () => {
    await sandbox.ding('PATCH', 'switches', { noticeDelayMs: 3000 });
    const { task_id } = await send('boss');
    expect(await result(task_id)).toMatchObject({ unread_user_id_list: [], forbidden_list: [] });
    expect((await sandbox.ding('GET', `apps/${DING_KEY}/people/boss/inbox`)).json.notices).toEqual([]);
    sandbox.clock.advance(3001);
    expect(await result(task_id)).toMatchObject({ unread_user_id_list: ['boss'] });
    expect((await sandbox.ding('GET', `apps/${DING_KEY}/people/boss/inbox`)).json.notices).toHaveLength(1);
  });

  it('are held back by whichever number is asked for, while the call succeeds', async () => {
    await sandbox.ding('PATCH', 'switches', { noticeForbidden: '1430004' });
    const { errcode, task_id } = await send('boss');
    expect(errcode).toBe(0);
    expect(await result(task_id)).toMatchObject({ forbidden_list: [{ code: '1430004', userid: 'boss' }] });
    expect((await sandbox.ding('PATCH', 'switches', { noticeForbidden: '7' })).status).toBe(400);
  });

  it('take forms as well as JSON, and change their status bar', async () => {
    const msg = {
      msgtype: 'oa',
      oa: {
        message_url: 'http://127.0.0.1:9/',
        head: { bgcolor: 'FF1677FF', text: '联客' },
        body: { title: '合同' },
        status_bar: { status_value: '待审批', status_bg: '0xFFF65E5E' },
      },
    };
    const form = new URLSearchParams({ agent_id: '2000002', userid_list: 'boss', msg: JSON.stringify(msg) });
    const answer = await fetch(
      `${sandbox.url}/topapi/message/corpconversation/asyncsend_v2?access_token=${await sandbox.dingToken()}`,
      { method: 'POST', body: form },
    );
    const { task_id } = (await answer.json()) as { task_id: number };
    const bar = { agent_id: 2000002, task_id, status_value: '已同意', status_bg: '0xFF78C06E' };
    expect(await sandbox.oapi('topapi/message/corpconversation/status_bar/update', bar)).toMatchObject({ errcode: 0 });
    const { json } = await sandbox.ding('GET', `apps/${DING_KEY}/people/boss/inbox`);
    expect(json.notices).toMatchObject([{ statusBar: { value: '已同意' } }]);
    expect(
      await sandbox.oapi('topapi/message/corpconversation/recall', { agent_id: 2000002, msg_task_id: task_id }),
    ).toMatchObject({ errcode: 0 });
    expect((await sandbox.ding('GET', `apps/${DING_KEY}/people/boss/inbox`)).json.notices).toEqual([]);
  });
});

describe('cards', () => {
  const face = async (userid: string) =>
    ((await sandbox.ding('GET', `apps/${DING_KEY}/people/${userid}/inbox`)).json.cards as { values: unknown }[])[0]
      ?.values;

  it('are delivered space by space, once per outTrackId', async () => {
    const card = cardFor('appr-1', 'chenzg', { openSpaceId: 'dtv1.card//IM_ROBOT.chenzg;IM_ROBOT.nobody' });
    const answer = await sandbox.acs('POST', 'card/instances/createAndDeliver', card);
    expect(answer.json).toMatchObject({
      success: true,
      result: { deliverResults: [{ success: true }, { success: false, errorMsg: expect.stringContaining('nobody') }] },
    });
    expect(await sandbox.acs('POST', 'card/instances/createAndDeliver', card)).toMatchObject({
      status: 400,
      json: { code: 'param.cardAlreadyExist' },
    });
  });

  it('hold strings only', async () => {
    const card = cardFor('appr-1', 'chenzg', { cardData: { cardParamMap: { amount: 800000 } } });
    expect((await sandbox.acs('POST', 'card/instances/createAndDeliver', card)).json).toMatchObject({
      code: 'param.cardParamMapInvalid',
    });
    expect(
      (await sandbox.acs('POST', 'card/instances/createAndDeliver', cardFor('a', 'boss', { cardTemplateId: 'x' })))
        .json,
    ).toMatchObject({ code: 'param.cardTemplateIdInvalid' });
  });

  it('are overwritten by an update, or changed key by key when it says so', async () => {
    await sandbox.acs('POST', 'card/instances/createAndDeliver', cardFor('appr-1', 'chenzg'));
    const byKey = {
      outTrackId: 'appr-1',
      cardData: { cardParamMap: { status: 'accept' } },
      cardUpdateOptions: { updateCardDataByKey: true },
    };
    await sandbox.acs('PUT', 'card/instances', byKey);
    expect(await face('chenzg')).toEqual({ title: '合同审批', status: 'accept' });
    await sandbox.acs('PUT', 'card/instances', {
      outTrackId: 'appr-1',
      cardData: { cardParamMap: { status: 'reject' } },
    });
    expect(await face('chenzg')).toEqual({ status: 'reject' });
    expect(await sandbox.acs('PUT', 'card/instances', { ...byKey, outTrackId: 'none' })).toMatchObject({
      json: { code: 'param.cardNotExist' },
    });
  });
});

describe('to-dos', () => {
  const admin = 'union_demo_admin';
  const path = `todo/users/${admin}/tasks`;
  const todo = {
    sourceId: 'run:1',
    subject: '合同审批',
    executorIds: ['union_demo_boss'],
    detailUrl: { appUrl: 'http://127.0.0.1:9/' },
  };

  it('are made once per sourceId, finished and deleted', async () => {
    const made = await sandbox.acs('POST', `${path}?operatorId=${admin}`, todo);
    expect(made.json).toMatchObject({ sourceId: 'run:1', done: false });
    expect((await sandbox.acs('POST', `${path}?operatorId=${admin}`, todo)).json).toMatchObject({
      code: 'todo.taskCreate.paramError',
      message: 'task exist',
    });
    const status = { executorStatusList: [{ id: 'union_demo_boss', isDone: true }] };
    await sandbox.acs('PUT', `${path}/${String(made.json.id)}/executorStatus?operatorId=${admin}`, status);
    const inbox = await sandbox.ding('GET', `apps/${DING_KEY}/people/boss/inbox`);
    expect(inbox.json.todos).toMatchObject([{ done: true }]);
    expect((await sandbox.acs('DELETE', `${path}/${String(made.json.id)}?operatorId=${admin}`)).json).toMatchObject({
      result: true,
    });
    expect((await sandbox.acs('DELETE', `${path}/${String(made.json.id)}?operatorId=${admin}`)).json).toMatchObject({
      message: 'task not exist',
    });
  });

  it('are by unionId, with an address', async () => {
    const bad = { ...todo, executorIds: ['boss'] };
    expect((await sandbox.acs('POST', `${path}?operatorId=${admin}`, bad)).json.message).toContain('executorIds');
    const { detailUrl: _none, ...without } = todo;
    expect((await sandbox.acs('POST', `${path}?operatorId=${admin}`, without)).json.message).toContain('detailUrl');
  });
});

describe('faults', () => {
  it('answer in the shape of the generation they hit', async () => {
    const fault = (errcode: number) =>
      sandbox.api('POST', 'faults', { times: 1, effect: { kind: 'errcode', errcode } });
    await sandbox.dingToken();
    const token = await sandbox.dingToken();
    await fault(90018);
    expect(await sandbox.oapi('topapi/v2/user/get', { userid: 'admin' }, token)).toMatchObject({
      errcode: 88,
      sub_code: '90018',
    });
    await fault(90018);
    expect(await sandbox.acs('PUT', 'card/instances', {}, token)).toMatchObject({
      status: 403,
      json: { code: 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi' },
    });
    await sandbox.ding('PATCH', 'switches', { callsPerSecond: 1 });
    await sandbox.oapi('topapi/v2/user/get', { userid: 'admin' }, token);
    expect(await sandbox.oapi('topapi/v2/user/get', { userid: 'admin' }, token)).toMatchObject({ sub_code: '90018' });
    sandbox.clock.advance(1000);
    expect(await sandbox.oapi('topapi/v2/user/get', { userid: 'admin' }, token)).toMatchObject({ errcode: 0 });
  });
});

describe('who may use the app', () => {
  const scopes = () => sandbox.oapi('microapp/visible_scopes', { agentId: 2000002 });
  const send = async (userid: string, title: string) => {
    const msg = { msgtype: 'text', text: { content: title } };
    const body = { agent_id: 2000002, userid_list: userid, msg };
    const { task_id } = await sandbox.oapi('topapi/message/corpconversation/asyncsend_v2', body);
    const asked = { agent_id: 2000002, task_id };
    const { send_result } = await sandbox.oapi('topapi/message/corpconversation/getsendresult', asked);
    return { task_id, invalid: (send_result as { invalid_user_id_list: string[] }).invalid_user_id_list };
  };

  it('is told, and nobody else gets messages, though his contacts may be read', async () => {
    expect(await scopes()).toMatchObject({ isHidden: false, deptVisibleScopes: [1], userVisibleScopes: [] });
    await sandbox.ding('PATCH', `apps/${DING_KEY}`, { usable: { userids: ['chenzg'] } });
    expect(await scopes()).toMatchObject({ isHidden: false, deptVisibleScopes: [], userVisibleScopes: ['chenzg'] });
    expect((await send('chenzg', '一')).invalid).toEqual([]);
    expect((await send('boss', '一')).invalid).toEqual(['boss']);
    expect(await sandbox.oapi('topapi/v2/user/get', { userid: 'boss' })).toMatchObject({ errcode: 0 });
    await sandbox.ding('PATCH', `apps/${DING_KEY}`, { usable: { adminsOnly: true } });
    expect(await scopes()).toMatchObject({ isHidden: true });
    expect((await send('chenzg', '二')).invalid).toEqual(['chenzg']);
    expect(await sandbox.oapi('microapp/visible_scopes', { agentId: 7 })).toMatchObject({ errcode: 40056 });
  });

  it.each([
    ['done', 0],
    ['refused', 400002],
  ] as const)('a second recall of a notice is %s', async (recallAgain, errcode) => {
    await sandbox.ding('PATCH', 'switches', { recallAgain });
    const { task_id } = await send('chenzg', '三');
    const recall = () =>
      sandbox.oapi('topapi/message/corpconversation/recall', { agent_id: 2000002, msg_task_id: task_id });
    expect((await recall()).errcode).toBe(0);
    expect((await recall()).errcode).toBe(errcode);
  });
});
