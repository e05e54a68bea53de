import type { ApprovalTimer } from '@lianke/shared/flows/nodes/approval';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { OrgService } from '../src/engine/org/org.service.js';
import { type Approval, approvalNode } from './support/approval-app.js';
import { approvalScene } from './support/approval-scene.js';

// 超时 of waiting approvals: by a date that is edited, by working hours, across a return.
const { app, a, b, later, one, ok, waiting } = await approvalScene();

const hour = 3_600_000;
const now = () => app.whole.kernel.clock.now().getTime();
const after = (amount: number, unit: 'hour' | 'workHour', action: ApprovalTimer['action'], more: object = {}) => ({
  at: { kind: 'after' as const, amount, unit },
  action,
  times: 1,
  ...more,
});
const timed = (...timers: ApprovalTimer[]): Partial<Approval> => ({ timers });
const reminders = async (record: RecordId, member: MemberId) =>
  (await app.cards(record)).filter((card) => card.member === member).length;

describe('按数据里的日期', () => {
  const byDate = (action: ApprovalTimer['action'] = 'approve') =>
    timed({ at: { kind: 'field', ref: { source: 'trigger', path: 'name' }, days: 0 }, action, times: 1 });
  const edit = async (record: RecordId, at: number) => {
    const url = `/api/v1/forms/${app.contracts.id}/records/${record}`;
    const answer = await app.admin.call('PATCH', url, { values: { name: new Date(at).toISOString() } });
    expect(answer.status, answer.text).toBe(200);
    await app.drain();
  };
  const dueOf = async (record: RecordId) =>
    (await app.as(a, 'GET', `/api/v1/tasks/${await app.taskOf(record, a)}`, undefined)).json.dueAt;

  it('moves earlier and later with an edit, within a minute (it was looked at every ten minutes only)', async () => {
    await app.with(app.chain(approvalNode('ok', [a], byDate())), async () => {
      const record = await app.submit(new Date(now() + 48 * hour).toISOString());
      const moved = now() + hour;
      await edit(record, moved);
      expect(await dueOf(record)).toBe(new Date(moved).toISOString());
      await later(hour / 2);
      await edit(record, now() + 5 * hour);
      await later(hour);
      expect(await app.state(record)).toBeNull();
      await edit(record, now() + 30_000);
      await later(31_000);
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('moves also in a way of a parallel branch, and leaves the delay beside it alone', async () => {
    const ways = ['p', 'q'].map((id) => ({ id, name: '' }));
    const chain = app.chain(approvalNode('last', [b]));
    const definition = {
      ...chain,
      nodes: [
        ...chain.nodes,
        { id: 'par', name: '', type: 'parallel' as const, ways, join: 'all' as const },
        approvalNode('left', [a], byDate()),
        {
          id: 'rest',
          name: '',
          type: 'delay' as const,
          wait: { kind: 'for' as const, amount: 2, unit: 'hour' as const },
        },
      ],
      edges: [
        { from: 'trigger', to: 'par' },
        { from: 'par', to: 'left', port: 'way:p' },
        { from: 'par', to: 'rest', port: 'way:q' },
        { from: 'par', to: 'last', port: 'next' },
        ...chain.edges.filter((edge) => edge.from === 'last'),
      ],
    };
    await app.with(definition, async () => {
      const record = await app.submit(new Date(now() + 48 * hour).toISOString());
      await edit(record, now() + 30_000);
      await later(31_000);
      expect(await app.waiting(record)).toBe('');
      await later(hour);
      expect(await app.waiting(record)).toBe('');
      await later(hour);
      expect(await app.waiting(record)).toBe('b');
    });
  });

  it('the page says when that is, not when it is looked at next', async () => {
    await app.with(app.chain(approvalNode('ok', [a], byDate('remind'))), async () => {
      const at = new Date(now() + 48 * hour).toISOString();
      const record = await app.submit(at);
      expect(await dueOf(record)).toBe(at);
    });
  });
});

describe('直接退回后', () => {
  const both = (more: Partial<Approval>) => app.chain(approvalNode('n1', [a]), approvalNode('n2', [b], more));
  const around = async (record: RecordId, away: number) => {
    await app.ok(record, b, 'return', { to: 'n1', goOn: 'straight', comment: '补一下' });
    await later(away);
    await app.ok(record, a, 'approve');
    expect(await app.waiting(record)).toBe('b');
  };

  it('a timer that has gone off does not go off again (it reminded at once, a second time)', async () => {
    await app.with(both(timed(after(1, 'hour', 'remind'), after(10, 'hour', 'approve'))), async () => {
      const record = await app.submit('提醒过');
      await app.ok(record, a, 'approve');
      await later(hour + 60_000);
      expect(await reminders(record, b)).toBe(2);
      await around(record, hour);
      const asked = await reminders(record, b);
      await later(3 * hour);
      expect(await reminders(record, b)).toBe(asked);
    });
  });

  it('a timer that repeats goes on with its count', async () => {
    const every = { every: { amount: 1, unit: 'hour' as const }, times: 3 };
    await app.with(both(timed(after(1, 'hour', 'remind', every))), async () => {
      const record = await app.submit('提醒三次');
      await app.ok(record, a, 'approve');
      await later(hour + 60_000);
      await around(record, hour);
      const asked = await reminders(record, b);
      for (let step = 0; step < 8; step++) await later(hour);
      expect(await reminders(record, b)).toBe(asked + 2);
    });
  });

  it('stands still while it is returned, then goes on with what was left', async () => {
    await app.with(both(timed(after(4, 'hour', 'approve'))), async () => {
      const record = await app.submit('退回时停');
      await app.ok(record, a, 'approve');
      await later(3 * hour);
      await around(record, 50 * hour);
      await later(hour / 2);
      expect(await app.state(record)).toBeNull();
      await later(hour / 2 + 60_000);
      expect(await app.state(record)).toBe('yes');
    });
  });
});

describe('工作小时', () => {
  it('are counted on a running approval: a night and a weekend do not make it late', async () => {
    await app.with(app.chain(approvalNode('ok', [a], timed(after(2, 'workHour', 'approve')))), async () => {
      // Friday 17:00 in Shanghai: an hour today, the other on Monday at 09:00.
      const friday = Date.parse('2027-03-05T09:00:00Z');
      app.whole.kernel.clock.advance(friday - now());
      const record = await app.submit('周五下班前');
      await later(60 * hour);
      expect(await app.state(record)).toBeNull();
      await later(Date.parse('2027-03-08T01:59:00Z') - now());
      expect(await app.state(record)).toBeNull();
      await later(120_000);
      expect(await app.state(record)).toBe('yes');
    });
  });
});

describe('补充材料', () => {
  it('the task stays, the starter answers, the timer stands still meanwhile', async () => {
    const timers = [
      { at: { kind: 'after' as const, amount: 2, unit: 'hour' as const }, action: 'approve' as const, times: 1 },
    ];
    await app.with(one({ timers }), async () => {
      const record = await app.submit('补充');
      const hour = 3_600_000;
      app.whole.kernel.clock.advance(hour);
      await ok(record, a, 'ask-info', { comment: '发票呢' });
      expect(await waiting(record)).toBe('as');
      app.whole.kernel.clock.advance(5 * hour);
      await app.drain();
      expect(await app.state(record)).toBeNull();
      await ok(record, app.admin.memberId, 'answer', { comment: '在附件' });
      app.whole.kernel.clock.advance(hour / 2);
      await app.drain();
      expect(await app.state(record)).toBeNull();
      app.whole.kernel.clock.advance(hour);
      await app.drain();
      expect(await app.state(record)).toBe('yes');
    });
  });
});

describe('到时间就', () => {
  const timer = (action: 'remind' | 'approve' | 'reject' | 'escalate', more: object = {}) => ({
    timers: [{ at: { kind: 'after' as const, amount: 1, unit: 'hour' as const }, action, times: 1, ...more }],
  });

  it.each([
    ['approve', 'yes'],
    ['reject', 'no'],
  ] as const)('%s by itself, once', async (action, state) => {
    await app.with(one(timer(action)), async () => {
      const record = await app.submit('超时');
      await later(3_500_000);
      expect(await app.state(record)).toBeNull();
      await later(200_000);
      expect(await app.state(record)).toBe(state);
      const [task] = await app.tasks(record);
      const late = await app.as(a, 'POST', `/api/v1/tasks/${task?.id}/approve`);
      expect(late.json.params).toEqual({ who: '系统', outcome: '按超时处理' });
    });
  });

  it('reminds again and again, as often as it is told', async () => {
    await app.with(one(timer('remind', { every: { amount: 1, unit: 'hour' }, times: 3 })), async () => {
      const record = await app.submit('提醒');
      for (let step = 0; step < 6; step++) await later(3_600_000);
      expect(await app.cards(record)).toHaveLength(4);
    });
  });

  it('hands up to the manager, who is the only one asked then', async () => {
    await app.whole.get(OrgService).updateMember(await app.ctx(app.admin.memberId), a, { managerId: b });
    await app.with(one(timer('escalate')), async () => {
      const record = await app.submit('转上级');
      await later(3_700_000);
      expect(await waiting(record)).toBe('b');
      await ok(record, b, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });
});
