import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApprovalApp, approvalNode } from './support/approval-app.js';

let app: ApprovalApp;
let a: MemberId;
let b: MemberId;
let c: MemberId;

beforeAll(async () => {
  app = await ApprovalApp.start();
  [a, b, c] = app.people as [MemberId, MemberId, MemberId];
});
afterAll(() => app.whole.close());

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
