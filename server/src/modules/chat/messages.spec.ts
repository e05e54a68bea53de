import type { Card } from '@lianke/shared/chat/cards';
import type { MemberId } from '@lianke/shared/ids';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  type ChatTestApp,
  connectWecom,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../test/support/chat-app.js';
import type { TenantContext } from '../../engine/context.js';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { CardActions, type Notification, Notifier, type ReceivedCardAction } from '../../engine/ports.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CallbackInbox } from './callbacks/callback-inbox.js';
import { CallbackWorker } from './callbacks/callback-worker.js';
import type { Connection } from './connection.js';
import { ConnectionRepository } from './connection.repository.js';
import { MessageSender } from './message-sender.js';

let t: ChatTestApp;
let tenant: TestTenant;
let connection: Connection;
let ctx: TenantContext;
const people = new Map<string, MemberId>();
const presses: ReceivedCardAction[] = [];
let refusal: AppError | undefined;

beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  tenant = await makeTenant(t, 'demo', '演示企业');
  connection = await connectWecom(t, tenant.tenantId);
  ctx = await t.app.get(TenantDirectory).context(tenant.tenantId, { kind: 'system', name: 'flow' });
  const rows = await t.database.withTenant(tenant, (tx) =>
    tx.sql<{ userid_key: string; member_id: MemberId }>('SELECT userid_key, member_id FROM lianke.chat_account'),
  );
  for (const row of rows) people.set(row.userid_key, row.member_id);
  t.app.get(CardActions).register({
    async onCardAction(_ctx, action) {
      if (!action.action.startsWith('test.')) return false;
      presses.push(action);
      if (refusal) throw refusal;
      return true;
    },
  });
});
afterAll(() => t.close());
afterEach(async () => {
  refusal = undefined;
  presses.length = 0;
  t.sandbox.state.faults.remove();
  t.sandbox.state.recorder.clear();
  await t.database.withTenant(tenant, (tx) => tx.run('DELETE FROM lianke.message'));
});

const member = (userid: string) => people.get(userid) ?? ('' as MemberId);
const approval: Card = {
  kind: 'approval',
  title: '合同审批',
  description: '王芳 提交',
  facts: [{ label: '金额', value: '800,000.00 元' }],
  path: '/pages/task/index?id=1',
  buttons: [
    { text: '同意', action: 'test.approve', style: 'primary' },
    { text: '拒绝', action: 'test.reject', style: 'danger' },
  ],
};
const notice = (title: string, description = '内容'): Card => ({
  ...approval,
  kind: 'notice',
  title,
  description,
  buttons: [],
});

async function enqueue(notification: Partial<Notification> & { to: MemberId[] }): Promise<void> {
  const full = { card: approval, key: uuid7(), about: { kind: 'none', id: null } as const, ...notification };
  await t.database.withTenant(tenant, (tx) => t.app.get(Notifier).enqueue(tx, ctx, full));
}

const update = (about: Notification['about'], outcome: string, by: MemberId | null = null) =>
  t.database.withTenant(tenant, (tx) => t.app.get(Notifier).update(tx, ctx, { about, outcome, by }));

/** Runs the loops until they find nothing more. */
async function work(): Promise<void> {
  while (await t.app.get(MessageSender).round());
  await t.sandbox.state.callbacks.idle();
  while (await t.app.get(CallbackWorker).round());
  while (await t.app.get(MessageSender).round());
}

/** What waits for a later time is due now. */
const makeDue = () =>
  t.database.withTenant(tenant, (tx) =>
    tx.run(`UPDATE lianke.message SET ready_at = clock_timestamp() - interval '1 second',
      created_at = created_at - interval '1 minute' WHERE state = 'queued' OR outcome_state = 'pending'`),
  );

interface Row {
  id: string;
  state: string;
  msgid: string | null;
  response_code: string | null;
  error: string | null;
  outcome_state: string | null;
  attempts: number;
  body: string | null;
}
const rows = () =>
  t.database.withTenant(tenant, (tx) => tx.sql<Row>('SELECT * FROM lianke.message ORDER BY created_at, id'));

const effects = (kind: 'send' | 'update') => t.sandbox.state.recorder.list({ kind });
const delivered = () => effects('send').filter((effect) => effect.errcode === 0 && !effect.suppressed);

interface PhoneCard {
  cardId: string;
  replaced: string | null;
  card: { main_title: { title: string }; horizontal_content_list?: { keyname: string; value: string }[] };
}
async function cardsOf(userid: string): Promise<PhoneCard[]> {
  const answer = await fetch(`${t.sandbox.url}/sandbox/api/people/${userid}/cards?corpId=${connection.corpId}`);
  return ((await answer.json()) as { items: PhoneCard[] }).items;
}
/** The card of our message on a phone. */
async function cardOf(userid: string, row: Row | undefined): Promise<PhoneCard> {
  const card = (await cardsOf(userid)).find((each) => each.cardId === row?.msgid);
  if (!card) throw new Error(`no card on the phone of ${userid}`);
  return card;
}
async function press(userid: string, row: Row | undefined, key = 'test.approve'): Promise<Response> {
  const { cardId } = await cardOf(userid, row);
  const body = JSON.stringify({ userid, key });
  return fetch(`${t.sandbox.url}/sandbox/api/cards/${cardId}/press`, { method: 'POST', body });
}

describe('sending', () => {
  it('delivers one card a member, and writes down what came of it', async () => {
    await enqueue({ to: [member('chenzg'), member('boss'), member('chenzg')] });
    await work();
    expect((await rows()).map((row) => row.state)).toEqual(['sent', 'sent']);
    const [row] = await rows();
    expect(row).toMatchObject({ msgid: expect.any(String), response_code: expect.any(String), error: null });
    const card = await cardOf('chenzg', (await rows())[0]);
    expect(card.card.main_title.title).toBe('合同审批');
    expect(JSON.parse(row?.body ?? '')).toMatchObject({
      touser: 'chenzg',
      enable_duplicate_check: 1,
      duplicate_check_interval: 14_400,
    });
  });

  it('sends the same key to the same member once, ever', async () => {
    for (let round = 0; round < 3; round += 1) {
      await enqueue({ to: [member('boss')], key: 'run:step:1' });
      await work();
    }
    expect(delivered()).toHaveLength(1);
  });

  it('delivers two messages of the same words to one person, which are not a repeat of one another', async () => {
    const reminder: Card = { ...approval, kind: 'notice', buttons: [] };
    for (const key of ['run:remind:0', 'run:remind:1']) await enqueue({ card: reminder, to: [member('liwei')], key });
    await work();
    expect(delivered()).toHaveLength(2);
  });

  it('is undone with the transaction that asked for it', async () => {
    const failing = t.database.withTenant(tenant, async (tx) => {
      const about = { kind: 'none', id: null } as const;
      await t.app.get(Notifier).enqueue(tx, ctx, { card: approval, key: 'x', about, to: [member('boss')] });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await work();
    expect(delivered()).toEqual([]);
  });

  it('notes members without a chat account', async () => {
    await enqueue({ to: ['01900000-0000-7000-8000-000000000000' as MemberId] });
    await work();
    expect(await rows()).toMatchObject([{ state: 'skipped', error: 'no chat account' }]);
  });

  it('repeats the same bytes when no answer came, and the phone shows one card', async () => {
    t.sandbox.state.faults.add({ path: 'message/send', effect: { kind: 'drop' }, times: 1 });
    await enqueue({ to: [member('boss')] });
    await work();
    expect(await rows()).toMatchObject([{ state: 'queued', attempts: 1 }]);
    await makeDue();
    await work();
    expect(await rows()).toMatchObject([{ state: 'sent', response_code: expect.any(String), error: null }]);
    const [first, second] = effects('send');
    expect(second?.raw).toBe(first?.raw);
    expect(delivered()).toHaveLength(1);
  });

  it('takes a refused task id for done when an attempt without an answer came before', async () => {
    t.sandbox.state.faults.add({ path: 'message/send', effect: { kind: 'drop' }, times: 1 });
    await enqueue({ to: [member('boss')] });
    await work();
    t.sandbox.state.wecom.world.duplicates.clear();
    await makeDue();
    await work();
    expect(await rows()).toMatchObject([{ state: 'sent', msgid: null }]);
    expect(delivered()).toHaveLength(1);
  });

  it.each([
    ['waits while the platform is busy', -1, { state: 'queued', attempts: 1 }],
    ['waits for the window to end when throttled', 45009, { state: 'queued', attempts: 0 }],
    ['waits for an administrator when wrongly set up', 301002, { state: 'queued', attempts: 1 }],
    ['gives up whom the platform cannot reach', 60111, { state: 'failed' }],
    ['gives up what the platform does not take', 40058, { state: 'failed' }],
  ])('%s', async (_, errcode, expected) => {
    t.sandbox.state.faults.add({ path: 'message/send', effect: { kind: 'errcode', errcode }, times: 1 });
    await enqueue({ to: [member('boss')] });
    await work();
    expect(await rows()).toMatchObject([{ ...expected, error: expect.stringContaining(String(errcode)) }]);
    if (expected.state === 'failed') return;
    await makeDue();
    await work();
    expect(await rows()).toMatchObject([{ state: 'sent', error: null }]);
  });

  it('without a callback goes out as a link to the page (it waited for eight hours and then failed)', async () => {
    const app = t.sandbox.state.wecom.world.corps.get(connection.corpId)?.apps.get(Number(connection.agentId));
    const callback = app?.callback;
    if (!app || !callback) throw new Error('the app has no callback');
    app.callback = null;
    onTestFinished(() => {
      app.callback = callback;
    });
    const about = { kind: 'task', id: uuid7() } as const;
    const choice = { key: 'reason', title: '拒绝理由', options: [{ id: 'none', text: '不写理由' }] };
    t.sandbox.state.faults.add({ path: 'message/send', after: 1, effect: { kind: 'drop' }, times: 1 });
    await enqueue({ to: [member('liuyang')], card: { ...approval, choice }, about });
    await work();
    expect(await rows()).toMatchObject([{ state: 'queued', attempts: 1 }]);
    await makeDue();
    await work();
    const [row] = await rows();
    expect(row).toMatchObject({ state: 'sent', error: null });
    expect(await cardOf('liuyang', row)).toMatchObject({
      card: {
        card_type: 'text_notice',
        jump_list: [{ type: 1, title: '去处理', url: expect.stringContaining('pages/task/index') }],
      },
    });
    expect(delivered()).toHaveLength(1);
    const state = (await t.app.get(ConnectionRepository).ofTenant(tenant, connection.id))?.state;
    expect(JSON.stringify(state?.problem)).toContain('接收消息');
    await update(about, '老板 已同意');
    await work();
    expect((await rows()).map((one) => one.state)).toEqual(['sent', 'sent']);
    expect((await cardsOf('liuyang')).at(-1)?.card.main_title.title).toBe('已处理：合同审批');
  });

  it('keeps below what the platform would silently drop, and sends the rest later', async () => {
    for (let index = 0; index < 17; index += 1) await enqueue({ to: [member('zhangmin')] });
    await work();
    expect(delivered()).toHaveLength(15);
    expect((await rows()).filter((row) => row.state === 'queued')).toMatchObject([{ attempts: 0 }, { attempts: 0 }]);
  });

  it('survives a worker that died in the middle: the next claim repeats, the dead one is fenced out', async () => {
    await enqueue({ to: [member('boss')] });
    const { MessageStore } = await import('./message-store.js');
    const store = t.app.get(MessageStore);
    const [dead] = await store.claim();
    if (!dead) throw new Error('nothing claimed');
    await t.database.withTenant(tenant, (tx) =>
      tx.run(`UPDATE lianke.message SET lease_until = clock_timestamp() - interval '1 second'`),
    );
    await work();
    await store.settle(dead, { as: 'failed', error: 'late' });
    expect(await rows()).toMatchObject([{ state: 'sent', error: null }]);
    expect(delivered()).toHaveLength(1);
  });
});

describe('digests', () => {
  it('one card for many mergeable messages to a member; others go alone', async () => {
    for (let index = 0; index < 78; index += 1) {
      await enqueue({ to: [member('liwei')], mergeable: true, card: notice('新客户跟进', `客户 ${index}`) });
    }
    await enqueue({ to: [member('wangfang')], mergeable: true, card: notice('新客户跟进', '只有一个') });
    await work();
    expect(delivered()).toEqual([]);
    await makeDue();
    await work();
    const sent = delivered().map(
      (effect) => JSON.parse(effect.raw) as { touser: string; template_card: { main_title: { title: string } } },
    );
    expect(sent.map((body) => [body.touser, body.template_card.main_title.title]).sort()).toEqual([
      ['liwei', '新客户跟进（共 78 条）'],
      ['wangfang', '新客户跟进'],
    ]);
    const states = (await rows()).map((row) => row.state);
    expect(states.filter((state) => state === 'merged')).toHaveLength(78);
    expect(states.filter((state) => state === 'sent')).toHaveLength(2);
  });

  it('leave out what was decided meanwhile', async () => {
    const about = { kind: 'task', id: uuid7() } as const;
    await enqueue({ to: [member('liwei')], mergeable: true, about, card: notice('一') });
    await enqueue({ to: [member('liwei')], mergeable: true, card: notice('二') });
    await update(about, '已完成');
    await makeDue();
    await work();
    expect((await rows()).map((row) => [row.state, row.error])).toEqual([
      ['skipped', 'decided before it was sent'],
      ['sent', null],
    ]);
  });
});

describe('buttons', () => {
  it('come back from the right person with what the card is about', async () => {
    const about = { kind: 'task', id: uuid7() } as const;
    await enqueue({ to: [member('chenzg')], about });
    await work();
    const [row] = await rows();
    expect((await press('chenzg', row)).status).toBe(200);
    await work();
    expect(presses).toMatchObject([
      {
        messageId: row?.id,
        action: 'test.approve',
        memberId: member('chenzg'),
        about,
        responseCode: expect.any(String),
      },
    ]);
  });

  it('show the result on every copy: the presser’s by his press, the others’ by the send, and cannot be pressed again', async () => {
    const about = { kind: 'task', id: uuid7() } as const;
    await enqueue({ to: [member('chenzg'), member('caiwu')], about });
    await work();
    const [own, other] = await rows();
    await press('chenzg', own);
    await work();
    await update(about, '陈主管 已同意', member('chenzg'));
    await work();
    for (const [userid, row] of [
      ['chenzg', own],
      ['caiwu', other],
    ] as const) {
      const card = await cardOf(userid, row);
      expect(card.replaced).toBe('陈主管 已同意');
      expect(card.card.horizontal_content_list?.at(-1)).toMatchObject({ keyname: '结果', value: '陈主管 已同意' });
      expect((await press(userid, row)).status).toBe(409);
    }
    const bodies = effects('update').map((effect) => JSON.parse(effect.raw) as { userids?: string[]; atall?: number });
    expect(bodies.map((body) => body.userids ?? body.atall)).toEqual(expect.arrayContaining([['chenzg'], 1]));
    expect((await rows()).map((row) => row.outcome_state)).toEqual(['done', 'done']);
  });

  it('that cannot be changed any more are followed by a message with the result', async () => {
    const about = { kind: 'task', id: uuid7() } as const;
    await enqueue({ to: [member('chenzg')], about });
    await work();
    for (const code of t.sandbox.state.wecom.world.responseCodes.values()) code.used = true;
    await update(about, '老板 已拒绝');
    await work();
    const [first, second] = await rows();
    expect(first?.outcome_state).toBe('done');
    const told = await cardOf('chenzg', second);
    expect(told.card.main_title.title).toBe('已处理：合同审批');
    expect(told.card.horizontal_content_list?.at(-1)).toMatchObject({ keyname: '结果', value: '老板 已拒绝' });
  });

  it('updated without an answer are not told twice', async () => {
    const about = { kind: 'task', id: uuid7() } as const;
    await enqueue({ to: [member('chenzg')], about });
    await work();
    t.sandbox.state.faults.add({ path: 'update_template_card', effect: { kind: 'drop' }, times: 1 });
    await update(about, '已同意');
    await work();
    expect(await rows()).toMatchObject([{ outcome_state: 'pending', attempts: 1 }]);
    await makeDue();
    await work();
    expect(await rows()).toMatchObject([{ outcome_state: 'done' }]);
    expect((await cardOf('chenzg', (await rows())[0])).replaced).toBe('已同意');
  });

  it('pressed too late say so on the card', async () => {
    refusal = new AppError('already_handled', { who: '老板', outcome: '拒绝' });
    await enqueue({ to: [member('chenzg')], about: { kind: 'task', id: uuid7() } });
    await work();
    await press('chenzg', (await rows())[0]);
    await work();
    const card = await cardOf('chenzg', (await rows())[0]);
    expect(card.card.horizontal_content_list?.at(-1)?.value).toBe('老板 已拒绝，无需处理');
  });

  it('refused for another reason stay, and the reason comes as a message', async () => {
    refusal = new AppError('forbidden', { action: '审批' });
    await enqueue({ to: [member('chenzg')], about: { kind: 'task', id: uuid7() } });
    await work();
    await press('chenzg', (await rows())[0]);
    await work();
    const [asked, told] = await rows();
    expect((await cardOf('chenzg', asked)).replaced).toBeNull();
    expect((await cardOf('chenzg', told)).card.main_title.title).toBe('操作没有完成');
  });

  it('delivered twice by the platform act once', async () => {
    t.sandbox.state.wecom.switches = { ...t.sandbox.state.wecom.switches, callbackDuplicate: true };
    await enqueue({ to: [member('chenzg')], about: { kind: 'task', id: uuid7() } });
    await work();
    await press('chenzg', (await rows())[0]);
    await work();
    t.sandbox.state.wecom.switches = { ...t.sandbox.state.wecom.switches, callbackDuplicate: false };
    expect(presses).toHaveLength(1);
  });

  it('are tried again when acting on them failed', async () => {
    await enqueue({ to: [member('chenzg')], about: { kind: 'task', id: uuid7() } });
    await work();
    refusal = new Error('database gone') as AppError;
    await press('chenzg', (await rows())[0]);
    await work();
    refusal = undefined;
    await t.database.withTenant(tenant, (tx) =>
      tx.run(`UPDATE lianke.callback_inbox SET ready_at = clock_timestamp() - interval '1 second'`),
    );
    await work();
    expect(presses).toHaveLength(2);
    const open = await t.database.withTenant(tenant, (tx) =>
      tx.sql(`SELECT 1 FROM lianke.callback_inbox WHERE state <> 'done'`),
    );
    expect(open).toEqual([]);
  });
});

describe('callbacks', () => {
  const path = () => `${t.url}/callbacks/wecom/${connection.id}`;

  it('that nobody signed are refused, and nothing is kept of them', async () => {
    const count = async () =>
      (await t.database.withTenant(tenant, (tx) => tx.sql('SELECT 1 FROM lianke.callback_inbox'))).length;
    const before = await count();
    const body = '<xml><ToUserName>x</ToUserName><Encrypt>QUJDREVGR0g=</Encrypt></xml>';
    const query = '?msg_signature=0123456789012345678901234567890123456789&timestamp=1&nonce=1';
    const post = (url: string, text: string) =>
      fetch(url, { method: 'POST', body: text, headers: { 'content-type': 'text/xml' } });
    expect((await post(path() + query, body)).status).toBe(403);
    expect((await post(path(), body)).status).toBe(403);
    expect((await post(path() + query, '<xml/>')).status).toBe(400);
    expect((await fetch(`${path()}${query}&echostr=QUJD`)).status).toBe(403);
    expect((await post(`${t.url}/callbacks/wecom/01900000-0000-7000-8000-000000000000${query}`, body)).status).toBe(
      404,
    );
    expect((await post(`${t.url}/callbacks/wecom/nonsense${query}`, body)).status).toBe(404);
    expect(await count()).toBe(before);
  });

  it('of the same content are kept once, whatever their nonce', async () => {
    const inbox = t.app.get(CallbackInbox);
    const xml = '<xml><ToUserName>x</ToUserName><Event>enter_agent</Event></xml>';
    await Promise.all(Array.from({ length: 10 }, () => inbox.put(connection, xml)));
    const kept = await t.database.withTenant(tenant, (tx) =>
      tx.sql('SELECT 1 FROM lianke.callback_inbox WHERE body = $1', [xml]),
    );
    expect(kept).toHaveLength(1);
    await work();
  });
});

describe('试运行', () => {
  it('stands in front of what an app that is tried out sends, and of nothing else', async () => {
    const [tried, usual] = [uuid7(), uuid7()];
    const task = uuid7();
    await t.database.withTenant(tenant, async (tx) => {
      for (const [id, trial] of [
        [tried, '{"testers":[],"startedAt":"2026-03-04T00:00:00Z"}'],
        [usual, null],
      ] as const) {
        await tx.run(
          'INSERT INTO lianke.app (tenant_id, id, key, name, trial) VALUES ($1, $2::uuid, $2::uuid::text, $2::uuid::text, $3::jsonb)',
          [...[tenant.tenantId, id, trial]],
        );
        await tx.run(
          `INSERT INTO lianke.form (tenant_id, id, app_id, key, name, definition) VALUES ($1, $2, $2, 'f', 'f', '{}')`,
          [tenant.tenantId, id],
        );
      }
      await tx.run(
        `INSERT INTO lianke.task (tenant_id, id, run_id, node, member_id, title, facts, form_id, record_id, created_at)
         VALUES ($1, $2, $2, 'a', $3, '审批', '[]', $4, $2, now())`,
        [tenant.tenantId, task, member('wangfang'), tried],
      );
    });
    const to = [member('wangfang')];
    const path = (form: string) => `/pages/record/index?formId=${form}&id=${uuid7()}`;
    await enqueue({ to, card: { ...notice('新客户'), path: path(tried) } });
    await enqueue({ to, card: { ...notice('老应用'), path: path(usual) } });
    await enqueue({ to, card: notice('审批'), about: { kind: 'task', id: task } });
    const titles = await t.database.withTenant(tenant, (tx) =>
      tx.sql<{ title: string }>(`SELECT card->>'title' AS title FROM lianke.message ORDER BY id`),
    );
    expect(titles.map(({ title }) => title)).toEqual(['【试运行】新客户', '老应用', '【试运行】审批']);
  });
});
