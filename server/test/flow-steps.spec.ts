import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId, MemberId, RecordId, RunId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { Reconciler } from '../src/engine/flows/reconciler.js';
import { RunsService } from '../src/engine/flows/runs.service.js';
import { SubflowEnds } from '../src/engine/flows/subflow-ends.js';
import { VersionsService } from '../src/engine/flows/versions.service.js';
import { Notifier } from '../src/engine/ports.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { comeToRest, createFlowEngine } from './support/flows.js';
import { inChinese } from './support/in-chinese.js';

let engine: TestEngine;
let tenant: TestTenant;
let leads: FormView;
let people: MemberId[];
const told: { to: readonly MemberId[]; title: string }[] = [];
const notifier: Notifier = {
  enqueue: async (_tx, _ctx, note) => {
    told.push({ to: note.to, title: inChinese(note).card.title });
  },
  update: async () => undefined,
};

beforeAll(async () => {
  engine = await createFlowEngine({ notifier });
  tenant = await engine.tenant('acme');
  const appId = await tenant.app();
  leads = await tenant.form({
    appId,
    key: 'lead',
    name: '线索',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'amount', name: '金额', type: 'number' },
      { key: 'note', name: '备注', type: 'text' },
      { key: 'total', name: '合计', type: 'number' },
    ],
  });
  people = [];
  for (let index = 0; index < 7; index++) people.push(await tenant.memberWith(`销售 ${index}`, {}));
});
afterAll(() => engine.close());

const literal = (value: unknown) => ({ kind: 'literal', value });
const set = (field: string, value: unknown) => ({ field, value });
const note = (id: string, text: string, more: object = {}) => ({
  ...{ id, type: 'updateRecord', assignments: [set('note', literal(text))] },
  ...more,
});
const named = (name: string) => ({
  type: 'recordCreated',
  formId: leads.id,
  filter: { field: 'name', op: 'startsWith', value: name },
});
const row = (...ids: string[]) => ids.map((to, at) => ({ from: at === 0 ? 'trigger' : ids[at - 1], to }));

async function published(trigger: unknown, nodes: object[], edges: unknown, more: object = {}): Promise<FlowId> {
  const definition: FlowDefinition = flowDefinition.parse({ trigger, nodes, edges, ...more });
  const flows = engine.get(FlowsService);
  const flow = await flows.create(await tenant.ctx(), { appId: leads.appId, name: '流程', definition });
  await flows.publish(await tenant.ctx(), flow.id);
  return flow.id;
}
const off = async (id: FlowId) => engine.get(FlowsService).update(await tenant.ctx(), id, { enabled: false });

async function rest(): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await comeToRest(engine);
    if (!(await engine.get(SubflowEnds).work())) return;
  }
}

const create = async (values: Record<string, unknown>, actor: MemberId = tenant.admin) =>
  (
    await engine
      .get(RecordWriter)
      .writeOne(await tenant.ctx(actor), { formId: leads.id, op: 'create', row: { values: values as never } })
  ).id as RecordId;
const valuesOf = async (id: RecordId) =>
  (await engine.get(RecordReader).get(await tenant.ctx(), leads.id, id)).values as Record<string, unknown>;
const sql = <Row>(text: string, values: unknown[] = []) =>
  engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text, values as never));
const runsOf = (flow: FlowId) =>
  sql<{ id: RunId; state: string; error: string | null; version: number }>(
    'SELECT id, state, error, version FROM lianke.run WHERE flow_id = $1 ORDER BY id',
    [flow],
  );

it('leads shared out in turn differ by at most one, over seven people', async () => {
  const flow = await published(
    named('分配'),
    [{ id: 'give', type: 'assign', people: [{ kind: 'member', ids: people }] }],
    row('give'),
  );
  const count = 100;
  await engine.get(RecordWriter).write(await tenant.ctx(), {
    formId: leads.id,
    op: 'create',
    rows: Array.from({ length: count }, (_, index) => ({ values: { name: `分配 ${index}` } })),
  });
  await rest();
  const given = await engine.get(RecordReader).aggregate(await tenant.ctx(), leads.id, {
    filter: { field: 'name', op: 'startsWith', value: '分配' },
    groupBy: [{ field: 'owner' }],
    metrics: [{ fn: 'count', as: 'n' }],
    sort: [],
    limit: 100,
  });
  const counts = given.map((item) => Number(item.metrics.n));
  expect(counts).toHaveLength(7);
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(count);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  await off(flow);
});

it('leads are not given to whoever is away, and to all again when everybody is', async () => {
  const flow = await published(
    named('请假'),
    [{ id: 'give', type: 'assign', people: [{ kind: 'member', ids: people.slice(0, 3) }] }],
    row('give'),
  );
  const away = (member: MemberId) =>
    sql(
      `INSERT INTO lianke.away (tenant_id, id, member_id, to_id, from_at, until_at, created_at) VALUES ($1, gen_random_uuid(), $2, $3, '2000-01-01', '2999-01-01', now())`,
      [tenant.id, member, tenant.admin],
    );
  const ownerOf = async (name: string) => {
    const id = await create({ name });
    await rest();
    return ((await valuesOf(id)).owner as { id: MemberId }).id;
  };
  await away(people[0] as MemberId);
  for (let n = 0; n < 4; n++) expect(people.slice(1, 3)).toContain(await ownerOf(`请假 ${n}`));
  await away(people[1] as MemberId);
  await away(people[2] as MemberId);
  expect(people.slice(0, 3)).toContain(await ownerOf('请假 全'));
  await sql('DELETE FROM lianke.away');
  await off(flow);
});

it('a total of records found and a record known by a field are written once, with what the run itself wrote', async () => {
  const flow = await published(
    named('汇总'),
    [
      {
        ...{ id: 'sum', type: 'aggregate', formId: leads.id, fn: 'sum', field: 'amount' },
        match: [{ field: 'name', op: 'startsWith', value: literal('汇总') }],
      },
      {
        ...{ id: 'keep', type: 'upsertRecord', formId: leads.id, matchOn: 'name' },
        assignments: [
          set('name', literal('总计')),
          set('total', { kind: 'ref', ref: { source: 'sum', path: 'value' } }),
        ],
      },
    ],
    row('sum', 'keep'),
  );
  for (const amount of [10, 20]) {
    await create({ name: `汇总 ${amount}`, amount });
    await rest();
  }
  const kept = await engine.get(RecordReader).query(await tenant.ctx(), leads.id, {
    filter: { field: 'name', op: 'eq', value: '总计' },
    limit: 10,
    total: false,
  });
  expect(kept.items.map((item) => Number(item.values.total))).toEqual([30]);
  expect((await runsOf(flow)).map((run) => run.state)).toEqual(['done', 'done']);
  await off(flow);
});

it('a run waits for its sub-flow, gives it values, and stops when that is cancelled', async () => {
  const child = await published(
    { type: 'called', formId: leads.id, inputs: [{ key: 'word', label: '内容', required: true }] },
    [
      { id: 'wait', type: 'delay', wait: { kind: 'for', amount: 1, unit: 'hour' } },
      {
        id: 'write',
        type: 'updateRecord',
        assignments: [set('note', { kind: 'ref', ref: { source: 'input', path: 'word' } })],
      },
    ],
    row('wait', 'write'),
  );
  const parent = await published(
    named('子流程'),
    [
      { id: 'call', type: 'subflow', flowId: child, inputs: [{ key: 'word', value: literal('来自父流程') }] },
      { id: 'after', type: 'updateRecord', assignments: [set('total', literal(1))] },
    ],
    row('call', 'after'),
  );
  const first = await create({ name: '子流程 一' });
  const second = await create({ name: '子流程 二' });
  await rest();
  expect((await runsOf(parent)).map((run) => run.state)).toEqual(['waiting', 'waiting']);
  const [secondChild] = await sql<{ id: RunId }>('SELECT id FROM lianke.run WHERE flow_id = $1 AND record_id = $2', [
    child,
    second,
  ]);
  await engine.get(RunsService).cancel(await tenant.ctx(), secondChild?.id as RunId);
  await rest();
  engine.kernel.clock.advance(3_700_000);
  await rest();
  expect(await valuesOf(first)).toMatchObject({ note: '来自父流程' });
  expect(Number((await valuesOf(first)).total)).toBe(1);
  expect((await valuesOf(second)).total).toBeNull();
  expect((await runsOf(parent)).map((run) => [run.state, run.error])).toEqual([
    ['done', null],
    ['failed', '子流程被取消'],
  ]);
  // The doorbell of an end that was lost is rung by the reconciler, and counted.
  const third = await create({ name: '子流程 三' });
  await rest();
  engine.kernel.clock.advance(3_700_000);
  await comeToRest(engine);
  await sql('UPDATE lianke.run SET wake_parent = false WHERE flow_id = $1', [child]);
  expect((await engine.get(Reconciler).mend(tenant.id)).get('lost_end_of_subflow')).toBe(1);
  await rest();
  expect(Number((await valuesOf(third)).total)).toBe(1);
  expect((await engine.get(Reconciler).mend(tenant.id)).size).toBe(0);
  await off(parent);
  await off(child);
});

it('a flow that runs as its starter may do no more than he, and its owner is told once that it stopped', async () => {
  const own = { actions: ['view', 'create'] as never[], scope: 'own' as never };
  const rep = await tenant.memberWith('小李', { [leads.id]: own });
  const asStarter = await published(named('权限'), [note('write', '改了')], row('write'), {
    runAs: { kind: 'starter' },
  });
  told.length = 0;
  const his = await create({ name: '权限 甲' }, rep);
  await create({ name: '权限 乙' }, rep);
  const mine = await create({ name: '权限 丙' });
  await rest();
  expect((await valuesOf(his)).note).toBeNull();
  expect((await valuesOf(mine)).note).toBe('改了');
  expect((await runsOf(asStarter)).map((run) => run.state)).toEqual(['failed', 'failed', 'done']);
  expect(told.map((item) => [item.to, item.title])).toEqual([[[tenant.admin], '流程“流程”有一次运行停下了']]);
  await off(asStarter);
});

it('a step that fails is skipped by a person, or passed over by the flow itself', async () => {
  const bad = (id: string, more: object = {}) => ({
    ...{ id, type: 'updateRecord', assignments: [set('amount', literal('不是数字'))] },
    ...more,
  });
  const stops = await published(named('跳过'), [bad('bad'), note('next', '继续了')], row('bad', 'next'));
  const passes = await published(
    named('放过'),
    [bad('bad', { onFail: 'continue' }), note('next', '继续了')],
    row('bad', 'next'),
  );
  const first = await create({ name: '跳过 一' });
  const second = await create({ name: '放过 一' });
  await rest();
  expect((await valuesOf(second)).note).toBe('继续了');
  const [run] = await runsOf(stops);
  expect(run?.state).toBe('failed');
  const detail = await engine.get(RunsService).skip(await tenant.ctx(), run?.id as RunId);
  expect(detail.steps.find((step) => step.node === 'bad')?.state).toBe('skipped');
  await rest();
  expect((await valuesOf(first)).note).toBe('继续了');
  expect((await runsOf(stops))[0]?.state).toBe('done');
  await off(stops);
  await off(passes);
});

it('running instances keep their version until moved on; going back publishes the old one as new', async () => {
  const wait = { id: 'wait', type: 'delay', wait: { kind: 'for', amount: 1, unit: 'day' } };
  const flow = await published(named('版本'), [wait, note('write', '第一版')], row('wait', 'write'));
  const kept = await create({ name: '版本 一' });
  await rest();
  const flows = engine.get(FlowsService);
  const versions = engine.get(VersionsService);
  const change = async (text: string) => {
    const { definition } = await flows.get(await tenant.ctx(), flow);
    await flows.update(await tenant.ctx(), flow, {
      definition: flowDefinition.parse({ ...definition, nodes: [wait, note('write', text)] }),
    });
    await flows.publish(await tenant.ctx(), flow);
  };
  await change('第二版');
  engine.kernel.clock.advance(86_500_000);
  await rest();
  expect((await valuesOf(kept)).note).toBe('第一版');
  const moved = await create({ name: '版本 二' });
  await rest();
  expect(await versions.waiting(await tenant.ctx(), flow)).toEqual([{ node: 'wait', count: 1, failed: 0 }]);
  await change('第三版');
  expect(await versions.migrate(await tenant.ctx(), flow)).toEqual({ moved: 1, left: 0 });
  engine.kernel.clock.advance(86_500_000);
  await rest();
  expect((await valuesOf(moved)).note).toBe('第三版');
  const back = await versions.restore(await tenant.ctx(), flow, 1);
  expect(back.publishedVersion).toBe(4);
  expect((await versions.list(await tenant.ctx(), flow)).map((item) => item.version)).toEqual([4, 3, 2, 1]);
  expect(await versions.get(await tenant.ctx(), flow, 1)).toEqual(await versions.get(await tenant.ctx(), flow, 4));
  await off(flow);
});
