import { flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, TaskId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type RunningSandbox } from '../../infra/sandbox/src/server.js';
import { TenantDirectory } from '../src/engine/org/tenant-directory.js';
import { TransfersService } from '../src/engine/tasks/transfers.service.js';
import { AccountLinks } from '../src/modules/chat/account-links.js';
import { CallbackWorker } from '../src/modules/chat/callbacks/callback-worker.js';
import type { Connection } from '../src/modules/chat/connection.js';
import { ConnectionRepository } from '../src/modules/chat/connection.repository.js';
import { DingtalkStreams } from '../src/modules/chat/dingtalk/streams.js';
import { ChatMemberChannels } from '../src/modules/chat/member-channels.js';
import { MessageService } from '../src/modules/chat/message.service.js';
import { MessageSender } from '../src/modules/chat/message-sender.js';
import { connectDingtalk, connectWecom, freePort } from './support/chat-app.js';
import { comeToRest } from './support/flows.js';
import type { DingInbox } from './support/two-platforms.js';
import { type Answer, type TestAccount, WholeApp } from './support/whole-app.js';

/** Two read each platform, one of each pair in English. */
const readers = { wangfang: 'zh', liwei: 'en', chenzg: 'zh', boss: 'en' } as const;
type Reader = keyof typeof readers;
const inDingtalk: readonly Reader[] = ['chenzg', 'boss'];

let whole: WholeApp;
let sandbox: RunningSandbox;
let admin: TestAccount;
let wecom: Connection;
let dingtalk: Connection;
let contracts: FormView;
const people = new Map<string, { id: MemberId; name: string }>();

beforeAll(async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  sandbox = await createSandbox({ port: 0, publicUrl: url, wait: async () => undefined });
  whole = await WholeApp.start({ sandbox: { apiBase: sandbox.url, publicUrl: url } });
  await whole.app.listen(port, '127.0.0.1');
  admin = await whole.company('demo', '演示企业');
  wecom = await connectWecom({ app: whole.app, sandbox }, admin.tenantId);
  dingtalk = await connectDingtalk({ app: whole.app, sandbox }, admin.tenantId);
  const known = await rows<{ userid: string; id: MemberId; name: string }>(
    `SELECT a.userid, m.id, m.name FROM lianke.chat_account a JOIN lianke.member m ON m.id = a.member_id
     WHERE a.connection_id = $1`,
    [wecom.id],
  );
  for (const { userid, ...member } of known) people.set(userid, member);
  for (const userid of inDingtalk) {
    await whole.get(AccountLinks).link(admin, dingtalk.id, userid, of(userid).id);
    await whole.get(ChatMemberChannels).choose(admin, of(userid).id, 'dingtalk');
  }
  await whole.get(DingtalkStreams).round();
  await provePresses(true);
  for (const [userid, language] of Object.entries(readers))
    await rows('UPDATE lianke.member SET language = $2 WHERE id = $1 RETURNING 1', [of(userid).id, language]);
  await rows(
    `INSERT INTO lianke.role_member (tenant_id, role_id, member_id)
     SELECT $1, $2, id FROM unnest($3::uuid[]) AS p(id) ON CONFLICT DO NOTHING RETURNING 1`,
    [admin.tenantId, admin.adminRoleId, Object.keys(readers).map((userid) => of(userid).id)],
  );
  await rows('UPDATE lianke.tenant SET access_version = access_version + 1 RETURNING 1');
  const app = ok(await admin.call('POST', '/api/v1/apps', { name: '合同' })).json;
  contracts = ok(
    await admin.call('POST', '/api/v1/forms', {
      ...{ appId: app.id, key: 'contract', name: '合同' },
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'amount', name: '金额', type: 'money' },
        { key: 'paid', name: '已付', type: 'switch' },
      ],
    }),
  ).json;
  await publish({});
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
const of = (userid: string): { id: MemberId; name: string } => {
  const member = people.get(userid);
  if (!member) throw new Error(`nobody is ${userid}`);
  return member;
};
const provePresses = (proved: boolean) =>
  whole.kernel.database.withTenant(admin, (tx) =>
    whole.get(ConnectionRepository).note(tx, dingtalk.id, { testPressedAt: proved ? new Date().toISOString() : null }),
  );

async function publish(more: object): Promise<void> {
  const ref = (path: string) => ({ source: 'trigger', path });
  const definition = flowDefinition.parse({
    trigger: { type: 'recordCreated', formId: contracts.id },
    nodes: [
      {
        ...{ id: 'ok', name: '经理审批', type: 'approval', mode: 'any', whenEmpty: 'admin', commentOnReject: false },
        approvers: [{ kind: 'member', ids: Object.keys(readers).map((userid) => of(userid).id) }],
        title: { kind: 'ref', ref: ref('name') },
        facts: [
          { label: '金额', ref: ref('amount') },
          { label: '已付', ref: ref('paid') },
        ],
        ...more,
      },
    ],
    edges: [{ from: 'trigger', to: 'ok' }],
  });
  const flow = ok(await admin.call('POST', '/api/v1/flows', { appId: contracts.appId, name: '审批', definition }));
  expect(flow.json.faults).toEqual([]);
  ok(await admin.call('POST', `/api/v1/flows/${flow.json.id}/publish`, {}));
}

/** What has come by the platforms is acted on; nothing is written to anybody yet. */
async function hear(): Promise<void> {
  await sandbox.state.callbacks.idle();
  await sandbox.state.pushes.idle();
  while (await whole.get(CallbackWorker).round());
  await comeToRest(whole);
}

async function rest(): Promise<void> {
  do {
    await hear();
  } while (await whole.get(MessageSender).round());
}

async function submit(name: string): Promise<void> {
  const values = { name, amount: '800000', paid: false };
  ok(await admin.call('POST', `/api/v1/forms/${contracts.id}/records`, { values }));
  await rest();
}

async function control<T>(path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${sandbox.url}/sandbox/api/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

interface PhoneCard {
  cardId: string;
  replaced: string | null;
  card: {
    source: { desc: string };
    main_title: { title: string };
    sub_title_text?: string;
    horizontal_content_list?: { keyname: string; value: string }[];
    button_list?: { text: string; key: string }[];
    button_selection?: { title: string; option_list: { text: string }[] };
  };
}

/** The card of that title on a WeCom phone. */
async function wecomCard(userid: Reader | 'zhangmin', title: string): Promise<PhoneCard> {
  const { items } = await control<{ items: PhoneCard[] }>(`people/${userid}/cards?corpId=${wecom.corpId}`);
  const found = items.find(({ card }) => card.main_title.title === title);
  if (!found) throw new Error(`${userid} has ${items.map(({ card }) => card.main_title.title).join()}`);
  return found;
}
const inbox = (userid: Reader) => control<DingInbox>(`dingtalk/apps/${dingtalk.appKey}/people/${userid}/inbox`);

async function dingCard(userid: Reader, title: string) {
  const found = (await inbox(userid)).cards.find(({ values }) => values.title === title);
  if (!found) throw new Error(`${userid} has no card ${title}`);
  return found;
}

async function pressWecom(userid: Reader, title: string, text: string): Promise<void> {
  const { cardId, card } = await wecomCard(userid, title);
  const key = card.button_list?.find((button) => button.text === text)?.key;
  await control(`cards/${cardId}/press`, { userid, key });
}

async function pressDingtalk(userid: Reader, title: string, text: string | RegExp): Promise<void> {
  const { outTrackId, values } = await dingCard(userid, title);
  const says = (words = '') => (typeof text === 'string' ? words === text : text.test(words));
  const slot = ['a1', 'a2', 'a3'].find((one) => says(values[`${one}_text`]));
  await control('dingtalk/cards/press', {
    ...{ appKey: dingtalk.appKey, outTrackId, userid, actionId: slot },
    params: { action: values[`${slot}_key`] },
  });
}

const facts = (card: PhoneCard) => card.card.horizontal_content_list?.map(({ keyname, value }) => [keyname, value]);
const outcomes = (title: string) =>
  rows<{ language: string; outcome: string }>(
    `SELECT language, outcome FROM lianke.message WHERE card->>'title' = $1 ORDER BY language, outcome`,
    [title],
  );

describe('one approval to four readers', () => {
  it('asks each in his language on WeCom', async () => {
    await submit('合同一');
    const zh = await wecomCard('wangfang', '合同一');
    expect(zh.card.source.desc).toBe('联客');
    expect(zh.card.sub_title_text).toMatch(/ 提交$/);
    expect(facts(zh)).toEqual([
      ['金额', '800,000 元'],
      ['已付', '否'],
    ]);
    expect(zh.card.button_list?.map(({ text }) => text)).toEqual(['同意', '拒绝']);
    expect(zh.card.button_selection).toMatchObject({ title: '拒绝理由', option_list: { 0: { text: '不写理由' } } });
    const en = await wecomCard('liwei', '合同一');
    expect(en.card.source.desc).toBe('Lianke');
    expect(en.card.sub_title_text).toMatch(/^Submitted by /);
    expect(facts(en)).toEqual([
      ['金额', '800,000 CNY'],
      ['已付', 'No'],
    ]);
    expect(en.card.button_list?.map(({ text }) => text)).toEqual(['Approve', 'Reject']);
    expect(en.card.button_selection).toMatchObject({ title: 'Reason', option_list: { 0: { text: 'No reason' } } });
  });

  it('asks each in his language on DingTalk, on the card and in the to-do', async () => {
    const zh = await dingCard('chenzg', '合同一');
    expect(zh.values).toMatchObject({ a1_text: '同意', a2_text: '拒绝', open_text: '查看详情' });
    expect(zh.values.description).toMatch(/ 提交$/);
    const en = await dingCard('boss', '合同一');
    expect(en.values).toMatchObject({ a1_text: 'Approve', a2_text: 'Reject', open_text: 'Open' });
    expect(en.values.description).toMatch(/^Submitted by /);
    expect(JSON.parse(en.values.contents ?? '')).toEqual([
      { label: '金额', text: '800,000 CNY' },
      { label: '已付', text: 'No' },
    ]);
  });

  it('says on every copy who decided, each in the language of the copy', async () => {
    await pressWecom('liwei', '合同一', 'Approve');
    await rest();
    const name = of('liwei').name;
    expect((await wecomCard('wangfang', '合同一')).replaced).toBe(`${name} 已同意`);
    const own = await wecomCard('liwei', '合同一');
    expect(own.replaced).toMatch(/^Approved…$/);
    expect(facts(own)?.at(-1)).toEqual(['Result', `Approved by ${name}`]);
    expect((await dingCard('chenzg', '合同一')).values.outcome).toBe(`${name} 已同意`);
    expect((await dingCard('boss', '合同一')).values.outcome).toBe(`Approved by ${name}`);
  });

  it('tells a press that came second so in the presser’s language', async () => {
    await submit('合同二');
    await pressDingtalk('boss', '合同二', 'Reject');
    await pressDingtalk('boss', '合同二', /^Reject: \P{Script=Han}+$/u);
    await hear();
    await pressWecom('liwei', '合同二', 'Approve');
    await pressDingtalk('chenzg', '合同二', '同意');
    await rest();
    const name = of('boss').name;
    expect((await dingCard('boss', '合同二')).values.outcome).toBe(`Rejected by ${name}`);
    const late = facts(await wecomCard('liwei', '合同二'))?.at(-1);
    expect(late?.[0]).toBe('Result');
    expect(late?.[1]).toContain(name);
    expect(late?.[1]?.replace(name, '')).not.toMatch(/\p{Script=Han}/u);
    expect((await dingCard('chenzg', '合同二')).values.outcome).toMatch(/拒绝/);
    expect((await wecomCard('wangfang', '合同二')).replaced).toBe(`${name} 已拒绝`);
  });

  it('keeps the language in which a card was written, whatever its reader chooses before it ends', async () => {
    await submit('合同三');
    const choose = (language: string) =>
      rows('UPDATE lianke.member SET language = $2 WHERE id = $1 RETURNING 1', [of('liwei').id, language]);
    await choose('zh');
    await pressWecom('wangfang', '合同三', '同意');
    await rest();
    await choose('en');
    const name = of('wangfang').name;
    expect(facts(await wecomCard('liwei', '合同三'))?.at(-1)).toEqual(['Result', `Approved by ${name}`]);
    expect(await outcomes('合同三')).toEqual([
      ...Array.from({ length: 2 }, () => ({ language: 'en', outcome: `Approved by ${name}` })),
      ...Array.from({ length: 2 }, () => ({ language: 'zh', outcome: `${name} 已同意` })),
    ]);
  });

  it('handed from one language into the other, says the same in the other', async () => {
    await submit('合同五');
    const [task] = await rows<{ id: TaskId }>(
      `SELECT t.id FROM lianke.task t WHERE t.title = '合同五' AND t.member_id = $1`,
      [of('liwei').id],
    );
    if (!task) throw new Error('liwei was not asked');
    const actor = { kind: 'member', memberId: of('liwei').id } as const;
    const ctx = await whole.get(TenantDirectory).context(admin.tenantId, actor, { door: 'miniapp' });
    await whole.get(TransfersService).transfer(ctx, task.id, of('zhangmin').id, undefined);
    await rest();
    expect(facts(await wecomCard('liwei', '合同五'))?.at(-1)).toEqual([
      'Result',
      `Handed to ${of('zhangmin').name} by ${of('liwei').name}`,
    ]);
    const handed = await wecomCard('zhangmin', '合同五');
    expect(handed.card.sub_title_text).toMatch(new RegExp(` 提交，${of('liwei').name} 转办$`));
    expect(facts(handed)).toEqual([
      ['金额', '800,000 元'],
      ['已付', '否'],
    ]);
    await pressWecom('wangfang', '合同五', '同意');
    await rest();
  });

  it('says what waits in his language where no button can be pressed', async () => {
    await provePresses(false);
    await submit('合同四');
    await provePresses(true);
    const notice = async (userid: Reader) => JSON.stringify((await inbox(userid)).notices.at(-1)?.msg);
    expect(await notice('chenzg')).toContain('联客');
    expect(await notice('boss')).toContain('Lianke');
    const states = async (userid: Reader) => (await inbox(userid)).notices.at(-1)?.statusBar?.value;
    expect([await states('chenzg'), await states('boss')]).toEqual(['待处理', 'To do']);
    await pressWecom('wangfang', '合同四', '同意');
    await rest();
    const name = of('wangfang').name;
    expect([await states('chenzg'), await states('boss')]).toEqual([`${name} 已同意`, `Approved by ${name}`]);
  });
});

describe('bursts', () => {
  it('become one digest in the reader’s language', async () => {
    const ctx = await whole.get(TenantDirectory).context(admin.tenantId, { kind: 'system', name: 'flow' });
    await whole.kernel.database.withTenant(admin, async (tx) => {
      for (const n of [1, 2])
        await whole.get(MessageService).enqueue(tx, ctx, {
          card: {
            kind: 'notice',
            title: { zh: `第 ${n} 条`, en: `No. ${n}` },
            facts: [],
            path: '/pages/notices/index',
            buttons: [],
          },
          to: [of('wangfang').id, of('liwei').id],
          key: `burst:${n}`,
          about: { kind: 'none', id: null },
          mergeable: true,
        });
    });
    await rows(
      `UPDATE lianke.message SET ready_at = clock_timestamp() - interval '1 second', created_at = created_at - interval '1 minute'
       WHERE key LIKE 'burst:%' RETURNING 1`,
    );
    await rest();
    const zh = await wecomCard('wangfang', '2 条新消息');
    expect([zh.card.sub_title_text, facts(zh)?.map(([, value]) => value)]).toEqual([
      '点开查看全部消息',
      ['第 1 条', '第 2 条'],
    ]);
    const en = await wecomCard('liwei', '2 new messages');
    expect([en.card.sub_title_text, facts(en)?.map(([, value]) => value)]).toEqual([
      'Open to see all messages',
      ['No. 1', 'No. 2'],
    ]);
  });
});
