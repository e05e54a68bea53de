import type { Card } from '@lianke/shared/chat/cards';
import { type NotifyChoices, usualSettings } from '@lianke/shared/chat/notify';
import { quietUntil } from '@lianke/shared/chat/quiet-hours';
import type { MemberId, MessageId } from '@lianke/shared/ids';
import { timeIn } from '@lianke/shared/time/zone';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ChatTestApp,
  connectWecom,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../test/support/chat-app.js';
import type { TenantContext } from '../../engine/context.js';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { type Notification, Notifier } from '../../engine/ports.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { wishOf } from './courtesy.js';
import { DeliveryLog } from './delivery-log.js';
import { MessageSender } from './message-sender.js';
import { Notices } from './notices.js';
import { NotifyPreferences } from './notify-preferences.js';

const zone = 'Asia/Shanghai';
const night = { on: true, from: '22:00', to: '08:30', restDays: false };

describe('wishOf', () => {
  const member_id = uuid7() as MemberId;
  const card = (kind: Card['kind']): Card => ({ kind, title: 't', facts: [], path: '/', buttons: [] });
  const settings = { ...usualSettings, quiet: night, chat: { ...usualSettings.chat, comment: false } };
  const late = new Date('2026-03-04T23:00:00+08:00');
  const wish = (kind: Card['kind'], topic: 'task' | 'notice' | 'comment' | 'direct', urgent = false, at = late) =>
    wishOf({ topic, urgent, card: card(kind), member_id }, settings, zone, at).as;

  it('holds back what may wait, keeps what its reader wants in the app only, and lets through what he lets through', () => {
    expect(wish('notice', 'notice')).toBe('hold');
    expect(wish('approval', 'task')).toBe('hold');
    expect(wish('notice', 'notice', true)).toBe('send');
    expect(wish('notice', 'comment', true)).toBe('keep');
    expect(wish('notice', 'direct')).toBe('send');
    expect(wish('notice', 'notice', false, new Date('2026-03-04T12:00:00+08:00'))).toBe('send');
    const open = { ...settings, through: { approvals: true, urgent: false } };
    const through = (kind: Card['kind'], urgent: boolean) =>
      wishOf({ topic: 'task', urgent, card: card(kind), member_id }, open, zone, late).as;
    expect(through('approval', false)).toBe('send');
    expect(through('task', true)).toBe('hold');
  });
});

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
afterEach(async () => {
  t.sandbox.state.recorder.clear();
  await t.database.withTenant(tenant, async (tx) => {
    await tx.run('DELETE FROM lianke.message');
    await tx.run('DELETE FROM lianke.notify_choice');
    await tx.run('DELETE FROM lianke.notify_default');
  });
});

const preferences = () => t.app.get(NotifyPreferences);
const as = (memberId: MemberId): TenantContext => ({ ...ctx, actor: { kind: 'member', memberId } });
const choose = (memberId: MemberId, own: NotifyChoices) => preferences().saveMine(as(memberId), memberId, own);
const companySilent = () => preferences().saveCompany(as(tenant.adminId), { ...usualSettings, quiet: night });

/** Moves business time forward to the next `time` of the company's clocks. */
function goTo(time: string): void {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const shanghai = t.clock.now().getTime() + 8 * 3_600_000;
  const now = shanghai % 86_400_000;
  const wanted = (hours * 60 + minutes) * 60_000;
  t.clock.advance((wanted - now + 86_400_000) % 86_400_000);
}

const notice = (title: string): Card => ({
  kind: 'notice',
  title,
  description: '内容',
  facts: [],
  path: '/pages/workbench/index',
  buttons: [],
});
async function enqueue(title: string, to: MemberId, more: Partial<Notification> = {}): Promise<void> {
  const note = { card: notice(title), to: [to], key: title, about: { kind: 'none', id: null } as const, ...more };
  await t.database.withTenant(tenant, (tx) => t.app.get(Notifier).enqueue(tx, ctx, note));
}
const work = async () => {
  while (await t.app.get(MessageSender).round());
};
/** What waits is looked at now. */
const makeDue = () =>
  t.database.withTenant(tenant, (tx) =>
    tx.run(`UPDATE lianke.message SET ready_at = clock_timestamp() - interval '1 second',
      created_at = created_at - interval '1 minute' WHERE state = 'queued'`),
  );
const sent = () =>
  t.sandbox.state.recorder
    .list({ kind: 'send' })
    .filter((effect) => effect.errcode === 0 && !effect.suppressed)
    .map((effect) => JSON.parse(effect.raw) as { template_card: { main_title: { title: string; desc?: string } } })
    .map(({ template_card: { main_title } }) => main_title.title);
const log = async () => (await t.app.get(DeliveryLog).list(ctx, {})).items;

describe('silent hours', () => {
  it('hold a message back until their end; the log says until when, and it goes out once', async () => {
    await companySilent();
    goTo('23:10');
    await enqueue('夜里的通知', wangfang);
    await work();
    expect(sent()).toEqual([]);
    const [held] = await log();
    expect(held).toMatchObject({ state: 'queued', attempts: 0, error: null });
    expect(timeIn(zone, new Date(held?.heldUntil ?? 0))).toBe('08:30');
    expect(held?.nextAt).toBe(held?.heldUntil);
    expect(await preferences().mine(as(wangfang), wangfang)).toMatchObject({ held: 1, quietUntil: held?.heldUntil });

    // Looked at in the middle of the night it stays where it is, and the same key again is the same message.
    goTo('03:00');
    await makeDue();
    await enqueue('夜里的通知', wangfang);
    await work();
    expect(sent()).toEqual([]);
    goTo('08:30');
    await makeDue();
    await work();
    await makeDue();
    await work();
    expect(sent()).toEqual(['夜里的通知']);
    expect(await log()).toMatchObject([{ state: 'sent', heldUntil: held?.heldUntil }]);
  });

  it('end with one digest of what may be merged; the rest comes one by one', async () => {
    await companySilent();
    goTo('23:10');
    for (let n = 1; n <= 12; n += 1) await enqueue(`第 ${n} 条`, wangfang, { mergeable: true });
    await enqueue('单独的', wangfang);
    await enqueue('别人的', liwei, { mergeable: true });
    await makeDue();
    await work();
    expect(sent()).toEqual([]);
    goTo('08:31');
    await makeDue();
    await work();
    expect(sent().sort()).toEqual(['12 条新消息', '别人的', '单独的'].sort());
    const [digest] = (await log()).filter((item) => item.kind === 'digest');
    expect(digest).toMatchObject({ state: 'sent', path: '/pages/notices/index' });
    // The reader's own list names the twelve and not their digest.
    const { items, unread } = await t.app.get(Notices).list(as(wangfang), wangfang, {});
    expect(unread).toBe(13);
    expect(items.map((item) => item.title)).not.toContain('12 条新消息');
  });

  it('let through what is urgent, without taking along what waits', async () => {
    await companySilent();
    goTo('23:10');
    await enqueue('可以等', wangfang, { mergeable: true });
    await enqueue('急事', wangfang, { mergeable: true, urgent: true });
    await makeDue();
    await work();
    expect(sent()).toEqual(['急事']);
    expect((await log()).map((item) => item.state).sort()).toEqual(['queued', 'sent']);
  });

  it('let approvals through for whoever wants them', async () => {
    await companySilent();
    await choose(wangfang, { through: { approvals: true, urgent: true } });
    goTo('23:10');
    const approval: Card = { ...notice('合同审批'), kind: 'approval' };
    await enqueue('a', wangfang, { card: approval });
    await enqueue('a', liwei, { card: approval });
    await work();
    expect(sent()).toEqual(['合同审批']);
  });

  it('a change of mind counts for what is held back already', async () => {
    await companySilent();
    goTo('23:10');
    await enqueue('等着的', wangfang);
    await enqueue('别人等着的', liwei);
    await work();
    expect(await choose(wangfang, { quiet: { ...night, on: false } })).toMatchObject({ quietUntil: null });
    await work();
    expect(sent()).toEqual(['等着的']);
    // The administrator's change reaches who follows the company.
    await preferences().saveCompany(as(tenant.adminId), usualSettings);
    await work();
    expect(sent()).toEqual(['等着的', '别人等着的']);
    expect((await log()).map((item) => item.heldUntil)).toEqual([null, null]);
  });

  it('a longer silence chosen meanwhile is kept', async () => {
    await companySilent();
    goTo('23:10');
    await enqueue('再晚些', wangfang);
    await work();
    await choose(wangfang, { quiet: { ...night, to: '10:00' } });
    await work();
    goTo('08:35');
    await makeDue();
    await work();
    expect(sent()).toEqual([]);
    goTo('10:00');
    await makeDue();
    await work();
    expect(sent()).toEqual(['再晚些']);
  });

  it('what is decided while it waits is not sent any more', async () => {
    await companySilent();
    goTo('23:10');
    const about = { kind: 'task', id: uuid7() } as const;
    await enqueue('审批', wangfang, { about });
    await work();
    await t.database.withTenant(tenant, (tx) =>
      t.app.get(Notifier).update(tx, ctx, { about, outcome: '已同意', by: null }),
    );
    await work();
    expect(sent()).toEqual([]);
    expect(await log()).toMatchObject([{ state: 'skipped', error: 'decided before it was sent' }]);
    const { items, unread } = await t.app.get(Notices).list(as(wangfang), wangfang, {});
    expect(unread).toBe(0);
    expect(items).toMatchObject([{ outcome: '已同意' }]);
  });

  it('hold nothing back whose first attempt may have arrived', async () => {
    t.sandbox.state.faults.add({ path: 'message/send', effect: { kind: 'drop' }, times: 1 });
    goTo('21:59');
    await companySilent();
    await enqueue('也许到了', wangfang);
    await work();
    goTo('22:10');
    await makeDue();
    await work();
    t.sandbox.state.faults.remove();
    expect(await log()).toMatchObject([{ state: 'sent', heldUntil: null }]);
  });
});

describe('topics', () => {
  it('that their reader wants in the app only do not reach the chat, and cannot be pressed on him', async () => {
    await choose(wangfang, { chat: { comment: false } });
    await enqueue('提到了你', wangfang, { topic: 'comment', mergeable: true });
    await enqueue('提到了你', liwei, { topic: 'comment', mergeable: true });
    await makeDue();
    await work();
    expect(sent()).toEqual(['提到了你']);
    const kept = (await log()).find((item) => item.member.id === wangfang);
    expect(kept).toMatchObject({ state: 'skipped', error: 'only in the app' });
    await expect(t.app.get(DeliveryLog).resend(ctx, kept?.id as MessageId)).rejects.toMatchObject({
      code: 'wrong_state',
    });
    const { items } = await t.app.get(Notices).list(as(wangfang), wangfang, {});
    expect(items).toMatchObject([{ title: '提到了你', topic: 'comment', line: '内容', readAt: null }]);
  });
});

describe('a member’s list', () => {
  it('is his own: pages, unread, read one by one or up to one', async () => {
    for (let n = 1; n <= 33; n += 1) await enqueue(`通知 ${n}`, wangfang);
    await enqueue('李伟的', liwei);
    const notices = t.app.get(Notices);
    const first = await notices.list(as(wangfang), wangfang, {});
    expect(first.items).toHaveLength(30);
    expect(first.items[0]?.title).toBe('通知 33');
    const second = await notices.list(as(wangfang), wangfang, { cursor: first.cursor ?? '' });
    expect(second.items.map((item) => item.title)).toEqual(['通知 3', '通知 2', '通知 1']);
    const theirs = (await notices.list(as(liwei), liwei, {})).items[0]?.id as MessageId;
    expect(await notices.read(as(wangfang), wangfang, { ids: [first.items[0]?.id as MessageId, theirs] })).toEqual({
      unread: 32,
    });
    expect((await notices.list(as(liwei), liwei, {})).unread).toBe(1);
    expect(await notices.read(as(wangfang), wangfang, { through: first.items[9]?.id as MessageId })).toEqual({
      unread: 8,
    });
    expect((await notices.list(as(wangfang), wangfang, { unread: true })).items).toHaveLength(8);
    await expect(notices.list(as(wangfang), wangfang, { cursor: "'" })).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
  });
});

describe('settings', () => {
  it('follow the company until a member says otherwise', async () => {
    const usual = await preferences().mine(as(wangfang), wangfang);
    expect(usual).toMatchObject({ settings: usualSettings, own: {}, held: 0 });
    await companySilent();
    await choose(wangfang, { chat: { notice: false } });
    const mine = await preferences().mine(as(wangfang), wangfang);
    expect(mine.settings).toEqual({
      ...usualSettings,
      quiet: night,
      chat: { ...usualSettings.chat, notice: false },
    });
    expect(await preferences().ofCompany(as(tenant.adminId))).toMatchObject({ own: 1, settings: { quiet: night } });
    await choose(wangfang, {});
    expect(await preferences().ofCompany(as(tenant.adminId))).toMatchObject({ own: 0 });
    expect(quietUntil(night, zone, new Date('2026-03-04T23:00:00+08:00'))).not.toBeNull();
  });
});
