import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId, TaskId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine, TestTenant } from '../../../test/support/engine.js';
import {
  comeToRest,
  createFlowEngine,
  type FollowUpForms,
  followUpFlow,
  followUpForms,
} from '../../../test/support/flows.js';
import { type ChineseNotification, endedInChinese, inChinese } from '../../../test/support/in-chinese.js';
import { Database } from '../../kernel/database/database.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { TenantContext } from '../context.js';
import { OrgService } from '../org/org.service.js';
import { type Notification, type NotificationOutcome, Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { ApprovalsService } from '../tasks/approvals.service.js';
import { TasksService } from '../tasks/tasks.service.js';
import { TodosService } from '../tasks/todos.service.js';
import { FlowsService } from './flows.service.js';
import { HooksService } from './hooks.service.js';
import { RunsService } from './runs.service.js';
import { TrialRun } from './trial-run.js';

class RecordingNotifier extends Notifier {
  readonly sent: ChineseNotification[] = [];
  readonly updates: NotificationOutcome[] = [];
  async enqueue(_tx: unknown, _ctx: TenantContext, notification: Notification): Promise<void> {
    this.sent.push(inChinese(notification));
  }
  async update(_tx: unknown, _ctx: TenantContext, outcome: NotificationOutcome): Promise<void> {
    this.updates.push(endedInChinese(outcome));
  }
}

const notifier = new RecordingNotifier();

let engine: TestEngine;
let tenant: TestTenant;
let forms: FollowUpForms;
let customers: FormView;
let tasks: FormView;
let contracts: FormView;
let rep: MemberId;
let boss: MemberId;
/** The one whose first run is told of. */
let customer: RecordId;

beforeAll(async () => {
  engine = await createFlowEngine({ start: '2026-03-03T16:30:00Z', notifier });
  tenant = await engine.tenant('acme');
  forms = await followUpForms(tenant);
  ({ customers, tasks } = forms);
  contracts = await tenant.form({
    appId: forms.appId,
    key: 'contract',
    name: '合同',
    fields: [
      { key: 'name', name: '合同名称', type: 'text' },
      { key: 'amount', name: '金额', type: 'money' },
      {
        key: 'state',
        name: '状态',
        type: 'select',
        config: { options: ['审批中', '已生效', '已拒绝'].map((id) => ({ id, label: id })) },
      },
    ],
  });
  boss = await tenant.memberWith('陈主管', { [contracts.id]: { actions: ['view'], scope: 'all' } });
  rep = await tenant.memberWith(
    '王芳',
    Object.fromEntries(
      [customers, tasks, contracts].map((form) => [
        form.id,
        { actions: ['view', 'create', 'edit'] as const, scope: 'own' as const },
      ]),
    ) as never,
    { managerId: boss },
  );
});
afterAll(() => engine.close());

const drain = () => comeToRest(engine);

async function publish(name: string, definition: FlowDefinition) {
  const ctx = await tenant.ctx();
  const flow = await engine.get(FlowsService).create(ctx, { appId: customers.appId, name, definition });
  return engine.get(FlowsService).publish(ctx, flow.id);
}

const create = async (as: MemberId, form: FormView, values: Record<string, unknown>) =>
  (
    await engine
      .get(RecordWriter)
      .writeOne(await tenant.ctx(as), { formId: form.id, op: 'create', row: { values: values as never } })
  ).id;

describe('the tutorial flow', () => {
  it('makes the follow-up task three local days out for the owner, and one reminder card, once', async () => {
    const flow = await publish('新客户跟进', followUpFlow(forms));
    expect(flow.sentence).toBe('当【客户信息表】新增数据时，在【销售任务表】新增一条，提醒负责人');
    customer = await create(rep, customers, { name: '测试客户' });
    await drain();
    await drain();
    const made = await engine.get(RecordReader).query(await tenant.ctx(), tasks.id, { limit: 10, total: true });
    expect(made.items).toHaveLength(1);
    // 00:30 local on 4 March, while it is still 3 March in UTC.
    expect(made.items[0]?.values).toMatchObject({
      title: '【新客户跟进】测试客户',
      due: '2026-03-07',
      owner: { id: rep },
      customer: { id: customer, label: '测试客户' },
    });
    expect(notifier.sent).toHaveLength(1);
    expect(notifier.sent[0]).toMatchObject({
      to: [rep],
      about: { kind: 'record', id: made.items[0]?.id },
      card: { kind: 'task', title: '【新客户跟进】测试客户', facts: [{ label: '截止', value: '2026-03-07' }] },
    });
    const runs = await engine.get(RunsService).ofRecord(await tenant.ctx(), customers.id, customer);
    expect(runs).toMatchObject({ items: [{ state: 'done', flowName: '新客户跟进' }], cursor: null });
  });

  it('old runs of a record are read page by page (only the latest 50 were ever told)', async () => {
    const ctx = await tenant.ctx();
    const runs = engine.get(RunsService);
    const [ran] = (await runs.ofRecord(ctx, customers.id, customer)).items;
    if (!ran) throw new Error('nothing ran');
    const others = Array.from({ length: 60 }, () => uuid7());
    // Each a copy of the one that ran, under an id of its own.
    const copy = `INSERT INTO lianke.run SELECT (jsonb_populate_record(r, jsonb_build_object('id', made, 'event_id', made))).*
      FROM lianke.run r CROSS JOIN unnest($2::uuid[]) made WHERE r.id = $1`;
    await engine.get(Database).withTenant(ctx, (tx) => tx.run(copy, [ran.id, others]));
    const first = await runs.ofRecord(ctx, customers.id, customer);
    const second = await runs.ofRecord(ctx, customers.id, customer, first.cursor ?? '');
    expect([first.items.length, second.items.length, second.cursor]).toEqual([50, 11, null]);
    const told = [...first.items, ...second.items].map(({ id }) => id);
    expect(told).toEqual([...others].sort().reverse().concat(ran.id));
    await expect(runs.ofRecord(ctx, customers.id, customer, 'nonsense')).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
    await engine
      .get(Database)
      .withTenant(ctx, (tx) => tx.run('DELETE FROM lianke.run WHERE id = ANY($1::uuid[])', [others]));
  });

  it('stands in 任务中心, is done there, and writes the record', async () => {
    const ctx = await tenant.ctx(rep);
    const page = await engine.get(TasksService).list(ctx, { state: 'pending', limit: 10 });
    expect(page.items).toMatchObject([
      {
        kind: 'todo',
        title: '【新客户跟进】测试客户',
        due: '2026-03-07',
        urgency: 'later',
        subject: { label: '测试客户' },
      },
    ]);
    const todo = page.items[0];
    await engine.get(TodosService).complete(ctx, tasks.id, todo?.id as RecordId);
    expect((await engine.get(TasksService).list(ctx, { state: 'pending', limit: 10 })).items).toHaveLength(0);
    expect((await engine.get(RecordReader).get(ctx, tasks.id, todo?.id as RecordId)).values.done).toBe(true);
  });

  it('does not start for quiet writes, and names a fault instead of publishing', async () => {
    const before = notifier.sent.length;
    await engine.get(RecordWriter).write(await tenant.ctx(), {
      formId: customers.id,
      op: 'create',
      quiet: true,
      rows: [{ values: { name: '导入的' } }],
    });
    await drain();
    expect(notifier.sent).toHaveLength(before);
    const broken = followUpFlow(forms);
    broken.nodes[0] = {
      ...(broken.nodes[0] as Extract<FlowDefinition['nodes'][number], { type: 'createRecord' }>),
      assignments: [{ field: 'gone', value: { kind: 'literal', value: 1 } }],
    };
    await expect(publish('坏的', broken)).rejects.toMatchObject({
      code: 'invalid_definition',
      params: { detail: expect.stringContaining('节点“第 1 个”') },
    });
  });

  it('shows in a trial run what would be written and sent, and writes nothing', async () => {
    const result = await engine.get(TrialRun).run(await tenant.ctx(), followUpFlow(forms), undefined);
    expect(result.steps[0]).toMatchObject({
      outcome: '在【销售任务表】新增一条',
      lines: expect.arrayContaining([
        { label: '截止日期', value: '2026-03-07' },
        { label: '客户', value: result.record?.label },
      ]),
    });
    // The card speaks of the task that the step before would have made.
    expect(result.steps[1]).toMatchObject({
      outcome: '发给 王芳',
      lines: [
        { label: '标题', value: `【新客户跟进】${result.record?.label}` },
        { label: '截止', value: '2026-03-07' },
      ],
    });
    expect(result.steps[1]?.error).toBeUndefined();
    // A fixed member, kept with its label as the designer chose it.
    const fixed = followUpFlow(forms);
    const node = fixed.nodes[0] as Extract<FlowDefinition['nodes'][number], { type: 'createRecord' }>;
    node.assignments[1] = { field: 'owner', value: { kind: 'literal', value: { id: boss, label: '陈主管' } } };
    const shown = await engine.get(TrialRun).run(await tenant.ctx(), fixed, undefined);
    expect(shown.steps[0]?.lines).toContainEqual({ label: '负责人', value: '陈主管' });
    expect(shown.steps[1]?.outcome).toBe('发给 陈主管');
    expect((await engine.get(RecordReader).query(await tenant.ctx(), tasks.id, { limit: 10, total: true })).total).toBe(
      1,
    );
  });
});

describe('approval', () => {
  const approval = (mode: 'any' | 'all', approvers: MemberId[] | 'manager'): FlowDefinition => ({
    trigger: { type: 'recordCreated', formId: contracts.id, filter: { field: 'amount', op: 'gt', value: '50000' } },
    nodes: [
      {
        id: 'ok',
        name: '主管审批',
        type: 'approval',
        approvers:
          approvers === 'manager'
            ? [{ kind: 'managerOf', of: { kind: 'field', ref: { source: 'trigger', path: 'owner' } }, level: 1 }]
            : [{ kind: 'member', ids: approvers }],
        mode,
        whenEmpty: 'admin',
        title: { kind: 'text', parts: [{ text: '合同审批：' }, { ref: { source: 'trigger', path: 'name' } }] },
        facts: [{ label: '金额', ref: { source: 'trigger', path: 'amount' } }],
        commentOnReject: false,
      },
      {
        id: 'yes',
        name: '',
        type: 'updateRecord',
        target: 'trigger',
        assignments: [{ field: 'state', value: { kind: 'literal', value: '已生效' } }],
      },
      {
        id: 'no',
        name: '',
        type: 'updateRecord',
        target: 'trigger',
        assignments: [{ field: 'state', value: { kind: 'literal', value: '已拒绝' } }],
      },
    ],
    edges: [
      { from: 'trigger', to: 'ok' },
      { from: 'ok', to: 'yes', port: 'approved' },
      { from: 'ok', to: 'no', port: 'rejected' },
    ],
  });

  it('asks the owner’s manager above the amount; 100 simultaneous answers have one effect', async () => {
    const flow = await publish('合同审批', approval('any', 'manager'));
    const small = await create(rep, contracts, { name: '小单', amount: 50000 });
    const big = await create(rep, contracts, { name: '大单', amount: 800000 });
    await drain();
    const ctx = await tenant.ctx(boss);
    const page = await engine.get(TasksService).list(ctx, { state: 'pending', kind: 'approval', limit: 10 });
    expect(page.items).toMatchObject([
      { title: '合同审批：大单', facts: [{ label: '金额', value: '800,000 元' }], starter: { label: '王芳' } },
    ]);
    const id = page.items[0]?.id as TaskId;
    await expect(
      engine.get(ApprovalsService).decide(await tenant.ctx(rep), id, 'approved', undefined),
    ).rejects.toMatchObject({ code: 'not_found' });
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) =>
        engine.get(ApprovalsService).decide(ctx, id, index % 2 ? 'approved' : 'rejected', undefined),
      ),
    );
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(refused.every((reason) => reason.code === 'already_handled' && reason.params.who === '陈主管')).toBe(true);
    await drain();
    const winner = answers.findIndex((answer) => answer.status === 'fulfilled');
    const read = async (record: RecordId) =>
      (await engine.get(RecordReader).get(await tenant.ctx(), contracts.id, record)).values.state;
    expect(await read(big)).toBe(winner % 2 ? '已生效' : '已拒绝');
    expect(await read(small)).toBeNull();
    expect(notifier.updates.filter((update) => update.about.id === id)).toHaveLength(1);
    await engine.get(FlowsService).update(await tenant.ctx(), flow.id, { enabled: false });
  });

  it('completes an all-of node exactly once however the signers’ answers fall together', async () => {
    const signers = await Promise.all(Array.from({ length: 4 }, (_, index) => tenant.memberWith(`会签 ${index}`, {})));
    const flow = await publish('会签', approval('all', signers));
    for (let round = 0; round < 10; round++) {
      const record = await create(rep, contracts, { name: `会签 ${round}`, amount: 90000 });
      await drain();
      await Promise.all(
        signers.map(async (signer) => {
          const ctx = await tenant.ctx(signer);
          const page = await engine.get(TasksService).list(ctx, { state: 'pending', kind: 'approval', limit: 1 });
          await engine.get(ApprovalsService).decide(ctx, page.items[0]?.id as TaskId, 'approved', undefined);
        }),
      );
      await drain();
      expect((await engine.get(RecordReader).get(await tenant.ctx(), contracts.id, record)).values.state).toBe(
        '已生效',
      );
      expect((await engine.get(RunsService).ofRecord(await tenant.ctx(), contracts.id, record)).items).toMatchObject([
        { state: 'done' },
      ]);
    }
    await engine.get(FlowsService).update(await tenant.ctx(), flow.id, { enabled: false });
  });

  it('stops with the reason when a step is refused, and goes on from there after it was mended', async () => {
    await engine.get(OrgService).updateMember({ tenantId: tenant.id }, boss, { state: 'active' });
    const flow = await publish('会失败', {
      trigger: { type: 'recordCreated', formId: contracts.id },
      nodes: [
        {
          id: 'task',
          name: '建任务',
          type: 'createRecord',
          formId: tasks.id,
          assignments: [{ field: 'title', value: { kind: 'ref', ref: { source: 'trigger', path: 'name' } } }],
        },
      ],
      edges: [{ from: 'trigger', to: 'task' }],
    });
    const record = await create(rep, contracts, { amount: 1 });
    await drain();
    const ctx = await tenant.ctx();
    const [run] = (await engine.get(RunsService).ofFlow(ctx, flow.id, {})).items;
    expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining('任务标题：必填') });
    await engine
      .get(RecordWriter)
      .writeOne(ctx, { formId: contracts.id, op: 'update', row: { id: record, values: { name: '补上的名称' } } });
    await engine.get(RunsService).retry(ctx, run?.id as never);
    await drain();
    expect(await engine.get(RunsService).get(ctx, run?.id as never)).toMatchObject({
      state: 'done',
      steps: [{ node: 'task', state: 'done' }],
    });
  });
});

describe('the recycle bin', () => {
  const definition = (): FlowDefinition => followUpFlow(forms);
  const bin = async (ctx: TenantContext) => engine.get(FlowsService).deleted(ctx, forms.appId);

  it('a deleted flow starts nothing, and comes back with versions, address and runs, switched off', async () => {
    const flows = engine.get(FlowsService);
    const flow = await publish('回收', definition());
    const hook = await engine.get(HooksService).of(await tenant.ctx(), flow.id);
    await create(rep, customers, { name: '之前' });
    await drain();
    await flows.remove(await tenant.ctx(), flow.id);
    expect((await flows.list(await tenant.ctx(), { appId: forms.appId })).map((item) => item.id)).not.toContain(
      flow.id,
    );
    await expect(flows.get(await tenant.ctx(), flow.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await bin(await tenant.ctx())).toMatchObject([{ id: flow.id, name: '回收' }]);
    await create(rep, customers, { name: '其间' });
    await drain();
    const back = await flows.undelete(await tenant.ctx(), flow.id);
    expect(back).toMatchObject({ id: flow.id, enabled: false, publishedVersion: 1 });
    expect((await engine.get(RunsService).ofFlow(await tenant.ctx(), flow.id, {})).items).toHaveLength(1);
    expect(await bin(await tenant.ctx())).toEqual([]);
    expect((await engine.get(HooksService).of(await tenant.ctx(), flow.id)).url).toBe(hook.url);
    // Sent twice, it answers the same.
    expect(await flows.undelete(await tenant.ctx(), flow.id)).toMatchObject({ id: flow.id });
    await flows.update(await tenant.ctx(), flow.id, { enabled: true });
    await create(rep, customers, { name: '之后' });
    await drain();
    expect((await engine.get(RunsService).ofFlow(await tenant.ctx(), flow.id, {})).items).toHaveLength(2);
    await flows.remove(await tenant.ctx(), flow.id);
  });

  it('is closed to whoever designs nothing in the app', async () => {
    const flows = engine.get(FlowsService);
    const flow = await publish('别人的', definition());
    await flows.remove(await tenant.ctx(), flow.id);
    const ctx = await tenant.ctx(rep);
    await expect(bin(ctx)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(flows.undelete(ctx, flow.id)).rejects.toMatchObject({ code: 'forbidden' });
    const other = await engine.tenant('other-bin');
    await expect(flows.undelete(await other.ctx(), flow.id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a forecast', () => {
  it('tries every record to come on each flow’s own condition', async () => {
    const flow = await publish('A 级客户', {
      trigger: { type: 'entersFilter', formId: customers.id, filter: { field: 'grade', op: 'eq', value: 'A' } },
      nodes: [followUpFlow(forms).nodes[0] as FlowDefinition['nodes'][number]],
      edges: [{ from: 'trigger', to: 'task' }],
    });
    const ctx = await tenant.ctx();
    const forecast = await engine.get(FlowsService).forecast(ctx);
    const before = forecast.sum();
    for (const grade of ['A', 'B', null]) forecast.create(customers.id, { name: '测试', grade });
    const { tasks: made, flows } = forecast.sum();
    expect(before).toEqual({ tasks: 0, messages: 0, flows: [] });
    expect(flows).toContain('A 级客户');
    // Three by the tutorial's flow, one by this.
    expect(made).toBe(4);
    await engine.get(FlowsService).update(ctx, flow.id, { enabled: false });
  });
});
