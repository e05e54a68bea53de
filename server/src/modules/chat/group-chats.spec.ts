import { flowDefinition } from '@lianke/shared/flows/definition';
import type { ConnectionId, MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type RunningSandbox } from '../../../../infra/sandbox/src/server.js';
import { comeToRest } from '../../../test/support/flows.js';
import { type Answer, type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { Caller } from '../../engine/flows/caller.js';
import { Database } from '../../kernel/database/database.js';
import { ConnectionService } from './connection.service.js';
import { OrgSync } from './org/org-sync.js';

const publicUrl = 'http://lianke.example';
const corp = 'wwdemo0000000001';
let whole: WholeApp;
let sandbox: RunningSandbox;
let admin: TestAccount;
let connectionId: ConnectionId;
const ids = new Map<string, MemberId>();

beforeAll(async () => {
  sandbox = await createSandbox({ port: 0, publicUrl, wait: async () => undefined });
  whole = await WholeApp.start({ sandbox: { apiBase: sandbox.url, publicUrl } });
  admin = await whole.company('demo', '演示企业');
  const [wecom] = sandbox.state.seed.wecom;
  const agent = wecom?.apps[0];
  if (!wecom || !agent) throw new Error('the sandbox has no corp');
  const connection = await whole.get(ConnectionService).save(admin, {
    ...{
      channel: 'wecom',
      name: '企业微信',
      corpId: wecom.corpId,
      agentId: String(agent.agentId),
      secret: agent.secret,
    },
  });
  connectionId = connection.id;
  await whole.get(OrgSync).run(connection);
  const rows = await whole
    .get(Database)
    .withTenant(admin, (tx) =>
      tx.sql<{ userid: string; member_id: MemberId }>('SELECT userid, member_id FROM lianke.chat_account'),
    );
  for (const { userid, member_id } of rows) ids.set(userid, member_id);
}, 60_000);
afterAll(async () => {
  await whole.close();
  await sandbox.close();
});
beforeEach(() => sandbox.state.faults.remove());

const id = (userid: string) => ids.get(userid) as MemberId;
function ok(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(answer.text);
  return answer;
}
const make = (name: string, more: object = {}) =>
  admin.call('POST', '/api/v1/chat-groups', {
    ...{ connectionId, name, ownerId: id('chenzg'), memberIds: [id('wangfang'), id('liwei')] },
    ...more,
  });
const group = (name: string) => sandbox.state.groups.find((each) => each.name === name);

describe('a group chat of the app', () => {
  it('is made at the platform, seen by its people, and chosen by its name wherever robots are', async () => {
    const made = ok(await make('销售一组')).json;
    expect(made).toMatchObject({ name: '销售一组', kind: 'robot' });
    expect(group('销售一组')).toMatchObject({
      corpId: corp,
      userids: expect.arrayContaining(['chenzg', 'wangfang', 'liwei']),
      chat: { owner: 'chenzg' },
      messages: [{ content: { kind: 'text', text: expect.stringContaining('群已建好') } }],
    });
    const names = ok(await admin.call('GET', '/api/v1/flow-secrets')).json.items.map(
      (item: { name: string }) => item.name,
    );
    expect(names).toContain('销售一组');
    expect((await make('销售一组')).status).toBe(409);
    expect(ok(await make('Sales', { language: 'en' })).json).toMatchObject({ language: 'en', ownGroup: true });
    expect(group('Sales')).toMatchObject({
      messages: [{ content: { text: expect.stringMatching(/^The group is ready/) } }],
    });
  });

  it('takes a flow’s group message and calls people by their accounts', async () => {
    ok(await make('合同群'));
    const app = ok(await admin.call('POST', '/api/v1/apps', { name: '合同' })).json;
    const form = ok(
      await admin.call('POST', '/api/v1/forms', {
        ...{ appId: app.id, key: 'contract', name: '合同' },
        fields: [{ key: 'name', name: '名称', type: 'text' }],
      }),
    ).json;
    const definition = flowDefinition.parse({
      trigger: { type: 'recordCreated', formId: form.id },
      nodes: [
        {
          ...{
            id: 'say',
            type: 'groupMessage',
            name: '',
            robot: '合同群',
            title: { kind: 'literal', value: '新合同' },
          },
          ...{ mention: [{ kind: 'member', ids: [id('wangfang')] }], facts: [] },
        },
      ],
      edges: [{ from: 'trigger', to: 'say' }],
    });
    const flow = ok(await admin.call('POST', '/api/v1/flows', { appId: app.id, name: '群里说', definition })).json;
    expect(flow.faults).toEqual([]);
    ok(await admin.call('POST', `/api/v1/flows/${flow.id}/publish`, {}));
    ok(await admin.call('POST', `/api/v1/forms/${form.id}/records`, { values: { name: '美利云' } }));
    await comeToRest(whole);
    while (await whole.get(Caller).work());
    await comeToRest(whole);
    const said = group('合同群')?.messages.at(-1);
    expect(said).toMatchObject({
      content: { kind: 'text', text: expect.stringContaining('新合同') },
      called: ['wangfang'],
    });
  });

  it('is changed at the platform: name, owner, who comes in and who goes', async () => {
    const made = ok(await make('改动群')).json;
    expect(made.ownGroup).toBe(true);
    const path = `/api/v1/chat-groups/${made.id}`;
    const before = ok(await admin.call('GET', path)).json;
    expect(before).toMatchObject({ name: '改动群', platform: '企业微信' });
    expect(before.people).toHaveLength(3);
    expect(before.people).toContainEqual({
      userid: 'chenzg',
      member: { id: id('chenzg'), label: expect.any(String) },
      owner: true,
    });
    const change = { name: '华东销售群', ownerId: id('wangfang'), add: [id('boss'), id('liwei')], remove: ['chenzg'] };
    const after = ok(await admin.call('PATCH', path, change)).json;
    expect(after.name).toBe('华东销售群');
    const users = (people: { userid: string; owner: boolean }[]) => people.map((one) => one.userid).sort();
    expect(users(after.people)).toEqual(['boss', 'liwei', 'wangfang']);
    expect(group('华东销售群')).toMatchObject({ chat: { owner: 'wangfang' } });
    // Flows and subscriptions know it by the name that it was made with.
    const { items } = ok(await admin.call('GET', '/api/v1/flow-secrets')).json;
    expect(items.find((item: { id: string }) => item.id === made.id)).toMatchObject({ name: '改动群', ownGroup: true });
    const audit = await whole
      .get(Database)
      .withTenant(admin, (tx) =>
        tx.sql<{ object: string; detail: object }>(
          `SELECT object, detail FROM lianke.audit WHERE action = 'group.change'`,
        ),
      );
    expect(audit).toMatchObject([{ object: made.id, detail: { name: '改动群', added: 1, removed: 1 } }]);
  });

  it('keeps an owner who is in it and two people, and says what the platform refuses', async () => {
    const made = ok(await make('守规矩的群')).json;
    const path = `/api/v1/chat-groups/${made.id}`;
    const refused = async (body: object) => (await admin.call('PATCH', path, body)).json.detail as string;
    expect(await refused({ remove: ['chenzg'] })).toContain('请先换群主');
    expect(await refused({ ownerId: id('boss') })).toContain('群主要在群里');
    expect(await refused({ ownerId: id('liwei'), remove: ['chenzg', 'wangfang'] })).toContain('至少要有两个人');
    expect(group('守规矩的群')).toMatchObject({ chat: { owner: 'chenzg' }, userids: { length: 3 } });
    sandbox.state.faults.add({ path: 'appchat/update', effect: { kind: 'errcode', errcode: 86004 }, times: 1 });
    const foreign = await admin.call('PATCH', path, { name: '改名' });
    expect([foreign.status, foreign.text]).toEqual([502, expect.stringContaining('不是这个应用建的')]);
    sandbox.state.groups.splice(
      sandbox.state.groups.findIndex((each) => each.name === '守规矩的群'),
      1,
    );
    const gone = await admin.call('GET', path);
    expect([gone.status, gone.text]).toEqual([502, expect.stringContaining('群聊已经不在了')]);
    const robot = ok(
      await admin.call('POST', '/api/v1/flow-secrets', {
        ...{ name: '机器人', kind: 'robot', value: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1' },
      }),
    ).json;
    expect(robot.ownGroup).toBe(false);
    expect((await admin.call('GET', `/api/v1/chat-groups/${robot.id}`)).status).toBe(404);
  });

  it('is not made where the app is not for the whole company, nor of people without an account', async () => {
    const agent = sandbox.state.wecom.world.corps.get(corp)?.apps.get(1000002);
    if (!agent) throw new Error('no app');
    const before = agent.visibleDepartments;
    agent.visibleDepartments = [2];
    const refused = await make('不行的群');
    agent.visibleDepartments = before;
    expect(refused.status).toBe(502);
    const nobody = ok(await admin.call('POST', '/api/v1/members', { name: '没有账号' })).json;
    expect((await make('也不行', { memberIds: [nobody.id] })).status).toBe(400);
    expect((await make('一个人', { memberIds: [id('chenzg')] })).status).toBe(400);
    const names = ok(await admin.call('GET', '/api/v1/flow-secrets')).json.items.map(
      (item: { name: string }) => item.name,
    );
    expect(names).not.toContain('不行的群');
    expect(group('不行的群')).toBeUndefined();
  });
});
