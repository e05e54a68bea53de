import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId, RecordId, RunId } from '@lianke/shared/ids';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { Dispatcher } from '../src/engine/flows/dispatcher.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { RunGroups } from '../src/engine/flows/run-groups.js';
import type { RunRow } from '../src/engine/flows/runner.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { claim } from '../src/kernel/database/claim.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { comeToRest, createFlowEngine } from './support/flows.js';

let engine: TestEngine;
let tenant: TestTenant;
let leads: FormView;
let tasks: FormView;

beforeAll(async () => {
  engine = await createFlowEngine();
  tenant = await engine.tenant('acme');
  const appId = await tenant.app();
  leads = await tenant.form({
    appId,
    key: 'lead',
    name: '线索',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'code', name: '编号', type: 'text' },
      { key: 'note', name: '备注', type: 'text' },
      { key: 'day', name: '日期', type: 'date' },
    ],
  });
  tasks = await tenant.form({
    appId,
    key: 'task',
    name: '任务',
    fields: [
      { key: 'title', name: '标题', type: 'text' },
      { key: 'code', name: '编号', type: 'text', rules: { unique: true } },
      { key: 'lead', name: '线索', type: 'relation', config: { formId: leads.id } },
    ],
  });
  // Somebody watches the tasks, so that the runs' writes raise events.
  await published(
    '看任务',
    { type: 'recordCreated', formId: tasks.id },
    [{ id: 'end', type: 'end', name: '' }],
    [{ from: 'trigger', to: 'end' }],
  );
});
afterAll(() => engine.close());
afterEach(() => vi.restoreAllMocks());

const ref = (path: string) => ({ kind: 'ref', ref: { source: 'trigger', path } });
const taskNode = () => ({
  ...{ id: 'task', type: 'createRecord', name: '', formId: tasks.id },
  assignments: [
    { field: 'title', value: ref('name') },
    { field: 'code', value: ref('code') },
    { field: 'lead', value: ref('id') },
  ],
});
const note = (id: string, value: string) => ({
  ...{ id, type: 'updateRecord', name: '', target: 'trigger' },
  assignments: [{ field: 'note', value: { kind: 'literal', value } }],
});

async function published(name: string, trigger: object, nodes: object[], edges: object[]): Promise<FlowId> {
  const definition: FlowDefinition = flowDefinition.parse({ trigger, nodes, edges });
  const flows = engine.get(FlowsService);
  const flow = await flows.create(await tenant.ctx(), { appId: leads.appId, name, definition });
  expect(flow.faults).toEqual([]);
  await flows.publish(await tenant.ctx(), flow.id);
  return flow.id;
}
const watching = (name: string) => ({
  ...{ type: 'recordCreated', formId: leads.id },
  filter: { field: 'name', op: 'contains', value: name },
});
const sql = <Row>(text: string, values: unknown[] = []) =>
  engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text, values as never));
async function addLeads(rows: Record<string, string>[]): Promise<RecordId[]> {
  const ctx = await tenant.ctx();
  const { results } = await engine
    .get(RecordWriter)
    .write(ctx, { formId: leads.id, op: 'create', rows: rows.map((values) => ({ values })) });
  return results.map((result) => result.id as RecordId);
}
const table = (form: FormView) => `t_${tenant.id.replaceAll('-', '')}.f_${form.id.replaceAll('-', '')}`;
const column = (form: FormView, key: string) =>
  `c_${form.fields.find((field) => field.key === key)?.id.slice(2) ?? ''}`;
const runsOf = (flow: FlowId) =>
  sql<{ id: RunId; record_id: RecordId; state: string; error: string | null }>(
    'SELECT id, record_id, state, error FROM lianke.run WHERE flow_id = $1 ORDER BY id',
    [flow],
  );

it('runs that come together write what each would have written alone, each in its own name', async () => {
  const flow = await published(
    '一起',
    watching('一起'),
    [
      taskNode(),
      {
        ...{ id: 'way', type: 'branch', name: '' },
        cases: [{ id: 'odd', name: '奇', filter: { field: 'code', op: 'contains', value: 'odd' } }],
      },
      note('odd', '奇数'),
      note('even', '偶数'),
    ],
    [
      { from: 'trigger', to: 'task' },
      { from: 'task', to: 'way' },
      { from: 'way', to: 'odd', port: 'case:odd' },
      { from: 'way', to: 'even', port: 'else' },
    ],
  );
  const ids = await addLeads(
    Array.from({ length: 40 }, (_, i) => ({ name: `一起 ${i}`, code: `${i % 2 ? 'odd' : 'even'}${i}` })),
  );
  const carry = vi.spyOn(engine.get(RunGroups), 'carry');
  await comeToRest(engine);
  const runs = await runsOf(flow);
  expect(runs.map((run) => run.state)).toEqual(ids.map(() => 'done'));
  // None of them was left to be carried on by itself.
  const left = (await Promise.all(carry.mock.results.map((result) => result.value as Promise<RunRow[]>))).flat();
  expect(left.filter((run) => run.flow_id === flow)).toEqual([]);

  const made = await sql<{ id: string; title: string; lead: RecordId; run: RunId; batch: string }>(
    `SELECT t.id, t.${column(tasks, 'title')} AS title, t.${column(tasks, 'lead')} AS lead, e.cause_run_id AS run, e.batch_id AS batch
     FROM ${table(tasks)} t JOIN lianke.event e ON e.record_id = t.id ORDER BY t.id`,
  );
  expect(made.map((task) => task.lead).sort()).toEqual([...ids].sort());
  for (const task of made) {
    const run = runs.find((each) => each.record_id === task.lead);
    expect(task.run).toBe(run?.id);
    const [step] = await sql<{ output: { record: { recordId: string } } }>(
      `SELECT output FROM lianke.step WHERE run_id = $1 AND node = 'task'`,
      [task.run],
    );
    expect(step?.output.record.recordId).toBe(task.id);
  }
  expect(new Set(made.map((task) => task.batch)).size).toBe(ids.length);
  const notes = await sql<{ name: string; note: string }>(
    `SELECT ${column(leads, 'name')} AS name, ${column(leads, 'note')} AS note FROM ${table(leads)} WHERE id = ANY($1)`,
    [ids],
  );
  for (const lead of notes) expect(lead.note).toBe(Number(lead.name.split(' ')[1]) % 2 ? '奇数' : '偶数');
});

it('one that is refused fails by itself and says why; the others go through', async () => {
  const flow = await published('拒绝', watching('拒绝'), [taskNode()], [{ from: 'trigger', to: 'task' }]);
  await addLeads(['R1', 'R2', 'R1', 'R3', 'R4'].map((code, i) => ({ name: `拒绝 ${i}`, code })));
  await comeToRest(engine);
  const runs = await runsOf(flow);
  expect(runs.map((run) => run.state).sort()).toEqual(['done', 'done', 'done', 'done', 'failed']);
  expect(runs.find((run) => run.state === 'failed')?.error).toContain('编号');
  const made = await sql<{ code: string }>(
    `SELECT ${column(tasks, 'code')} AS code FROM ${table(tasks)} WHERE ${column(tasks, 'code')} LIKE 'R%' ORDER BY 1`,
  );
  expect(made.map((task) => task.code)).toEqual(['R1', 'R2', 'R3', 'R4']);
});

it('runs that wait are put off together, each until its own time, and woken together', async () => {
  const flow = await published(
    '等待',
    watching('等待'),
    [{ id: 'pause', type: 'delay', name: '', wait: { kind: 'until', value: ref('day') } }, note('after', '到了')],
    [
      { from: 'trigger', to: 'pause' },
      { from: 'pause', to: 'after' },
    ],
  );
  const day = (days: number) =>
    new Date(engine.kernel.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const days = [1, 1, 1, 3, 3];
  const ids = await addLeads(days.map((at, i) => ({ name: `等待 ${i}`, day: day(at) })));
  await comeToRest(engine);
  const states = async () => {
    const byRecord = new Map((await runsOf(flow)).map((run) => [run.record_id, run.state]));
    return ids.map((id) => byRecord.get(id));
  };
  expect(await states()).toEqual(days.map(() => 'waiting'));
  engine.kernel.clock.advance(86_400_000);
  const carry = vi.spyOn(engine.get(RunGroups), 'carry');
  await comeToRest(engine);
  expect(await states()).toEqual(['done', 'done', 'done', 'waiting', 'waiting']);
  const left = (await Promise.all(carry.mock.results.map((result) => result.value as Promise<RunRow[]>))).flat();
  expect(left).toEqual([]);
  engine.kernel.clock.advance(2 * 86_400_000);
  await comeToRest(engine);
  expect(await states()).toEqual(days.map(() => 'done'));
});

it('runs that another worker has taken over meanwhile are left to it', async () => {
  const flow = await published('接手', watching('接手'), [taskNode()], [{ from: 'trigger', to: 'task' }]);
  await addLeads(Array.from({ length: 6 }, (_, i) => ({ name: `接手 ${i}`, code: `T${i}` })));
  await engine.get(Dispatcher).work();
  const claimed = await engine.kernel.database.asSystem((tx) =>
    claim<RunRow>(tx, {
      ...{ table: 'run', key: ['id'], ready: `q.state = 'ready'`, order: 'id' },
      ...{ perTenant: 50, limit: 200, leaseSeconds: 60 },
    }),
  );
  const mine = claimed.filter((run) => run.flow_id === flow);
  const [first, second] = mine.map((run) => run.id);
  await sql('UPDATE lianke.run SET epoch = epoch + 1 WHERE id = ANY($1)', [[first, second]]);
  const groups = engine.get(RunGroups);
  const left = await groups.carry(groups.candidates(mine), mine);
  expect(left.map((run) => run.id)).toEqual([first, second]);
  const states = new Map((await runsOf(flow)).map((run) => [run.id, run.state]));
  expect(mine.map((run) => states.get(run.id))).toEqual(['ready', 'ready', 'done', 'done', 'done', 'done']);
});
