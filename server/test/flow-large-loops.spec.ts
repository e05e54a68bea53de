import { flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Dispatcher } from '../src/engine/flows/dispatcher.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { FindRecordsNode } from '../src/engine/flows/nodes/find-records.js';
import { Runner } from '../src/engine/flows/runner.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { createFlowEngine } from './support/flows.js';
import { noteFacts, soaking } from './support/soak.js';

/** In the suite fewer, and a list already from 100 on: what is more than 5,000 takes minutes. */
const many = soaking ? 20_000 : 530;

let engine: TestEngine;
let tenant: TestTenant;
let items: FormView;

beforeAll(async () => {
  engine = await createFlowEngine({});
  if (!soaking) engine.get(FindRecordsNode).mostKept = 100;
  tenant = await engine.tenant('acme');
  items = await tenant.form({
    appId: await tenant.app(),
    key: 'item',
    name: '物料',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'note', name: '备注', type: 'text' },
    ],
  });
  for (let from = 0; from < many; from += 1000)
    await engine.get(RecordWriter).write(await tenant.ctx(), {
      formId: items.id,
      op: 'create',
      rows: Array.from({ length: Math.min(1000, many - from) }, (_, index) => ({
        values: { name: `项 ${from + index}` },
      })),
    });
}, 300_000);
afterAll(() => engine.close());

const sql = <Row>(text: string, values: unknown[] = []) =>
  engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text, values as never));

async function live(name: string, draft: object): Promise<FlowId> {
  const flows = engine.get(FlowsService);
  const definition = flowDefinition.parse(draft);
  const flow = await flows.create(await tenant.ctx(), { appId: items.appId, name, definition });
  await flows.publish(await tenant.ctx(), flow.id);
  return flow.id;
}

it(`${many} records are gone through one by one, each once, without a step that holds them all`, async () => {
  const flow = await live('逐条', {
    trigger: {
      ...{ type: 'recordCreated', formId: items.id },
      filter: { field: 'name', op: 'eq', value: '开始' },
    },
    nodes: [
      {
        ...{ id: 'find', type: 'findRecords', formId: items.id, limit: 100_000 },
        match: [{ field: 'name', op: 'startsWith', value: { kind: 'literal', value: '项' } }],
      },
      { id: 'each', type: 'loop', over: 'find' },
      {
        ...{ id: 'mark', type: 'updateRecord', target: 'each' },
        assignments: [{ field: 'note', value: { kind: 'ref', ref: { source: 'each', path: 'name' } } }],
      },
      {
        ...{ id: 'last', type: 'updateRecord', target: 'trigger' },
        assignments: [{ field: 'note', value: { kind: 'literal', value: '完' } }],
      },
    ],
    edges: [
      { from: 'trigger', to: 'find' },
      { from: 'find', to: 'each' },
      { from: 'each', to: 'mark', port: 'each' },
      { from: 'each', to: 'last', port: 'next' },
    ],
  });
  // What the loop sets off is more than flows may start within a minute.
  const watching = await live('跟着', {
    trigger: { type: 'recordUpdated', formId: items.id, fields: ['note'] },
    nodes: [{ id: 'end', type: 'end' }],
    edges: [{ from: 'trigger', to: 'end' }],
  });
  await engine
    .get(RecordWriter)
    .writeOne(await tenant.ctx(), { formId: items.id, op: 'create', row: { values: { name: '开始' } as never } });
  // A loop of so many rounds is carried on by many claims; each ends at some round and leaves the next where it stands.

  for (let busy = true; busy; ) {
    const dispatched = await engine.get(Dispatcher).work();
    busy = (await engine.get(Runner).work()) || dispatched;
  }

  const [run] = await sql<{ id: string; state: string; error: string | null }>(
    'SELECT id, state, error FROM lianke.run WHERE flow_id = $1',
    [flow],
  );
  expect(run).toMatchObject({ state: 'done', error: null });
  const [steps] = await sql<{ n: number; scopes: number; most: number }>(
    `SELECT count(*)::int AS n, count(DISTINCT scope)::int AS scopes, max(iteration)::int AS most FROM lianke.step WHERE run_id = $1 AND node = 'mark' AND state = 'done'`,
    [run?.id],
  );
  expect(steps).toEqual({ n: many, scopes: many, most: 0 });
  const [size] = await sql<{ bytes: number }>(
    'SELECT max(pg_column_size(output))::int AS bytes FROM lianke.step WHERE run_id = $1',
    [run?.id],
  );
  expect(size?.bytes).toBeLessThan(2000);
  const [records] = await engine.get(RecordReader).aggregate(await tenant.ctx(), items.id, {
    filter: { field: 'note', op: 'startsWith', value: '项' },
    groupBy: [],
    metrics: [
      { fn: 'count', as: 'n' },
      { fn: 'countDistinct', field: 'note', as: 'different' },
    ],
    sort: [],
    limit: 1,
  });
  expect(records?.metrics).toMatchObject({ n: many, different: many });

  noteFacts('flow loops', { records: many });

  const [follower] = await sql<{ enabled: boolean; paused: string | null }>(
    'SELECT enabled, paused FROM lianke.flow WHERE id = $1',
    [watching],
  );
  expect(follower?.enabled).toBe(false);
  expect(follower?.paused).toContain('超过 500 次');
}, 1_200_000);
