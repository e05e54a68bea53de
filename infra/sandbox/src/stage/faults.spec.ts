import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultPresets } from '../core/fault-presets.js';
import { DING_KEY, type DingBench, dingBench } from '../testing/ding-support.js';
import { AGENT, approvalCard, CORP } from '../testing/support.js';

let sandbox: DingBench;
beforeEach(async () => {
  sandbox = await dingBench();
});
afterEach(() => sandbox.close());

const fault = (body: unknown) => sandbox.api('POST', 'faults', body);
const card = () => sandbox.acs('PUT', 'card/instances', {});
const todo = () => sandbox.acs('POST', 'todo/users/union_demo_boss/tasks?operatorId=union_demo_boss', {});

describe('faults by name', () => {
  it.each([
    ['ding.perMinute', card, 403, { code: 'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi' }],
    ['ding.suiteThrottled', card, 403, { code: 'Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi' }],
    ['ding.blocked', card, 200, { status: 1111, punish: 'deny' }],
    ['ding.cardBusy', card, 500, { code: 'system.busy' }],
    ['ding.unsafe', card, 400, { code: 'param.contentUnsafe' }],
    ['ding.todoLocked', todo, 400, { code: 'todo.taskCreate.lockError' }],
    ['ding.todoFlow', todo, 400, { code: 'todo.taskCreate.flowControlError' }],
    ['ding.todoSystem', todo, 500, { code: 'todo.taskCreate.systemError' }],
  ] as const)('%s answers what the platform does, once', async (preset, call, status, json) => {
    await fault({ preset, path: 'v1.0/', times: 1 });
    expect(await call()).toMatchObject({ status, json });
    expect((await call()).json).not.toMatchObject(json);
  });

  it('hit their own platform only', async () => {
    await fault({ preset: 'ding.busy' });
    expect(await sandbox.wecom('department/simplelist')).toMatchObject({ errcode: 0 });
    expect(await sandbox.oapi('topapi/v2/department/listsub', {})).toMatchObject({ errcode: -1 });
  });

  it('are listed, and an unknown one says which there are', async () => {
    const { json } = await sandbox.api('GET', 'faults/presets');
    expect(Object.keys(json.items as object)).toEqual(Object.keys(faultPresets));
    const refused = await fault({ preset: 'ding.none' });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.json)).toContain('ding.perMinute');
  });

  it('answer a page where JSON is expected', async () => {
    await fault({ preset: 'wecom.notJson', times: 1 });
    const answer = await fetch(`${sandbox.url}/cgi-bin/gettoken`);
    expect(answer.headers.get('content-type')).toContain('text/html');
  });
});

it('the robot’s messages are held back person by person', async () => {
  await sandbox.ding('PATCH', 'switches', { robotFlowControlled: true });
  const body = {
    robotCode: DING_KEY,
    userIds: ['boss', 'nobody'],
    msgKey: 'sampleText',
    msgParam: '{"content":"你好"}',
  };
  expect((await sandbox.acs('POST', 'robot/oToMessages/batchSend', body)).json).toMatchObject({
    invalidStaffIdList: ['nobody'],
    flowControlledStaffIdList: ['boss'],
  });
});

describe('windows', () => {
  it('DingTalk lets twenty calls of one interface through in a second', async () => {
    const token = await sandbox.dingToken();
    const call = () => sandbox.oapi('topapi/v2/department/listsub', {}, token);
    for (let count = 0; count < 20; count++) expect(await call()).toMatchObject({ errcode: 0 });
    expect(await call()).toMatchObject({ errcode: 88, sub_code: '90018' });
    sandbox.clock.advance(1000);
    expect(await call()).toMatchObject({ errcode: 0 });
  });

  it('WeCom counts the hour besides the minute', async () => {
    await sandbox.api('PATCH', 'switches', { callsPerHour: 2 });
    const call = () => sandbox.wecom('department/simplelist');
    for (const errcode of [0, 0, 45009]) expect(await call()).toMatchObject({ errcode });
    sandbox.clock.advance(60_000);
    expect(await call()).toMatchObject({ errcode: 45009 });
    sandbox.clock.advance(3_600_000);
    expect(await call()).toMatchObject({ errcode: 0 });
  });

  it('WeCom gives an app a hundred tickets an hour, and its company four hundred', async () => {
    await sandbox.api('PATCH', 'switches', { appTicketsPerHour: 1, corpTicketsPerHour: 2 });
    const agent = () => sandbox.wecom('ticket/get', { query: { type: 'agent_config' } });
    expect([(await agent()).errcode, (await agent()).errcode]).toEqual([0, 45009]);
    const corp = () => sandbox.wecom('get_jsapi_ticket');
    expect([(await corp()).errcode, (await corp()).errcode, (await corp()).errcode]).toEqual([0, 0, 45009]);
    sandbox.clock.advance(3_600_000);
    expect((await agent()).errcode).toBe(0);
  });

  it('an address that gives wrong secrets again and again is shut out for an hour', async () => {
    await sandbox.api('PATCH', 'switches', { wrongSecrets: 3 });
    const wrong = async () =>
      (
        (await (await fetch(`${sandbox.url}/cgi-bin/gettoken?corpid=${CORP}&corpsecret=wrong`)).json()) as {
          errcode: number;
        }
      ).errcode;
    expect([await wrong(), await wrong(), await wrong(), await wrong()]).toEqual([40001, 40001, 40001, 45009]);
    expect(await sandbox.token()).toBeUndefined();
    sandbox.clock.advance(3_600_001);
    expect(await sandbox.token()).toEqual(expect.any(String));
  });
});

it('a card is sent to a tag’s people, and changed for them by the tag', async () => {
  sandbox.state.wecom.world.corps.get(CORP)?.tags.set(7, { name: '审批人', userids: ['boss'], parties: [4] });
  await sandbox.api('PATCH', `corps/${CORP}/apps/${AGENT}`, {});
  const app = sandbox.state.wecom.world.corps.get(CORP)?.apps.get(AGENT);
  if (app) app.callback = { url: 'http://127.0.0.1:9/', token: 't', aesKey: 'k', verifiedAt: 0 };
  const send = { totag: '7|8', msgtype: 'template_card', agentid: AGENT, template_card: approvalCard('t1') };
  const sent = await sandbox.wecom('message/send', { body: send });
  expect(sent).toMatchObject({ errcode: 0, invalidtag: '8' });
  const change = { tagids: [7], agentid: AGENT, response_code: sent.response_code, button: { replace_name: '已同意' } };
  expect(await sandbox.wecom('message/update_template_card', { body: change })).toMatchObject({ errcode: 0 });
  for (const userid of ['boss', 'caiwu']) {
    const { json } = await sandbox.api('GET', `people/${userid}/cards?corpId=${CORP}`);
    expect((json.items as { replaced: string | null }[]).at(-1)?.replaced).toBe('已同意');
  }
});
