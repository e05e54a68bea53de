import type { Card } from '@lianke/shared/chat/cards';
import type { MemberId, MessageId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ChatTestApp,
  connectWecom,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../test/support/chat-app.js';
import type { TenantContext } from '../../engine/context.js';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { Notifier } from '../../engine/ports.js';
import { DeliveryLog } from './delivery-log.js';
import { MessageSender } from './message-sender.js';

let t: ChatTestApp;
let tenant: TestTenant;
let ctx: TenantContext;
let wangfang: MemberId;
let liwei: MemberId;

beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  tenant = await makeTenant(t, 'demo', '演示企业');
  await connectWecom(t, tenant.tenantId);
  ctx = await t.app.get(TenantDirectory).context(tenant.tenantId, { kind: 'system', name: 'flow' });
  const found = await t.database.withTenant(tenant, (tx) =>
    tx.sql<{ userid_key: string; member_id: MemberId }>('SELECT userid_key, member_id FROM lianke.chat_account'),
  );
  const member = (userid: string) => found.find((row) => row.userid_key === userid)?.member_id as MemberId;
  wangfang = member('wangfang');
  liwei = member('liwei');
});
afterAll(() => t.close());

const card = (title: string): Card => ({ kind: 'notice', title, facts: [], path: '/pages/index/index', buttons: [] });
const send = async (title: string, to: MemberId) => {
  const note = { card: card(title), to: [to], key: title, about: { kind: 'none', id: null } as const };
  await t.database.withTenant(tenant, (tx) => t.app.get(Notifier).enqueue(tx, ctx, note));
  while (await t.app.get(MessageSender).round());
};
const log = () => t.app.get(DeliveryLog);
const newest = async () => (await log().list(ctx, {})).items[0];
const onPhone = async (userid: string, title: string) => {
  const answer = await fetch(`${t.sandbox.url}/sandbox/api/people/${userid}/chats`);
  return JSON.stringify(await answer.json()).split(title).length - 1;
};

it('a message that arrived, one that was refused and then sent again, one to somebody without an account', async () => {
  await send('到了', wangfang);
  expect(await newest()).toMatchObject({
    title: '到了',
    member: { id: wangfang, label: '王芳' },
    state: 'sent',
    connection: { channel: 'wecom' },
    error: null,
    nextAt: null,
  });
  await expect(log().resend(ctx, (await newest())?.id as MessageId)).rejects.toMatchObject({ code: 'wrong_state' });

  t.sandbox.state.faults.add({ path: 'message/send', effect: { kind: 'errcode', errcode: 40008 } });
  await send('被拒绝', liwei);
  const refused = await newest();
  expect(refused).toMatchObject({ title: '被拒绝', state: 'failed' });
  expect(refused?.error).toContain('40008');
  expect(await onPhone('liwei', '被拒绝')).toBe(0);
  t.sandbox.state.faults.remove();
  t.sandbox.state.faults.add({ path: 'message/send', effect: { kind: 'errcode', errcode: 40032 } });
  await send('两种说法', liwei);
  const told = async (language: 'zh' | 'en') => (await log().list({ ...ctx, language }, {})).items[0]?.error;
  expect([await told('zh'), await told('en')]).toEqual([
    '名单的人数不对：群里要有 2 到 2000 人，一条消息最多发给 1000 人（40032）',
    'The number of people is wrong: a group has 2 to 2,000, and one message goes to 1,000 at most (40032)',
  ]);
  t.sandbox.state.faults.remove();
  expect(await log().resend(ctx, refused?.id as MessageId)).toMatchObject({
    state: 'queued',
    error: null,
    attempts: 0,
  });
  while (await t.app.get(MessageSender).round());
  expect((await log().list(ctx, {})).items.find(({ id }) => id === refused?.id)).toMatchObject({ state: 'sent' });
  expect(await onPhone('liwei', '被拒绝')).toBeGreaterThan(0);

  await t.database.withTenant(tenant, (tx) => tx.run('DELETE FROM lianke.chat_account WHERE member_id = $1', [liwei]));
  await send('找不到人', liwei);
  expect(await newest()).toMatchObject({ state: 'skipped', error: 'no chat account', connection: null });
});

it.each([
  ['at once is known for the same', '1 second', false],
  ['after the platform has forgotten it may have come twice', '5 hours', true],
])('a message without an answer that is sent again %s', async (_, ago, maybeTwice) => {
  t.sandbox.state.faults.add({ path: 'message/send', effect: { kind: 'drop' }, times: 1 });
  const title = `没应答 ${ago}`;
  await send(title, wangfang);
  const entry = async () => (await log().list(ctx, {})).items.find((item) => item.title === title);
  expect(await entry()).toMatchObject({ state: 'queued', error: 'unknown result', maybeTwice: false });
  await t.database.withTenant(tenant, (tx) =>
    tx.run(
      `UPDATE lianke.message SET ready_at = clock_timestamp(), unknown_since = clock_timestamp() - $2::interval WHERE card->>'title' = $1`,
      [title, ago],
    ),
  );
  while (await t.app.get(MessageSender).round());
  expect(await entry()).toMatchObject({ state: 'sent', maybeTwice });
  const twice = await log().list(ctx, { twice: '1' });
  expect(twice.items.some((item) => item.title === title)).toBe(maybeTwice);
});

it('is read by state, person and page, newest first', async () => {
  for (let n = 0; n < 60; n++) await send(`第 ${n} 条`, wangfang);
  const first = await log().list(ctx, { memberId: wangfang });
  expect(first.items).toHaveLength(50);
  expect(first.items[0]?.title).toBe('第 59 条');
  const second = await log().list(ctx, { memberId: wangfang, cursor: first.cursor ?? '' });
  expect(second.items.map((item) => item.title)).toContain('到了');
  expect(second.cursor).toBeNull();
  // More than a person gets in a minute wait for the next one.
  const waiting = await log().list(ctx, { state: 'queued' });
  expect(waiting.items[0]).toMatchObject({ title: '第 59 条', nextAt: expect.any(String), sentAt: null });
  const titles = [...first.items, ...second.items].map((item) => item.title);
  expect(new Set(titles).size).toBe(titles.length);
  await expect(log().list(ctx, { cursor: "'; DROP" })).rejects.toMatchObject({ code: 'invalid_cursor' });
});
