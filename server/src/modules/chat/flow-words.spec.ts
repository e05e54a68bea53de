import { createHmac } from 'node:crypto';
import { flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId, MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type RunningSandbox } from '../../../../infra/sandbox/src/server.js';
import { connectDingtalk, connectWecom, freePort } from '../../../test/support/chat-app.js';
import { comeToRest } from '../../../test/support/flows.js';
import { type Answer, type TestAccount, WholeApp } from '../../../test/support/whole-app.js';
import { AccountLinks } from './account-links.js';
import { CallbackWorker } from './callbacks/callback-worker.js';
import type { Connection } from './connection.js';
import { DingtalkStreams } from './dingtalk/streams.js';

let whole: WholeApp;
let sandbox: RunningSandbox;
let admin: TestAccount;
let wecom: Connection;
let dingtalk: Connection;
let customers: FormView;
let log: FormView;
let url: string;
const people = new Map<string, MemberId>();

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  sandbox = await createSandbox({ port: 0, publicUrl: url, wait: async () => undefined });
  whole = await WholeApp.start({ sandbox: { apiBase: sandbox.url, publicUrl: url } });
  await whole.app.listen(port, '127.0.0.1');
  admin = await whole.company('demo', '演示企业');
  wecom = await connectWecom({ app: whole.app, sandbox }, admin.tenantId);
  dingtalk = await connectDingtalk({ app: whole.app, sandbox }, admin.tenantId);
  const known = await rows<{ userid: string; member_id: MemberId }>(
    'SELECT userid, member_id FROM lianke.chat_account WHERE connection_id = $1',
    [wecom.id],
  );
  for (const { userid, member_id } of known) people.set(userid, member_id);
  await whole.get(AccountLinks).link(admin, dingtalk.id, 'chenzg', id('chenzg'));
  await whole.get(DingtalkStreams).round();
  const app = ok(await admin.call('POST', '/api/v1/apps', { name: '客户' })).json;
  const form = async (key: string, name: string, fields: unknown[]) =>
    ok(await admin.call('POST', '/api/v1/forms', { appId: app.id, key, name, fields })).json as FormView;
  customers = await form('customer', '客户', [
    { key: 'name', name: '名称', type: 'text' },
    { key: 'serial', name: '编号', type: 'text', rules: { unique: true } },
  ]);
  log = await form('log', '记录', [
    { key: 'text', name: '内容', type: 'text' },
    { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
  ]);
  // The people of the chat see customers too.
  await whole.kernel.database.withTenant(admin, async (tx) => {
    await tx.run(
      `INSERT INTO lianke.role_member (tenant_id, role_id, member_id)
       SELECT $1, $2, id FROM unnest($3::uuid[]) AS p(id) ON CONFLICT DO NOTHING`,
      [admin.tenantId, admin.adminRoleId, [id('chenzg'), id('wangfang')]],
    );
    await tx.run('UPDATE lianke.tenant SET access_version = access_version + 1');
  });
});
afterAll(async () => {
  await whole.get(DingtalkStreams).release();
  await whole.close();
  await sandbox.close();
});

const ok = (answer: Answer): Answer => {
  if (answer.status >= 300) throw new Error(answer.text);
  return answer;
};
const rows = <Row>(text: string, values: unknown[] = []) =>
  whole.kernel.database.withTenant(admin, (tx) => tx.sql<Row>(text, values as never));
const id = (userid: string): MemberId => {
  const member = people.get(userid);
  if (!member) throw new Error(`nobody is ${userid}`);
  return member;
};

/** Everything that came by the platforms, and what it starts. */
async function rest(): Promise<void> {
  await sandbox.state.callbacks.idle();
  await sandbox.state.pushes.idle();
  while (await whole.get(CallbackWorker).round());
  await comeToRest(whole);
}

async function control(path: string, body: unknown, method = 'POST'): Promise<{ deliveryId: string }> {
  const answer = await fetch(`${sandbox.url}/sandbox/api/${path}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as { deliveryId: string };
}

/** Writes to the app (or scans with its menu) on a sandbox's phone. */
const say = (at: Connection, userid: string, text: string, scan?: 'push' | 'waitmsg') =>
  control(`people/${userid}/say`, { corpId: at.corpId, agentId: Number(at.agentId), text, ...(scan ? { scan } : {}) });

async function flow(name: string, trigger: object, source: string, more: object = {}) {
  const find = 'find' in trigger;
  const definition = flowDefinition.parse({
    trigger: { type: 'chat', formId: customers.id, ...trigger },
    nodes: [
      {
        ...{ id: 'log', type: 'createRecord', formId: log.id },
        assignments: [
          { field: 'text', value: { kind: 'ref', ref: { source: 'input', path: source } } },
          ...(find ? [{ field: 'customer', value: { kind: 'ref', ref: { source: 'trigger', path: 'id' } } }] : []),
        ],
      },
    ],
    edges: [{ from: 'trigger', to: 'log' }],
    ...more,
  });
  const made = ok(await admin.call('POST', '/api/v1/flows', { appId: customers.appId, name, definition })).json;
  return made as { id: FlowId; faults: { node: string; message: string }[]; sentence: string };
}

async function live(...made: Parameters<typeof flow>) {
  const one = await flow(...made);
  expect(one.faults).toEqual([]);
  ok(await admin.call('POST', `/api/v1/flows/${one.id}/publish`, {}));
  return {
    ...one,
    runs: () =>
      rows<{ starter_id: MemberId; door: string; state: string; input: unknown; record_id: string | null }>(
        'SELECT starter_id, door, state, input, record_id FROM lianke.run WHERE flow_id = $1 ORDER BY id',
        [one.id],
      ),
    off: async () => ok(await admin.call('PATCH', `/api/v1/flows/${one.id}`, { enabled: false })),
  };
}

const written = async () =>
  (await admin.call('POST', `/api/v1/forms/${log.id}/records/query`, { filter: { and: [] }, limit: 200 })).json.items;

describe('a text to the app of WeCom', () => {
  it('starts the flows whose keyword it meets, as its sender, once however often it is pushed', async () => {
    const quote = await live('报价', { on: 'text', keywords: ['报价', '报价单'] }, 'rest');
    const other = await live('日报', { on: 'text', match: 'exact', keywords: ['日报'] }, 'text');
    sandbox.state.wecom.switches.callbackDuplicate = true;
    const { deliveryId } = await say(wecom, 'wangfang', '报价单：华强电子 100 台');
    await rest();
    sandbox.state.wecom.switches.callbackDuplicate = false;
    await control(`deliveries/${deliveryId}/redeliver`, {});
    await rest();
    expect(await quote.runs()).toEqual([
      {
        ...{ starter_id: id('wangfang'), door: 'chat', state: 'done', record_id: null },
        input: { text: '报价单：华强电子 100 台', rest: '华强电子 100 台' },
      },
    ]);
    expect(await other.runs()).toEqual([]);
    expect((await written()).map((row: { values: { text: string } }) => row.values.text)).toEqual(['华强电子 100 台']);
    // A push whose inbox row is long forgotten starts nothing anew either.
    await rows('DELETE FROM lianke.callback_inbox');
    await control(`deliveries/${deliveryId}/redeliver`, {});
    await rest();
    expect(await quote.runs()).toHaveLength(1);
    await say(wecom, 'wangfang', '日报');
    await say(wecom, 'wangfang', '今天的日报');
    await rest();
    expect(await other.runs()).toMatchObject([{ input: { text: '日报', rest: '' } }]);
    await quote.off();
    await other.off();
  });

  it('that nobody waits for is closed without effect', async () => {
    await say(wecom, 'wangfang', '你好');
    await rest();
    const [last] = await rows<{ state: string; error: string }>(
      'SELECT state, error FROM lianke.callback_inbox ORDER BY id DESC LIMIT 1',
    );
    expect(last).toEqual({ state: 'done', error: 'nobody waits for it' });
  });
});

describe('a scan with the menu of WeCom', () => {
  it('brings the record by a field without duplicates, and by its own QR code', async () => {
    const scan = await live('扫码登记', { on: 'scan', find: { field: 'serial' } }, 'scan');
    const customer = ok(
      await admin.call('POST', `/api/v1/forms/${customers.id}/records`, { values: { name: '华强', serial: 'SN-001' } }),
    ).json;
    await say(wecom, 'chenzg', 'SN-001', 'waitmsg');
    await say(wecom, 'chenzg', `${url}/r/${customers.id}/${customer.id}`, 'push');
    await rest();
    expect((await scan.runs()).map((run) => [run.record_id, run.starter_id, run.state])).toEqual([
      [customer.id, id('chenzg'), 'done'],
      [customer.id, id('chenzg'), 'done'],
    ]);
    const rowsOf = (await written()).filter((row: { values: { customer: unknown } }) => row.values.customer);
    expect(rowsOf.map((row: { values: { text: string; customer: { id: string } } }) => row.values.customer.id)).toEqual(
      [customer.id, customer.id],
    );
    await scan.off();
  });

  it('starts nothing for a code that names no record that the sender sees, and tells him in his language', async () => {
    const scan = await live('找客户', { on: 'scan', find: { field: 'serial' } }, 'scan');
    ok(await admin.call('POST', `/api/v1/forms/${customers.id}/records`, { values: { name: '密', serial: 'SN-777' } }));
    await say(wecom, 'chenzg', 'SN-404', 'waitmsg');
    // liwei is in no role: he sees no customer. He reads English.
    await rows(`UPDATE lianke.member SET language = 'en' WHERE id = $1 RETURNING 1`, [id('liwei')]);
    await say(wecom, 'liwei', 'SN-777', 'waitmsg');
    await rest();
    expect(await scan.runs()).toEqual([]);
    const told = await rows<{ member_id: MemberId; card: { title: string; description: string } }>(
      `SELECT member_id, card FROM lianke.message WHERE card->>'title' LIKE '%找客户%' ORDER BY id`,
    );
    expect(new Map(told.map((row) => [row.member_id, row.card.description]))).toEqual(
      new Map([
        [id('chenzg'), '在“客户”里没有找到“SN-404”，或者你看不到它。'],
        [id('liwei'), '"SN-777" was not found in "客户", or you may not see it.'],
      ]),
    );
    await scan.off();
  });
});

describe('a text to the robot of DingTalk', () => {
  it('comes over the stream and starts the flow once, pushed twice', async () => {
    const bug = await live('报障', { on: 'text', match: 'contains', keywords: ['故障'] }, 'rest');
    sandbox.state.ding.switches.pushTwice = true;
    await say(dingtalk, 'chenzg', '三号机故障 不转');
    sandbox.state.ding.switches.pushTwice = false;
    await rest();
    expect(await bug.runs()).toMatchObject([
      { starter_id: id('chenzg'), state: 'done', input: { text: '三号机故障 不转', rest: '不转' } },
    ]);
    await bug.off();
  });

  it('comes by HTTP with the app’s own signature only', async () => {
    const bug = await live('报修', { on: 'text', keywords: ['报修'] }, 'rest');
    const robotUrl = `${url}/callbacks/dingtalk/${dingtalk.id}/robot`;
    await control(`dingtalk/apps/${dingtalk.appKey}`, { robotUrl }, 'PATCH');
    await say(dingtalk, 'chenzg', '报修 打印机');
    const post = (body: object, timestamp: string, secret: string) =>
      fetch(robotUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          timestamp,
          sign: createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'),
        },
        body: JSON.stringify(body),
      });
    const forged = { msgId: 'forged', senderStaffId: 'chenzg', msgtype: 'text', text: { content: '报修 一切' } };
    const now = String(Date.now());
    expect((await post(forged, now, 'another')).status).toBe(403);
    expect((await post(forged, String(Date.now() - 7_200_000), dingtalk.secret ?? '')).status).toBe(403);
    // A picture, and somebody of another company, are answered and dropped.
    const picture = { msgId: 'p', senderStaffId: 'chenzg', msgtype: 'picture' };
    expect((await post(picture, now, dingtalk.secret ?? '')).status).toBe(200);
    const stranger = { msgId: 's', msgtype: 'text', text: { content: '报修' } };
    expect((await post(stranger, now, dingtalk.secret ?? '')).status).toBe(200);
    await rest();
    expect(await bug.runs()).toMatchObject([{ input: { rest: '打印机' } }]);
    await control(`dingtalk/apps/${dingtalk.appKey}`, { robotUrl: null }, 'PATCH');
    await bug.off();
  });
});

describe('the design of such a flow', () => {
  it('names what keeps it from being published', async () => {
    const message = async (trigger: object) =>
      (await flow('草稿', trigger, 'text')).faults.map((fault) => fault.message);
    expect(await message({ on: 'text' })).toContain('请填写至少一个关键词');
    expect(await message({ on: 'text', keywords: ['Bug', 'ＢＵＧ'] })).toContain('有两个关键词相同');
    expect(await message({ on: 'text', keywords: ['找'], match: 'exact', find: { field: 'serial' } })).toContain(
      '完全一致的关键词后面没有内容，找不到数据；请改为“以关键词开头”',
    );
    expect(await message({ on: 'text', keywords: ['找'], find: { field: 'name' } })).toContain(
      '“名称”可以重复，找数据要用不允许重复的字段',
    );
    expect(await message({ on: 'text', keywords: ['找'], find: { field: 'gone' } })).toContain(
      '用来找数据的字段已删除，请换一个',
    );
  });

  it('is tried over a record, or without one, before it is published', async () => {
    const made = await flow('试', { on: 'scan', find: { field: 'serial' } }, 'scan');
    expect(made.sentence).toContain('扫码');
    const tried = ok(await admin.call('POST', `/api/v1/flows/${made.id}/test`, {})).json;
    expect(tried.record).toMatchObject({ id: expect.any(String) });
    expect(tried.steps).toMatchObject([{ node: 'log', lines: [{ value: '（扫到的内容）' }, {}] }]);
    const bare = await flow('试', { on: 'text', keywords: ['试'] }, 'text');
    expect(ok(await admin.call('POST', `/api/v1/flows/${bare.id}/test`, {})).json.record).toBeNull();
  });
});
