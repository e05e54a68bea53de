import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { MemberId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { OrgService } from '../src/engine/org/org.service.js';
import { HandoversService } from '../src/engine/tasks/handovers.service.js';
import { type Approval, approvalNode } from './support/approval-app.js';
import { approvalScene, ruled } from './support/approval-scene.js';

// Who is asked: named, found, chosen, away, gone.
const { app, a, b, c, d, act, ok, waiting, one, two } = await approvalScene();

describe('审批人', () => {
  it('nobody: pass, refuse, named, the next manager up', async () => {
    const nobody = [{ kind: 'role' as const, roleId: '00000000-0000-7000-8000-000000000000' }];
    const base = one();
    const make = (more: Partial<Approval>) => ({
      ...base,
      nodes: base.nodes.map((node) => (node.id === 'ok' ? { ...node, ...more } : node)) as FlowDefinition['nodes'],
    });
    const left = [{ kind: 'member' as const, ids: [await leaver()] }];
    void nobody;
    for (const [whenEmpty, state] of [
      ['pass', 'yes'],
      ['reject', 'no'],
    ] as const)
      await withDraft(make({ whenEmpty }), left, async () => {
        expect(await app.state(await app.submit('没有人'))).toBe(state);
      });
    await withDraft(make({ whenEmpty: 'named', emptyTo: [c] }), left, async () => {
      expect(await waiting(await app.submit('指定'))).toBe('c');
    });
    await app.whole.get(OrgService).updateMember(await app.ctx(app.admin.memberId), d, { managerId: c });
    await withDraft(make({ whenEmpty: 'managerUp' }), left, async () => {
      expect(await waiting(await app.submit('上级', d))).toBe('c');
    });
  });

  it('the starter among them: himself, passed over, his manager', async () => {
    await app.whole.get(OrgService).updateMember(await app.ctx(app.admin.memberId), d, { managerId: c });
    for (const [whenStarter, who] of [
      ['self', 'd'],
      ['skip', ''],
      ['head', 'c'],
    ] as const)
      await app.with(one({ whenStarter }, [d]), async () => {
        const record = await app.submit('自己', d);
        expect(await waiting(record)).toBe(who);
        expect(await app.state(record)).toBe(whenStarter === 'skip' ? 'yes' : null);
      });
  });

  it('the same person: adjacent, whole flow, off', async () => {
    const definition = app.chain(approvalNode('n1', [a]), approvalNode('n2', [b]), approvalNode('n3', [a]));
    for (const [samePerson, who] of [
      ['off', 'a'],
      ['adjacent', 'a'],
      ['whole', ''],
    ] as const)
      await app.with(ruled(definition, { samePerson }), async () => {
        const record = await app.submit('同一人');
        await ok(record, a, 'approve');
        await ok(record, b, 'approve');
        expect(await waiting(record)).toBe(who);
      });
    await app.with(ruled(two([a], [a, b], { mode: 'all' }), { samePerson: 'adjacent' }), async () => {
      const record = await app.submit('相邻');
      await ok(record, a, 'approve');
      expect(await waiting(record)).toBe('b');
    });
  });

  it('chosen by the starter, a chain of managers, a formula', async () => {
    const people = (approvers: Approval['approvers'], mode: Approval['mode'] = 'any') => {
      const base = one({ mode });
      return {
        ...base,
        nodes: base.nodes.map((node) => (node.id === 'ok' ? { ...node, approvers } : node)) as FlowDefinition['nodes'],
      };
    };
    await app.with(people([{ kind: 'choice', from: [b, c] }]), async () => {
      const record = await app.submit('自选');
      expect(await waiting(record)).toBe('s');
      expect((await act(record, app.admin.memberId, 'choose', { to: [d] })).status).toBe(400);
      await ok(record, app.admin.memberId, 'choose', { to: [c] });
      expect(await waiting(record)).toBe('c');
    });
    const org = app.whole.get(OrgService);
    const ctx = await app.ctx(app.admin.memberId);
    await org.updateMember(ctx, d, { managerId: c });
    await org.updateMember(ctx, c, { managerId: b });
    await app.with(people([{ kind: 'managerChain', of: { kind: 'starter' }, levels: 2 }], 'sequential'), async () => {
      const record = await app.submit('逐级', d);
      expect(await waiting(record)).toBe('c');
      await ok(record, c, 'approve');
      expect(await waiting(record)).toBe('b');
    });
    await app.with(people([{ kind: 'formula', formula: 'IF({name}="大单","乙","甲")' }]), async () => {
      expect(await waiting(await app.submit('大单'))).toBe('b');
      expect(await waiting(await app.submit('小单'))).toBe('a');
    });
  });
});

describe('代理', () => {
  it('covers what already waits, is shown as 代, comes back when it ends, never runs in a circle', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('代理');
      const now = app.whole.kernel.clock.now().getTime();
      const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
      const made = await app.as(a, 'POST', '/api/v1/aways', { to: b, from: at(-1), until: at(10) });
      expect(made.status).toBe(200);
      await app.as(b, 'POST', '/api/v1/aways', { to: a, from: at(-1), until: at(1) });
      const list = (await app.as(b, 'GET', '/api/v1/tasks?kind=approval', undefined)).json.items;
      const mine = list.find((item: { subject: { id: string } }) => item.subject.id === record);
      expect(mine.actingFor.label).toBe('甲');
      const other = await app.submit('代理之后');
      expect((await app.cards(other)).map((card) => card.member)).toEqual([b]);
      const done = await app.as(b, 'POST', `/api/v1/tasks/${mine.id}/approve`);
      expect(done.status).toBe(200);
      expect(done.json.task.progress.find((entry: { action: string }) => entry.action === 'approved')).toMatchObject({
        who: { label: '乙' },
        actingFor: { label: '甲' },
      });
      await app.as(a, 'DELETE', `/api/v1/aways/${made.json.id}`, undefined);
      app.whole.kernel.clock.advance(1);
      const waits = (await app.tasks(other))[0]?.id;
      const late = await app.as(b, 'POST', `/api/v1/tasks/${waits}/approve`);
      expect([late.status, late.json.code]).toEqual([409, 'wrong_state']);
      await ok(other, a, 'approve');
    });
    await app.sql('DELETE FROM lianke.away');
  });
});

describe('离职交接', () => {
  it('every open task goes to the successor, and drafts that name the leaver name him', async () => {
    await app.with(two([a], [b]), async () => {
      const record = await app.submit('交接');
      const service = app.whole.get(HandoversService);
      const ctx = await app.ctx(app.admin.memberId);
      expect((await service.open(ctx, a)).tasks).toBeGreaterThan(0);
      await service.handOver(ctx, a, d);
      expect(await waiting(record)).toBe('d');
      expect((await service.open(ctx, a)).tasks).toBe(0);
      expect(await service.handOver(ctx, a, d)).toEqual({ tasks: 0, flows: 0 });
      await ok(record, d, 'approve');
      expect(await waiting(record)).toBe('b');
    });
  });
});

/** Somebody who has left: named, but never found. */
async function leaver(): Promise<MemberId> {
  const org = app.whole.get(OrgService);
  const id = await org.createMember({ tenantId: app.admin.tenantId }, { name: '离职者' });
  return id;
}

/** A flow published while its approver was still here. */
async function withDraft(definition: FlowDefinition, approvers: Approval['approvers'], work: () => Promise<void>) {
  const org = app.whole.get(OrgService);
  const ctx = await app.ctx(app.admin.memberId);
  const [person] = approvers;
  const id = (person?.kind === 'member' ? person.ids[0] : '') as MemberId;
  await org.updateMember(ctx, id, { state: 'active' });
  const named = {
    ...definition,
    nodes: definition.nodes.map((node) =>
      node.id === 'ok' ? { ...node, approvers } : node,
    ) as FlowDefinition['nodes'],
  };
  await app.with(named, async () => {
    await org.updateMember(await app.ctx(app.admin.memberId), id, { state: 'left' });
    await work();
  });
}
