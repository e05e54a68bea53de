import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { cardFor, DING_KEY, DING_SECRET, type DingBench, dingBench } from '../testing/ding-support.js';

let sandbox: DingBench;
beforeEach(async () => {
  sandbox = await dingBench();
});
afterEach(() => sandbox.close());

const switched = (change: object) => sandbox.ding('PATCH', 'switches', change);
const day = 86_400_000;

it('a token that the newer interface does not know is refused with 400, or 401', async () => {
  const ask = () => sandbox.acs('PUT', 'card/instances', {}, 'nothing');
  expect(await ask()).toMatchObject({ status: 400, json: { code: 'InvalidAuthentication' } });
  await switched({ badTokenStatus: 401 });
  expect(await ask()).toMatchObject({ status: 401, json: { code: 'InvalidAuthentication' } });
});

it('tokens of one interface are good for the other, or for their own alone', async () => {
  const secrets = { appKey: DING_KEY, appSecret: DING_SECRET };
  const newToken = async () =>
    String((await sandbox.acs('POST', 'oauth2/accessToken', secrets, null)).json.accessToken ?? '');
  const older = async (token: string) => (await sandbox.oapi('topapi/v2/user/get', { userid: 'boss' }, token)).errcode;
  const newer = async (token: string) =>
    (await sandbox.acs('POST', 'card/instances/createAndDeliver', cardFor(`c-${token}`, 'boss'), token)).status;
  const [first, same] = [await sandbox.dingToken(), await newToken()];
  expect([first === same, await older(same), await newer(first)]).toEqual([true, 0, 200]);
  await switched({ tokensApart: true });
  const [own, other] = [await sandbox.dingToken(), await newToken()];
  expect([await older(own), await newer(other)]).toEqual([0, 200]);
  expect([await older(other), await newer(own)]).toEqual([88, 400]);
});

it('permissions that an app lacks stand under either name, or nowhere', async () => {
  await sandbox.ding('PATCH', `apps/${DING_KEY}`, { permissions: [] });
  const denied = async () => (await sandbox.acs('PUT', 'card/instances', {})).json;
  const named = { requiredScopes: ['Card.Instance.Write'] };
  expect(await denied()).toMatchObject({ accessdenieddetail: named });
  await switched({ deniedDetail: 'accessDeniedDetail' });
  expect(await denied()).toMatchObject({ accessDeniedDetail: named });
  await switched({ deniedDetail: 'none' });
  expect(JSON.stringify(await denied())).not.toContain('requiredScopes');
});

it('a card can be changed for good, or as long as the switch says', async () => {
  await sandbox.acs('POST', 'card/instances/createAndDeliver', cardFor('c1', 'boss'));
  const change = { outTrackId: 'c1', cardData: { cardParamMap: { status: 'done' } } };
  const changed = async () => (await sandbox.acs('PUT', 'card/instances', change)).status;
  sandbox.clock.advance(30 * day);
  expect(await changed()).toBe(200);
  await switched({ cardLifeMs: 7 * day });
  expect(await sandbox.acs('PUT', 'card/instances', change)).toMatchObject({
    status: 400,
    json: { code: 'param.cardNotExist' },
  });
});

it('the robot writes to as many people, and a to-do has as many executors, as the switches say', async () => {
  const userIds = Array.from({ length: 21 }, (_, index) => `u${index}`);
  const message = { robotCode: DING_KEY, userIds, msgKey: 'sampleText', msgParam: '{"content":"你好"}' };
  const written = async () => (await sandbox.acs('POST', 'robot/oToMessages/batchSend', message)).status;
  expect(await written()).toBe(400);
  await switched({ robotPeople: 100 });
  expect(await written()).toBe(200);
  const detailUrl = { appUrl: 'http://x.example', pcUrl: 'http://x.example' };
  const todo = { subject: '合同', detailUrl, executorIds: ['union_demo_boss', 'union_demo_boss'] };
  const made = () => sandbox.acs('POST', 'todo/users/union_demo_boss/tasks?operatorId=union_demo_boss', todo);
  await switched({ todoPeople: 1 });
  expect((await made()).json).toMatchObject({ message: 'executors is oversize' });
  await switched({ todoPeople: 2 });
  expect((await made()).status).toBe(200);
});

it('progress of a notice may be asked for a week, or a day', async () => {
  const msg = { msgtype: 'text', text: { content: '你好' } };
  const sent = await sandbox.oapi('topapi/message/corpconversation/asyncsend_v2', {
    agent_id: 2000002,
    userid_list: 'boss',
    msg,
  });
  const asked = async () =>
    (
      await sandbox.oapi('topapi/message/corpconversation/getsendprogress', {
        agent_id: 2000002,
        task_id: sent.task_id,
      })
    ).errcode;
  sandbox.clock.advance(2 * day);
  expect(await asked()).toBe(0);
  await switched({ progressLife: 'day' });
  expect(await asked()).toBe(400002);
});

it('names are there, or withheld; departments keep theirs', async () => {
  const people = async () => {
    const answer = await sandbox.oapi('topapi/v2/user/list', { dept_id: 1, size: 100 });
    return (answer.result as { list: { userid: string; name?: string }[] }).list;
  };
  expect((await people()).every((person) => person.name !== undefined)).toBe(true);
  await switched({ hideNames: true });
  expect((await people()).every((person) => person.userid !== '' && person.name === undefined)).toBe(true);
  const departments = await sandbox.oapi('topapi/v2/department/listsub', { dept_id: 1 });
  expect(JSON.stringify(departments.result)).toContain('"name"');
});

describe('streams', () => {
  const opened = async (): Promise<WebSocket | null> => {
    const subscriptions = [{ type: 'EVENT', topic: '*' }];
    const asked = { clientId: DING_KEY, clientSecret: DING_SECRET, subscriptions };
    const { json } = await sandbox.acs('POST', 'gateway/connections/open', asked, null);
    const socket = new WebSocket(`${String(json.endpoint)}?ticket=${String(json.ticket)}`);
    return new Promise((resolve) => {
      socket.onopen = () => resolve(socket);
      socket.onerror = () => resolve(null);
    });
  };

  it('are as many as the switch lets be', async () => {
    await switched({ streamsPerApp: 1 });
    const first = await opened();
    expect(first).not.toBeNull();
    expect(await opened()).toBeNull();
    first?.close();
  });
});

it('a fault of the caller’s address names it, as the platform does', async () => {
  await sandbox.api('POST', 'faults', { preset: 'ding.ip', path: 'topapi/', times: 1 });
  const refused = await sandbox.oapi('topapi/v2/department/listsub', {});
  expect(refused).toMatchObject({ errcode: 88, sub_code: '60020' });
  expect(String(refused.sub_msg)).toContain('request ip=127.0.0.1');
});
