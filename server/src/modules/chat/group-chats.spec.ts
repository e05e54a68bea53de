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
