import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId } from '@lianke/shared/ids';
import type { TaskItem } from '@lianke/shared/tasks/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalNode } from '../../../test/support/approval-app.js';
import type { TestEngine, TestTenant } from '../../../test/support/engine.js';
import { comeToRest, createFlowEngine, followUpForms } from '../../../test/support/flows.js';
import type { TenantContext } from '../context.js';
import { FlowsService } from '../flows/flows.service.js';
import { RecordWriter } from '../records/record-writer.js';
import { type TaskChoice, TasksService } from './tasks.service.js';

const approvals = 240;
const todos = 230;

let engine: TestEngine;
let tenant: TestTenant;
let ctx: TenantContext;
let rep: MemberId;
let forms: { customers: FormView; tasks: FormView };

// Noon of 3 March 2026 in Shanghai.
beforeAll(async () => {
  engine = await createFlowEngine({ start: '2026-03-03T04:00:00Z' });
  tenant = await engine.tenant('acme');
  forms = await followUpForms(tenant);
  const grant = { actions: ['view', 'create', 'edit'], scope: 'all' } as const;
  rep = await tenant.memberWith('王芳', { [forms.customers.id]: grant, [forms.tasks.id]: grant } as never);
  ctx = await tenant.ctx(rep);
  await manyApprovals();
  await manyTodos();
}, 120_000);
afterAll(() => engine.close());

/** One that a flow asks for, and more like it; the first 210 are answered, one a minute. */
async function manyApprovals(): Promise<void> {
  const definition = {
    trigger: { type: 'recordCreated' as const, formId: forms.customers.id },
    nodes: [approvalNode('n1', [rep])],
    edges: [{ from: 'trigger', to: 'n1' }],
  };
  const admin = await tenant.ctx();
  const flow = await engine
    .get(FlowsService)
    .create(admin, { appId: forms.customers.appId, name: '合同审批', definition });
  await engine.get(FlowsService).publish(admin, flow.id);
  await engine
    .get(RecordWriter)
    .writeOne(admin, { formId: forms.customers.id, op: 'create', row: { values: { name: '甲公司' } } });
  await comeToRest(engine);
  await engine.kernel.database.withTenant(ctx, async (tx) => {
    await tx.run(
      `INSERT INTO lianke.task SELECT (jsonb_populate_record(t, jsonb_build_object(
         'id', gen_random_uuid(), 'title', '合同 ' || n, 'created_at', t.created_at + make_interval(mins => n)))).*
       FROM lianke.task t, generate_series(1, $1::int) n`,
      [approvals - 1],
    );
    await tx.run(
      `UPDATE lianke.task t SET state = 'approved', decided_by = $1, decided_at = t.created_at + interval '1 day'
       FROM (SELECT id FROM lianke.task ORDER BY created_at LIMIT 210) done WHERE t.id = done.id`,
      [rep],
    );
  });
}

/** 230 open ones: every tenth overdue, today, without a date, the others later; and 5 done. */
async function manyTodos(): Promise<void> {
  const writer = engine.get(RecordWriter);
  const { id: customer } = await writer.writeOne(ctx, {
    formId: forms.customers.id,
    op: 'create',
    row: { values: { name: '乙科技' } },
  });
  const dues = ['2026-03-01', '2026-03-03', null];
  for (let n = 0; n < todos + 5; n++) {
    const due = n % 10 < dues.length ? (dues[n % 10] ?? null) : `2026-04-${String(1 + (n % 28)).padStart(2, '0')}`;
    const values = { title: `回访 ${n}`, due, done: n >= todos, ...(n === 7 ? { customer } : {}) };
    await writer.writeOne(ctx, { formId: forms.tasks.id, op: 'create', row: { values } });
  }
  await comeToRest(engine);
}

async function all(choice: TaskChoice, limit = 50): Promise<TaskItem[]> {
  const items: TaskItem[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await engine.get(TasksService).list(ctx, { ...choice, limit, cursor });
    items.push(...page.items);
    if (page.cursor === null) return items;
    cursor = page.cursor;
  }
}

describe('the list of tasks', () => {
  it('goes on past two hundred of a kind, in one order, with nothing twice (what was decided 201 times could not be found)', async () => {
    const done = await all({ state: 'done' });
    expect(done).toHaveLength(215);
    expect(new Set(done.map(({ id }) => id)).size).toBe(215);
    const decided = done.filter(({ kind }) => kind === 'approval').map(({ title }) => title);
    expect(decided.slice(0, 2)).toEqual(['合同 209', '合同 208']);
    expect(decided).toHaveLength(210);
  });

  it('shows open ones by urgency: overdue, today with the approvals, later, without a date', async () => {
    const open = await all({ state: 'pending' }, 70);
    // Making 乙科技 asked for one more.
    expect(open).toHaveLength(todos + 30 + 1);
    const order = open.map(({ urgency }) => urgency);
    expect([...new Set(order)]).toEqual(['overdue', 'today', 'later', 'none']);
    expect(order).toEqual([...order].sort((a, b) => rank(a) - rank(b)));
    expect(new Set(open.map(({ id }) => id)).size).toBe(open.length);
  });

  it('counts what there is, not what fits on a page', async () => {
    const page = await engine.get(TasksService).list(ctx, { state: 'pending', limit: 8 });
    expect(page.items).toHaveLength(8);
    expect(page).toMatchObject({ total: 261, counts: { overdue: 23, today: 23, approvals: 31, all: 261 } });
  });

  it('is searched as a whole: an old title, who asked, what a to-do is about', async () => {
    expect((await all({ state: 'done', search: '合同 7' })).map(({ title }) => title)).toContain('合同 7');
    expect((await all({ state: 'pending', search: '回访 229' })).map(({ title }) => title)).toEqual(['回访 229']);
    const about = await all({ state: 'pending', search: '乙科技', kind: 'todo' });
    expect(about.map(({ title }) => title)).toEqual(['回访 7']);
    expect(await all({ state: 'pending', search: '没有这个' })).toEqual([]);
  });

  it.each([
    ['overdue', 23],
    ['today', 23 + 31],
    ['none', 23],
  ] as const)('narrowed to %s holds all of them', async (urgency, count) => {
    expect(await all({ state: 'pending', urgency })).toHaveLength(count);
  });

  it('narrowed to how they ended leaves to-dos out of refusals', async () => {
    expect(await all({ state: 'done', outcome: 'rejected' })).toEqual([]);
    expect(await all({ state: 'done', outcome: 'approved' })).toHaveLength(210);
  });
});

const rank = (urgency: TaskItem['urgency']) => ['overdue', 'today', 'later', 'none'].indexOf(urgency);
