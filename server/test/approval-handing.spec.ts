import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import { approvalSettings } from '@lianke/shared/flows/nodes/approval';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AwaysService } from '../src/engine/tasks/aways.service.js';
import { HandoversService } from '../src/engine/tasks/handovers.service.js';
import { approvalNode } from './support/approval-app.js';
import { approvalScene } from './support/approval-scene.js';

// 填写 and 重新提交 wait for people as approvals do: they change hands, are urged and returned to alike.
const { app, a, b, c, d, fieldOf } = await approvalScene();

const fill = (ids: MemberId[], who: 'any' | 'all' = 'any'): FlowNode => ({
  ...{ id: 'fill', name: '', type: 'fill', people: [{ kind: 'member', ids }], who, target: 'trigger' },
  title: { kind: 'literal', value: '请填写编号' },
  facts: [],
  fields: { [fieldOf('name')]: 'required' },
});
/** An approval, something to fill in, and another approval. */
const filled = (ids: MemberId[], who: 'any' | 'all' = 'any'): FlowDefinition => {
  const chain = app.chain(approvalNode('n1', [a]), approvalNode('n2', [b]));
  return {
    ...chain,
    nodes: [...chain.nodes, fill(ids, who)],
    edges: chain.edges.flatMap((edge) =>
      edge.from === 'n1'
        ? [
            { ...edge, to: 'fill' },
            { from: 'fill', to: 'n2' },
          ]
        : [edge],
    ),
  };
};
const cardsOf = async (record: RecordId, member: MemberId) =>
  (await app.cards(record)).filter((card) => card.member === member);
const give = async (from: MemberId, to: MemberId) =>
  app.whole.get(HandoversService).handOver(await app.ctx(app.admin.memberId), from, to);
const atFill = async (name: string): Promise<RecordId> => {
  const record = await app.submit(name);
  await app.ok(record, a, 'approve');
  return record;
};
/** Where the company is served; listening begins with the first question. */
let served: Promise<string> | undefined;
const origin = () => {
  served ??= app.whole.app.listen(0, '127.0.0.1').then(() => app.whole.app.getUrl());
  return served.then((url) => url.replace('[::1]', '127.0.0.1'));
};

describe('离职交接', () => {
  it('whoever takes over something to fill in is asked for it (no card came)', async () => {
    await app.with(filled([c]), async () => {
      const record = await atFill('交接填写');
      await give(c, d);
      expect(await cardsOf(record, d)).toMatchObject([{ outcome: null }]);
      expect((await cardsOf(record, c))[0]?.outcome).toContain('交接');
      await app.ok(record, d, 'fill', { values: { name: '二号' } });
      expect(await app.waiting(record)).toBe('b');
    });
  });

  it('whoever takes over what was returned to the starter is asked for it', async () => {
    await app.with(app.chain(approvalNode('n1', [a])), async () => {
      const record = await app.submit('交接重新提交', c);
      await app.ok(record, a, 'return', { to: 'start', comment: '补附件' });
      expect(await app.waiting(record)).toBe('c');
      await give(c, d);
      expect(await cardsOf(record, d)).toMatchObject([{ outcome: null }]);
      await app.ok(record, d, 'resubmit');
      expect(await app.waiting(record)).toBe('a');
    });
  });
});

describe('打开着的待办', () => {
  /** What the event stream of this member says, from now on. */
  const listen = async (who: MemberId) => {
    const { token } = await app.whole.account(app.admin.tenantId, who);
    const abort = new AbortController();
    onTestFinished(() => abort.abort());
    const stream = await fetch(`${await origin()}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: abort.signal,
    });
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    const until = async (words: string, times = 1) => {
      while (text.split(words).length <= times) text += new TextDecoder().decode((await reader.read()).value);
    };
    await until('retry');
    return { until, heard: () => text.split('event: tasks').length - 1 };
  };
  const marks = () =>
    Promise.all([a, b, c, d].map(async (who) => (await app.as(who, 'GET', '/api/v1/changes')).json.tasks as string));

  it('whoever a task is handed to, and whoever it is taken from, is told so, and nobody else (it was seen on reopening)', async () => {
    await app.with(app.chain(approvalNode('n1', [a])), async () => {
      await app.submit('交接到打开的待办');
      const [atB, atD] = [await listen(b), await listen(d)];
      const before = await marks();
      await give(a, d);
      const after = await marks();
      expect(after.map((mark, index) => mark !== before[index])).toEqual([true, false, false, true]);
      await atD.until('event: tasks');
      expect(atB.heard()).toBe(0);
      await give(d, b);
      await Promise.all([atD.until('event: tasks', 2), atB.until('event: tasks')]);
      expect([atB.heard(), atD.heard()]).toEqual([1, 2]);
    });
  });

  it('whoever a substitute answers for shows among what waits for the substitute', async () => {
    await app.with(app.chain(approvalNode('n1', [c])), async () => {
      const before = await marks();
      await app.submit('代理的待办');
      expect((await marks()).map((mark, index) => mark !== before[index])).toEqual([false, false, true, false]);
      const hours = (n: number) => new Date(app.whole.kernel.clock.now().getTime() + n * 3_600_000).toISOString();
      const made = await app.as(c, 'POST', '/api/v1/aways', { to: d, from: hours(-1), until: hours(1) });
      expect(made.status, made.text).toBe(200);
      expect((await marks()).map((mark, index) => mark !== before[index])).toEqual([false, false, true, true]);
      app.whole.kernel.clock.advance(2 * 3_600_000);
      expect((await marks())[3]).toBe(before[3]);
    });
  });
});

describe('代理', () => {
  it('the substitute gets the card of what waits to be filled in', async () => {
    await app.with(filled([c]), async () => {
      const record = await atFill('代理填写');
      const at = (hours: number) => new Date(app.whole.kernel.clock.now().getTime() + hours * 3_600_000).toISOString();
      const made = await app.as(c, 'POST', '/api/v1/aways', { to: d, from: at(-1), until: at(10) });
      expect(made.status, made.text).toBe(200);
      await app.whole.get(AwaysService).work();
      expect(await cardsOf(record, d)).toHaveLength(1);
      const task = await app.taskOf(record, c);
      const answer = await app.as(d, 'POST', `/api/v1/tasks/${task}/fill`, { values: { name: '代填' } });
      expect(answer.status, answer.text).toBe(200);
    });
    await app.sql('DELETE FROM lianke.away');
  });
});

describe('催办', () => {
  it('reaches who has to fill in (it answered well and did nothing)', async () => {
    await app.with(filled([c]), async () => {
      const record = await atFill('催填写');
      const [task] = await app.tasks(record);
      expect((await app.admin.call('GET', `/api/v1/tasks/${task?.id}`)).json.actions).toContain('urge');
      const answer = await app.admin.call('POST', `/api/v1/runs/${task?.run_id}/urge`);
      expect(answer.status, answer.text).toBe(200);
      expect(await cardsOf(record, c)).toHaveLength(2);
    });
  });
});

describe('转办', () => {
  it('what is to be filled in can be handed to a colleague, who then fills it in', async () => {
    await app.with(filled([c]), async () => {
      const record = await atFill('转办填写');
      const task = await app.taskOf(record, c);
      expect((await app.as(c, 'GET', `/api/v1/tasks/${task}`, undefined)).json.actions).toContain('transfer');
      await app.ok(record, c, 'transfer', { to: d, comment: '他清楚' });
      expect(await app.waiting(record)).toBe('d');
      const late = await app.as(c, 'POST', `/api/v1/tasks/${task}/fill`, { values: { name: '晚了' } });
      expect([late.status, late.json.code]).toEqual([409, 'already_handled']);
      const { task: page } = await app.ok(record, d, 'fill', { values: { name: '三号' } });
      const story = page.progress.map((entry: { action: string; to: { id: string } | null }) => [
        entry.action,
        entry.to?.id,
      ]);
      expect(story).toContainEqual(['transferred', d]);
      expect(await app.waiting(record)).toBe('b');
    });
  });

  it('not to somebody who has to fill it in himself', async () => {
    await app.with(filled([c, d], 'all'), async () => {
      const record = await atFill('转给也要填的人');
      const answer = await app.act(record, c, 'transfer', { to: d });
      expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
      await app.ok(record, c, 'transfer', { to: b });
      await app.ok(record, d, 'fill', { values: { name: '一半' } });
      expect(await app.waiting(record)).toBe('b');
      await app.ok(record, b, 'fill', { values: { name: '全部' } });
      expect((await app.tasks(record)).some((task) => task.node === 'n2' && task.state === 'pending')).toBe(true);
    });
  });
});

describe('退回', () => {
  it('leads to what was filled in before, and from there straight back or on', async () => {
    for (const goOn of ['straight', 'next'] as const)
      await app.with(filled([c]), async () => {
        const record = await atFill(`退回填写 ${goOn}`);
        app.whole.kernel.clock.advance(1000);
        await app.ok(record, c, 'fill', { values: { name: '填错了' } });
        const page = await app.as(b, 'GET', `/api/v1/tasks/${await app.taskOf(record, b)}`, undefined);
        expect(page.json.returnTo.map((item: { node: string }) => item.node)).toEqual(['start', 'n1', 'fill']);
        await app.ok(record, b, 'return', { to: 'fill', goOn, comment: '编号不对' });
        expect(await app.waiting(record)).toBe('c');
        await app.ok(record, c, 'fill', { values: { name: '填对了' } });
        expect(await app.waiting(record)).toBe('b');
        await app.ok(record, b, 'approve');
        expect(await app.state(record)).toBe('yes');
      });
  });
});

describe('撤回自己的同意', () => {
  it('while what follows has not been filled in', async () => {
    await app.with(filled([c]), async () => {
      const record = await app.submit('撤回到填写之前');
      const task = await app.taskOf(record, a);
      await app.ok(record, a, 'approve');
      expect((await app.as(a, 'POST', `/api/v1/tasks/${task}/recall`)).status).toBe(200);
      expect(await app.waiting(record)).toBe('a');
      await app.ok(record, a, 'approve');
      expect(await app.waiting(record)).toBe('c');
      await app.ok(record, c, 'fill', { values: { name: '好' } });
      expect((await app.as(a, 'POST', `/api/v1/tasks/${task}/recall`)).json.code).toBe('wrong_state');
    });
  });
});

describe('同一个人', () => {
  it('who agreed in the approval before a fill-in still is the one before', async () => {
    const definition = filled([c]);
    for (const node of definition.nodes)
      if (node.type === 'approval' && node.id === 'n2') node.approvers = [{ kind: 'member', ids: [a] }];
    const ruled = { ...definition, approval: approvalSettings.parse({ samePerson: 'adjacent' }) };
    await app.with(ruled, async () => {
      const record = await atFill('相邻隔着填写');
      await app.ok(record, c, 'fill', { values: { name: '号' } });
      expect(await app.state(record)).toBe('yes');
    });
  });
});
