import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId, RecordId, RunId } from '@lianke/shared/ids';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Caller } from '../src/engine/flows/caller.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { Replays } from '../src/engine/flows/replays.js';
import { RunSearch } from '../src/engine/flows/run-search.service.js';
import { RunsService } from '../src/engine/flows/runs.service.js';
import { Notifier } from '../src/engine/ports.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { comeToRest, createFlowEngine } from './support/flows.js';
import { inChinese } from './support/in-chinese.js';

let engine: TestEngine;
let tenant: TestTenant;
let leads: FormView;
const told: string[] = [];
const notifier: Notifier = {
  enqueue: async (_tx, _ctx, note) => {
    told.push(inChinese(note).card.title);
  },
  update: async () => undefined,
};

beforeAll(async () => {
  engine = await createFlowEngine({ notifier });
  tenant = await engine.tenant('acme');
  leads = await tenant.form({
    appId: await tenant.app(),
    key: 'lead',
    name: '线索',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'code', name: '编号', type: 'text', rules: { unique: true } },
      { key: 'note', name: '备注', type: 'text' },
    ],
  });
});
afterAll(() => engine.close());
afterEach(() => {
  vi.restoreAllMocks();
  told.length = 0;
});

const literal = (value: unknown) => ({ kind: 'literal', value });
const set = (id: string, field: string, value: string, more: object = {}) => ({
  ...{ id, type: 'updateRecord', name: `改${id}`, assignments: [{ field, value: literal(value) }] },
  ...more,
});
const line = (...ids: string[]) => ids.map((to, at) => ({ from: at === 0 ? 'trigger' : ids[at - 1], to }));
async function published(name: string, nodes: object[], edges: object[]): Promise<FlowId> {
  const trigger = { type: 'recordCreated', formId: leads.id, filter: { field: 'name', op: 'eq', value: name } };
  const definition: FlowDefinition = flowDefinition.parse({ trigger, nodes, edges });
  const flows = engine.get(FlowsService);
  const flow = await flows.create(await tenant.ctx(), { appId: leads.appId, name: `流程 ${name}`, definition });
  expect(flow.faults).toEqual([]);
  await flows.publish(await tenant.ctx(), flow.id);
  return flow.id;
}
const write = async (op: 'create' | 'update', row: object) =>
  (await engine.get(RecordWriter).writeOne(await tenant.ctx(), { formId: leads.id, op, row: row as never }))
    .id as RecordId;
const create = async (name: string) => {
  const id = await write('create', { values: { name } });
  await comeToRest(engine);
  return id;
};
const noteOf = async (id: RecordId) =>
  (await engine.get(RecordReader).get(await tenant.ctx(), leads.id, id)).values.note;
const sql = <Row>(text: string, values: unknown[] = []) =>
  engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text, values as never));
const runOf = async (flow: FlowId) =>
  (
    await sql<{ id: RunId; state: string; error: string | null; due_at: string | null }>(
      'SELECT id, state, error, due_at FROM lianke.run WHERE flow_id = $1 ORDER BY id DESC LIMIT 1',
      [flow],
    )
  )[0];
const stepOf = async (flow: FlowId, node: string) =>
  await sql<{ state: string; attempts: number; iteration: number }>(
    `SELECT s.state, s.attempts, s.iteration FROM lianke.step s JOIN lianke.run r ON r.tenant_id = s.tenant_id AND r.id = s.run_id
     WHERE r.flow_id = $1 AND s.node = $2`,
    [flow, node],
  );
/** Another record has the code, so that giving it to a second one is refused. */
const taken = (code: string) => write('create', { values: { name: `占 ${code}`, code } });
const later = async (seconds: number) => {
  engine.kernel.clock.advance(seconds * 1000);
  await comeToRest(engine);
};

it('keeps what the steps before a refused one did, once, though they share a transaction when nothing fails', async () => {
  const name = '一起提交';
  const another = {
    ...{ id: 'copy', type: 'createRecord', name: '抄一份', formId: leads.id },
    assignments: [{ field: 'name', value: literal('抄来的') }],
  };
  const flow = await published(
    name,
    [set('first', 'note', '第一步'), another, set('bad', 'code', '重号-1')],
    line('first', 'copy', 'bad'),
  );
  const good = await create(name);
  expect(await noteOf(good)).toBe('第一步');
  expect((await runOf(flow))?.state).toBe('done');
  const refused = await create(name);
  expect(await noteOf(refused)).toBe('第一步');
  expect(await runOf(flow)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('编号：与另一条数据重复'),
  });
  expect((await stepOf(flow, 'bad')).map((step) => step.state).sort()).toEqual(['done', 'failed']);
  expect(await stepOf(flow, 'copy')).toHaveLength(2);
  const copies = await engine.get(RecordReader).query(await tenant.ctx(), leads.id, {
    filter: { field: 'name', op: 'eq', value: '抄来的' },
    limit: 10,
    total: false,
  });
  expect(copies.items).toHaveLength(2);
});

describe('a step with a policy', () => {
  it('is tried again after its waits, each once, and goes on when it succeeds', async () => {
    const blocker = await taken('A1');
    const flow = await published(
      '再试',
      [
        set('code', 'code', 'A1', { retry: { times: 3, seconds: 60, growth: 'double', on: 'any' } }),
        set('done', 'note', '好'),
      ],
      line('code', 'done'),
    );
    const id = await create('再试');
    expect(await runOf(flow)).toMatchObject({ state: 'waiting' });
    expect(await stepOf(flow, 'code')).toMatchObject([{ state: 'failed', attempts: 1, iteration: 0 }]);
    await later(59);
    expect(await stepOf(flow, 'code')).toMatchObject([{ attempts: 1 }]);
    await later(2);
    expect(await stepOf(flow, 'code')).toMatchObject([{ state: 'failed', attempts: 2 }]);
    // The second wait is twice as long.
    await later(60);
    expect(await stepOf(flow, 'code')).toMatchObject([{ attempts: 2 }]);
    await write('update', { id: blocker, values: { code: 'B1' } });
    await later(61);
    expect(await stepOf(flow, 'code')).toMatchObject([{ state: 'done', iteration: 0 }]);
    expect(await runOf(flow)).toMatchObject({ state: 'done' });
    expect(await noteOf(id)).toBe('好');
    expect(told).toEqual([]);
  });

  it('is a dead letter when its attempts are used up, and not before', async () => {
    await taken('A2');
    const flow = await published(
      '用完',
      [set('code', 'code', 'A2', { retry: { times: 2, seconds: 10, growth: 'same', on: 'any' } })],
      line('code'),
    );
    await create('用完');
    await later(11);
    expect(await runOf(flow)).toMatchObject({ state: 'waiting' });
    await later(11);
    expect(await runOf(flow)).toMatchObject({ state: 'failed' });
    expect(told).toEqual(['流程“流程 用完”有一次运行停下了']);
  });

  it('that is only for passing failures fails at once when it is refused', async () => {
    await taken('A3');
    const flow = await published('拒', [set('code', 'code', 'A3', { retry: { on: 'passing' } })], line('code'));
    await create('拒');
    expect(await runOf(flow)).toMatchObject({ state: 'failed' });
  });

  it('goes on behind it after the last attempt when a failure may be noted only', async () => {
    await taken('A4');
    const retry = { times: 1, seconds: 10, growth: 'same', on: 'any' };
    const flow = await published(
      '记下',
      [set('code', 'code', 'A4', { retry, onFail: 'continue' }), set('done', 'note', '走了')],
      line('code', 'done'),
    );
    const id = await create('记下');
    expect(await noteOf(id)).toBeNull();
    await later(11);
    expect(await noteOf(id)).toBe('走了');
    expect(await runOf(flow)).toMatchObject({ state: 'done' });
  });

  it('in one way of a parallel node does not hold up the other', async () => {
    const blocker = await taken('A5');
    const flow = await published(
      '并行',
      [
        { id: 'par', type: 'parallel', ways: [{ id: 'a' }, { id: 'b' }], join: 'all' },
        set('code', 'code', 'A5', { retry: { times: 5, seconds: 30, growth: 'same', on: 'any' } }),
        set('note', 'note', '另一路'),
      ],
      [
        { from: 'trigger', to: 'par' },
        { from: 'par', to: 'code', port: 'way:a' },
        { from: 'par', to: 'note', port: 'way:b' },
      ],
    );
    const id = await create('并行');
    expect(await noteOf(id)).toBe('另一路');
    await write('update', { id: blocker, values: { code: 'B5' } });
    await later(31);
    expect(await runOf(flow)).toMatchObject({ state: 'done' });
  });

  it('asks another system again with the same key, and then goes its way for failures', async () => {
    const keys: string[] = [];
    let status = 500;
    vi.spyOn(engine.kernel.outbound, 'request').mockImplementation(async (request) => {
      keys.push(request.headers?.['Idempotency-Key'] ?? '');
      return { status, headers: {}, body: Buffer.from('{}'), url: request.url };
    });
    const flow = await published(
      '接口',
      [
        {
          ...{
            id: 'call',
            type: 'http',
            url: literal('https://a.example/x'),
            keyHeader: 'Idempotency-Key',
          },
          retry: { times: 2, seconds: 10, growth: 'same', on: 'passing' },
        },
        set('bad', 'note', '失败口'),
        set('good', 'note', '成功口'),
      ],
      [
        { from: 'trigger', to: 'call' },
        { from: 'call', to: 'good' },
        { from: 'call', to: 'bad', port: 'failed' },
      ],
    );
    const work = async () => {
      while ((await engine.get(Caller).work()) === true) await comeToRest(engine);
    };
    const id = await create('接口');
    await work();
    expect(await runOf(flow)).toMatchObject({ state: 'waiting' });
    await later(11);
    await work();
    await later(11);
    await work();
    expect(await noteOf(id)).toBe('失败口');
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    status = 200;
    const second = await create('接口');
    await work();
    expect(await noteOf(second)).toBe('成功口');
  });
});

describe('failed runs', () => {
  it('are told to the owner once an hour and flow, however many they are', async () => {
    await taken('A6');
    await published('同时', [set('code', 'code', 'A6')], line('code'));
    for (let n = 0; n < 3; n++) await create('同时');
    expect(told).toHaveLength(1);
    await later(3599);
    await create('同时');
    expect(told).toHaveLength(1);
    await later(2);
    await create('同时');
    expect(told).toHaveLength(2);
  });

  it('are found across flows by state, record and time, and taken on together, each on its own', async () => {
    const blocker = await taken('A7');
    const flow = await published('批量', [set('code', 'code', 'A7'), set('done', 'note', '好')], line('code', 'done'));
    const ids = [await create('批量'), await create('批量'), await create('批量')];
    const search = engine.get(RunSearch);
    const ctx = await tenant.ctx();
    const { items } = await search.find(ctx, { state: 'failed', flowId: flow });
    expect(items.map((item) => item.record?.id)).toEqual([...ids].reverse());
    expect(items[0]).toMatchObject({ failedAt: '改code', appId: leads.appId, flowName: '流程 批量' });
    expect((await search.find(ctx, { recordId: ids[1] as RecordId })).items).toHaveLength(1);
    const now = engine.kernel.clock.now();
    const hence = (ms: number) => new Date(now.getTime() + ms).toISOString();
    expect((await search.find(ctx, { flowId: flow, from: hence(1000) })).items).toEqual([]);
    expect((await search.find(ctx, { flowId: flow, to: hence(1000) })).items).toHaveLength(3);
    const [a, b, c] = items.map((item) => item.id) as [RunId, RunId, RunId];
    await write('update', { id: blocker, values: { code: 'B7' } });
    expect(await search.act(ctx, 'retry', [a])).toEqual({ done: [a], left: [] });
    expect(await search.act(ctx, 'skip', [b])).toEqual({ done: [b], left: [] });
    const unknown = '00000000-0000-7000-8000-000000000000' as RunId;
    expect(await search.act(ctx, 'cancel', [c, a, unknown])).toMatchObject({ done: [c, a], left: [{ id: unknown }] });
    await comeToRest(engine);
    expect(await search.act(ctx, 'retry', [b])).toMatchObject({
      left: [{ id: b, reason: '当前状态不能这样操作：只有失败的运行可以重试' }],
    });
    expect(await noteOf(ids[1] as RecordId)).toBe('好');
    const story = await engine.get(RunsService).get(ctx, b);
    expect(story.steps.find((step) => step.node === 'code')).toMatchObject({
      state: 'skipped',
      actors: [{ id: tenant.admin }],
    });
  });

  it('are not shown to whoever designs nothing', async () => {
    const someone = await tenant.memberWith('路人', {});
    await expect(engine.get(RunSearch).find(await tenant.ctx(someone), {})).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

it('a draft is tried on the last records it ran for and the newest, and neither writes nor sends', async () => {
  const flow = await published('重演', [set('done', 'note', '旧')], line('done'));
  const first = await create('重演');
  await create('别的');
  const ctx = await tenant.ctx();
  const flows = engine.get(FlowsService);
  const trigger = {
    type: 'recordCreated',
    formId: leads.id,
    filter: { field: 'name', op: 'startsWith', value: '重演' },
  };
  const message = {
    ...{ id: 'say', type: 'message', to: [{ kind: 'starter' }], title: literal('看') },
    facts: [{ label: '名称', ref: { source: 'trigger', path: 'name' } }],
  };
  const definition = flowDefinition.parse({
    trigger,
    nodes: [set('done', 'note', '新'), message],
    edges: line('done', 'say'),
  });
  await flows.update(ctx, flow, { definition });
  const second = await create('重演 二');
  const items = await engine.get(Replays).run(ctx, flow, definition, 5);
  expect(items.map((item) => item.record?.id)).toEqual([first, second]);
  expect(items[0]).toMatchObject({ writes: 1, sends: 1, failed: false });
  expect(items[0]?.steps[0]?.lines).toEqual([{ label: '备注', value: '新' }]);
  expect(await noteOf(first)).toBe('旧');
  expect(await noteOf(second)).toBeNull();
  expect(told).toEqual([]);
});
