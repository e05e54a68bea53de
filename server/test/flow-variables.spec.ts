import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { TrialRun } from '../src/engine/flows/trial-run.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import type { TestEngine, TestTenant } from './support/engine.js';
import { comeToRest, createFlowEngine } from './support/flows.js';

let engine: TestEngine;
let tenant: TestTenant;
let orders: FormView;
beforeAll(async () => {
  engine = await createFlowEngine();
  tenant = await engine.tenant('acme');
  orders = await tenant.form({
    appId: await tenant.app(),
    key: 'order',
    name: '订单',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'price', name: '单价', type: 'number' },
      { key: 'count', name: '数量', type: 'number' },
      { key: 'total', name: '合计', type: 'number' },
      { key: 'due', name: '交期', type: 'date' },
      { key: 'raw', name: '报文', type: 'longText' },
      { key: 'note', name: '备注', type: 'longText' },
    ],
  });
});
afterAll(() => engine.close());

const ref = (source: string, path: string) => ({ kind: 'ref', ref: { source, path } });
const formula = (text: string) => ({ kind: 'formula', formula: text });
const put = (id: string, ...assignments: [string, unknown][]) => ({
  id,
  type: 'updateRecord',
  assignments: assignments.map(([field, value]) => ({ field, value })),
});
const line = (...ids: string[]) => ids.map((to, at) => ({ from: at === 0 ? 'trigger' : ids[at - 1], to }));
const define = (nodes: object[], edges: object[], name: string): FlowDefinition =>
  flowDefinition.parse({
    trigger: {
      type: 'recordCreated',
      formId: orders.id,
      filter: { field: 'name', op: 'eq', value: name },
    },
    nodes,
    edges,
  });

async function published(definition: FlowDefinition): Promise<FlowId> {
  const flows = engine.get(FlowsService);
  const flow = await flows.create(await tenant.ctx(), { appId: orders.appId, name: '流程', definition });
  await flows.publish(await tenant.ctx(), flow.id);
  return flow.id;
}
async function faultsOf(definition: FlowDefinition) {
  const flows = engine.get(FlowsService);
  const flow = await flows.create(await tenant.ctx(), { appId: orders.appId, name: '草稿', definition });
  return flow.faults;
}

async function made(values: Record<string, unknown>): Promise<Record<string, unknown>> {
  const row = { formId: orders.id, op: 'create' as const, row: { values: values as never } };
  const { id } = await engine.get(RecordWriter).writeOne(await tenant.ctx(), row);
  await comeToRest(engine);
  return (await engine.get(RecordReader).get(await tenant.ctx(), orders.id, id as RecordId)).values;
}
const runs = (flow: FlowId) =>
  engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) =>
    tx.sql<{ state: string; error: string | null; output: never }>(
      `SELECT r.state, r.error, s.output FROM lianke.run r JOIN lianke.step s ON s.tenant_id = r.tenant_id AND s.run_id = r.id
       WHERE r.flow_id = $1 ORDER BY r.id, s.started_at, s.node`,
      [flow],
    ),
  );

it('formulas give typed variables that later formulas, conditions, texts and fields use', async () => {
  const flow = await published(
    define(
      [
        {
          id: 'v',
          type: 'setVariables',
          items: [
            { key: 'total', name: '总价', type: 'number', value: formula('{单价} * {数量}') },
            { key: 'due', name: '最晚', type: 'date', value: formula('{交期} + 3') },
            { key: 'who', name: '发起', type: 'member', value: { kind: 'starter' } },
            {
              key: 'what',
              name: '说明',
              value: { kind: 'text', parts: [{ text: '订单 ' }, { ref: { source: 'trigger', path: 'name' } }] },
            },
          ],
        },
        {
          id: 'w',
          type: 'setVariables',
          items: [
            { key: 'twice', name: '两倍', type: 'number', value: formula('{@v:total} * 2 + LEN({@v:what}) * 0') },
          ],
        },
        {
          id: 'big',
          type: 'branch',
          cases: [{ id: 'yes', filter: { field: '@w:twice', op: 'gt', value: '100' } }],
        },
        put(
          'put',
          ['total', ref('w', 'twice')],
          ['due', ref('v', 'due')],
          [
            'note',
            {
              kind: 'text',
              parts: [
                { ref: { source: 'v', path: 'what' } },
                { text: '｜' },
                { ref: { source: 'v', path: 'who' } },
                { text: '｜' },
                { ref: { source: 'v', path: 'total' } },
              ],
            },
          ],
        ),
        put('small', ['note', { kind: 'literal', value: '小' }]),
      ],
      [
        ...line('v', 'w', 'big'),
        { from: 'big', to: 'put', port: 'case:yes' },
        { from: 'big', to: 'small', port: 'else' },
      ],
      '公式',
    ),
  );
  const big = await made({ name: '公式', price: '10.5', count: '6', due: '2026-03-30' });
  expect(big).toMatchObject({ total: '126', due: '2026-04-02' });
  expect(big.note).toMatch(/^订单 公式｜.+｜63$/);
  expect(big.note).not.toContain(tenant.admin);
  expect((await made({ name: '公式', price: '1', count: '1', due: '2026-03-30' })).note).toBe('小');
  expect((await runs(flow))[0]?.state).toBe('done');
});

it('JSON, lists and texts are taken apart into variables', async () => {
  await published(
    define(
      [
        {
          id: 't',
          type: 'transform',
          items: [
            { key: 'id', name: '单号', from: ref('trigger', 'raw'), how: { op: 'json', path: 'data.id' } },
            {
              key: 'names',
              name: '品名',
              type: 'list',
              from: ref('trigger', 'raw'),
              how: { op: 'json', path: 'data.items.*.name' },
            },
            {
              key: 'price',
              name: '价',
              type: 'number',
              from: ref('trigger', 'raw'),
              how: { op: 'json', path: 'data.items.1.price' },
            },
            { key: 'last', name: '末段', from: ref('trigger', 'name'), how: { op: 'split', by: '-', part: -1 } },
            { key: 'cut', name: '截取', from: ref('trigger', 'name'), how: { op: 'cut', from: 1, length: 2 } },
            { key: 'swap', name: '替换', from: ref('trigger', 'name'), how: { op: 'replace', find: '-', with: '/' } },
          ],
        },
        {
          id: 'j',
          type: 'transform',
          items: [{ key: 'all', name: '合并', from: ref('t', 'names'), how: { op: 'join', by: '+' } }],
        },
        put(
          'put',
          ['total', ref('t', 'price')],
          [
            'note',
            {
              kind: 'text',
              parts: ['id', 'last', 'cut', 'swap']
                .flatMap((path) => [{ ref: { source: 't', path } }, { text: '|' }])
                .concat([{ ref: { source: 'j', path: 'all' } }] as never),
            },
          ],
        ),
      ],
      line('t', 'j', 'put'),
      '转换-甲-乙',
    ),
  );
  const raw = JSON.stringify({
    data: {
      id: 42,
      items: [
        { name: '螺丝', price: '1' },
        { name: '螺母', price: '1,024.50' },
      ],
    },
  });
  const record = await made({ name: '转换-甲-乙', raw });
  expect(record.total).toBe('1024.5');
  expect(record.note).toBe('42|乙|转换|转换/甲/乙|螺丝+螺母');
});

it('a value that is not of its type stops the run and names the variable', async () => {
  const flow = await published(
    define(
      [
        {
          id: 'v',
          type: 'setVariables',
          items: [{ key: 'n', name: '金额', type: 'number', value: ref('trigger', 'name') }],
        },
      ],
      line('v'),
      '不是数',
    ),
  );
  await made({ name: '不是数' });
  expect(await runs(flow)).toMatchObject([
    { state: 'failed', error: expect.stringContaining('变量“金额”要的是数字，得到的是“不是数”') },
  ]);
});

it('faults name the node and the variable before publishing', async () => {
  const variables = (items: object[]) => ({ id: 'v', type: 'setVariables', items });
  const after = (items: object[], ...more: object[]) =>
    define([variables(items), ...more], line('v', ...more.map((node) => (node as { id: string }).id)), '甲');
  const faults = await faultsOf(
    after([
      { key: 'a', name: '甲', type: 'number', value: formula('{没有这个字段} + 1') },
      { key: 'a', name: '乙', type: 'number', value: formula('1 +') },
    ]),
  );
  expect(faults.map((fault) => fault.node)).toEqual(['v', 'v', 'v']);
  expect(faults.map((fault) => fault.message).join('\n')).toMatch(
    /标识相同[\s\S]*变量“甲”的公式有误[\s\S]*变量“乙”的公式有误/,
  );
  // A variable of a node that comes later, and one that is gone.
  expect(
    await faultsOf(
      after([{ key: 'a', name: '甲', type: 'number', value: formula('{@w:b}') }], {
        id: 'w',
        type: 'setVariables',
        items: [{ key: 'b', name: '乙', type: 'number', value: formula('1') }],
      }),
    ),
  ).toMatchObject([{ node: 'v' }]);
  expect(
    await faultsOf(
      after([{ key: 'a', name: '甲', type: 'number', value: formula('1') }], put('p', ['note', ref('v', 'gone')])),
    ),
  ).toMatchObject([{ node: 'p', message: expect.stringContaining('变量已删除') }]);
});

it('a trial run says what each variable would be', async () => {
  const row = {
    formId: orders.id,
    op: 'create' as const,
    row: { values: { name: '试', price: '3', count: '4' } as never },
  };
  const { id } = await engine.get(RecordWriter).writeOne(await tenant.ctx(), row);
  const definition = define(
    [
      {
        id: 'v',
        type: 'setVariables',
        items: [{ key: 'total', name: '总价', type: 'number', value: formula('{单价} * {数量}') }],
      },
      put('put', ['total', ref('v', 'total')]),
    ],
    line('v', 'put'),
    '试',
  );
  const { steps } = await engine.get(TrialRun).run(await tenant.ctx(), definition, id as RecordId);
  expect(steps[0]).toMatchObject({ outcome: '得到 1 个变量', lines: [{ label: '总价', value: '12' }] });
  expect(steps[1]?.lines).toEqual([{ label: '合计', value: '12' }]);
});
