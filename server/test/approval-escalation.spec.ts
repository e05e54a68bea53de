import type { MemberId, RecordId } from '@lianke/shared/ids';
import { expect, it } from 'vitest';
import { OrgService } from '../src/engine/org/org.service.js';
import { type Approval, approvalNode } from './support/approval-app.js';
import { approvalScene } from './support/approval-scene.js';

// 超时转上级: what waits too long always goes to somebody, or somebody is told.
const { app, a, b, c, later } = await approvalScene();

const hour = 3_600_000;
const limit = (amount: number, action: 'escalate' | 'approve') => ({
  at: { kind: 'after' as const, amount, unit: 'hour' as const },
  action,
  times: 1,
});
const escalating = (ids: MemberId[], more: Partial<Approval> = {}) =>
  app.chain(approvalNode('ok', ids, { mode: 'all', timers: [limit(1, 'escalate')], ...more }));
const reportTo = async (who: MemberId, managerId: MemberId | null) =>
  app.whole.get(OrgService).updateMember(await app.ctx(app.admin.memberId), who, { managerId });
const story = async (record: RecordId) => {
  const [task] = await app.tasks(record);
  return (await app.admin.call('GET', `/api/v1/tasks/${task?.id}`)).json.progress as {
    action: string;
    who: { id: string };
  }[];
};
const notices = () =>
  app.sql<{ member_id: MemberId; card: { title: string; description: string } }>(
    `SELECT member_id, card FROM lianke.message WHERE about_kind = 'none' ORDER BY id`,
  );

it('a boss without a manager is reminded, the administrators are told, and the story says so (it did nothing, silently)', async () => {
  await app.with(escalating([a]), async () => {
    const record = await app.submit('没有上级');
    const told = (await notices()).length;
    await later(hour + 60_000);
    expect(await app.waiting(record)).toBe('a');
    expect((await app.cards(record)).map((card) => card.member)).toEqual([a, a]);
    const fresh = (await notices()).slice(told);
    expect(fresh.map((notice) => notice.member_id)).toContain(app.admin.memberId);
    expect(fresh[0]?.card.description).toContain('甲');
    expect((await story(record)).filter((entry) => entry.action === 'stayed')).toMatchObject([{ who: { id: a } }]);
    await app.ok(record, a, 'approve');
    expect((await story(record)).some((entry) => entry.action === 'stayed')).toBe(true);
    await later(30 * hour);
    expect((await notices()).slice(told)).toHaveLength(fresh.length);
  });
});

it('finance whose manager is asked already goes to the next manager up', async () => {
  await reportTo(a, b);
  await reportTo(b, c);
  await app.with(escalating([a, b]), async () => {
    const record = await app.submit('上级已在审批');
    await app.ok(record, b, 'approve');
    await later(hour + 60_000);
    expect(await app.waiting(record)).toBe('c');
    await app.ok(record, c, 'approve');
    expect(await app.state(record)).toBe('yes');
  });
  await reportTo(b, null);
});

it('with nobody above the one who is asked already, each finance waits on and is reminded', async () => {
  await reportTo(a, b);
  await app.with(escalating([a, b]), async () => {
    const record = await app.submit('上级也在等');
    await later(hour + 60_000);
    expect(await app.waiting(record)).toBe('ab');
    expect((await story(record)).filter((entry) => entry.action === 'stayed')).toHaveLength(2);
  });
  await reportTo(a, null);
});

it('managers in a circle are no way up', async () => {
  await reportTo(a, b);
  await reportTo(b, a).catch(() => undefined);
  await app.with(escalating([a, b]), async () => {
    const record = await app.submit('互为上级');
    await later(hour + 60_000);
    expect(await app.waiting(record)).toBe('ab');
  });
  await reportTo(a, null);
  await reportTo(b, null);
});

it('does not hand the starter’s own approval to the starter where he may not decide it', async () => {
  await reportTo(a, b);
  await reportTo(b, c);
  await app.with(escalating([a], { whenStarter: 'skip' }), async () => {
    const record = await app.submit('发起人是上级', b);
    await later(hour + 60_000);
    expect(await app.waiting(record)).toBe('c');
  });
  await reportTo(a, null);
  await reportTo(b, null);
});

it('a later time-out of the same approval still comes', async () => {
  await app.with(escalating([a], { timers: [limit(1, 'escalate'), limit(3, 'approve')] }), async () => {
    const record = await app.submit('再过一会儿');
    await later(hour + 60_000);
    expect(await app.state(record)).toBeNull();
    await later(2 * hour);
    expect(await app.state(record)).toBe('yes');
    expect((await story(record)).some((entry) => entry.action === 'stayed')).toBe(true);
  });
});
