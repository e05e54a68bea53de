import { flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { comeToRest } from './support/flows.js';
import { seeded } from './support/random.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

const runs = 220;

let whole: WholeApp;
let admin: TestAccount;
let orders: FormView;
let log: FormView;

beforeAll(async () => {
  whole = await WholeApp.start();
  admin = await whole.company('acme', '甲公司');
  const app = (await admin.call('POST', '/api/v1/apps', { name: '订单' })).json;
  const form = async (key: string, name: string, fields: unknown[]) =>
    (await admin.call('POST', '/api/v1/forms', { appId: app.id, key, name, fields })).json as FormView;
  orders = await form('order', '订单', [
    { key: 'name', name: '名称', type: 'text' },
    { key: 'amount', name: '金额', type: 'number' },
  ]);
  log = await form('log', '记录', [{ key: 'text', name: '内容', type: 'text' }]);
});
afterAll(() => whole.close());

const text = (word: string) => ({
  kind: 'text',
  parts: [{ text: `${word} ` }, { ref: { source: 'trigger', path: 'name' } }],
});
const line = (id: string, word: string) => ({
  ...{ id, type: 'createRecord', formId: log.id },
  assignments: [{ field: 'text', value: text(word) }],
});
const rows = <Row>(sql: string, values: string[]) =>
  whole.kernel.database.withTenant(admin, (tx) => tx.sql<Row>(sql, values));

it(`what ${runs} runs did is found again, step by step, when the flow is tried over their records`, async () => {
  const definition = flowDefinition.parse({
    trigger: {
      ...{ type: 'recordCreated', formId: orders.id },
      filter: { field: 'amount', op: 'gt', value: 10 },
    },
    nodes: [
      {
        ...{ id: 'sort', type: 'branch' },
        cases: [
          { id: 'big', filter: { field: 'amount', op: 'gte', value: 700 } },
          { id: 'middle', filter: { field: 'amount', op: 'gte', value: 300 } },
        ],
      },
      line('boss', '老板看'),
      line('manager', '经理看'),
      line('nobody', '不用看'),
    ],
    edges: [
      { from: 'trigger', to: 'sort' },
      { from: 'sort', to: 'boss', port: 'case:big' },
      { from: 'sort', to: 'manager', port: 'case:middle' },
      { from: 'sort', to: 'nobody', port: 'else' },
    ],
  });
  const flow = (await admin.call('POST', '/api/v1/flows', { appId: orders.appId, name: '分档', definition })).json;
  await admin.call('POST', `/api/v1/flows/${flow.id}/publish`, {});
  const random = seeded(7);
  for (let from = 0; from < runs; from += 110)
    await admin.call('POST', `/api/v1/forms/${orders.id}/records/batch`, {
      create: Array.from({ length: 110 }, (_, index) => ({
        values: { name: `单 ${from + index}`, amount: String(11 + Math.floor(random() * 989)) },
      })),
    });
  await comeToRest(whole);
  const before = (
    await rows<{ n: number }>('SELECT count(*)::int AS n FROM lianke.run WHERE flow_id = $1', [flow.id])
  )[0];
  expect(before?.n).toBe(runs);

  const answer = await admin.call('POST', `/api/v1/flows/${flow.id}/replay`, { last: runs });
  expect(answer.status).toBeLessThan(300);
  const { items } = answer.json as {
    items: {
      record: { id: string };
      writes: number;
      failed: boolean;
      steps: { node: string; lines: { value: string }[] }[];
    }[];
  };
  expect(items).toHaveLength(runs);
  const done = await rows<{ record_id: string; nodes: string[]; made: string }>(
    `SELECT r.record_id, array_agg(s.node ORDER BY s.started_at, s.node = 'sort' DESC) AS nodes,
       max(s.output->'record'->>'recordId') AS made
     FROM lianke.run r JOIN lianke.step s ON s.tenant_id = r.tenant_id AND s.run_id = r.id
     WHERE r.flow_id = $1 AND r.state = 'done' GROUP BY r.record_id`,
    [flow.id],
  );
  const written = new Map<string, string>();
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = (
      await admin.call('POST', `/api/v1/forms/${log.id}/records/query`, { limit: 200, ...(cursor ? { cursor } : {}) })
    ).json as { items: { id: string; values: { text: string } }[]; cursor: string | null };
    for (const item of page.items) written.set(item.id, item.values.text);
    cursor = page.cursor;
  }
  const real = new Map(done.map((run) => [run.record_id, { nodes: run.nodes, text: written.get(run.made) }]));
  const found = new Map(
    items.map((item) => [
      item.record.id,
      { nodes: item.steps.map((step) => step.node), text: item.steps.at(-1)?.lines[0]?.value },
    ]),
  );
  expect(found).toEqual(real);
  expect(items.every((item) => item.writes === 1 && !item.failed)).toBe(true);
  // Nothing was written or started by it.
  const after = (
    await rows<{ n: number }>('SELECT count(*)::int AS n FROM lianke.run WHERE flow_id = $1', [flow.id])
  )[0];
  expect(after?.n).toBe(runs);
  expect(written.size).toBe(runs);
});

it('more than the contract allows at once is refused', async () => {
  const [flow] = await rows<{ id: string }>('SELECT id FROM lianke.flow', []);
  expect((await admin.call('POST', `/api/v1/flows/${flow?.id}/replay`, { last: 301 })).status).toBe(400);
});
