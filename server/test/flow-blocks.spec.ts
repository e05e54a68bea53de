import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId, RecordId, RunId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Caller } from '../src/engine/flows/caller.js';
import { Dispatcher } from '../src/engine/flows/dispatcher.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { Runner } from '../src/engine/flows/runner.js';
import { RunsService } from '../src/engine/flows/runs.service.js';
import { TrialRun } from '../src/engine/flows/trial-run.js';
import { TenantDirectory } from '../src/engine/org/tenant-directory.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { ApprovalsService } from '../src/engine/tasks/approvals.service.js';
import { OutboundError, type OutboundHttp, type OutboundRequest } from '../src/kernel/outbound/outbound-http.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

/** Another system: answers what the test says and remembers what it was asked. */
class Target implements OutboundHttp {
  asked: OutboundRequest[] = [];
  answers: (number | 'lost')[] = [];

  async request(request: OutboundRequest) {
    this.asked.push(request);
    const answer = this.answers.shift() ?? 200;
    if (answer === 'lost') throw new OutboundError('network', 'connection reset');
    return { status: answer, headers: {}, body: Buffer.from(JSON.stringify({ id: 'E-1' })), url: request.url };
  }
}

const target = new Target();
let whole: WholeApp;
let admin: TestAccount;
let customers: FormView;
let visits: FormView;

beforeAll(async () => {
  whole = await WholeApp.start({ start: '2026-03-04T02:00:00Z', outbound: target });
  admin = await whole.company('acme', '甲公司');
  const app = (await admin.call('POST', '/api/v1/apps', { name: '客户' })).json;
  const form = async (key: string, name: string, fields: unknown[]) =>
    (await admin.call('POST', '/api/v1/forms', { appId: app.id, key, name, fields })).json as FormView;
  customers = await form('customer', '客户', [
    { key: 'name', name: '名称', type: 'text' },
    { key: 'city', name: '城市', type: 'text' },
    { key: 'note', name: '备注', type: 'text' },
  ]);
  visits = await form('visit', '拜访', [
    { key: 'title', name: '标题', type: 'text' },
    { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
  ]);
});
afterAll(() => whole.close());
beforeEach(() => {
  target.asked = [];
  target.answers = [];
});

const ctxOf = () =>
  whole.get(TenantDirectory).context(admin.tenantId, { kind: 'member', memberId: admin.memberId }, { door: 'api' });

async function drain(): Promise<void> {
  for (let round = 0; round < 200; round++) {
    const busy = [await whole.get(Dispatcher).work(), await whole.get(Runner).work(), await whole.get(Caller).work()];
    if (!busy.includes(true)) return;
  }
  throw new Error('flows do not come to rest');
}

async function withFlow(draft: unknown, work: (flowId: FlowId) => Promise<void>): Promise<void> {
  const flows = whole.get(FlowsService);
  const definition: FlowDefinition = flowDefinition.parse(draft);
  const flow = await flows.create(await ctxOf(), { appId: customers.appId, name: '流程', definition });
  await flows.publish(await ctxOf(), flow.id as FlowId);
  try {
    await work(flow.id as FlowId);
  } finally {
    await flows.update(await ctxOf(), flow.id as FlowId, { enabled: false });
  }
}

const create = async (form: FormView, values: Record<string, unknown>) =>
  (
    await whole
      .get(RecordWriter)
      .writeOne(await ctxOf(), { formId: form.id, op: 'create', row: { values: values as never } })
  ).id as RecordId;

const valuesOf = async (form: FormView, id: RecordId) =>
  (await whole.get(RecordReader).get(await ctxOf(), form.id, id)).values;

const runOf = async (record: RecordId) => {
  const [run] = await whole.get(RunsService).ofRecord(await ctxOf(), customers.id, record);
  return whole.get(RunsService).get(await ctxOf(), run?.id as RunId);
};

const literal = (value: string) => ({ kind: 'literal', value });
const ref = (source: string, path: string) => ({ kind: 'ref', ref: { source, path } });
const startedBy = (name: string) => ({
  type: 'recordCreated',
  formId: customers.id,
  filter: { field: 'name', op: 'eq', value: name },
});
const note = (id: string, text: string) => ({
  id,
  type: 'updateRecord',
  target: 'trigger',
  assignments: [{ field: 'note', value: literal(text) }],
});
const approval = (id: string) => ({
  id,
  type: 'approval',
  approvers: [{ kind: 'member', ids: [admin.memberId] }],
  title: literal(id),
});
const visit = (id: string, title: string) => ({
  id,
  type: 'createRecord',
  formId: visits.id,
  assignments: [{ field: 'title', value: literal(title) }],
});

const tasksOf = (record: RecordId) =>
  whole.kernel.database.withTenant(admin, (tx) =>
    tx.sql<{ id: never; node: string; state: string; scope: string }>(
      'SELECT id, node, state, scope FROM lianke.task WHERE record_id = $1 ORDER BY node',
      [record],
    ),
  );

const decide = async (id: never, decision: 'approved' | 'rejected' = 'approved') =>
  whole.get(ApprovalsService).decide(await ctxOf(), id, decision, undefined);

const count = async (title: string) =>
  (
    await whole
      .get(RecordReader)
      .query(await ctxOf(), visits.id, { filter: { field: 'title', op: 'eq', value: title }, limit: 200, total: false })
  ).items.length;

describe('loops', () => {
  const loop = (from: string) => ({
    trigger: startedBy(from),
    nodes: [
      {
        id: 'find',
        type: 'findRecords',
        formId: customers.id,
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
        formId: visits.id,
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
    for (let index = 0; index < 7; index++) await create(customers, { name: `同城 ${index}`, city: '杭州' });
    await withFlow(loop('起点'), async () => {
      const record = await create(customers, { name: '起点', city: '杭州' });
      await drain();
      const run = await runOf(record);
      expect(run.state).toBe('done');
      expect(run.steps.filter((step) => step.node === 'visit').map((step) => step.scope)).toEqual(
        Array.from({ length: 7 }, (_, index) => `loop#${index}/`),
      );
      const made = await whole.get(RecordReader).query(await ctxOf(), visits.id, {
        filter: { field: 'title', op: 'startsWith', value: '回访同城' },
        sort: [{ field: 'title', dir: 'asc' }],
        limit: 50,
        total: false,
      });
      expect(made.items.map((item) => [item.values.title, (item.values.customer as { label: string }).label])).toEqual(
        Array.from({ length: 7 }, (_, index) => [`回访同城 ${index}`, `同城 ${index}`]),
      );
      expect((await valuesOf(customers, record)).note).toBe('全部安排');
    });
  });

  it('inside of each other in ways at once, with people asked between: every round once, each step in its own path', async () => {
    for (let index = 0; index < 2; index++) await create(customers, { name: `同县 ${index}`, city: '桐庐' });
    const { nodes } = loop('套');
    const draft = {
      trigger: startedBy('套'),
      nodes: [
        nodes[0],
        { id: 'both', type: 'parallel', ways: [{ id: 'a' }, { id: 'b' }], join: 'all' },
        { id: 'outer', type: 'loop', over: 'find' },
        { id: 'inner', type: 'loop', over: 'find' },
        visit('first', '套内一'),
        visit('second', '套内二'),
        { id: 'asked', type: 'loop', over: 'find' },
        visit('before', '问前'),
        approval('ask'),
        visit('after', '问后'),
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
    await withFlow(draft, async () => {
      const record = await create(customers, { name: '套', city: '桐庐' });
      for (let round = 0; round < 2; round++) {
        await drain();
        const open = (await tasksOf(record)).filter((task) => task.state === 'pending');
        expect(open.map((task) => task.scope)).toEqual([`both#b/asked#${round}/`]);
        for (const task of open) await decide(task.id);
      }
      await drain();
      const run = await runOf(record);
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
      expect([await count('套内一'), await count('套内二'), await count('问前'), await count('问后')]).toEqual([
        4, 4, 2, 2,
      ]);
      expect((await valuesOf(customers, record)).note).toBe('套完');
    });
  });

  it('take the way for nothing found', async () => {
    await withFlow(loop('孤单'), async () => {
      const record = await create(customers, { name: '孤单', city: '拉萨' });
      await drain();
      expect((await valuesOf(customers, record)).note).toBe('没有同城客户');
    });
  });

  it('show their first round in a trial run, which writes nothing', async () => {
    const before = await count('回访同城 0');
    const record = await create(customers, { name: '试运行', city: '杭州' });
    const result = await whole.get(TrialRun).run(await ctxOf(), flowDefinition.parse(loop('试运行')), record);
    expect(result.steps.map((step) => step.node)).toEqual(['find', 'loop', 'visit', 'done']);
    expect(result.steps[2]?.lines[0]).toEqual({ label: '标题', value: expect.stringMatching(/^回访/) });
    expect(await count('回访同城 0')).toBe(before);
  });
});

describe('parallel ways', () => {
  const ways = (join: 'all' | 'any', name: string) => ({
    trigger: startedBy(name),
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
      approval('finance'),
      approval('legal'),
      visit('afterLegal', `法务后 ${name}`),
      visit('joined', `汇合后 ${name}`),
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
    await withFlow(ways('all', '并行全部'), async () => {
      const record = await create(customers, { name: '并行全部' });
      await drain();
      const tasks = await tasksOf(record);
      expect(tasks.map((task) => [task.node, task.state, task.scope])).toEqual([
        ['finance', 'pending', 'par#a/'],
        ['legal', 'pending', 'par#b/'],
      ]);
      await decide(tasks[0]?.id as never);
      await drain();
      expect(await count('汇合后 并行全部')).toBe(0);
      await decide(tasks[1]?.id as never);
      await drain();
      expect([await count('法务后 并行全部'), await count('汇合后 并行全部')]).toEqual([1, 1]);
      expect((await runOf(record)).state).toBe('done');
    });
  });

  it('end together exactly once when all are decided at the same instant', async () => {
    await withFlow(ways('all', '并行同时'), async () => {
      for (let round = 0; round < 10; round++) {
        const record = await create(customers, { name: '并行同时' });
        await drain();
        await Promise.all((await tasksOf(record)).map((task) => decide(task.id)));
        await drain();
        expect((await runOf(record)).state).toBe('done');
      }
      expect([await count('法务后 并行同时'), await count('汇合后 并行同时')]).toEqual([10, 10]);
    });
  });

  it('joined by any: the first to end goes on, what waits on the others is closed', async () => {
    await withFlow(ways('any', '并行任一'), async () => {
      const record = await create(customers, { name: '并行任一' });
      await drain();
      const [finance] = await tasksOf(record);
      await decide(finance?.id as never);
      await drain();
      expect((await tasksOf(record)).map((task) => task.state)).toEqual(['approved', 'closed']);
      expect([await count('法务后 并行任一'), await count('汇合后 并行任一')]).toEqual([0, 1]);
      const run = await runOf(record);
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
    await withFlow(some('包容'), async () => {
      const only = await create(customers, { name: '包容', city: '法' });
      await drain();
      const [legal, ...others] = await tasksOf(only);
      expect([legal?.node, others]).toEqual(['legal', []]);
      expect(await count('汇合后 包容')).toBe(0);
      await decide(legal?.id as never);
      await drain();
      expect([await count('法务后 包容'), await count('汇合后 包容')]).toEqual([1, 1]);
      const run = await runOf(only);
      expect([run.state, run.steps.find((step) => step.node === 'par')?.output]).toEqual(['done', { ways: ['法务'] }]);

      const none = await create(customers, { name: '包容', city: '无' });
      await drain();
      expect([(await tasksOf(none)).length, await count('汇合后 包容'), (await runOf(none)).state]).toEqual([
        0,
        2,
        'done',
      ]);

      const all = await create(customers, { name: '包容', city: '财法' });
      await drain();
      const tasks = await tasksOf(all);
      expect(tasks.map((task) => task.node)).toEqual(['finance', 'legal']);
      await Promise.all(tasks.map((task) => decide(task.id)));
      await drain();
      expect([await count('汇合后 包容'), (await runOf(all)).state]).toEqual([3, 'done']);

      const trial = await whole.get(TrialRun).run(await ctxOf(), flowDefinition.parse(some('包容')), only);
      expect(trial.steps.map((step) => step.node)).toEqual(['par', 'legal', 'afterLegal', 'joined']);
    });
  });

  it('with a condition on a field that is gone are refused', async () => {
    const draft = ways('all', '包容错');
    const [par] = draft.nodes as { ways: object[] }[];
    if (par) par.ways = [{ id: 'a', when: { field: 'gone', op: 'eq', value: '1' } }, { id: 'b' }];
    await expect(withFlow(draft, async () => {})).rejects.toMatchObject({
      params: { detail: expect.stringContaining('条件里的字段已删除') },
    });
  });

  it('are refused at publishing when they are entered from outside', async () => {
    const draft = ways('all', '乱连');
    draft.edges.push({ from: 'finance', to: 'afterLegal', port: 'approved' });
    await expect(withFlow(draft, async () => {})).rejects.toMatchObject({
      code: 'invalid_definition',
      params: { detail: expect.stringContaining('不能从外面连进来') },
    });
  });
});

describe('calls of other systems', () => {
  const call = (name: string, more: Record<string, unknown> = {}, failed = false) => ({
    trigger: startedBy(name),
    nodes: [
      {
        id: 'http',
        type: 'http',
        url: literal('https://erp.example.com/customers'),
        body: {
          kind: 'text',
          parts: [{ text: '{"name":"' }, { ref: { source: 'trigger', path: 'name' } }, { text: '"}' }],
        },
        ...more,
      },
      {
        id: 'write',
        type: 'updateRecord',
        target: 'trigger',
        assignments: [{ field: 'note', value: ref('http', 'body.id') }],
      },
      ...(failed ? [note('sorry', '没有同步')] : []),
    ],
    edges: [
      { from: 'trigger', to: 'http' },
      { from: 'http', to: 'write', port: 'next' },
      ...(failed ? [{ from: 'http', to: 'sorry', port: 'failed' }] : []),
    ],
  });

  it('send what the record says and hand the answer to later nodes', async () => {
    await withFlow(call('接口成功'), async () => {
      const record = await create(customers, { name: '接口成功' });
      await drain();
      expect(target.asked).toMatchObject([{ method: 'POST', body: '{"name":"接口成功"}' }]);
      expect((await valuesOf(customers, record)).note).toBe('E-1');
    });
  });

  it('carry the same key in every attempt, and are sent again only when that cannot act twice', async () => {
    await withFlow(call('接口重试', { keyHeader: 'Idempotency-Key' }), async () => {
      target.answers = ['lost', 200];
      const record = await create(customers, { name: '接口重试' });
      await drain();
      await leasesEnd();
      await drain();
      const keys = target.asked.map((request) => request.headers?.['Idempotency-Key']);
      expect(keys).toHaveLength(2);
      expect(keys[0]).toMatch(/^[0-9a-f-]{36}:http:0$/);
      expect(keys[1]).toBe(keys[0]);
      expect((await valuesOf(customers, record)).note).toBe('E-1');
    });
    await withFlow(call('接口不明'), async () => {
      target.asked = [];
      target.answers = ['lost'];
      const record = await create(customers, { name: '接口不明' });
      await drain();
      await leasesEnd();
      await drain();
      expect(target.asked).toHaveLength(1);
      const run = await runOf(record);
      expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining('先到对方系统确认') });
      // A person has looked and lets it go on.
      await whole.get(RunsService).retry(await ctxOf(), run.id);
      await drain();
      expect(target.asked).toHaveLength(2);
      expect((await runOf(record)).state).toBe('done');
    });
  });

  it('a worker that died between sending and noting leaves the question to a person', async () => {
    await withFlow(call('接口中断'), async () => {
      const record = await create(customers, { name: '接口中断' });
      while ((await whole.get(Dispatcher).work()) || (await whole.get(Runner).work()));
      await sql(
        `UPDATE lianke.step SET output = '{"attempts":1,"sent":true}' WHERE state = 'calling' AND node = 'http'`,
      );
      await drain();
      expect(target.asked).toHaveLength(0);
      expect(await runOf(record)).toMatchObject({ state: 'failed', error: expect.stringContaining('没有收到结果') });
    });
  });

  it('take the way for failure when there is one, else the run fails with the status', async () => {
    await withFlow(call('接口拒绝', {}, true), async () => {
      target.answers = [400];
      const record = await create(customers, { name: '接口拒绝' });
      await drain();
      expect((await valuesOf(customers, record)).note).toBe('没有同步');
      expect((await runOf(record)).state).toBe('done');
    });
    await withFlow(call('接口拒绝二'), async () => {
      target.answers = [404];
      const record = await create(customers, { name: '接口拒绝二' });
      await drain();
      expect(await runOf(record)).toMatchObject({ state: 'failed', error: '对方返回 404' });
    });
  });
});

describe('other nodes', () => {
  it('delete what a search found; an end can be a failure with its words', async () => {
    const victim = await create(visits, { title: '要删除的' });
    const draft = {
      trigger: startedBy('删除'),
      nodes: [
        {
          id: 'find',
          type: 'findRecords',
          formId: visits.id,
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
    await withFlow(draft, async () => {
      const record = await create(customers, { name: '删除' });
      await drain();
      await expect(valuesOf(visits, victim)).rejects.toMatchObject({ code: 'not_found' });
      expect(await runOf(record)).toMatchObject({ state: 'failed', error: '已清理，请人工确认' });
    });
  });
});

const sql = (text: string) => whole.kernel.database.withTenant(admin, (tx) => tx.sql(text));

/** Pauses between attempts run by the database's clock: this is that pause gone by. */
const leasesEnd = () =>
  sql(`UPDATE lianke.run SET lease_until = clock_timestamp() WHERE lease_until > clock_timestamp()`);
