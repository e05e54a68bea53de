import type { Card } from '@lianke/shared/chat/cards';
import type { MemberId, MessageId } from '@lianke/shared/ids';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { approval, TwoPlatforms } from '../../../test/support/two-platforms.js';
import { memberOf, type TenantContext } from '../../engine/context.js';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { Notifier } from '../../engine/ports.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { DeliveryLog } from './delivery-log.js';
import { MessageRecalls } from './message-recalls.js';
import { Notices } from './notices.js';

let both: TwoPlatforms;
let admin: TenantContext;

beforeAll(async () => {
  both = await TwoPlatforms.start('http');
  await both.livesInDingtalk('chenzg');
  const me = { kind: 'member', memberId: both.member('admin') } as const;
  admin = await both.t.app.get(TenantDirectory).context(both.tenant.tenantId, me);
});
afterAll(() => both.close());
afterEach(async () => {
  Object.assign(both.t.sandbox.state.wecom.switches, { recallAgain: 'done', duplicateAnswer: 'original' });
  both.t.sandbox.state.ding.switches.recallAgain = 'done';
  await both.provePresses(false);
  await both.forget();
});

const notice: Card = { ...approval, kind: 'notice', title: '发错人的通知', buttons: [] };
const none = { kind: 'none', id: null } as const;
const send = async (to: string[], card = notice, about: { kind: 'task'; id: string } | typeof none = none) => {
  await both.enqueue({ to: to.map((userid) => both.member(userid)), card, about });
  await both.work();
};
const log = async () => (await both.t.app.get(DeliveryLog).list(admin, {})).items;
const of = async (userid: string) => (await log()).find((item) => item.member.id === both.member(userid));
const recall = async (userid: string, everybody = false) => {
  const id = (await of(userid))?.id as MessageId;
  const answer = await both.t.app.get(MessageRecalls).ask(admin, id, everybody);
  await both.work();
  return answer;
};
const fault = (path: string, effect: Parameters<typeof both.t.sandbox.state.faults.add>[0]['effect'], times = 1) =>
  both.t.sandbox.state.faults.add({ path, effect, times });
const older = (age: string) =>
  both.t.database.withTenant(both.tenant, (tx) =>
    tx.run('UPDATE lianke.message SET sent_at = sent_at - $1::interval', [age]),
  );
/** What the platform says of the newest message to somebody: whether it is still there. */
const wecomMessage = () => [...both.t.sandbox.state.wecom.world.messages.values()].at(-1);
const dingNotices = () => [...both.t.sandbox.state.ding.world.notices.values()];
const withdraw = async (about: { kind: 'task'; id: string }) => {
  await both.t.database.withTenant(both.tenant, (tx) =>
    both.t.app.get(Notifier).update(tx, both.ctx, { about, outcome: '王芳 已撤回', by: null, takeBack: true }),
  );
  await both.work();
};
const inAppOf = async (userid: string) => {
  const { items } = await both.t.app.get(Notices).list(admin, both.member(userid), {});
  return items.map((item) => item.title);
};

describe('an administrator takes back', () => {
  it('one message: out of its receiver’s chat and list, and the log says by whom; the other stays', async () => {
    await send(['boss', 'caiwu']);
    expect(await of('boss')).toMatchObject({ state: 'sent', receivers: 2, recall: null });
    expect(await recall('boss')).toEqual({ asked: 1, dropped: 0, refused: [] });
    expect(await of('boss')).toMatchObject({
      state: 'sent',
      recall: { state: 'done', by: { id: memberOf(admin), label: '管理员' }, error: null },
    });
    expect(await of('caiwu')).toMatchObject({ recall: null });
    const recalled = [...both.t.sandbox.state.wecom.world.messages.values()].filter((message) => message.recalled);
    expect(recalled.map((message) => message.recipients)).toEqual([['boss']]);
    expect(await inAppOf('boss')).toEqual([]);
    expect(await inAppOf('caiwu')).toEqual(['发错人的通知']);
    const audit = await both.t.database.withTenant(both.tenant, (tx) =>
      tx.sql<{ actor_id: MemberId; detail: object }>(
        `SELECT actor_id, detail FROM lianke.audit WHERE action = 'message.recall'`,
      ),
    );
    expect(audit).toEqual([{ actor_id: both.member('admin'), detail: { messages: 1, refused: 0 } }]);
    const only = await both.t.app.get(DeliveryLog).list(admin, { recalled: '1' });
    expect(only.items.map((item) => item.member.id)).toEqual([both.member('boss')]);
  });

  it('all that was said of one event, on both platforms', async () => {
    await send(['boss', 'chenzg', 'caiwu']);
    expect(await recall('boss', true)).toMatchObject({ asked: 3, refused: [] });
    expect((await log()).map((item) => item.recall?.state)).toEqual(['done', 'done', 'done']);
    expect(dingNotices().map((each) => each.recalled)).toEqual([true]);
    // Nothing of it is left to be taken back, and everybody is named with the reason.
    const again = await recall('boss', true);
    expect(again).toMatchObject({ asked: 0, dropped: 0 });
    expect(again.refused.map((each) => each.reason)).toEqual(Array(3).fill('recalled already'));
  });

  it('what waits: it is never sent', async () => {
    await both.enqueue({ to: [both.member('boss')], card: notice, about: none });
    const before = both.t.sandbox.state.wecom.world.messages.size;
    expect(await recall('boss')).toEqual({ asked: 0, dropped: 1, refused: [] });
    expect(await of('boss')).toMatchObject({
      state: 'skipped',
      error: 'recalled before it was sent',
      recall: { state: 'done' },
    });
    expect(both.t.sandbox.state.wecom.world.messages.size).toBe(before);
    await expect(both.t.app.get(DeliveryLog).resend(admin, (await of('boss'))?.id as MessageId)).rejects.toMatchObject({
      code: 'wrong_state',
    });
  });

  it('a DingTalk card, which the platform keeps: it says so instead, and its to-do is gone', async () => {
    await both.provePresses();
    await send(['chenzg'], approval, { kind: 'task', id: uuid7() });
    expect((await both.inbox('chenzg')).todos).toHaveLength(1);
    await recall('chenzg');
    expect(await of('chenzg')).toMatchObject({ recall: { state: 'marked' } });
    const { cards, todos } = await both.inbox('chenzg');
    expect(cards).toMatchObject([{ values: { status: 'done', outcome: '已撤回', a1_text: '' } }]);
    expect(todos).toEqual([]);
  });
});

describe('what cannot be taken back is told with the reason', () => {
  it.each([
    ['by our own clock, without asking the platform', 'boss'],
    ['on DingTalk as well', 'chenzg'],
  ])('too late %s', async (_, userid) => {
    await send([userid]);
    await older('25 hours');
    const answer = await recall(userid);
    expect(answer.refused).toMatchObject([{ member: { id: both.member(userid) }, reason: 'too late to recall' }]);
    expect(await of(userid)).toMatchObject({ recall: null });
  });

  it.each([
    ['WeCom', 'boss', 42052, 'message/recall'],
    ['DingTalk', 'chenzg', 400002, 'corpconversation/recall'],
  ])('too late by the clock of %s', async (_, userid, errcode, path) => {
    await send([userid]);
    fault(path, { kind: 'errcode', errcode });
    await recall(userid);
    expect(await of(userid)).toMatchObject({ recall: { state: 'failed', error: 'too late to recall' } });
    // It may be tried again.
    await recall(userid);
    expect(await of(userid)).toMatchObject({ recall: { state: 'done', error: null } });
  });

  it('a message whose id the platform never told', async () => {
    both.t.sandbox.state.wecom.switches.duplicateAnswer = 'bare';
    fault('message/send', { kind: 'drop' });
    await send(['boss']);
    await both.makeDue();
    await both.work();
    await recall('boss');
    expect(await of('boss')).toMatchObject({ recall: { state: 'failed', error: 'no id to recall by' } });
  });

  it('one that was not sent, and one that went out in a digest', async () => {
    fault('message/send', { kind: 'errcode', errcode: 60111 });
    await send(['boss']);
    expect((await recall('boss')).refused).toMatchObject([{ reason: 'not sent' }]);
    await both.t.database.withTenant(both.tenant, (tx) => tx.run(`UPDATE lianke.message SET state = 'merged'`));
    expect((await recall('boss')).refused).toMatchObject([{ reason: 'part of a digest' }]);
  });
});

describe('without an answer', () => {
  it.each([
    ['WeCom', 'boss', 'message/recall', 'done'],
    ['WeCom, which refuses the second', 'boss', 'message/recall', 'refused'],
    ['DingTalk', 'chenzg', 'corpconversation/recall', 'done'],
    ['DingTalk, which refuses the second', 'chenzg', 'corpconversation/recall', 'refused'],
  ] as const)('it is asked again at %s', async (_, userid, path, recallAgain) => {
    both.t.sandbox.state.wecom.switches.recallAgain = recallAgain;
    both.t.sandbox.state.ding.switches.recallAgain = recallAgain;
    await send([userid]);
    fault(path, { kind: 'drop' });
    await recall(userid);
    expect(await of(userid)).toMatchObject({ recall: { state: 'pending' }, error: 'unknown result', attempts: 1 });
    await both.makeDue();
    await both.work();
    expect(await of(userid)).toMatchObject({ recall: { state: 'done' }, error: null, maybeTwice: false });
  });

  it('a message of which nobody knows whether it arrived is sent to the end, then taken back', async () => {
    fault('message/send', { kind: 'drop' });
    await send(['boss']);
    expect(await recall('boss')).toMatchObject({ asked: 1, dropped: 0 });
    expect(await of('boss')).toMatchObject({ state: 'queued', recall: { state: 'pending' } });
    await both.makeDue();
    await both.work();
    expect(await of('boss')).toMatchObject({ state: 'sent', recall: { state: 'done' } });
    expect(wecomMessage()).toMatchObject({ recipients: ['boss'], recalled: true });
  });

  it('one that waits for an administrator and certainly is not out is not sent any more', async () => {
    fault('message/send', { kind: 'errcode', errcode: 301002 });
    await send(['boss']);
    expect(await recall('boss')).toMatchObject({ dropped: 1 });
    await both.makeDue();
    await both.work();
    expect(await of('boss')).toMatchObject({ state: 'skipped', recall: { state: 'done' } });
  });
});

describe('of itself the product takes back', () => {
  const task = () => ({ kind: 'task', id: uuid7() }) as const;

  it('the card of a task that was withdrawn before anybody acted', async () => {
    const about = task();
    await send(['boss', 'chenzg'], approval, about);
    await withdraw(about);
    expect(await of('boss')).toMatchObject({ recall: { state: 'done', by: null }, outcome: null });
    expect(wecomMessage()?.recalled ?? false).toBe(true);
    // DingTalk's notice of a task goes the same way; in the app's own list both say how it ended.
    expect(await of('chenzg')).toMatchObject({ recall: { state: 'done', by: null } });
    expect(await inAppOf('boss')).toEqual(['合同审批']);
  });

  it('and where the platform will not, the card shows how it ended, as ever', async () => {
    const about = task();
    await both.provePresses();
    await send(['boss', 'chenzg'], approval, about);
    fault('message/recall', { kind: 'errcode', errcode: 42052 });
    await withdraw(about);
    expect(await of('boss')).toMatchObject({
      recall: { state: 'failed', error: 'too late to recall' },
      outcome: { text: '王芳 已撤回', state: 'done' },
    });
    expect(await of('chenzg')).toMatchObject({
      recall: { state: 'marked' },
      outcome: { text: '王芳 已撤回', state: 'done' },
    });
    expect((await both.inbox('chenzg')).cards).toMatchObject([{ values: { outcome: '王芳 已撤回' } }]);
  });

  it('nothing of what had not been sent: that is not sent', async () => {
    const about = task();
    await both.enqueue({ to: [both.member('boss')], about });
    await withdraw(about);
    expect(await of('boss')).toMatchObject({ state: 'skipped', error: 'decided before it was sent', recall: null });
  });

  it('and a decision that comes while a copy is being taken back leaves it out of the chat', async () => {
    const about = task();
    await send(['boss'], approval, about);
    fault('message/recall', { kind: 'status', status: 502 });
    await recall('boss');
    await both.update(about, '陈主管 已同意');
    await both.work();
    await both.makeDue();
    await both.work();
    expect(await of('boss')).toMatchObject({ recall: { state: 'done' }, outcome: null });
    expect(both.t.sandbox.state.recorder.list({ kind: 'update' })).toEqual([]);
  });
});
