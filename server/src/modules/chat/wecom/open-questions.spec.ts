import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TwoPlatforms } from '../../../../test/support/two-platforms.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';

let both: TwoPlatforms;
beforeAll(async () => {
  both = await TwoPlatforms.start('http');
});
afterAll(() => both.close());
afterEach(() => both.forget());

const approvers = ['boss', 'caiwu', 'chenzg'];
interface PhoneCard {
  cardId: string;
  replaced: string | null;
}
/** Somebody's copy of the card, as his phone shows it. */
const copyOf = async (userid: string) => {
  const row = (await both.rows()).find((each) => each.member_id === both.member(userid));
  const { items } = await both.platform<{ items: PhoneCard[] }>(
    'GET',
    `people/${userid}/cards?corpId=${both.wecom.corpId}`,
  );
  return items.find((card) => card.cardId === row?.msgid);
};
const press = async (userid: string, key: string) => {
  await both.platform('POST', `cards/${(await copyOf(userid))?.cardId}/press`, { userid, key });
  await both.work();
};

// Part G of the reference: whichever way the platform turns out to behave, everybody sees how it ended.
describe.each(['ignored', 'honoured'] as const)('with passive replies %s', (passiveReply) => {
  describe.each(['valid', 'void'] as const)('and the code of the send %s after a press', (sendCodeAfterClick) => {
    beforeAll(() => {
      Object.assign(both.t.sandbox.state.wecom.switches, { passiveReply, sendCodeAfterClick });
    });

    it('a decision changes every copy, and says nothing a second time', async () => {
      const about = { kind: 'task', id: uuid7() } as const;
      await both.enqueue({ to: approvers.map((userid) => both.member(userid)), about });
      await both.work();
      await press('boss', 'test.approve');
      expect(both.presses).toHaveLength(1);
      await both.update(about, '老板 已同意', both.member('boss'));
      await both.work();
      for (const userid of approvers) expect((await copyOf(userid))?.replaced).toBe('老板 已同意');
      const rows = await both.rows();
      expect(rows.map((row) => row.outcome_state)).toEqual(['done', 'done', 'done']);
    });

    it('a press whose code is used up by a refusal leaves the others theirs, and a decision still arrives', async () => {
      const about = { kind: 'task', id: uuid7() } as const;
      await both.enqueue({ to: [both.member('boss'), both.member('caiwu')], about });
      await both.work();
      both.refusal = new AppError('forbidden', { action: '审批' });
      await press('boss', 'test.approve');
      both.refusal = undefined;
      await both.update(about, '财务 已拒绝', both.member('caiwu'));
      await both.work();
      for (const userid of ['boss', 'caiwu']) expect((await copyOf(userid))?.replaced).toBe('财务 已拒绝');
    });

    it('a decision made elsewhere reaches somebody whose press never arrived', async () => {
      const about = { kind: 'task', id: uuid7() } as const;
      await both.enqueue({ to: [both.member('boss')], about });
      await both.work();
      // His press is lost on its way: nobody here has its code.
      const app = both.t.sandbox.state.wecom.world.corps.get(both.wecom.corpId)?.apps.get(Number(both.wecom.agentId));
      const callback = app?.callback ?? null;
      if (app) app.callback = null;
      await press('boss', 'test.approve');
      if (app) app.callback = callback;
      await both.update(about, '陈主管 已同意');
      await both.work();
      const rows = await both.rows();
      if (sendCodeAfterClick === 'valid') {
        expect((await copyOf('boss'))?.replaced).toBe('陈主管 已同意');
        expect(rows).toHaveLength(1);
      } else {
        // No code is left that changes his card: the result comes as a message of its own.
        const told = [...both.t.sandbox.state.wecom.world.messages.values()].at(-1);
        expect(told?.content).toMatchObject({ card: { main_title: { title: '已处理：合同审批' } } });
        expect(rows.map((row) => row.state)).toEqual(['sent', 'sent']);
      }
    });
  });
});
