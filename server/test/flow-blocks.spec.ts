import { flowDefinition } from '@lianke/shared/flows/definition';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrialRun } from '../src/engine/flows/trial-run.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { BlockFlows, literal, note, ref } from './support/block-flows.js';

let app: BlockFlows;
beforeAll(async () => {
  app = await BlockFlows.start();
});
afterAll(() => app.close());

describe('loops', () => {
  const loop = (from: string) => ({
    trigger: app.startedBy(from),
    nodes: [
      {
        id: 'find',
        type: 'findRecords',
        formId: app.customers.id,
        match: [
          { field: 'city', op: 'eq', value: ref('trigger', 'city') },
          { field: 'name', op: 'ne', value: ref('trigger', 'name') },
        ],
        sort: [{ field: 'name' }],
        limit: 100,
      },
      { id: 'loop', type: 'loop', over: 'find' },
      {
        id: 'visit',
        type: 'createRecord',
        formId: app.visits.id,
        assignments: [
          {
            field: 'title',
            value: { kind: 'text', parts: [{ text: '回访' }, { ref: { source: 'loop', path: 'name' } }] },
          },
          { field: 'customer', value: ref('loop', 'id') },
        ],
      },
      note('done', '全部安排'),
      note('nobody', '没有同城客户'),
    ],
    edges: [
      { from: 'trigger', to: 'find' },
      { from: 'find', to: 'loop', port: 'next' },
      { from: 'find', to: 'nobody', port: 'none' },
      { from: 'loop', to: 'visit', port: 'each' },
      { from: 'loop', to: 'done', port: 'next' },
    ],
  });

  it('carry their body out for every record found, each round a step of its own, and then go on', async () => {
    for (let index = 0; index < 7; index++) await app.create(app.customers, { name: `同城 ${index}`, city: '杭州' });
    await app.withFlow(loop('起点'), async () => {
      const record = await app.create(app.customers, { name: '起点', city: '杭州' });
      await app.drain();
      const run = await app.runOf(record);
      expect(run.state).toBe('done');
      expect(run.steps.filter((step) => step.node === 'visit').map((step) => step.scope)).toEqual(
        Array.from({ length: 7 }, (_, index) => `loop#${index}/`),
      );
      const made = await app.whole.get(RecordReader).query(await app.ctxOf(), app.visits.id, {
        filter: { field: 'title', op: 'startsWith', value: '回访同城' },
        sort: [{ field: 'title', dir: 'asc' }],
        limit: 50,
        total: false,
      });
      expect(made.items.map((item) => [item.values.title, (item.values.customer as { label: string }).label])).toEqual(
        Array.from({ length: 7 }, (_, index) => [`回访同城 ${index}`, `同城 ${index}`]),
      );
      expect((await app.valuesOf(app.customers, record)).note).toBe('全部安排');
    });
  });

  it('inside of each other in ways at once, with people asked between: every round once, each step in its own path', async () => {
    for (let index = 0; index < 2; index++) await app.create(app.customers, { name: `同县 ${index}`, city: '桐庐' });
    const { nodes } = loop('套');
    const draft = {
      trigger: app.startedBy('套'),
      nodes: [
        nodes[0],
        { id: 'both', type: 'parallel', ways: [{ id: 'a' }, { id: 'b' }], join: 'all' },
        { id: 'outer', type: 'loop', over: 'find' },
        { id: 'inner', type: 'loop', over: 'find' },
        app.visit('first', '套内一'),
        app.visit('second', '套内二'),
        { id: 'asked', type: 'loop', over: 'find' },
        app.visit('before', '问前'),
        app.approval('ask'),
        app.visit('after', '问后'),
        note('end', '套完'),
      ],
      edges: [
        { from: 'trigger', to: 'find' },
        { from: 'find', to: 'both', port: 'next' },
        { from: 'both', to: 'outer', port: 'way:a' },
        { from: 'outer', to: 'inner', port: 'each' },
        { from: 'inner', to: 'first', port: 'each' },
        { from: 'first', to: 'second' },
        { from: 'both', to: 'asked', port: 'way:b' },
        { from: 'asked', to: 'before', port: 'each' },
        { from: 'before', to: 'ask' },
        { from: 'ask', to: 'after', port: 'approved' },
        { from: 'both', to: 'end', port: 'next' },
      ],
    };
    await app.withFlow(draft, async () => {
      const record = await app.create(app.customers, { name: '套', city: '桐庐' });
      for (let round = 0; round < 2; round++) {
        await app.drain();
        const open = (await app.tasksOf(record)).filter((task) => task.state === 'pending');
        expect(open.map((task) => task.scope)).toEqual([`both#b/asked#${round}/`]);
        for (const task of open) await app.decide(task.id);
      }
      await app.drain();
      const run = await app.runOf(record);
      expect(run.state).toBe('done');
      const pairs = [0, 1].flatMap((outer) => [0, 1].map((inner) => `both#a/outer#${outer}/inner#${inner}/`));
      const paths = (node: string) =>
        run.steps
          .filter((step) => step.node === node && step.state === 'done')
          .map((step) => step.scope)
          .sort();
      expect(paths('first')).toEqual(pairs);
      expect(paths('second')).toEqual(pairs);
      expect(paths('inner')).toEqual(['both#a/outer#0/', 'both#a/outer#1/']);
      for (const node of ['before', 'ask', 'after'])
        expect(paths(node)).toEqual(['both#b/asked#0/', 'both#b/asked#1/']);
      expect(run.steps.every((step) => step.state === 'done')).toBe(true);
      expect([
        await app.count('套内一'),
        await app.count('套内二'),
        await app.count('问前'),
        await app.count('问后'),
      ]).toEqual([4, 4, 2, 2]);
      expect((await app.valuesOf(app.customers, record)).note).toBe('套完');
    });
  });

  it('take the way for nothing found', async () => {
    await app.withFlow(loop('孤单'), async () => {
      const record = await app.create(app.customers, { name: '孤单', city: '拉萨' });
      await app.drain();
      expect((await app.valuesOf(app.customers, record)).note).toBe('没有同城客户');
    });
  });

  it('show their first round in a trial run, which writes nothing', async () => {
    const before = await app.count('回访同城 0');
    const record = await app.create(app.customers, { name: '试运行', city: '杭州' });
    const result = await app.whole.get(TrialRun).run(await app.ctxOf(), flowDefinition.parse(loop('试运行')), record);
    expect(result.steps.map((step) => step.node)).toEqual(['find', 'loop', 'visit', 'done']);
    expect(result.steps[2]?.lines[0]).toEqual({ label: '标题', value: expect.stringMatching(/^回访/) });
    expect(await app.count('回访同城 0')).toBe(before);
  });
});

describe('parallel ways', () => {
  const ways = (join: 'all' | 'any', name: string) => ({
    trigger: app.startedBy(name),
    nodes: [
      {
        id: 'par',
        type: 'parallel',
        ways: [
          { id: 'a', name: '财务' },
          { id: 'b', name: '法务' },
        ],
        join,
      },
      app.approval('finance'),
      app.approval('legal'),
      app.visit('afterLegal', `法务后 ${name}`),
      app.visit('joined', `汇合后 ${name}`),
    ],
    edges: [
      { from: 'trigger', to: 'par' },
      { from: 'par', to: 'finance', port: 'way:a' },
      { from: 'par', to: 'legal', port: 'way:b' },
      { from: 'legal', to: 'afterLegal', port: 'approved' },
      { from: 'par', to: 'joined', port: 'next' },
    ],
  });

  it('all wait for people at once; the node goes on once when the last has ended', async () => {
    await app.withFlow(ways('all', '并行全部'), async () => {
      const record = await app.create(app.customers, { name: '并行全部' });
      await app.drain();
      const tasks = await app.tasksOf(record);
      expect(tasks.map((task) => [task.node, task.state, task.scope])).toEqual([
        ['finance', 'pending', 'par#a/'],
        ['legal', 'pending', 'par#b/'],
      ]);
      await app.decide(tasks[0]?.id as never);
      await app.drain();
      expect(await app.count('汇合后 并行全部')).toBe(0);
      await app.decide(tasks[1]?.id as never);
      await app.drain();
      expect([await app.count('法务后 并行全部'), await app.count('汇合后 并行全部')]).toEqual([1, 1]);
      expect((await app.runOf(record)).state).toBe('done');
    });
  });

  it('end together exactly once when all are decided at the same instant', async () => {
    await app.withFlow(ways('all', '并行同时'), async () => {
      for (let round = 0; round < 10; round++) {
        const record = await app.create(app.customers, { name: '并行同时' });
        await app.drain();
        await Promise.all((await app.tasksOf(record)).map((task) => app.decide(task.id)));
        await app.drain();
        expect((await app.runOf(record)).state).toBe('done');
      }
      expect([await app.count('法务后 并行同时'), await app.count('汇合后 并行同时')]).toEqual([10, 10]);
    });
  });

  it('joined by any: the first to end goes on, what waits on the others is closed', async () => {
    await app.withFlow(ways('any', '并行任一'), async () => {
      const record = await app.create(app.customers, { name: '并行任一' });
      await app.drain();
      const [finance] = await app.tasksOf(record);
      await app.decide(finance?.id as never);
      await app.drain();
      expect((await app.tasksOf(record)).map((task) => task.state)).toEqual(['approved', 'closed']);
      expect([await app.count('法务后 并行任一'), await app.count('汇合后 并行任一')]).toEqual([0, 1]);
      const run = await app.runOf(record);
      expect([run.state, run.steps.find((step) => step.node === 'legal')?.state]).toEqual(['done', 'skipped']);
    });
  });

  it('with conditions: those that hold are begun, and exactly these are waited for', async () => {
    const some = (name: string) => {
      const draft = ways('all', name);
      const [par] = draft.nodes as { ways: object[] }[];
      if (!par) throw new Error('no node');
      const when = (text: string) => ({ when: { field: 'city', op: 'contains', value: text } });
      par.ways = [
        { id: 'a', name: '财务', ...when('财') },
        { id: 'b', name: '法务', ...when('法') },
      ];
      return draft;
    };
    await app.withFlow(some('包容'), async () => {
      const only = await app.create(app.customers, { name: '包容', city: '法' });
      await app.drain();
      const [legal, ...others] = await app.tasksOf(only);
      expect([legal?.node, others]).toEqual(['legal', []]);
      expect(await app.count('汇合后 包容')).toBe(0);
      await app.decide(legal?.id as never);
      await app.drain();
      expect([await app.count('法务后 包容'), await app.count('汇合后 包容')]).toEqual([1, 1]);
      const run = await app.runOf(only);
      expect([run.state, run.steps.find((step) => step.node === 'par')?.output]).toEqual(['done', { ways: ['法务'] }]);

      const none = await app.create(app.customers, { name: '包容', city: '无' });
      await app.drain();
      expect([(await app.tasksOf(none)).length, await app.count('汇合后 包容'), (await app.runOf(none)).state]).toEqual(
        [0, 2, 'done'],
      );

      const all = await app.create(app.customers, { name: '包容', city: '财法' });
      await app.drain();
      const tasks = await app.tasksOf(all);
      expect(tasks.map((task) => task.node)).toEqual(['finance', 'legal']);
      await Promise.all(tasks.map((task) => app.decide(task.id)));
      await app.drain();
      expect([await app.count('汇合后 包容'), (await app.runOf(all)).state]).toEqual([3, 'done']);

      const trial = await app.whole.get(TrialRun).run(await app.ctxOf(), flowDefinition.parse(some('包容')), only);
      expect(trial.steps.map((step) => step.node)).toEqual(['par', 'legal', 'afterLegal', 'joined']);
    });
  });

  it('with a condition on a field that is gone are refused', async () => {
    const draft = ways('all', '包容错');
    const [par] = draft.nodes as { ways: object[] }[];
    if (par) par.ways = [{ id: 'a', when: { field: 'gone', op: 'eq', value: '1' } }, { id: 'b' }];
    await expect(app.withFlow(draft, async () => {})).rejects.toMatchObject({
      params: { detail: expect.stringContaining('条件里的字段已删除') },
    });
  });

  it('are refused at publishing when they are entered from outside', async () => {
    const draft = ways('all', '乱连');
    draft.edges.push({ from: 'finance', to: 'afterLegal', port: 'approved' });
    await expect(app.withFlow(draft, async () => {})).rejects.toMatchObject({
      code: 'invalid_definition',
      params: { detail: expect.stringContaining('不能从外面连进来') },
    });
  });
});

describe('other nodes', () => {
  it('delete what a search found; an end can be a failure with its words', async () => {
    const victim = await app.create(app.visits, { title: '要删除的' });
    const draft = {
      trigger: app.startedBy('删除'),
      nodes: [
        {
          id: 'find',
          type: 'findRecords',
          formId: app.visits.id,
          match: [{ field: 'title', op: 'eq', value: literal('要删除的') }],
        },
        { id: 'delete', type: 'deleteRecord', target: 'find' },
        { id: 'end', type: 'end', message: '已清理，请人工确认', failed: true },
      ],
      edges: [
        { from: 'trigger', to: 'find' },
        { from: 'find', to: 'delete', port: 'next' },
        { from: 'delete', to: 'end' },
      ],
    };
    await app.withFlow(draft, async () => {
      const record = await app.create(app.customers, { name: '删除' });
      await app.drain();
      await expect(app.valuesOf(app.visits, victim)).rejects.toMatchObject({ code: 'not_found' });
      expect(await app.runOf(record)).toMatchObject({ state: 'failed', error: '已清理，请人工确认' });
    });
  });
});
