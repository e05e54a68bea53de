import type { MemberId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { type ApprovalApp, approvalNode } from './support/approval-app.js';
import { approvalScene, ruled } from './support/approval-scene.js';

// What went wrong in other systems (reference A6), and here: each by its symptom.
const { app, a, b, c, d } = await approvalScene();

const three = () => app.chain(approvalNode('n1', [a]), approvalNode('n2', [b]), approvalNode('n3', [c]));
const cardsOf = async (record: Parameters<ApprovalApp['cards']>[0], member: MemberId) =>
  (await app.cards(record)).filter((card) => card.member === member);

describe('a return', () => {
  it('from a node of several where one is enough lets the others go, and asks all of them once when it comes again', async () => {
    await app.with(app.chain(approvalNode('n1', [a]), approvalNode('n2', [b, c, d])), async () => {
      const record = await app.submit('或签退回');
      await app.ok(record, a, 'approve');
      expect(await app.waiting(record)).toBe('bcd');
      await app.ok(record, c, 'return', { to: 'n1', comment: '附件不对' });
      expect(await app.waiting(record)).toBe('a');
      await app.ok(record, a, 'approve');
      expect(await app.waiting(record)).toBe('bcd');
      await app.ok(record, b, 'approve');
      expect(await app.state(record)).toBe('yes');
      // Two rounds, a card each: the first told that it was returned, the second that it was decided.
      const cards = await cardsOf(record, d);
      expect(cards).toHaveLength(2);
      expect(cards[0]?.outcome).toContain('退回');
      expect(cards[1]?.outcome).toContain('同意');
    });
  });

  it('to the starter by one of several who all must agree goes to the starter, not on to the next approver', async () => {
    const all = app.chain(approvalNode('n1', [a, b], { mode: 'all' }), approvalNode('n2', [c]));
    await app.with(all, async () => {
      const record = await app.submit('会签退回发起人');
      await app.ok(record, a, 'approve');
      await app.ok(record, b, 'return', { to: 'start', comment: '缺合同' });
      expect(await app.waiting(record)).toBe('s');
      await app.ok(record, app.admin.memberId, 'resubmit');
      expect(await app.waiting(record)).toBe('ab');
      for (const who of [a, b]) await app.ok(record, who, 'approve');
      expect(await app.waiting(record)).toBe('c');
    });
  });

  it('after a return goes back one further step, not to where the first had gone', async () => {
    await app.with(three(), async () => {
      const record = await app.submit('逐级退回');
      await app.ok(record, a, 'approve');
      await app.ok(record, b, 'approve');
      await app.ok(record, c, 'return', { to: 'n2', comment: '一' });
      expect(await app.waiting(record)).toBe('b');
      await app.ok(record, b, 'return', { to: 'n1', comment: '二' });
      expect(await app.waiting(record)).toBe('a');
      for (const [who, next] of [
        [a, 'b'],
        [b, 'c'],
        [c, ''],
      ] as const) {
        await app.ok(record, who, 'approve');
        expect(await app.waiting(record)).toBe(next);
      }
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('straight back leaves what lies between passed: it can be returned to afterwards', async () => {
    await app.with(three(), async () => {
      const record = await app.submit('直接回来再退');
      await app.ok(record, a, 'approve');
      await app.ok(record, b, 'approve');
      await app.ok(record, c, 'return', { to: 'start', goOn: 'straight', comment: '补合同' });
      await app.ok(record, app.admin.memberId, 'resubmit');
      expect(await app.waiting(record)).toBe('c');
      await app.ok(record, c, 'return', { to: 'n2', comment: '再问乙' });
      expect(await app.waiting(record)).toBe('b');
    });
  });

  it('straight back: the consent that led there can be taken back, what lies between stays passed, and it leads straight there again', async () => {
    await app.with(three(), async () => {
      const record = await app.submit('直接回来后撤回');
      await app.ok(record, a, 'approve');
      await app.ok(record, b, 'approve');
      await app.ok(record, c, 'return', { to: 'n1', goOn: 'straight', comment: '金额' });
      const consent = await app.taskOf(record, a);
      await app.ok(record, a, 'approve');
      expect(await app.waiting(record)).toBe('c');
      expect((await app.as(a, 'POST', `/api/v1/tasks/${consent}/recall`, {})).status).toBe(200);
      expect(await app.waiting(record)).toBe('a');
      await app.ok(record, a, 'approve');
      expect(await app.waiting(record)).toBe('c');
      await app.ok(record, c, 'return', { to: 'n2', comment: '再问乙' });
      expect(await app.waiting(record)).toBe('b');
    });
  });

  it('of a consent that ended a node asks again whoever was asked, those added beside somebody in turn too', async () => {
    const definition = app.chain(approvalNode('n1', [a, b], { mode: 'any' }), approvalNode('n2', [a]));
    const e = app.admin.memberId;
    await app.with(definition, async () => {
      const record = await app.submit('加签后撤回');
      const add = (to: MemberId[], position: string) => ({ to, position, mode: 'sequential' });
      await app.ok(record, a, 'add-signer', add([c], 'before'));
      await app.ok(record, c, 'add-signer', add([d, e], 'beside'));
      const open = async () =>
        (await app.tasks(record)).filter((task) => task.state === 'pending').map((task) => task.member_id);
      const before = await open();
      expect(new Set(before)).toEqual(new Set([b, c, d, e]));
      const consent = await app.taskOf(record, b);
      await app.ok(record, b, 'approve');
      expect((await app.as(b, 'POST', `/api/v1/tasks/${consent}/recall`, {})).status).toBe(200);
      expect(new Set(await open())).toEqual(new Set(before));
    });
  });

  it('by one of many at the same moment as another’s double click makes no second node', async () => {
    await app.with(three(), async () => {
      const record = await app.submit('连点');
      const task = await app.taskOf(record, a);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => app.as(a, 'POST', `/api/v1/tasks/${task}/approve`)),
      );
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
      await app.drain();
      expect((await app.tasks(record)).filter((item) => item.node === 'n2')).toHaveLength(1);
    });
  });
});

describe('a task that waits for others', () => {
  it('is still found by whom it belongs to, among what he handled (it stood in no list)', async () => {
    await app.with(app.chain(approvalNode('n1', [a])), async () => {
      const record = await app.submit('等别人');
      const task = await app.taskOf(record, a);
      await app.ok(record, a, 'add-signer', { to: [d], position: 'before', mode: 'all' });
      const listed = async (state: 'pending' | 'done') =>
        (await app.as(a, 'GET', `/api/v1/tasks?state=${state}`, undefined)).json.items.map(
          (item: { id: string; state: string }) => [item.id, item.state],
        );
      expect(await listed('pending')).not.toContainEqual([task, 'held']);
      expect(await listed('done')).toContainEqual([task, 'held']);
    });
  });
});

describe('a consent taken back', () => {
  const timed = () =>
    app.chain(
      approvalNode('n1', [a], {
        timers: [{ at: { kind: 'after', amount: 1, unit: 'day' }, action: 'reject', times: 1 }],
      }),
      approvalNode('n2', [b]),
    );

  it('leaves the node’s time-out running (it waited for ever)', async () => {
    await app.with(timed(), async () => {
      const record = await app.submit('撤回后超时');
      const task = await app.taskOf(record, a);
      await app.ok(record, a, 'approve');
      expect((await app.as(a, 'POST', `/api/v1/tasks/${task}/recall`)).status).toBe(200);
      app.whole.kernel.clock.advance(2 * 86_400_000);
      await app.drain();
      expect(await app.waiting(record)).toBe('');
      expect(await app.sql('SELECT state FROM lianke.run WHERE record_id = $1', [record])).toEqual([{ state: 'done' }]);
    });
  });

  it('is possible also for who had asked another first (it was taken for somebody’s answer)', async () => {
    await app.with(app.chain(approvalNode('n1', [a]), approvalNode('n2', [b])), async () => {
      const record = await app.submit('先问别人');
      const task = await app.taskOf(record, a);
      const added = await app.as(a, 'POST', `/api/v1/tasks/${task}/add-signer`, {
        to: [d],
        position: 'before',
        mode: 'all',
      });
      expect(added.status, added.text).toBe(200);
      await app.ok(record, d, 'approve');
      await app.ok(record, a, 'approve');
      expect(await app.waiting(record)).toBe('b');
      expect((await app.as(a, 'POST', `/api/v1/tasks/${task}/recall`)).status).toBe(200);
      expect(await app.waiting(record)).toBe('a');
    });
  });
});

describe('a node of several', () => {
  it.each([
    ['any', 'abc'],
    ['all', 'abc'],
    ['ratio', 'abc'],
    ['sequential', 'a'],
  ] as const)(
    '%s: is begun, and asks all of them at once or one after the other (starting such a flow failed)',
    async (mode, asked) => {
      const atLeast = { unit: 'count' as const, value: 2 };
      await app.with(
        app.chain(approvalNode('n1', [a, b, c], { mode, ...(mode === 'ratio' ? { atLeast } : {}) })),
        async () => {
          expect(await app.waiting(await app.submit('多人发起'))).toBe(asked);
        },
      );
    },
  );

  it('where all must agree asks only those who have not agreed before, and is passed when nobody is left (it failed, finding nobody)', async () => {
    const all = (...seconds: MemberId[]) =>
      ruled(app.chain(approvalNode('n1', [a]), approvalNode('n2', seconds, { mode: 'all' }), approvalNode('n3', [c])), {
        samePerson: 'adjacent',
      });
    for (const [seconds, next] of [
      [[a, b], 'b'],
      [[a, a], 'c'],
      [[a], 'c'],
    ] as const)
      await app.with(all(...seconds), async () => {
        const record = await app.submit('相同审批人的会签');
        await app.ok(record, a, 'approve');
        expect(await app.waiting(record)).toBe(next);
      });
  });
});

describe('what came back to the starter', () => {
  it('waits for him alone until he submits it again, then asks the first approver again, as often as it comes back (it went past, as at the first submission)', async () => {
    await app.with(three(), async () => {
      const record = await app.submit('反复退回发起人');
      const me = app.admin.memberId;
      for (const round of ['一', '二']) {
        expect(await app.waiting(record)).toBe('a');
        await app.ok(record, a, 'return', { to: 'start', comment: round });
        expect(await app.waiting(record)).toBe('s');
        await app.drain();
        expect(await app.waiting(record)).toBe('s');
        await app.ok(record, me, 'resubmit', { comment: '改好了' });
      }
      await app.ok(record, a, 'approve');
      expect(await app.waiting(record)).toBe('b');
    });
  });

  it('says what he is waited for, and that the return stands (he was said to approve, and the return to be void)', async () => {
    await app.with(three(), async () => {
      const record = await app.submit('退回的说法');
      const task = await app.taskOf(record, a);
      await app.ok(record, a, 'return', { to: 'start', comment: '缺合同' });
      const { progress } = (await app.as(a, 'GET', `/api/v1/tasks/${task}`, undefined)).json;
      expect(progress.slice(-2)).toMatchObject([
        { action: 'returned', undone: false },
        { action: 'waiting', ask: 'resubmit', role: 'starter', question: '缺合同' },
      ]);
    });
  });
});
