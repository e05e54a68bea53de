import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import { type ApproverExtra, approverExtras } from '@lianke/shared/flows/nodes/approval';
import type { RecordId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { type Approval, approvalNode } from './support/approval-app.js';
import { approvalScene, ruled } from './support/approval-scene.js';

// Rules that a flow's designer switched on and that have to hold everywhere.
const { app, a, b, c, fieldOf } = await approvalScene();

const edit = (record: RecordId, name: string) =>
  app.admin.call('PATCH', `/api/v1/forms/${app.contracts.id}/records/${record}`, { values: { name } });

/** Two approvals with thirty days between them. */
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

describe('审批后已修改', () => {
  const literal = (value: string) => ({ kind: 'literal' as const, value });
  const put = (id: string, target: string, value: string): FlowNode => ({
    ...{ id, name: '', type: 'updateRecord', target },
    assignments: [{ field: 'name', value: literal(value) }],
  });
  /** An approval, nodes of the flow's own, and another approval. */
  const around = (...between: FlowNode[]): FlowDefinition => {
    const chain = app.chain(approvalNode('n1', [a]), approvalNode('n2', [b]));
    const ids = ['n1', ...between.map((node) => node.id), 'n2'];
    return {
      ...chain,
      nodes: [...chain.nodes, ...between],
      edges: [
        ...chain.edges.filter((edge) => edge.from !== 'n1'),
        ...ids.slice(1).map((to, at) => ({ from: ids[at] as string, to, ...(at === 0 ? { port: 'approved' } : {}) })),
      ],
    };
  };
  const changed = async (record: RecordId): Promise<[boolean, boolean]> => {
    const task = (await app.tasks(record)).find((item) => item.node === 'n2');
    const page = await app.as(b, 'GET', `/api/v1/tasks/${task?.id}`, undefined);
    const list = await app.admin.call('GET', `/api/v1/forms/${app.contracts.id}/records/${record}/approvals`);
    return [page.json.changedAfter, list.json.items[0].changedAfter];
  };
  const filled = (): FlowNode => ({
    ...{ id: 'fill', name: '', type: 'fill', people: [{ kind: 'member', ids: [c] }], who: 'any', target: 'trigger' },
    title: literal('请填写'),
    facts: [],
    fields: { [fieldOf('name')]: 'required' },
  });

  it.each<[string, () => FlowNode[]]>([
    ['its update', () => [put('put', 'trigger', '编号一')]],
    [
      'an update through a node that stands for the record',
      () => [put('one', 'trigger', '一'), put('two', 'one', '二')],
    ],
    [
      'an update of what it found in the same form',
      () => [
        {
          id: 'find',
          name: '',
          type: 'findRecords',
          formId: app.contracts.id,
          match: [],
          any: false,
          limit: 1,
          sort: [],
        },
        put('put', 'find', '找到的'),
      ],
    ],
    [
      'an upsert',
      () => [
        {
          ...{ id: 'up', name: '', type: 'upsertRecord', formId: app.contracts.id, matchOn: 'name' },
          assignments: [
            { field: 'name', value: { kind: 'ref', ref: { source: 'trigger', path: 'name' } } },
            { field: 'state', value: literal('归档') },
          ],
        },
      ],
    ],
  ])('is not said of what the flow itself writes: %s', async (_what, nodes) => {
    await app.with(around(...nodes()), async () => {
      const record = await app.submit(`流程自己改 ${_what}`);
      await app.ok(record, a, 'approve');
      expect(await app.waiting(record)).toBe('b');
      expect(await changed(record)).toEqual([false, false]);
    });
  });

  it('is not said of what a called flow writes, nor once that is switched off', async () => {
    const flows = app.whole.get(FlowsService);
    const ctx = await app.ctx(app.admin.memberId);
    const writes = (value: string): FlowDefinition => ({
      trigger: { type: 'called', formId: app.contracts.id, inputs: [] },
      nodes: [put('put', 'trigger', value)],
      edges: [{ from: 'trigger', to: 'put' }],
    });
    const called = await flows.create(ctx, { appId: app.contracts.appId, name: '归档', definition: writes('归档一') });
    await flows.publish(ctx, called.id);
    const call: FlowNode = {
      ...{ id: 'call', name: '', type: 'subflow', flowId: called.id, record: 'trigger', inputs: [], wait: false },
    };
    await app.with(around(call), async () => {
      const record = await app.submit('子流程改的');
      await app.ok(record, a, 'approve');
      expect(await app.waiting(record)).toBe('b');
      expect(await changed(record)).toEqual([false, false]);
      await flows.update(await app.ctx(app.admin.memberId), called.id, { enabled: false });
      expect(await changed(record)).toEqual([false, false]);
    });
  });

  it('is not said of what somebody fills in for the flow, but of what is changed after that', async () => {
    await app.with(around(filled()), async () => {
      const record = await app.submit('填写不算改');
      await app.ok(record, a, 'approve');
      await app.ok(record, c, 'fill', { values: { name: '填好了' } });
      expect(await changed(record)).toEqual([false, false]);
      await edit(record, '偷改');
      expect(await changed(record)).toEqual([true, true]);
    });
  });

  it('is still said when somebody fills in what had been changed before', async () => {
    await app.with(around(filled()), async () => {
      const record = await app.submit('先偷改再填写');
      await app.ok(record, a, 'approve');
      await edit(record, '偷改');
      await app.ok(record, c, 'fill', { values: { name: '填好了' } });
      expect(await changed(record)).toEqual([true, true]);
    });
  });

  it('is not said because the form has got another field', async () => {
    await app.with(around(), async () => {
      const record = await app.submit('加字段');
      await app.ok(record, a, 'approve');
      const url = `/api/v1/forms/${app.contracts.id}`;
      const form = (await app.admin.call('GET', url)).json;
      const own = form.fields.filter((field: { system?: boolean }) => !field.system);
      const more = { key: 'later', name: '后来加的', type: 'text' };
      const patched = await app.admin.call('PATCH', url, { version: form.version, fields: [...own, more] });
      expect(patched.status, patched.text).toBe(200);
      expect(await changed(record)).toEqual([false, false]);
    });
  });
});

describe('这个节点的审批人不可以', () => {
  const bodies: Record<ApproverExtra, [string, () => object]> = {
    transfer: ['transfer', () => ({ to: b })],
    delegate: ['delegate', () => ({ to: b })],
    addSigner: ['add-signer', () => ({ to: [b], position: 'before' })],
    return: ['return', () => ({ to: 'start', comment: '退' })],
    askInfo: ['ask-info', () => ({ comment: '问' })],
    recall: ['recall', () => ({})],
    cc: ['copy', () => ({ to: [b] })],
  };

  it.each(approverExtras)('%s: neither offered nor let', async (extra) => {
    const [verb, body] = bodies[extra];
    const chain = (without: ApproverExtra[]) =>
      app.chain(approvalNode('ok', [a], { without }), approvalNode('n2', [c]));
    for (const without of [[], [extra]]) {
      await app.with(chain(without), async () => {
        const record = await app.submit(`不可以 ${extra}`);
        const task = await app.taskOf(record, a);
        if (extra === 'recall') await app.ok(record, a, 'approve');
        const { actions } = (await app.as(a, 'GET', `/api/v1/tasks/${task}`, undefined)).json;
        expect(actions.includes(extra)).toBe(without.length === 0);
        const answer = await app.as(a, 'POST', `/api/v1/tasks/${task}/${verb}`, body());
        if (without.length === 0) expect(answer.status, answer.text).toBeLessThan(300);
        else expect([answer.status, answer.json.code]).toEqual([409, 'wrong_state']);
      });
    }
  });

  it('cc: nor along with a decision', async () => {
    await app.with(app.chain(approvalNode('ok', [a], { without: ['cc'] })), async () => {
      const record = await app.submit('带抄送');
      const answer = await app.act(record, a, 'approve', { cc: [b] });
      expect([answer.status, answer.json.code]).toEqual([409, 'wrong_state']);
      expect(await app.waiting(record)).toBe('a');
      await app.ok(record, a, 'approve');
    });
  });
});

describe('发起人撤回', () => {
  it('结束之前都可以: also between two approvals, where nobody is asked', async () => {
    for (const [withdraw, status] of [
      ['beforeEnd', 200],
      ['beforeFirst', 409],
    ] as const)
      await app.with(ruled(waitBetween(approvalNode('n1', [a]), approvalNode('n2', [b])), { withdraw }), async () => {
        const record = await app.submit('中间撤回');
        await app.ok(record, a, 'approve');
        expect(await app.waiting(record)).toBe('');
        const [task] = await app.tasks(record);
        const may = status === 200;
        const page = (await app.admin.call('GET', `/api/v1/tasks/${task?.id}`)).json;
        expect(page.actions.includes('withdraw')).toBe(may);
        expect(page.actions).not.toContain('urge');
        const { items } = (await app.admin.call('GET', '/api/v1/runs')).json;
        const mine = items.find((item: { id: string }) => item.id === task?.run_id);
        expect([mine.mayWithdraw, mine.mayUrge]).toEqual([may, false]);
        expect((await app.admin.call('POST', `/api/v1/runs/${task?.run_id}/urge`)).status).toBe(409);
        const answer = await app.admin.call('POST', `/api/v1/runs/${task?.run_id}/withdraw`, {});
        expect(answer.status, answer.text).toBe(status);
        app.whole.kernel.clock.advance(31 * 86_400_000);
        await app.drain();
        expect(await app.waiting(record)).toBe(may ? '' : 'b');
      });
  });
});
