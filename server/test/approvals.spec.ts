import type { MemberId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { ApprovalsService } from '../src/engine/tasks/approvals.service.js';
import { StartedRunsService } from '../src/engine/tasks/started-runs.service.js';
import { TransfersService } from '../src/engine/tasks/transfers.service.js';
import { uuid7 } from '../src/kernel/ids/uuid7.js';
import { approvalNode } from './support/approval-app.js';
import { approvalScene } from './support/approval-scene.js';
import { soaking } from './support/soak.js';

const rounds = soaking ? 300 : 20;

const { app, a, b, c } = await approvalScene();

describe('依次', () => {
  it('asks one after the other; the next one’s card is made when the one before has agreed', async () => {
    await app.with(app.chain(approvalNode('ok', [b, a, c], { mode: 'sequential' })), async () => {
      const record = await app.submit('依次');
      const states = async () => (await app.tasks(record)).map((task) => [task.member_id, task.state]);
      expect((await states()).map(([, state]) => state).sort()).toEqual(['pending', 'queued', 'queued']);
      expect(await app.cards(record)).toEqual([{ member: b, outcome: null }]);
      const queued = (await app.tasks(record)).find((task) => task.member_id === a)?.id;
      const early = await app.as(a, 'POST', `/api/v1/tasks/${queued}/approve`);
      expect([early.status, early.json.code]).toEqual([409, 'wrong_state']);
      const first = await app.decide(record, b, 'approve');
      expect(first.status).toBe(200);
      expect(first.json.task.progress.map((entry: { action: string }) => entry.action)).toEqual([
        'started',
        'approved',
        'waiting',
        'queued',
      ]);
      expect((await app.cards(record)).map((card) => card.member)).toEqual([b, a]);
      await app.decide(record, a, 'approve');
      await app.decide(record, c, 'approve');
      await app.drain();
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('a refusal ends the row; those behind are never asked', async () => {
    await app.with(app.chain(approvalNode('ok', [a, b, c], { mode: 'sequential' })), async () => {
      const record = await app.submit('依次拒绝');
      await app.decide(record, a, 'approve');
      await app.decide(record, b, 'reject', '不行');
      await app.drain();
      expect(await app.state(record)).toBe('no');
      expect((await app.tasks(record)).find((task) => task.member_id === c)?.state).toBe('closed');
      expect((await app.cards(record)).map((card) => card.member)).toEqual([a, b]);
    });
  });
});

describe('比例', () => {
  it('passes as soon as enough agree, and closes the others’ tasks and cards', async () => {
    const node = approvalNode('ok', [a, b, c], { mode: 'ratio', atLeast: { unit: 'count', value: 2 } });
    await app.with(app.chain(node), async () => {
      const record = await app.submit('比例');
      await app.decide(record, a, 'reject', '不行');
      await app.decide(record, b, 'approve');
      expect((await app.tasks(record)).filter((task) => task.state === 'pending')).toHaveLength(1);
      await app.decide(record, c, 'approve');
      await app.drain();
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('refuses once the wanted share is out of reach', async () => {
    const node = approvalNode('ok', [a, b, c], { mode: 'ratio', atLeast: { unit: 'percent', value: 60 } });
    await app.with(app.chain(node), async () => {
      const record = await app.submit('比例不够');
      await app.decide(record, a, 'reject', '不行');
      await app.decide(record, b, 'reject', '不行');
      await app.drain();
      expect(await app.state(record)).toBe('no');
      expect((await app.tasks(record)).map((task) => task.state).sort()).toEqual(['closed', 'rejected', 'rejected']);
      expect((await app.cards(record)).every((card) => card.outcome !== null)).toBe(true);
    });
  });

  it('is not published without a threshold, nor with one above the approvers', async () => {
    for (const [atLeast, told] of [
      [undefined, '按比例审批要写明至少多少人同意'],
      [{ unit: 'count' as const, value: 3 }, '只有 2 位审批人，不能要求 3 人同意'],
    ] as const) {
      const node = approvalNode('ok', [a, b], { mode: 'ratio', ...(atLeast ? { atLeast } : {}) });
      const body = { appId: app.contracts.appId, name: '坏', definition: app.chain(node) };
      const flow = (await app.admin.call('POST', '/api/v1/flows', body)).json;
      const answer = await app.admin.call('POST', `/api/v1/flows/${flow.id}/publish`, {});
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(told);
    }
  });
});

describe('会签', () => {
  it('that collects every opinion refuses only after the last one', async () => {
    await app.with(app.chain(approvalNode('ok', [a, b], { mode: 'all', refuse: 'afterAll' })), async () => {
      const record = await app.submit('全部表态');
      await app.decide(record, a, 'reject', '不行');
      await app.drain();
      expect(await app.state(record)).toBeNull();
      await app.decide(record, b, 'approve');
      await app.drain();
      expect(await app.state(record)).toBe('no');
    });
  });
});

describe('转办', () => {
  const transfer = async (record: RecordId, from: MemberId, to: MemberId, comment?: string) =>
    app.as(from, 'POST', `/api/v1/tasks/${await app.taskOf(record, from)}/transfer`, { to, comment });

  it('the new owner answers, the old one has lost the task, and the chain is told', async () => {
    await app.with(app.chain(approvalNode('ok', [a], { mode: 'all' })), async () => {
      const record = await app.submit('转办');
      const first = await app.taskOf(record, a);
      const answer = await transfer(record, a, b, '你更熟悉');
      expect([answer.status, answer.json.task.state, answer.json.task.mayDecide]).toEqual([200, 'transferred', false]);
      expect(answer.json.task.progress).toMatchObject([
        { action: 'started' },
        { action: 'transferred', who: { label: '甲' }, to: { label: '乙' }, comment: '你更熟悉' },
        { action: 'waiting', who: { label: '乙' } },
      ]);
      const late = await app.as(a, 'POST', `/api/v1/tasks/${first}/approve`);
      expect([late.status, late.json.code, late.json.params]).toEqual([
        409,
        'already_handled',
        { who: '甲', outcome: '转办' },
      ]);
      await transfer(record, b, c);
      expect(await app.cards(record)).toEqual([
        { member: a, outcome: '甲 已转办给 乙' },
        { member: b, outcome: '乙 已转办给 丙' },
        { member: c, outcome: null },
      ]);
      await app.decide(record, c, 'approve');
      await app.drain();
      expect(await app.state(record)).toBe('yes');
      const done = await app.as(a, 'GET', '/api/v1/tasks?state=done&kind=approval', undefined);
      expect(done.json.items.map((item: { id: string }) => item.id)).toContain(first);
    });
  });

  it('keeps the place in a row of approvers', async () => {
    await app.with(app.chain(approvalNode('ok', [a, b], { mode: 'sequential' })), async () => {
      const record = await app.submit('依次转办');
      await transfer(record, a, c);
      await app.decide(record, c, 'approve');
      await app.decide(record, b, 'approve');
      await app.drain();
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('goes neither to oneself, nor to an approver of the same step, nor to somebody unknown, nor from a stranger', async () => {
    await app.with(app.chain(approvalNode('ok', [a, b], { mode: 'all' })), async () => {
      const record = await app.submit('不能转');
      for (const [to, told] of [
        [a, '不能转办给自己'],
        [b, '乙 已经是这一步的审批人'],
        [uuid7() as MemberId, '不存在或已离职'],
      ] as const) {
        const answer = await transfer(record, a, to);
        expect(answer.status).toBe(400);
        expect(answer.text).toContain(told);
      }
      const id = await app.taskOf(record, a);
      expect((await app.as(c, 'POST', `/api/v1/tasks/${id}/transfer`, { to: c })).status).toBe(404);
      expect((await app.tasks(record)).map((task) => task.state)).toEqual(['pending', 'pending']);
    });
  });

  it(`against a decision at the same instant: one of the two, never both (${rounds} rounds)`, async () => {
    const won = { decided: 0, transferred: 0 };
    await app.with(app.chain(approvalNode('ok', [a])), async () => {
      for (let round = 0; round < rounds; round++) {
        const record = await app.submit(`抢 ${round}`);
        const id = await app.taskOf(record, a);
        const ctx = await app.ctx(a);
        const decide = () => app.whole.get(ApprovalsService).decide(ctx, id, 'approved', undefined);
        const hand = () => app.whole.get(TransfersService).transfer(ctx, id, b, undefined);
        const [first, second] = await Promise.allSettled(round % 2 ? [decide(), hand()] : [hand(), decide()]);
        const [decided, handed] = round % 2 ? [first, second] : [second, first];
        expect([decided.status, handed.status].sort()).toEqual(['fulfilled', 'rejected']);
        const lost = decided.status === 'rejected' ? decided : handed;
        expect(lost.status === 'rejected' && lost.reason).toMatchObject({ code: 'already_handled' });
        await app.drain();
        expect(await app.state(record)).toBe(decided.status === 'fulfilled' ? 'yes' : null);
        expect((await app.tasks(record)).map((task) => task.state)).toEqual(
          decided.status === 'fulfilled' ? ['approved'] : ['transferred', 'pending'],
        );
        won[decided.status === 'fulfilled' ? 'decided' : 'transferred'] += 1;
      }
    });
    expect(won.decided + won.transferred).toBe(rounds);
  });
});

describe('撤回', () => {
  const withdraw = async (record: RecordId, who: MemberId, comment?: string) => {
    const [task] = await app.tasks(record);
    return app.as(who, 'POST', `/api/v1/runs/${task?.run_id}/withdraw`, comment ? { comment } : {});
  };

  it('before the first decision: the run ends by no port, tasks and cards are closed, the reason is kept', async () => {
    await app.with(app.chain(approvalNode('ok', [a, b], { mode: 'sequential' })), async () => {
      const record = await app.submit('撤回', c);
      const asked = await app.taskOf(record, a);
      const [mine] = (await app.as(c, 'GET', '/api/v1/runs', undefined)).json.items;
      expect(mine).toMatchObject({ state: 'open', waiting: [{ label: '甲' }], mayWithdraw: true, mayUrge: true });
      expect((await withdraw(record, a)).status).toBe(404);
      const answer = await withdraw(record, c, '金额填错了');
      expect([answer.status, answer.json.state, answer.json.withdrawal]).toEqual([200, 'withdrawn', '金额填错了']);
      await app.drain();
      expect(await app.state(record)).toBeNull();
      expect((await app.tasks(record)).map((task) => task.state)).toEqual(['closed', 'closed']);
      expect(await app.cards(record)).toEqual([{ member: a, outcome: '丙 已撤回' }]);
      const late = await app.as(a, 'POST', `/api/v1/tasks/${asked}/approve`);
      expect([late.status, late.json.params]).toEqual([409, { who: '丙', outcome: '撤回' }]);
      const told = (await app.as(a, 'GET', `/api/v1/tasks/${asked}`, undefined)).json.progress.at(-1);
      expect(told).toMatchObject({ action: 'withdrawn', who: { label: '丙' }, comment: '金额填错了' });
      expect((await withdraw(record, c)).json.code).toBe('wrong_state');
    });
  });

  it('is refused once somebody has decided, naming him', async () => {
    await app.with(app.chain(approvalNode('ok', [a, b], { mode: 'all' })), async () => {
      const record = await app.submit('晚了', c);
      await app.decide(record, a, 'approve');
      const answer = await withdraw(record, c);
      expect([answer.status, answer.json.code]).toEqual([409, 'wrong_state']);
      expect(answer.text).toContain('甲 已经审批过');
      const [mine] = (await app.as(c, 'GET', '/api/v1/runs', undefined)).json.items;
      expect([mine.mayWithdraw, mine.mayUrge]).toEqual([false, true]);
    });
  });

  it(`against an approval at the same instant: withdrawn or approved, never both (${rounds} rounds)`, async () => {
    await app.with(app.chain(approvalNode('ok', [a])), async () => {
      for (let round = 0; round < rounds; round++) {
        const record = await app.submit(`撤回抢 ${round}`, c);
        const [task] = await app.tasks(record);
        const [approver, starter] = [await app.ctx(a), await app.ctx(c)];
        const decide = () =>
          app.whole.get(ApprovalsService).decide(approver, task?.id as TaskId, 'approved', undefined);
        const take = () => app.whole.get(StartedRunsService).withdraw(starter, task?.run_id as RunId, undefined);
        const [first, second] = await Promise.allSettled(round % 2 ? [decide(), take()] : [take(), decide()]);
        const [decided, taken] = round % 2 ? [first, second] : [second, first];
        expect([decided.status, taken.status].sort()).toEqual(['fulfilled', 'rejected']);
        await app.drain();
        const passed = decided.status === 'fulfilled';
        expect(await app.state(record)).toBe(passed ? 'yes' : null);
        expect((await app.tasks(record)).map((each) => each.state)).toEqual([passed ? 'approved' : 'closed']);
        expect(await app.sql('SELECT state, withdrawal FROM lianke.run WHERE id = $1', [task?.run_id ?? ''])).toEqual([
          passed ? { state: 'done', withdrawal: null } : { state: 'cancelled', withdrawal: '' },
        ]);
      }
    });
  });
});

describe('催办', () => {
  it('sends those it waits for a new card, once in 30 minutes; a refusal says from when', async () => {
    await app.with(app.chain(approvalNode('ok', [a, b], { mode: 'all' })), async () => {
      const record = await app.submit('催办', c);
      const [task] = await app.tasks(record);
      const urge = (who: MemberId) => app.as(who, 'POST', `/api/v1/runs/${task?.run_id}/urge`);
      await app.decide(record, a, 'approve');
      expect((await urge(a)).status).toBe(404);
      const first = await urge(c);
      expect([first.status, first.json.mayUrge]).toEqual([200, true]);
      expect(Date.parse(first.json.urgeFrom)).toBe(app.whole.kernel.clock.now().getTime() + 30 * 60_000);
      const again = await urge(c);
      expect([again.status, again.json.code]).toEqual([429, 'urged_recently']);
      expect(again.json.params.at).toMatch(/^\d\d:\d\d$/);
      expect((await app.cards(record)).filter((card) => card.member === b)).toHaveLength(2);
      expect((await app.cards(record)).filter((card) => card.member === a)).toHaveLength(1);
      app.whole.kernel.clock.advance(30 * 60_000);
      expect((await urge(c)).status).toBe(200);
      await app.decide(record, b, 'approve');
      expect((await app.cards(record)).every((card) => card.outcome !== null)).toBe(true);
      expect((await urge(c)).json.code).toBe('wrong_state');
    });
  });
});
