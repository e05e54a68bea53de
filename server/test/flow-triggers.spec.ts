import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { FlowId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '../src/engine/flows/caller.js';
import { Dispatcher } from '../src/engine/flows/dispatcher.js';
import { FlowsService } from '../src/engine/flows/flows.service.js';
import { Runner } from '../src/engine/flows/runner.js';
import { Scheduler } from '../src/engine/flows/scheduler.js';
import { TenantDirectory } from '../src/engine/org/tenant-directory.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { ApprovalsService } from '../src/engine/tasks/approvals.service.js';
import { StartedRunsService } from '../src/engine/tasks/started-runs.service.js';
import { type TestAccount, WholeApp } from './support/whole-app.js';

let whole: WholeApp;
let admin: TestAccount;
let contracts: FormView;
let log: FormView;

beforeAll(async () => {
  whole = await WholeApp.start({ start: '2026-03-04T00:00:00Z' });
  admin = await whole.company('acme', '甲公司');
  const app = (await admin.call('POST', '/api/v1/apps', { name: '合同' })).json;
  const form = async (key: string, name: string, fields: unknown[]) =>
    (await admin.call('POST', '/api/v1/forms', { appId: app.id, key, name, fields })).json as FormView;
  contracts = await form('contract', '合同', [
    { key: 'name', name: '名称', type: 'text' },
    { key: 'stage', name: '阶段', type: 'text' },
    { key: 'end', name: '到期日', type: 'date' },
    { key: 'meet', name: '会面时间', type: 'datetime' },
  ]);
  log = await form('log', '记录', [
    { key: 'text', name: '内容', type: 'text' },
    { key: 'contract', name: '合同', type: 'relation', config: { formId: contracts.id } },
  ]);
});
afterAll(() => whole.close());

const ctxOf = (door: 'api' | 'public' | 'import' = 'api') =>
  whole.get(TenantDirectory).context(admin.tenantId, { kind: 'member', memberId: admin.memberId }, { door });

async function drain(): Promise<void> {
  for (let round = 0; round < 300; round++) {
    const busy = [
      await whole.get(Scheduler).work(),
      await whole.get(Dispatcher).work(),
      await whole.get(Runner).work(),
      await whole.get(Caller).work(),
    ];
    if (!busy.includes(true)) return;
  }
  throw new Error('flows do not come to rest');
}

/** A flow that writes a line in the log; `text` may refer to the trigger or to its input. */
async function logging(trigger: object, text: unknown = { kind: 'literal', value: 'ran' }, more: object = {}) {
  const withRecord = !['schedule', 'webhook'].includes((trigger as { type: string }).type);
  const definition: FlowDefinition = flowDefinition.parse({
    trigger: { formId: contracts.id, ...trigger },
    nodes: [
      {
        id: 'log',
        type: 'createRecord',
        formId: log.id,
        assignments: [
          { field: 'text', value: text },
          ...(withRecord && (trigger as { type: string }).type !== 'recordDeleted'
            ? [{ field: 'contract', value: { kind: 'ref', ref: { source: 'trigger', path: 'id' } } }]
            : []),
        ],
      },
    ],
    edges: [{ from: 'trigger', to: 'log' }],
    ...more,
  });
  const flows = whole.get(FlowsService);
  const flow = await flows.create(await ctxOf(), { appId: contracts.appId, name: '流程', definition });
  const published = await flows.publish(await ctxOf(), flow.id);
  const seen = (await lines()).length;
  return {
    id: flow.id,
    sentence: published.sentence,
    lines: async () => (await lines()).slice(seen).map((row) => row.text),
    runs: async () =>
      await rows<{ id: string; state: string }>('SELECT id, state FROM lianke.run WHERE flow_id = $1', [flow.id]),
    off: async () => {
      await flows.update(await ctxOf(), flow.id, { enabled: false });
    },
  };
}

const rows = <Row>(text: string, values: string[] = []) =>
  whole.kernel.database.withTenant(admin, (tx) => tx.sql<Row>(text, values));

const lines = async (): Promise<{ text: string }[]> =>
  (
    await admin.call('POST', `/api/v1/forms/${log.id}/records/query`, {
      filter: { and: [] },
      sort: [{ field: 'createdAt', dir: 'asc' }],
      limit: 200,
    })
  ).json.items.map((item: { values: { text: string } }) => ({ text: item.values.text }));

const create = async (values: Record<string, unknown>, door: 'api' | 'public' | 'import' = 'api') =>
  (
    await whole
      .get(RecordWriter)
      .writeOne(await ctxOf(door), { formId: contracts.id, op: 'create', row: { values: values as never } })
  ).id as RecordId;
const change = async (id: RecordId, values: Record<string, unknown>) =>
  whole
    .get(RecordWriter)
    .writeOne(await ctxOf(), { formId: contracts.id, op: 'update', row: { id, values: values as never } });
const bin = async (id: RecordId, op: 'delete' | 'restore') =>
  whole.get(RecordWriter).writeOne(await ctxOf(), { formId: contracts.id, op, row: { id } });

const name = { kind: 'ref', ref: { source: 'trigger', path: 'name' } };
const to = (instant: string) => whole.kernel.clock.set(instant);

describe('changes of records', () => {
  it('start a flow when a field goes from one value to another, not otherwise', async () => {
    const flow = await logging(
      {
        type: 'recordUpdated',
        fields: ['stage'],
        before: { field: 'stage', op: 'eq', value: '谈判' },
        filter: { field: 'stage', op: 'eq', value: '签约' },
      },
      name,
    );
    const id = await create({ name: '甲', stage: '线索' });
    for (const stage of ['谈判', '签约', '谈判', '丢单', '签约']) await change(id, { stage });
    await drain();
    expect(await flow.lines()).toEqual(['甲']);
    await flow.off();
  });

  it('start flows when a record is deleted, with what it was, and when it is restored', async () => {
    const deleted = await logging(
      { type: 'recordDeleted' },
      { kind: 'text', parts: [{ text: '删除 ' }, { ref: name.ref }] },
    );
    const restored = await logging(
      { type: 'recordRestored' },
      { kind: 'text', parts: [{ text: '恢复 ' }, { ref: name.ref }] },
    );
    const id = await create({ name: '乙' });
    await bin(id, 'delete');
    await drain();
    expect(await deleted.lines()).toEqual(['删除 乙']);
    await bin(id, 'restore');
    await drain();
    expect(await restored.lines()).toContain('恢复 乙');
    await deleted.off();
    await restored.off();
  });

  it('by a public form are told apart from others', async () => {
    const flow = await logging({ type: 'formSubmitted' }, name);
    await create({ name: '同事录入' });
    await create({ name: '访客提交' }, 'public');
    await drain();
    expect(await flow.lines()).toEqual(['访客提交']);
    await flow.off();
  });

  it('by an import start one run a row, or one when the batch has come to rest', async () => {
    const each = await logging({ type: 'recordCreated' });
    const once = await logging(
      { type: 'recordCreated', perBatch: true },
      { kind: 'text', parts: [{ text: '共 ' }, { ref: { source: 'input', path: 'count' } }] },
    );
    const ctx = await ctxOf('import');
    const batchId = crypto.randomUUID() as never;
    for (let chunk = 0; chunk < 3; chunk++) {
      await whole.get(RecordWriter).write(ctx, {
        formId: contracts.id,
        op: 'create',
        batchId,
        rows: Array.from({ length: 10 }, (_, index) => ({ values: { name: `导入 ${chunk}-${index}` } })),
      });
      await drain();
      whole.kernel.clock.advance(2_000);
    }
    expect(await each.runs()).toHaveLength(30);
    expect((await once.runs()).map((run) => run.state)).toEqual(['waiting']);
    whole.kernel.clock.advance(6_000);
    await drain();
    expect((await once.lines()).filter((text) => text.startsWith('共'))).toEqual(['共 30']);
    await each.off();
    await once.off();
  });
});

describe('the end of an approval', () => {
  it('starts the flows that wait for it: agreed, refused or withdrawn', async () => {
    const approval = await whole.get(FlowsService).create(await ctxOf(), {
      appId: contracts.appId,
      name: '合同审批',
      definition: flowDefinition.parse({
        trigger: { type: 'recordCreated', formId: contracts.id, filter: { field: 'stage', op: 'eq', value: '待审' } },
        nodes: [
          {
            id: 'ask',
            type: 'approval',
            approvers: [{ kind: 'member', ids: [admin.memberId] }],
            title: { kind: 'literal', value: '合同' },
          },
        ],
        edges: [{ from: 'trigger', to: 'ask' }],
      }),
    });
    await whole.get(FlowsService).publish(await ctxOf(), approval.id);
    const after = async (outcome: string) =>
      logging(
        { type: 'approvalEnded', outcomes: [outcome] },
        { kind: 'text', parts: [{ text: `${outcome} ` }, { ref: name.ref }] },
      );
    const flows = [await after('approved'), await after('rejected'), await after('withdrawn')];
    const task = async (record: RecordId) =>
      (
        await rows<{ id: never; run_id: never }>('SELECT id, run_id FROM lianke.task WHERE record_id = $1', [record])
      )[0];
    const ids = [
      await create({ name: '一', stage: '待审' }),
      await create({ name: '二', stage: '待审' }),
      await create({ name: '三', stage: '待审' }),
    ] as const;
    await drain();
    await whole.get(ApprovalsService).decide(await ctxOf(), (await task(ids[0]))?.id as never, 'approved', undefined);
    await whole
      .get(ApprovalsService)
      .decide(await ctxOf(), (await task(ids[1]))?.id as never, 'rejected', { comment: '不行' });
    await whole.get(StartedRunsService).withdraw(await ctxOf(), (await task(ids[2]))?.run_id as never, undefined);
    await drain();
    expect((await flows[0]?.lines())?.sort()).toEqual(['approved 一', 'rejected 二', 'withdrawn 三']);
    for (const flow of flows) await flow.off();
    await whole.get(FlowsService).update(await ctxOf(), approval.id, { enabled: false });
  });
});

describe('schedules', () => {
  it('fire once at each due time with two schedulers alive, over the end of a month', async () => {
    to('2026-02-27T01:00:00Z');
    const flow = await logging({ type: 'schedule', plan: { every: 'month', days: [-1], at: '09:00' }, missed: 'once' });
    expect(flow.sentence).toContain('每月 最后一天 09:00');
    for (const instant of [
      '2026-02-28T00:59:00Z',
      '2026-02-28T01:00:00Z',
      '2026-03-31T01:00:10Z',
      '2026-04-01T01:00:00Z',
    ]) {
      to(instant);
      await Promise.all([whole.get(Scheduler).work(), whole.get(Scheduler).work()]);
      await drain();
    }
    expect(await flow.lines()).toHaveLength(2);
    await flow.off();
  });

  it.each([
    ['once', 1],
    ['all', 4],
    ['skip', 0],
  ])('missed in an outage of two hours are caught up by the policy %s', async (missed, expected) => {
    to('2026-12-31T14:31:00Z');
    const flow = await logging({ type: 'schedule', plan: { every: 'minutes', n: 30 }, missed });
    to('2026-12-31T16:50:00Z');
    await Promise.all([whole.get(Scheduler).work(), whole.get(Scheduler).work()]);
    await drain();
    expect(await flow.lines()).toHaveLength(expected);
    to('2026-12-31T17:00:01Z');
    await drain();
    expect(await flow.lines()).toHaveLength(expected + 1);
    await flow.off();
  });

  it('start nothing once the flow is switched off, and nothing of the time it was off', async () => {
    to('2027-01-04T00:00:00Z');
    const flow = await logging({ type: 'schedule', plan: { every: 'day', n: 1, at: '09:00' }, missed: 'all' });
    await flow.off();
    to('2027-01-06T02:00:00Z');
    await drain();
    expect(await flow.runs()).toEqual([]);
    await whole.get(FlowsService).update(await ctxOf(), flow.id, { enabled: true });
    await drain();
    expect(await flow.runs()).toEqual([]);
    to('2027-01-07T01:00:00Z');
    await drain();
    expect(await flow.runs()).toHaveLength(1);
    await flow.off();
  });

  it('by a date field follow later edits and meet each record once: 到期前 7 天 09:00', async () => {
    to('2027-02-01T00:00:00Z');
    const flow = await logging(
      {
        type: 'dateArrives',
        field: 'end',
        amount: -7,
        unit: 'day',
        at: '09:00',
        missed: 'all',
        filter: { field: 'stage', op: 'ne', value: '作废' },
      },
      name,
    );
    expect(flow.sentence).toBe('在【合同】的“到期日”前 7 天 09:00，在【记录】新增一条');
    await create({ name: '准时', end: '2027-02-10' });
    const later = await create({ name: '改晚', end: '2027-02-10' });
    const sooner = await create({ name: '改早', end: '2027-02-20' });
    await create({ name: '作废', end: '2027-02-10', stage: '作废' });
    await create({ name: '没有日期' });
    to('2027-02-03T00:59:00Z');
    await drain();
    expect(await flow.lines()).toEqual([]);
    await change(later, { end: '2027-02-12' });
    await change(sooner, { end: '2027-02-10' });
    to('2027-02-03T01:00:20Z');
    await drain();
    expect((await flow.lines()).sort()).toEqual(['准时', '改早'].sort());
    to('2027-02-05T03:00:00Z');
    await drain();
    await drain();
    expect((await flow.lines()).sort()).toEqual(['准时', '改早', '改晚'].sort());
    await flow.off();
  });

  it('by a time meet records within the minute', async () => {
    to('2027-03-01T00:00:00Z');
    const flow = await logging({ type: 'dateArrives', field: 'meet', amount: -30, unit: 'minute' }, name);
    await create({ name: '会面', meet: '2027-03-01T02:00:00Z' });
    for (const instant of ['2027-03-01T01:29:50Z', '2027-03-01T01:30:20Z', '2027-03-01T01:31:00Z']) {
      to(instant);
      await drain();
    }
    expect(await flow.lines()).toEqual(['会面']);
    await flow.off();
  });
});

describe('a button on a record', () => {
  it('is offered while its condition holds, takes its form, and starts one run however often it is pressed', async () => {
    const flow = await logging(
      {
        type: 'button',
        label: '申请折扣',
        filter: { field: 'stage', op: 'eq', value: '谈判' },
        inputs: [
          { key: 'rate', label: '折扣', type: 'number', required: true },
          { key: 'kind', label: '类型', type: 'select', options: ['年付', '季付'] },
        ],
      },
      {
        kind: 'text',
        parts: [
          { ref: name.ref },
          { text: ' ' },
          { ref: { source: 'input', path: 'rate' } },
          { text: ' ' },
          { ref: { source: 'input', path: 'kind' } },
        ],
      },
    );
    const id = await create({ name: '丙', stage: '谈判' });
    const other = await create({ name: '丁', stage: '线索' });
    const path = (record: RecordId) => `/api/v1/forms/${contracts.id}/records/${record}/buttons`;
    const offered = await admin.call('GET', path(id));
    expect(offered.json.items).toMatchObject([
      { flowId: flow.id, label: '申请折扣', inputs: [{ key: 'rate' }, { key: 'kind' }] },
    ]);
    expect((await admin.call('GET', path(other))).json.items).toEqual([]);
    const press = (record: RecordId, values: object, pressId: string = crypto.randomUUID()) =>
      admin.call('POST', `${path(record)}/${flow.id}`, { pressId, values });
    expect((await press(id, {})).json.detail).toContain('折扣');
    expect((await press(id, { rate: '很多' })).status).toBe(400);
    expect((await press(id, { rate: 9, kind: '月付' })).status).toBe(400);
    expect((await press(other, { rate: 9 })).status).toBe(409);
    const pressId = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => press(id, { rate: 8.5, kind: '年付' }, pressId)));
    expect(new Set(answers.map((answer) => answer.json.runId)).size).toBe(1);
    await drain();
    expect(await flow.lines()).toEqual(['丙 8.5 年付']);
    await flow.off();
    expect((await admin.call('GET', path(id))).json.items).toEqual([]);
  });
});

describe('a webhook', () => {
  it('has its own address, keeps the newest request to look at, and starts one run a key', async () => {
    const flow = await logging(
      { type: 'webhook', inputs: [{ key: 'order', label: '订单', path: 'data.order.id', required: true }] },
      {
        kind: 'text',
        parts: [
          { ref: { source: 'input', path: 'order' } },
          { text: ' ' },
          { ref: { source: 'input', path: 'body.data.by' } },
        ],
      },
    );
    const hook = (await admin.call('GET', `/api/v1/flows/${flow.id}/hook`)).json;
    const path = new URL(hook.url).pathname;
    expect((await admin.call('GET', `/api/v1/flows/${flow.id}/hook`)).json.url).toBe(hook.url);
    const body = { data: { order: { id: 'E-7' }, by: '商城' } };
    const send = (content: unknown, headers: Record<string, string> = {}) =>
      whole.call('POST', path, { body: content, headers });
    const first = await send(body, { 'webhook-id': 'msg_1' });
    const again = await send(body, { 'webhook-id': 'msg_1' });
    expect(first.status).toBe(200);
    expect(again.json.runId).toBe(first.json.runId);
    expect((await send({ data: {} })).json.detail).toContain('订单');
    await drain();
    expect(await flow.lines()).toEqual(['E-7 商城']);
    expect((await admin.call('GET', `/api/v1/flows/${flow.id}/hook`)).json.lastBody).toEqual(body);
    const renewed = (await admin.call('POST', `/api/v1/flows/${flow.id}/hook`)).json;
    expect(renewed.url).not.toBe(hook.url);
    expect((await send(body)).status).toBe(404);
    await flow.off();
    expect((await whole.call('POST', new URL(renewed.url).pathname, { body })).json).toEqual({ runId: null });
  });
});

describe('flows that start one another', () => {
  it('are switched off, and their owner is told which they are', async () => {
    const flip = async (from: string, next: string) => {
      const flow = await whole.get(FlowsService).create(await ctxOf(), {
        appId: contracts.appId,
        name: `${from}变${next}`,
        definition: flowDefinition.parse({
          trigger: {
            type: 'recordUpdated',
            formId: contracts.id,
            fields: ['stage'],
            filter: { field: 'stage', op: 'eq', value: from },
          },
          nodes: [
            {
              id: 'set',
              type: 'updateRecord',
              assignments: [{ field: 'stage', value: { kind: 'literal', value: next } }],
            },
          ],
          edges: [{ from: 'trigger', to: 'set' }],
        }),
      });
      await whole.get(FlowsService).publish(await ctxOf(), flow.id);
      return flow.id as FlowId;
    };
    const flows = [await flip('子', '丑'), await flip('丑', '子')];
    const id = await create({ name: '循环' });
    await change(id, { stage: '子' });
    await drain();
    const off = await rows<{ name: string; paused: string }>(
      'SELECT name, paused FROM lianke.flow WHERE id = ANY($1) AND NOT enabled',
      [flows as never],
    );
    expect(off).toHaveLength(1);
    expect(off[0]?.paused).toMatch(/子变丑 → 丑变子|丑变子 → 子变丑/);
    const told = await rows<{ card: { title: string } }>(
      `SELECT card FROM lianke.message WHERE card->>'title' LIKE '%已自动停用'`,
    );
    expect(told).toHaveLength(1);
    const listed = (await admin.call('GET', `/api/v1/flows?formId=${contracts.id}`)).json.items as {
      paused: string | null;
    }[];
    expect(listed.filter((flow) => flow.paused)).toHaveLength(1);
  });
});
