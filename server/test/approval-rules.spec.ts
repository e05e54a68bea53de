import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { approvalSettings } from '@lianke/shared/flows/nodes/approval';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Approval, ApprovalApp, approvalNode } from './support/approval-app.js';

// Rules that a flow's designer switched on and that have to hold everywhere.
let app: ApprovalApp;
let a: MemberId;
let b: MemberId;
let c: MemberId;

beforeAll(async () => {
  app = await ApprovalApp.start();
  [a, b, c] = app.people as [MemberId, MemberId, MemberId];
}, 120_000);
afterAll(() => app.whole.close());

const ruled = (definition: FlowDefinition, part: Record<string, unknown>): FlowDefinition => ({
  ...definition,
  approval: approvalSettings.parse(part),
});
const fieldOf = (key: string) => app.contracts.fields.find((field) => field.key === key)?.id as string;
const edit = (record: RecordId, name: string) =>
  app.admin.call('PATCH', `/api/v1/forms/${app.contracts.id}/records/${record}`, { values: { name } });

describe('自动同意', () => {
  const demands = (): [string, Partial<Approval>, object][] => [
    ['a comment', { commentOnApprove: true }, { comment: '可以' }],
    ['a field', { fields: { [fieldOf('name')]: 'required' } }, { values: { name: '填了' } }],
  ];

  it('does not skip what the node demands: who agreed before comments and fills in himself', async () => {
    for (const [what, node, body] of demands()) {
      const definition = app.chain(approvalNode('n1', [a]), approvalNode('n2', [a], node));
      await app.with(ruled(definition, { samePerson: 'adjacent' }), async () => {
        const record = await app.submit(what);
        await app.ok(record, a, 'approve');
        expect(await app.waiting(record)).toBe('a');
        await app.ok(record, a, 'approve', body);
        expect(await app.state(record)).toBe('yes');
      });
    }
  });

  it('does not skip a signature: the starter who would be passed over signs', async () => {
    for (const node of [{ signature: true }, ...demands().map(([, more]) => more)])
      await app.with(app.chain(approvalNode('ok', [a], { whenStarter: 'skip', ...node })), async () => {
        const record = await app.submit('发起人签名', a);
        expect(await app.waiting(record)).toBe('a');
        expect(await app.state(record)).toBeNull();
      });
  });

  it('still passes over whom nothing more is asked of', async () => {
    await app.with(app.chain(approvalNode('ok', [a], { whenStarter: 'skip', commentOnReject: true })), async () => {
      expect(await app.state(await app.submit('跳过', a))).toBe('yes');
    });
  });
});

describe('审批期间锁定数据', () => {
  const waitBetween = (first: Approval, second: Approval): FlowDefinition => {
    const chain = app.chain(first, second);
    const delay = {
      id: 'rest',
      name: '',
      type: 'delay' as const,
      wait: { kind: 'for' as const, amount: 30, unit: 'day' as const },
    };
    return ruled(
      {
        ...chain,
        nodes: [...chain.nodes, delay],
        edges: chain.edges.flatMap((edge) =>
          edge.from === first.id
            ? [
                { ...edge, to: 'rest' },
                { from: 'rest', to: second.id },
              ]
            : [edge],
        ),
      },
      { lock: 'all' },
    );
  };

  it('ends with the last approval, not with the run (the record stayed locked for thirty days)', async () => {
    await app.with(waitBetween(approvalNode('n1', [a]), approvalNode('n2', [b])), async () => {
      const record = await app.submit('锁到什么时候');
      expect((await edit(record, '早')).json.code).toBe('record_locked');
      await app.ok(record, a, 'approve');
      expect((await edit(record, '等待期间')).status).toBe(200);
      app.whole.kernel.clock.advance(31 * 86_400_000);
      await app.drain();
      expect(await app.waiting(record)).toBe('b');
      expect((await edit(record, '又锁')).json.code).toBe('record_locked');
    });
  });

  it('comes back with a consent that is taken back', async () => {
    await app.with(waitBetween(approvalNode('n1', [a]), approvalNode('n2', [b])), async () => {
      const record = await app.submit('撤回后锁定');
      const task = await app.taskOf(record, a);
      await app.ok(record, a, 'approve');
      expect((await app.as(a, 'POST', `/api/v1/tasks/${task}/recall`)).status).toBe(200);
      expect((await edit(record, '撤回了')).json.code).toBe('record_locked');
    });
  });

  it('stays while a sibling way still waits for its approval', async () => {
    const ways = ['p', 'q'].map((id) => ({ id, name: '' }));
    const chain = app.chain(approvalNode('last', [c]));
    const definition = ruled(
      {
        ...chain,
        nodes: [
          ...chain.nodes,
          { id: 'par', name: '', type: 'parallel', ways, join: 'all' },
          approvalNode('left', [a]),
          approvalNode('right', [b]),
          { id: 'rest', name: '', type: 'delay', wait: { kind: 'for', amount: 1, unit: 'day' } },
        ],
        edges: [
          { from: 'trigger', to: 'par' },
          { from: 'par', to: 'left', port: 'way:p' },
          { from: 'par', to: 'right', port: 'way:q' },
          { from: 'par', to: 'rest', port: 'next' },
          { from: 'rest', to: 'last' },
          ...chain.edges.filter((edge) => edge.from === 'last'),
        ],
      },
      { lock: 'all' },
    );
    await app.with(definition, async () => {
      const record = await app.submit('并行锁定');
      await app.ok(record, a, 'approve');
      expect((await edit(record, '早')).json.code).toBe('record_locked');
      await app.ok(record, b, 'approve');
      expect((await edit(record, '都同意了')).status).toBe(200);
    });
  });
});
