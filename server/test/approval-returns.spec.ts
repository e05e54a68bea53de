import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { TaskId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { approvalNode } from './support/approval-app.js';
import { approvalScene, ruled } from './support/approval-scene.js';

// Going back: a return, a consent taken back, a withdrawal by the starter.
const { app, a, b, c, d, act, ok, waiting, one, two, detail } = await approvalScene();

describe('退回', () => {
  it('to a node passed: every node from there is asked again', async () => {
    await app.with(two([a], [b]), async () => {
      const record = await app.submit('退回');
      await ok(record, a, 'approve');
      await ok(record, b, 'return', { to: 'n1', comment: '再看看' });
      expect(await waiting(record)).toBe('a');
      await ok(record, a, 'approve');
      expect(await waiting(record)).toBe('b');
      await ok(record, b, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('straight back skips what lies between', async () => {
    const definition = app.chain(approvalNode('n1', [a]), approvalNode('n2', [b]), approvalNode('n3', [c]));
    await app.with(definition, async () => {
      const record = await app.submit('直接回来');
      await ok(record, a, 'approve');
      await ok(record, b, 'approve');
      await ok(record, c, 'return', { to: 'n1', goOn: 'straight', comment: '金额' });
      await ok(record, a, 'approve');
      expect(await waiting(record)).toBe('c');
      await ok(record, c, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('straight back to whom the starter chose does not ask him to choose again; asked anew from there on, it does', async () => {
    const chosen = { ...approvalNode('n1', []), approvers: [{ kind: 'choice' as const, from: [b, c] }] };
    await app.with(app.chain(chosen), async () => {
      const me = app.admin.memberId;
      const record = await app.submit('自选退回');
      await ok(record, me, 'choose', { to: [c] });
      await ok(record, c, 'return', { to: 'start', goOn: 'straight', comment: '缺合同' });
      await ok(record, me, 'resubmit', { comment: '补了' });
      expect(await waiting(record)).toBe('c');
      await ok(record, c, 'return', { to: 'start', comment: '换人' });
      await ok(record, me, 'resubmit', { comment: '好' });
      expect(await waiting(record)).toBe('s');
      await ok(record, me, 'choose', { to: [b] });
      await ok(record, b, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('to the starter, who mends and submits again; not to a node that was not passed', async () => {
    await app.with(two([a], [b]), async () => {
      const record = await app.submit('退给发起人');
      expect((await act(record, a, 'return', { to: 'n2', comment: '?' })).status).toBe(400);
      await ok(record, a, 'return', { to: 'start', comment: '缺合同' });
      expect(await waiting(record)).toBe('s');
      expect((await detail(record, app.admin.memberId)).question).toBe('缺合同');
      await ok(record, app.admin.memberId, 'resubmit', { comment: '补了' });
      expect(await waiting(record)).toBe('a');
      await ok(record, a, 'approve');
      await ok(record, b, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('of a 会签 loses no task: all signers are asked again (a task of a returned multi-sign node is lost)', async () => {
    await app.with(app.chain(approvalNode('n1', [a]), approvalNode('n2', [b, c, d], { mode: 'all' })), async () => {
      const record = await app.submit('会签退回');
      await ok(record, a, 'approve');
      await ok(record, b, 'approve');
      await ok(record, c, 'return', { to: 'n1', comment: '重来' });
      expect(await waiting(record)).toBe('a');
      await ok(record, a, 'approve');
      expect(await waiting(record)).toBe('bcd');
      for (const who of [b, c, d]) await ok(record, who, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });
});

/** n0, then two ways at once: p1 → p2, and q; then the end. */
const forked = (): FlowDefinition => {
  const base = app.chain(approvalNode('n0', [a]));
  const parallel: FlowNode = {
    id: 'par',
    name: '',
    type: 'parallel',
    ways: [
      { id: 'p', name: '' },
      { id: 'q', name: '' },
    ],
    join: 'all',
  };
  return {
    ...base,
    nodes: [...base.nodes, parallel, approvalNode('p1', [b]), approvalNode('p2', [c]), approvalNode('q', [d])],
    edges: [
      { from: 'trigger', to: 'n0' },
      { from: 'n0', to: 'par', port: 'approved' },
      { from: 'n0', to: 'no', port: 'rejected' },
      { from: 'par', to: 'p1', port: 'way:p' },
      { from: 'p1', to: 'p2', port: 'approved' },
      { from: 'par', to: 'q', port: 'way:q' },
      { from: 'par', to: 'yes', port: 'next' },
    ],
  };
};

describe('并行分支里退回', () => {
  it('to a node inside the own branch leaves the sibling alone', async () => {
    await app.with(forked(), async () => {
      const record = await app.submit('分支内');
      await ok(record, a, 'approve');
      await ok(record, b, 'approve');
      await ok(record, c, 'return', { to: 'p1', comment: '再看' });
      expect(await waiting(record)).toBe('bd');
      await ok(record, d, 'approve');
      await ok(record, b, 'approve');
      await ok(record, c, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('before the fork cancels the siblings, asks nobody twice, and closes their cards (duplicate history after return)', async () => {
    await app.with(forked(), async () => {
      const record = await app.submit('分叉前');
      await ok(record, a, 'approve');
      const straight = await act(record, b, 'return', { to: 'n0', goOn: 'straight', comment: '?' });
      expect(straight.status).toBe(400);
      await ok(record, b, 'return', { to: 'n0', comment: '重来' });
      expect(await waiting(record)).toBe('a');
      const cards = await app.cards(record);
      expect(cards.filter((card) => card.outcome === null).map((card) => card.member)).toEqual([a]);
      await ok(record, a, 'approve');
      expect(await waiting(record)).toBe('bd');
      const late = (await app.tasks(record)).find((task) => task.member_id === d && task.state === 'closed');
      expect((await app.as(d, 'POST', `/api/v1/tasks/${late?.id}/approve`)).json.code).toBe('already_handled');
      for (const who of [b, d]) await ok(record, who, 'approve');
      await ok(record, c, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('cards of tasks cut off by a join of any branch are closed', async () => {
    const definition = forked();
    for (const node of definition.nodes) if (node.type === 'parallel') node.join = 'any';
    await app.with(definition, async () => {
      const record = await app.submit('任一汇合');
      await ok(record, a, 'approve');
      await ok(record, d, 'approve');
      expect(await app.state(record)).toBe('yes');
      expect((await app.cards(record)).every((card) => card.outcome !== null)).toBe(true);
    });
  });
});

describe('撤回自己的同意', () => {
  it('while the next has not acted; afterwards not', async () => {
    await app.with(two([a], [b]), async () => {
      const record = await app.submit('撤回同意');
      const mine = await app.taskOf(record, a);
      await ok(record, a, 'approve');
      expect((await app.as(a, 'GET', `/api/v1/tasks/${mine}`, undefined)).json.actions).toContain('recall');
      expect((await app.as(a, 'POST', `/api/v1/tasks/${mine}/recall`)).status).toBe(200);
      expect(await waiting(record)).toBe('a');
      await ok(record, a, 'approve');
      await ok(record, b, 'approve');
      const late = await app.as(a, 'POST', `/api/v1/tasks/${mine}/recall`);
      expect([late.status, late.json.code]).toEqual([409, 'wrong_state']);
    });
  });

  it('in 或签 brings the others’ tasks back, in 依次 the next one waits again', async () => {
    await app.with(
      app.chain(approvalNode('n1', [a, b]), approvalNode('n2', [c, d], { mode: 'sequential' })),
      async () => {
        const record = await app.submit('撤回或签');
        const first = await app.taskOf(record, a);
        await ok(record, a, 'approve');
        expect(await waiting(record)).toBe('c');
        await app.as(a, 'POST', `/api/v1/tasks/${first}/recall`);
        expect(await waiting(record)).toBe('ab');
        await ok(record, b, 'approve');
        const third = await app.taskOf(record, c);
        await ok(record, c, 'approve');
        expect(await waiting(record)).toBe('d');
        await app.as(c, 'POST', `/api/v1/tasks/${third}/recall`);
        expect(await waiting(record)).toBe('c');
      },
    );
  });
});

describe('发起人撤回', () => {
  it.each([
    ['beforeEnd', 200],
    ['never', 409],
  ] as const)('%s', async (withdraw, status) => {
    await app.with(ruled(one({ mode: 'all' }, [a, b]), { withdraw }), async () => {
      const record = await app.submit('撤回', c);
      await ok(record, a, 'approve');
      const [task] = await app.tasks(record);
      expect((await app.as(c, 'POST', `/api/v1/runs/${task?.run_id}/withdraw`)).status).toBe(status);
    });
  });
});

describe('一个人有几条待办', () => {
  it('each decides its own task, never another of his (wrong task approved when one user holds several)', async () => {
    await app.with(forkedSame(), async () => {
      const record = await app.submit('两条');
      const mine = (await app.tasks(record)).filter((task) => task.member_id === a && task.state === 'pending');
      expect(mine).toHaveLength(2);
      const [first, second] = mine;
      expect((await app.as(a, 'POST', `/api/v1/tasks/${second?.id}/approve`)).status).toBe(200);
      await app.drain();
      const states = new Map((await app.tasks(record)).map((task) => [task.id, task.state]));
      expect([states.get(first?.id as TaskId), states.get(second?.id as TaskId)]).toEqual(['pending', 'approved']);
    });
  });
});

function forkedSame(): FlowDefinition {
  const definition = forked();
  for (const node of definition.nodes)
    if (node.type === 'approval' && (node.id === 'p1' || node.id === 'q'))
      node.approvers = [{ kind: 'member', ids: [a] }];
  return {
    ...definition,
    nodes: definition.nodes.filter((node) => !['n0', 'p2', 'no'].includes(node.id)),
    edges: [{ from: 'trigger', to: 'par' }, ...definition.edges.filter((edge) => edge.from === 'par')],
  };
}
