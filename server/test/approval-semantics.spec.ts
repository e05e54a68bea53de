import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import { approvalSettings } from '@lianke/shared/flows/nodes/approval';
import type { MemberId, RecordId, TaskId } from '@lianke/shared/ids';
import { rolePermissions } from '@lianke/shared/org/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OrgService } from '../src/engine/org/org.service.js';
import { CardActions } from '../src/engine/ports.js';
import { HandoversService } from '../src/engine/tasks/handovers.service.js';
import { type Approval, ApprovalApp, approvalNode } from './support/approval-app.js';

let app: ApprovalApp;
let a: MemberId;
let b: MemberId;
let c: MemberId;
let d: MemberId;

beforeAll(async () => {
  app = await ApprovalApp.start();
  [a, b, c, d] = app.people as [MemberId, MemberId, MemberId, MemberId];
}, 120_000);
afterAll(() => app.whole.close());

const rules = (definition: FlowDefinition, part: Record<string, unknown>): FlowDefinition => ({
  ...definition,
  approval: approvalSettings.parse(part),
});
const one = (more: Partial<Approval> = {}, ids = [a]) => app.chain(approvalNode('ok', ids, more));
const two = (first: MemberId[], second: MemberId[], more: Partial<Approval> = {}) =>
  app.chain(approvalNode('n1', first, more), approvalNode('n2', second, more));
const act = (...args: Parameters<ApprovalApp['act']>) => app.act(...args);
const ok = (...args: Parameters<ApprovalApp['ok']>) => app.ok(...args);
const waiting = (record: RecordId) => app.waiting(record);
const detail = async (record: RecordId, who: MemberId) => {
  const [task] = (await app.tasks(record)).filter((item) => item.member_id === who).slice(-1);
  return (await app.as(who, 'GET', `/api/v1/tasks/${task?.id}`, undefined)).json;
};

describe('多人时', () => {
  it.each<[string, Partial<Approval>, [MemberId | string, 'approve' | 'reject'][], string | null]>([
    ['或签: the first answer decides', { mode: 'any' }, [['b', 'reject']], 'no'],
    [
      '一票通过: refused only when all refuse',
      { mode: 'any', refuse: 'afterAll' },
      [
        ['a', 'reject'],
        ['b', 'approve'],
      ],
      'yes',
    ],
    [
      '一票通过: all refuse',
      { mode: 'any', refuse: 'afterAll' },
      [
        ['a', 'reject'],
        ['b', 'reject'],
        ['c', 'reject'],
      ],
      'no',
    ],
    [
      '一票否决',
      { mode: 'all' },
      [
        ['a', 'approve'],
        ['b', 'reject'],
      ],
      'no',
    ],
    [
      '全签: a refusal waits for every opinion',
      { mode: 'all', refuse: 'afterAll' },
      [
        ['a', 'reject'],
        ['b', 'approve'],
      ],
      null,
    ],
    [
      '比例, 全签: the known result waits for every opinion',
      { mode: 'ratio', atLeast: { unit: 'count', value: 1 }, collectAll: true },
      [
        ['a', 'approve'],
        ['b', 'reject'],
      ],
      null,
    ],
    [
      '比例, 全签: all have spoken',
      { mode: 'ratio', atLeast: { unit: 'count', value: 1 }, collectAll: true },
      [
        ['a', 'approve'],
        ['b', 'reject'],
        ['c', 'reject'],
      ],
      'yes',
    ],
    [
      '依次比例: decided before the last is asked',
      { mode: 'ratio', atLeast: { unit: 'count', value: 2 }, oneByOne: true },
      [
        ['a', 'approve'],
        ['b', 'approve'],
      ],
      'yes',
    ],
  ])('%s', async (_name, policy, answers, state) => {
    await app.with(one(policy, [a, b, c]), async () => {
      const record = await app.submit('多人');
      const ids = { a, b, c } as Record<string, MemberId>;
      for (const [who, verb] of answers) await ok(record, ids[who as string] as MemberId, verb);
      expect(await app.state(record)).toBe(state);
    });
  });

  it('依次: the order of the list is kept, also for many (approvers in random order)', async () => {
    await app.with(one({ mode: 'sequential' }, [d, b, c, a]), async () => {
      const record = await app.submit('顺序');
      for (const [who, letter] of [
        [d, 'd'],
        [b, 'b'],
        [c, 'c'],
        [a, 'a'],
      ] as const) {
        expect(await waiting(record)).toBe(letter);
        await ok(record, who, 'approve');
      }
      expect(await app.state(record)).toBe('yes');
    });
  });
});

describe('委派', () => {
  it('the delegate advises, the task comes back, the delegator decides', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('委派');
      await ok(record, a, 'delegate', { to: b, comment: '你怎么看' });
      expect(await waiting(record)).toBe('b');
      expect((await detail(record, b)).actions).toEqual(['advise', 'cc']);
      await ok(record, b, 'reject', { comment: '贵了' });
      expect(await waiting(record)).toBe('a');
      expect(await app.state(record)).toBeNull();
      await ok(record, a, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });
});

describe('加签', () => {
  it('before: they are asked first, then the adder again', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('前加签');
      await ok(record, a, 'add-signer', { to: [b, c], position: 'before', mode: 'all' });
      expect(await waiting(record)).toBe('bc');
      await ok(record, b, 'approve');
      await ok(record, c, 'approve');
      expect(await waiting(record)).toBe('a');
      await ok(record, a, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('before: their refusal refuses in the adder’s place', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('前加签拒绝');
      await ok(record, a, 'add-signer', { to: [b], position: 'before' });
      await ok(record, b, 'reject', { comment: '不行' });
      expect(await app.state(record)).toBe('no');
      expect(await waiting(record)).toBe('');
    });
  });

  it('after: does not come back to the adder', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('后加签');
      await ok(record, a, 'add-signer', { to: [b, c], position: 'after', mode: 'sequential' });
      expect(await waiting(record)).toBe('a');
      await ok(record, a, 'approve');
      expect(await waiting(record)).toBe('b');
      await ok(record, b, 'approve');
      await ok(record, c, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('beside: a voice each; a count stays what it was unless the node says otherwise', async () => {
    for (const [addedCount, state] of [
      [false, 'yes'],
      [true, null],
    ] as const) {
      const policy = { mode: 'ratio' as const, atLeast: { unit: 'count' as const, value: 2 }, addedCount };
      await app.with(one(policy, [a, b]), async () => {
        const record = await app.submit('并加签');
        await ok(record, a, 'add-signer', { to: [c], position: 'beside' });
        await ok(record, a, 'approve');
        await ok(record, c, 'approve');
        expect(await app.state(record)).toBe(state);
      });
    }
  });

  it('nested to three, not to four', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('嵌套');
      await ok(record, a, 'add-signer', { to: [b], position: 'before' });
      await ok(record, b, 'add-signer', { to: [c], position: 'before' });
      await ok(record, c, 'add-signer', { to: [d], position: 'before' });
      const answer = await act(record, d, 'add-signer', { to: [app.admin.memberId], position: 'before' });
      expect([answer.status, answer.json.code]).toEqual([409, 'wrong_state']);
      for (const who of [d, c, b, a]) await ok(record, who, 'approve');
      expect(await app.state(record)).toBe('yes');
    });
  });
});

describe('减签', () => {
  it('only those added and not yet acted; the adder goes on', async () => {
    await app.with(one(), async () => {
      const record = await app.submit('减签');
      const id = await app.taskOf(record, a);
      await ok(record, a, 'add-signer', { to: [b, c], position: 'before' });
      await ok(record, b, 'approve');
      const signers = (await app.tasks(record)).filter((task) => task.member_id !== a);
      const remove = (task: TaskId | undefined) => app.as(a, 'POST', `/api/v1/tasks/${id}/remove-signer`, { task });
      expect((await remove(signers.find((task) => task.member_id === b)?.id)).json.code).toBe('wrong_state');
      expect((await remove(id)).status).toBe(400);
      expect((await remove(signers.find((task) => task.member_id === c)?.id)).status).toBe(200);
      expect(await waiting(record)).toBe('a');
    });
  });
});

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

describe('超时', () => {
  const timer = (action: 'remind' | 'approve' | 'reject' | 'escalate', more: object = {}) => ({
    timers: [{ at: { kind: 'after' as const, amount: 1, unit: 'hour' as const }, action, times: 1, ...more }],
  });
  const later = async (ms: number) => {
    app.whole.kernel.clock.advance(ms);
    await app.drain();
  };

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
      await app.with(rules(definition, { samePerson }), async () => {
        const record = await app.submit('同一人');
        await ok(record, a, 'approve');
        await ok(record, b, 'approve');
        expect(await waiting(record)).toBe(who);
      });
    await app.with(rules(two([a], [a, b], { mode: 'all' }), { samePerson: 'adjacent' }), async () => {
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

describe('字段权限、锁定与证据', () => {
  const fieldOf = (key: string) => app.contracts.fields.find((field) => field.key === key)?.id as string;

  it('only what the node lets edit is written, what it requires must be there, a crafted request is refused', async () => {
    const definition = one({ fields: { [fieldOf('name')]: 'required' } });
    await app.with(definition, async () => {
      const record = await app.submit('字段');
      const crafted = await act(record, a, 'approve', { values: { state: 'yes' } });
      expect([crafted.status, crafted.json.code]).toEqual([400, 'validation_failed']);
      expect((await act(record, a, 'approve', { values: { name: '' } })).status).toBe(400);
      await ok(record, a, 'approve', { values: { name: '改过' } });
      expect(await app.state(record)).toBe('yes');
    });
  });

  it('a signature or a comment that is demanded is not done in bulk: it is left, with the reason', async () => {
    await app.with(one({ signature: true }), async () => {
      const record = await app.submit('签名');
      const id = await app.taskOf(record, a);
      const answer = await app.as(a, 'POST', '/api/v1/tasks/approve', { ids: [id] });
      expect(answer.json.done).toEqual([]);
      expect(answer.json.left[0].reason).toContain('需要手写签名');
      const [card] = await app.sql<{ card: { buttons: { text: string; opens: boolean }[] } }>(
        'SELECT card FROM lianke.message WHERE about_id = $1',
        [id],
      );
      expect(card?.card.buttons).toMatchObject([{ text: '去处理', opens: true }]);
    });
    await app.with(one({ commentOnReject: true }), async () => {
      const record = await app.submit('写理由');
      const [card] = await app.sql<{ card: { buttons: { text: string; opens?: boolean }[] } }>(
        'SELECT card FROM lianke.message WHERE about_id = $1',
        [await app.taskOf(record, a)],
      );
      expect(card?.card.buttons.map((button) => [button.text, button.opens ?? false])).toEqual([
        ['同意', false],
        ['写理由拒绝', true],
      ]);
    });
    await app.with(one(), async () => {
      const records = [await app.submit('批一'), await app.submit('批二')];
      const ids = await Promise.all(records.map((record) => app.taskOf(record, a)));
      expect((await app.as(a, 'POST', '/api/v1/tasks/approve', { ids })).json).toEqual({ done: ids, left: [] });
    });
  });

  it.each([
    ['price', '价格需要再谈'],
    ['none', null],
    ['made up', null],
  ])('a refusal in the chat carries the reason chosen on the card: %s', async (id, comment) => {
    await app.with(one(), async () => {
      const record = await app.submit('卡片上拒绝');
      const task = await app.taskOf(record, a);
      const [message] = await app.sql<{ id: string; card: { choice: { key: string } } }>(
        'SELECT id, card FROM lianke.message WHERE about_id = $1',
        [task],
      );
      const key = message?.card.choice.key ?? '';
      await app.whole.get(CardActions).handle(await app.ctx(a), {
        messageId: message?.id ?? '',
        action: `reject:${task}`,
        memberId: a,
        chosen: { [key]: id },
        raw: null,
        responseCode: '',
        about: { kind: 'task', id: task },
      });
      const [row] = await app.sql<{ state: string; comment: string | null }>(
        'SELECT state, comment FROM lianke.task WHERE id = $1',
        [task],
      );
      expect(row).toEqual({ state: 'rejected', comment });
    });
  });

  it('the record is locked while pending, unlocked with a reason, and flagged when it is changed after', async () => {
    const writer = (record: RecordId, name: string) =>
      app.admin.call('PATCH', `/api/v1/forms/${app.contracts.id}/records/${record}`, { values: { name } });
    await app.with(rules(one(), { lock: 'all' }), async () => {
      const record = await app.submit('锁定');
      const locked = await writer(record, '偷改');
      expect([locked.status, locked.json.code]).toEqual([409, 'record_locked']);
      const [task] = await app.tasks(record);
      const url = `/api/v1/forms/${app.contracts.id}/records/${record}/approvals`;
      const [open] = (await app.as(a, 'GET', url, undefined)).json.items;
      expect(open).toMatchObject({ state: 'open', locked: 'all', mayUnlock: true, taskId: task?.id });
      expect(open.waiting).toEqual([{ id: a, label: expect.any(String), since: expect.stringMatching(/Z$/) }]);
      expect(open.starter).not.toBeNull();
      const of = { tenantId: app.admin.tenantId };
      const forms = { [app.contracts.id]: { actions: ['view'], scope: 'all' } };
      const org = app.whole.get(OrgService);
      const roleId = await org.createRole(of, { name: '只看', permissions: rolePermissions.parse({ forms }) });
      const reader = await org.createMember(of, { name: '戊', roleIds: [roleId] });
      expect((await app.as(reader, 'GET', url, undefined)).json.items[0]).toMatchObject({ mayUnlock: false });
      const away = { member: a, to: reader, from: '2020-01-01T00:00:00Z', until: '2100-01-01T00:00:00Z', flowIds: [] };
      const made = await app.admin.call('POST', '/api/v1/aways', away);
      expect((await app.as(reader, 'GET', url, undefined)).json.items[0]).toMatchObject({ mayUnlock: true });
      await app.admin.call('DELETE', `/api/v1/aways/${made.json.id}`);
      expect((await app.as(b, 'POST', `/api/v1/runs/${task?.run_id}/unlock`, { reason: '' })).status).toBe(400);
      expect((await app.as(a, 'POST', `/api/v1/runs/${task?.run_id}/unlock`, { reason: '写错了' })).status).toBe(204);
      expect((await writer(record, '改好')).status).toBe(200);
      const done = await ok(record, a, 'approve');
      expect(done.task.progress.some((entry: { action: string }) => entry.action === 'unlocked')).toBe(true);
      expect((await detail(record, a)).changedAfter).toBe(false);
      await writer(record, '审批后又改');
      expect((await detail(record, a)).changedAfter).toBe(true);
      expect((await app.admin.call('GET', url)).json.items[0]).toMatchObject({ changedAfter: true, locked: null });
    });
  });
});

describe('抄送', () => {
  it('by a node and with a decision, nobody twice, with read marks', async () => {
    const base = one();
    const cc: FlowNode = {
      id: 'cc',
      name: '',
      type: 'cc',
      to: [{ kind: 'member', ids: [c, d] }],
      title: { kind: 'literal', value: '请知悉' },
      facts: [],
    };
    const definition = {
      ...base,
      nodes: [...base.nodes, cc],
      edges: [{ from: 'trigger', to: 'cc' }, { from: 'cc', to: 'ok' }, ...base.edges.slice(1)],
    };
    await app.with(definition, async () => {
      const record = await app.submit('抄送');
      await ok(record, a, 'approve', { cc: [c], comment: '看一下' });
      const list = (await app.as(c, 'GET', '/api/v1/copies', undefined)).json;
      expect([list.items.length, list.unread]).toEqual([2, 2]);
      expect((await app.as(c, 'POST', `/api/v1/copies/${list.items[0].id}/read`)).json.readAt).not.toBeNull();
      expect((await app.as(c, 'GET', '/api/v1/copies?unread=true', undefined)).json.items).toHaveLength(1);
      expect((await app.as(d, 'POST', `/api/v1/copies/${list.items[1].id}/read`)).status).toBe(404);
      const page = await app.as(c, 'GET', `/api/v1/tasks/${list.items[0].taskId}`, undefined);
      expect(page.status).toBe(200);
      const marks = page.json.copies.map(
        ({ who, by, readAt }: { who: { id: string }; by: unknown; readAt: unknown }) => [
          who.id,
          by !== null,
          readAt !== null,
        ],
      );
      // The one that the approver sent is the newest and was read; those of the node are not.
      expect(marks).toEqual(
        expect.arrayContaining([
          [c, true, true],
          [c, false, false],
          [d, false, false],
        ]),
      );
      expect(marks).toHaveLength(3);
    });
  });
});

describe('任务中心的筛选', () => {
  it('flow, form, state, day and words narrow every list alike (the search box did nothing on 我发起的 and 抄送我的)', async () => {
    const title = '合同100%审批';
    await app.with(one({ title: { kind: 'literal', value: title } }), async () => {
      const [kept, other] = [await app.submit('筛选甲'), await app.submit('筛选乙')];
      await ok(kept, a, 'approve', { cc: [c], comment: '看一下' });
      await ok(other, a, 'reject', { cc: [c], comment: '不行' });
      const titles = async (who: MemberId, path: string, query: Record<string, string>) => {
        const answer = await app.as(who, 'GET', `/api/v1/${path}${new URLSearchParams(query)}`, undefined);
        expect(answer.status).toBe(200);
        return answer.json.items.map((item: { title: string }) => item.title);
      };
      const [run] = await app.sql<{ flow_id: string }>(
        'SELECT r.flow_id FROM lianke.task t JOIN lianke.run r ON r.tenant_id = t.tenant_id AND r.id = t.run_id WHERE t.record_id = $1',
        [kept],
      );
      const flowId = run?.flow_id ?? '';
      const me = app.admin.memberId;
      const day = '2000-01-01';
      for (const [who, path] of [
        [a, 'tasks?state=done&'],
        [me, 'runs?'],
        [c, 'copies?'],
      ] as const) {
        expect(await titles(who, path, { flowId, search: '100%' })).toEqual([title, title]);
        expect(await titles(who, path, { flowId, search: '100_' })).toEqual([]);
        expect(await titles(who, path, { flowId, formId: app.contracts.id, from: day })).toHaveLength(2);
        expect(await titles(who, path, { flowId, to: day })).toEqual([]);
        expect(await titles(who, path, { flowId: app.contracts.id })).toEqual([]);
      }
      expect(await titles(a, 'tasks?state=done&', { flowId, outcome: 'approved' })).toEqual([title]);
      expect(await titles(me, 'runs?', { flowId, state: 'approved' })).toEqual([title]);
      expect(await titles(me, 'runs?', { flowId, state: 'open' })).toEqual([]);
      const flows = (await app.as(c, 'GET', '/api/v1/tasks/flows', undefined)).json.items;
      expect(flows.map((flow: { id: string }) => flow.id)).toContain(flowId);
      expect((await app.as(d, 'GET', '/api/v1/tasks/flows', undefined)).json.items).not.toContainEqual(
        expect.objectContaining({ id: flowId }),
      );
    });
  });
});

describe('发起人撤回', () => {
  it.each([
    ['beforeEnd', 200],
    ['never', 409],
  ] as const)('%s', async (withdraw, status) => {
    await app.with(rules(one({ mode: 'all' }, [a, b]), { withdraw }), async () => {
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
