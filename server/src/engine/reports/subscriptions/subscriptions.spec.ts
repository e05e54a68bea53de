import type { DashboardId, FormId, MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type RunningSandbox } from '../../../../../infra/sandbox/src/server.js';
import { type Answer, type TestAccount, WholeApp } from '../../../../test/support/whole-app.js';
import { Database } from '../../../kernel/database/database.js';
import { AccountLinks } from '../../../modules/chat/account-links.js';
import { ConnectionService } from '../../../modules/chat/connection.service.js';
import { MessageSender } from '../../../modules/chat/message-sender.js';
import { OrgSync } from '../../../modules/chat/org/org-sync.js';
import { OrgService } from '../../org/org.service.js';
import { SubscriptionRunner } from './subscription-runner.js';

const publicUrl = 'http://lianke.example';
const corp = 'wwdemo0000000001';
const day = 86_400_000;
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
type Account = Omit<TestAccount, 'adminRoleId'>;

let whole: WholeApp;
let sandbox: RunningSandbox;
let admin: TestAccount;
let formId: FormId;
let dashboardId: DashboardId;
const accounts = new Map<string, Account>();

beforeAll(async () => {
  sandbox = await createSandbox({ port: 0, publicUrl, wait: async () => undefined });
  // 2026-03-04, a Wednesday, at 08:00 in China.
  whole = await WholeApp.start({ start: '2026-03-04T00:00:00Z', sandbox: { apiBase: sandbox.url, publicUrl } });
  admin = await whole.company('demo', '演示企业');
  const [wecom] = sandbox.state.seed.wecom;
  const agent = wecom?.apps[0];
  const ding = sandbox.state.seed.dingtalk.find((each) => each.tenant === 'demo');
  const dingAgent = ding?.apps[0];
  if (!wecom || !agent || !ding || !dingAgent) throw new Error('the sandbox has no corps');
  const connections = whole.get(ConnectionService);
  const one = await connections.save(admin, {
    ...{
      channel: 'wecom',
      name: '企业微信',
      corpId: wecom.corpId,
      agentId: String(agent.agentId),
      secret: agent.secret,
    },
  });
  await whole.get(OrgSync).run(one);
  const two = await connections.save(admin, {
    ...{ channel: 'dingtalk', name: '钉钉', corpId: ding.corpId, agentId: String(dingAgent.agentId) },
    ...{ appKey: dingAgent.appKey, secret: dingAgent.appSecret, settings: { push: 'stream' } },
  });
  await whole.get(OrgSync).run(two);
  const rows = await database().withTenant(admin, (tx) =>
    tx.sql<{ userid_key: string; member_id: MemberId }>(
      'SELECT userid_key, member_id FROM lianke.chat_account WHERE connection_id = $1',
      [one.id],
    ),
  );
  for (const { userid_key, member_id } of rows)
    accounts.set(userid_key, await whole.account(admin.tenantId, member_id));
  await whole.get(AccountLinks).link(admin, two.id, 'chenzg', as('chenzg').memberId);

  const app = ok(await admin.call('POST', '/api/v1/apps', { name: '销售' })).json;
  const stage = [
    { id: 'a', label: '初步接触', color: 'blue' },
    { id: 'b', label: '已成交', color: 'green' },
  ];
  const form = ok(
    await admin.call('POST', '/api/v1/forms', {
      ...{ appId: app.id, key: 'deal', name: '商机' },
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'amount', name: '金额', type: 'money' },
        { key: 'stage', name: '阶段', type: 'select', config: { options: stage } },
      ],
    }),
  ).json;
  formId = form.id;
  // 王芳 sees what is hers, 陈主管 everything, 李伟 nothing of it.
  await whole.get(OrgService).createRole(admin, {
    ...{ name: '看自己的', key: 'own' },
    permissions: {
      admin: false,
      design: false,
      members: false,
      forms: { [formId]: { actions: ['view', 'create'], scope: 'own' } },
    },
  } as never);
  await whole.get(OrgService).createRole(admin, {
    ...{ name: '看全部', key: 'all' },
    permissions: {
      admin: false,
      design: false,
      members: false,
      forms: { [formId]: { actions: ['view'], scope: 'all' } },
    },
  } as never);
  await give('own', 'wangfang');
  await give('all', 'chenzg');
  const create = (by: Account, values: object) => by.call('POST', `/api/v1/forms/${formId}/records`, { values });
  ok(await create(as('wangfang'), { name: '北汽蓝谷', amount: '580000', stage: 'a' }));
  ok(await create(admin, { name: '美利云', amount: '1200000', stage: 'b' }));
  const widget = (id: string, y: number, more: object) => ({ id, formId, place: { x: 0, y, w: 12, h: 6 }, ...more });
  const dashboard = ok(
    await admin.call('POST', '/api/v1/dashboards', {
      ...{ appId: app.id, name: '销售看板' },
      definition: {
        filters: [],
        widgets: [
          widget('m1', 0, { type: 'metric', title: '商机金额', measure: { fn: 'sum', field: 'amount' } }),
          widget('m2', 0, { type: 'metric', title: '商机数', measure: { fn: 'count' }, unit: '个' }),
          widget('c1', 6, {
            type: 'bar',
            title: '各阶段金额',
            dimension: { field: 'stage' },
            measure: { fn: 'sum', field: 'amount' },
          }),
          widget('c2', 12, { type: 'pie', title: '占比', dimension: { field: 'stage' }, measure: { fn: 'count' } }),
          widget('c3', 18, {
            type: 'line',
            title: '每月新增',
            dimension: { field: 'createdAt', unit: 'month' },
            measure: { fn: 'count' },
          }),
          widget('c4', 24, { type: 'funnel', title: '漏斗', dimension: { field: 'stage' }, measure: { fn: 'count' } }),
          widget('l1', 30, { type: 'list', title: '商机列表', columns: ['name', 'amount', 'stage'] }),
        ],
      },
    }),
  ).json;
  dashboardId = dashboard.id;
  const group = sandbox.state.groups.find((each) => each.corpId === corp);
  ok(
    await admin.call('POST', '/api/v1/flow-secrets', {
      ...{ name: '销售群', kind: 'robot' },
      value: `${sandbox.url}/cgi-bin/webhook/send?key=${group?.robots[0]?.key}`,
    }),
  );
}, 120_000);
afterAll(async () => {
  await whole.close();
  await sandbox.close();
});
beforeEach(async () => {
  sandbox.state.faults.remove();
  sandbox.state.recorder.clear();
  for (const group of sandbox.state.groups) group.messages = [];
  await database().withTenant(admin, async (tx) => {
    await tx.run('DELETE FROM lianke.report_subscription');
    await tx.run('DELETE FROM lianke.report_delivery');
    await tx.run('DELETE FROM lianke.message');
  });
});

const database = () => whole.get(Database);
const as = (userid: string) => accounts.get(userid) as Account;
const id = (userid: string) => as(userid).memberId;
function ok(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(answer.text);
  return answer;
}
async function give(role: string, userid: string): Promise<void> {
  await database().withTenant(admin, async (tx) => {
    await tx.run('DELETE FROM lianke.role_member WHERE member_id = $1', [id(userid)]);
    await tx.run(
      'INSERT INTO lianke.role_member (tenant_id, role_id, member_id) SELECT tenant_id, id, $2 FROM lianke.role WHERE key = $1',
      [role, id(userid)],
    );
    await tx.run('UPDATE lianke.tenant SET access_version = access_version + 1');
  });
}
const daily = { unit: 'day', time: '09:00' };
const subscribe = (by: Account, body: object) =>
  by.call('POST', `/api/v1/dashboards/${dashboardId}/subscriptions`, { schedule: daily, members: [], ...body });
const logOf = async (subscription: string) =>
  ok(await admin.call('GET', `/api/v1/subscriptions/${subscription}/log`)).json.items;
async function atNine(): Promise<void> {
  const clock = whole.kernel.clock;
  const now = clock.now().getTime();
  const nine = Math.floor(now / day) * day + 3_600_000;
  clock.advance((nine > now ? nine : nine + day) - now);
  await whole.get(SubscriptionRunner).work();
  while (await whole.get(MessageSender).round());
}
/** The cards of a person's WeCom phone. */
const cards = async (userid: string) =>
  (
    (await (await fetch(`${sandbox.url}/sandbox/api/people/${userid}/cards?corpId=${corp}`)).json()) as {
      items: {
        card: {
          card_type: string;
          main_title: { title: string; desc?: string };
          card_image?: { url: string };
          horizontal_content_list?: { keyname: string; value: string }[];
        };
      }[];
    }
  ).items.map((item) => item.card);
const picture = (url: string) => whole.call('GET', url.slice(publicUrl.length));

describe('a page that somebody subscribed to', () => {
  it('comes at its time as a picture, to each as he himself may see it', async () => {
    const made = ok(await subscribe(admin, { members: [id('wangfang'), id('boss'), id('liwei')] })).json;
    expect(made).toMatchObject({ nextAt: '2026-03-04T01:00:00.000Z', enabled: true });
    await give('all', 'boss');
    await whole.get(SubscriptionRunner).work();
    expect(await logOf(made.id)).toEqual([]);
    await atNine();
    const [own] = await cards('wangfang');
    const [all] = await cards('boss');
    expect(own).toMatchObject({
      card_type: 'news_notice',
      main_title: { title: '销售看板 · 日报', desc: '2026-03-04 09:00' },
      horizontal_content_list: [
        { keyname: '商机金额', value: '58 万元' },
        { keyname: '商机数', value: '1 个' },
      ],
    });
    expect(all?.horizontal_content_list?.[0]?.value).toBe('178 万元');
    expect(own?.card_image?.url).not.toBe(all?.card_image?.url);
    for (const card of [own, all]) {
      const answer = await picture(card?.card_image?.url ?? '');
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
      expect(answer.bytes.subarray(0, 8)).toEqual(png);
      expect(answer.bytes.readUInt32BE(16) / answer.bytes.readUInt32BE(20)).toBeCloseTo(1.6, 2);
    }
    // 李伟 may not open the page: nothing is drawn for him, and the log says so.
    expect(await cards('liwei')).toEqual([]);
    expect(await logOf(made.id)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ label: '王芳', state: 'delivered', via: '企业微信', reason: null }),
        expect.objectContaining({ label: '李伟', state: 'skipped' }),
      ]),
    );
  });

  it('comes to whoever lives in DingTalk there, and is not sent twice for one moment', async () => {
    await as('chenzg').call('POST', '/api/v1/me/chat', { channel: 'dingtalk' });
    const made = ok(await subscribe(admin, { members: [id('chenzg')] })).json;
    await atNine();
    await database().withTenant(admin, (tx) =>
      tx.run('UPDATE lianke.report_subscription SET next_at = last_at WHERE id = $1', [made.id]),
    );
    await whole.get(SubscriptionRunner).work();
    while (await whole.get(MessageSender).round());
    const notices = [...sandbox.state.ding.world.notices.values()].filter((each) =>
      JSON.stringify(each).includes('销售看板'),
    );
    expect(notices).toHaveLength(1);
    const [address] = /http:\/\/lianke\.example\/pictures\/[^)]+\.png/.exec(JSON.stringify(notices[0])) ?? [];
    const answer = await picture(address ?? '');
    expect(answer.status).toBe(200);
    // The whole page, taller than what a card shows.
    expect(answer.bytes.readUInt32BE(20)).toBeGreaterThan(answer.bytes.readUInt32BE(16));
    expect(await logOf(made.id)).toHaveLength(1);
  });

  it('comes into a group under the rights of a named person, and says whose', async () => {
    const made = ok(await subscribe(admin, { groups: [{ robot: '销售群', as: id('wangfang') }] })).json;
    await atNine();
    const said = () => sandbox.state.groups.flatMap((group) => group.messages.map((message) => message.content));
    // The picture itself, then the card that leads to the page.
    expect(said()).toMatchObject([
      { kind: 'image' },
      {
        kind: 'template_card',
        card: { main_title: { title: '销售看板 · 日报', desc: expect.stringContaining('按王芳的权限') } },
      },
    ]);
    expect(JSON.stringify(said())).toContain('58 万元');
    const [shown] = sandbox.state.groups.flatMap((group) => [...group.files.values()]);
    expect(shown).toMatchObject({ kind: 'image', type: 'image/png' });
    expect(Buffer.from(shown?.data ?? []).readUInt32BE(16)).toBe(1200);
    // The answer is lost on the way: nobody knows, so it is not sent again.
    sandbox.state.faults.add({ path: 'webhook/send', effect: { kind: 'drop' }, times: 1 });
    await atNine();
    await whole.get(SubscriptionRunner).work();
    expect(said()).toHaveLength(3);
    expect((await logOf(made.id)).map((item: { state: string }) => item.state)).toEqual(['unknown', 'sent']);
    expect((await logOf(made.id))[0].label).toBe('销售群');
  });

  it('comes into a group as an article with its cover where the robot refuses the picture', async () => {
    ok(await subscribe(admin, { groups: [{ robot: '销售群', as: id('wangfang') }] }));
    sandbox.state.faults.add({ path: 'webhook/send', effect: { kind: 'errcode', errcode: 40009 }, times: 1 });
    await atNine();
    const said = sandbox.state.groups.flatMap((group) => group.messages.map((message) => message.content));
    expect(said.at(-1)).toMatchObject({
      kind: 'news',
      articles: [{ title: '销售看板 · 日报', picurl: expect.stringContaining('/pictures/') }],
    });
  });

  it('is drawn and told to each in his language, and comes into groups in theirs', async () => {
    ok(await as('boss').call('POST', '/api/v1/me/language', { language: 'en' }));
    ok(
      await subscribe(admin, { members: [id('wangfang'), id('boss')], groups: [{ robot: '销售群', as: id('boss') }] }),
    );
    await atNine();
    const titled = async (userid: string, title: string) =>
      (await cards(userid)).find((card) => card.main_title.title === title)?.horizontal_content_list?.[0]?.value;
    expect(await titled('boss', '销售看板 · Daily report')).toBe('1.78M CNY');
    expect(await titled('wangfang', '销售看板 · 日报')).toBe('58 万元');
    const group = sandbox.state.groups.find((each) => each.corpId === corp);
    const posted = JSON.stringify(group?.messages.at(-1));
    expect(posted).toContain('销售看板 · 日报');
    expect(posted).toContain('按老板的权限');
    const robots = ok(await admin.call('GET', '/api/v1/flow-secrets')).json.items;
    const robot = robots.find((item: { name: string }) => item.name === '销售群');
    const choose = (language: string) => admin.call('PATCH', `/api/v1/flow-secrets/${robot.id}`, { language });
    expect(ok(await choose('en')).json).toMatchObject({ name: '销售群', language: 'en' });
    await atNine();
    const english = JSON.stringify(group?.messages.at(-1));
    expect(english).toContain('销售看板 · Daily report');
    expect(english).toContain('with the rights of 老板');
    expect(english).toContain('1.78M CNY');
    ok(await choose('zh'));
    ok(await as('boss').call('POST', '/api/v1/me/language', { language: 'zh' }));
  });

  it('says in its log, for each reader, what became of it: held back and until when, delivered, refused, kept in the app', async () => {
    const choose = async (userid: string, body: object) => ok(await as(userid).call('POST', '/api/v1/me/notify', body));
    await choose('wangfang', { quiet: { on: true, from: '08:30', to: '09:30', restDays: false } });
    await choose('boss', { chat: { report: false } });
    await give('all', 'boss');
    await give('all', 'zhangmin');
    const made = ok(await subscribe(admin, { members: ['wangfang', 'boss', 'zhangmin'].map(id) })).json;
    // 张敏 is not in the app's visible range any more.
    sandbox.state.faults.add({ path: 'message/send', effect: { kind: 'errcode', errcode: 81013 }, times: 1 });
    await atNine();
    const of = async (label: string) => (await logOf(made.id)).find((item: { label: string }) => item.label === label);
    expect(await of('王芳')).toMatchObject({ state: 'held', at: expect.stringContaining('T01:30:00'), via: null });
    expect((await of('王芳')).reason).toContain('勿扰时段');
    expect(await of('老板')).toMatchObject({ state: 'kept', reason: expect.stringContaining('只在应用里') });
    expect(await of('张敏')).toMatchObject({ state: 'failed', reason: expect.stringContaining('可见范围') });
    whole.kernel.clock.advance(31 * 60_000);
    await database().withTenant(admin, (tx) => tx.run('UPDATE lianke.message SET ready_at = clock_timestamp()'));
    while (await whole.get(MessageSender).round());
    expect(await of('王芳')).toMatchObject({ state: 'delivered', via: '企业微信', at: expect.any(String) });
    // What the outbox has forgotten is only known to have been given to it.
    await database().withTenant(admin, (tx) => tx.run('DELETE FROM lianke.message'));
    expect(await of('王芳')).toMatchObject({ state: 'handed', at: null, via: null, reason: null });
    for (const userid of ['wangfang', 'boss']) await choose(userid, {});
  });

  it('is not sent for a time that passed long ago, nor while it is paused', async () => {
    const made = ok(await subscribe(admin, { members: [id('wangfang')] })).json;
    whole.kernel.clock.advance(2 * day);
    await whole.get(SubscriptionRunner).work();
    expect(await logOf(made.id)).toEqual([]);
    const path = `/api/v1/subscriptions/${made.id}`;
    ok(await admin.call('PATCH', path, { schedule: daily, members: [id('wangfang')], enabled: false }));
    await atNine();
    expect(await logOf(made.id)).toEqual([]);
    expect(ok(await admin.call('POST', `${path}/send`, { to: 'me' })).json.items).toMatchObject([{ state: 'waiting' }]);
    expect((await admin.call('DELETE', path)).status).toBe(204);
    expect((await admin.call('GET', `${path}/log`)).status).toBe(404);
  });
});

describe('who may subscribe', () => {
  it('a reader himself, and nobody for others or for groups', async () => {
    const [wangfang, liwei] = [as('wangfang'), as('liwei')];
    const own = ok(await subscribe(wangfang, { members: [id('wangfang')] })).json;
    expect((await subscribe(wangfang, { members: [id('boss')] })).status).toBe(403);
    expect((await subscribe(wangfang, { groups: [{ robot: '销售群', as: id('wangfang') }] })).status).toBe(403);
    expect((await subscribe(liwei, { members: [id('liwei')] })).status).toBe(404);
    expect((await subscribe(admin, { members: [] })).status).toBe(400);
    expect((await subscribe(admin, { groups: [{ robot: '没有的群', as: id('boss') }] })).status).toBe(400);
    ok(await subscribe(admin, { members: [id('boss')] }));
    const seen = ok(await wangfang.call('GET', `/api/v1/dashboards/${dashboardId}/subscriptions`)).json;
    expect(seen).toMatchObject({ items: [{ id: own.id, mayEdit: true }], mayManage: false, robots: [] });
    const all = ok(await admin.call('GET', `/api/v1/dashboards/${dashboardId}/subscriptions`)).json;
    expect(all).toMatchObject({ mayManage: true, mayNameAnybody: true, robots: ['销售群'] });
    expect(all.items).toHaveLength(2);
  });

  it('a designer draws for a group under his own rights only', async () => {
    await database().withTenant(admin, (tx) =>
      tx.run(
        `INSERT INTO lianke.role (tenant_id, id, key, name, permissions) VALUES ($1, gen_random_uuid(), 'maker', '设计', $2) ON CONFLICT DO NOTHING`,
        [
          admin.tenantId,
          { admin: false, design: true, members: false, forms: { [formId]: { actions: ['view'], scope: 'own' } } },
        ],
      ),
    );
    await give('maker', 'zhangmin');
    const zhangmin = as('zhangmin');
    const group = (who: string) => ({ groups: [{ robot: '销售群', as: id(who) }] });
    expect((await subscribe(zhangmin, group('boss'))).status).toBe(403);
    expect((await subscribe(zhangmin, group('zhangmin'))).status).toBe(200);
    // What an administrator has set stands when the designer changes something else.
    const made = ok(await subscribe(admin, group('boss'))).json;
    const change = { schedule: { unit: 'week', time: '08:00', days: [1] }, members: [], ...group('boss') };
    expect((await zhangmin.call('PATCH', `/api/v1/subscriptions/${made.id}`, change)).status).toBe(200);
  });
});

describe('a picture’s address', () => {
  it('leads to this picture only, and ends', async () => {
    ok(await subscribe(admin, { members: [id('wangfang')] }));
    await atNine();
    const url = (await cards('wangfang'))[0]?.card_image?.url ?? '';
    expect((await picture(url)).status).toBe(200);
    const other = url.replace(
      /\/([0-9a-f])([0-9a-f]{63})\.png$/,
      (_, first, rest) => `/${first === '0' ? '1' : '0'}${rest}.png`,
    );
    expect((await picture(other)).status).toBe(404);
    expect((await picture(`${publicUrl}/pictures/a/b/c/x.png`)).status).toBe(404);
    whole.kernel.clock.advance(15 * day);
    expect((await picture(url)).status).toBe(404);
    await whole.get(SubscriptionRunner).work();
    const [left] = await database().withTenant(admin, (tx) =>
      tx.sql<{ n: number }>('SELECT count(*)::int AS n FROM lianke.report_picture WHERE expires_at < $1', [
        whole.kernel.clock.now(),
      ]),
    );
    expect(left?.n).toBe(0);
  });
});
