import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import { viewDef } from '@lianke/shared/forms/views';
import { handoverBody } from '@lianke/shared/handover/api';
import type { AppId, FlowId, MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { comeToRest } from '../../../test/support/flows.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessModule } from '../access/access.module.js';
import { SharesService } from '../access/shares.service.js';
import { FlowsModule } from '../flows/flows.module.js';
import { FlowsService } from '../flows/flows.service.js';
import { FormsService } from '../forms/forms.service.js';
import { ViewsService } from '../forms/views.service.js';
import { OrgService } from '../org/org.service.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { HandoverModule } from './handover.module.js';
import { LeaverHandovers } from './handovers.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let form: FormView;
let flowId: FlowId;
let leaver: MemberId;
let heir: MemberId;
let second: MemberId;
const silent = { enqueue: async () => undefined, update: async () => undefined };
let n = 0;

const approval = (id: string, ids: MemberId[]) => ({
  id,
  name: id,
  type: 'approval' as const,
  approvers: [{ kind: 'member' as const, ids }],
  mode: 'any' as const,
  whenEmpty: 'admin' as const,
  title: { kind: 'literal' as const, value: '审批' },
  facts: [],
  commentOnReject: false,
});

beforeAll(async () => {
  engine = await createTestEngine(
    undefined,
    [FlowsModule, AccessModule, HandoverModule],
    [{ provide: Notifier, useValue: silent }],
  );
  tenant = await engine.tenant('handover');
  appId = await tenant.app();
});
afterAll(() => engine.close());

// Each test has a leaver, two heirs, a form and a flow of its own.
beforeEach(async () => {
  n += 1;
  const person = (name: string) =>
    engine.get(OrgService).createMember({ tenantId: tenant.id }, { name: `${name}${n}` });
  [leaver, heir, second] = [await person('离'), await person('接'), await person('另')];
  form = await tenant.form({
    appId,
    key: `deal${n}`,
    name: `交易${n}`,
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'helper', name: '协作人', type: 'member', default: { kind: 'literal', value: leaver } },
      { key: 'mates', name: '团队', type: 'members' },
    ],
  });
  const definition: FlowDefinition = {
    trigger: { type: 'recordCreated', formId: form.id },
    nodes: [approval('first', [leaver]), approval('last', [leaver, heir])],
    edges: [
      { from: 'trigger', to: 'first' },
      { from: 'first', to: 'last', port: 'approved' },
    ],
  };
  const ctx = await tenant.ctx();
  flowId = (await engine.get(FlowsService).create(ctx, { appId, name: `流程${n}`, definition })).id as FlowId;
  await engine.get(FlowsService).publish(await tenant.ctx(), flowId);
});

const service = () => engine.get(LeaverHandovers);
const make = async (name: string): Promise<RecordId> => {
  const row = { values: { name, owner: leaver } };
  const { id } = await engine.get(RecordWriter).writeOne(await tenant.ctx(), { formId: form.id, op: 'create', row });
  await comeToRest(engine);
  return id;
};
const ownerOf = async (id: RecordId) =>
  ((await engine.get(RecordReader).get(await tenant.ctx(), form.id, id)).values.owner as { id: string }).id;
const valuesOf = async (id: RecordId) => (await engine.get(RecordReader).get(await tenant.ctx(), form.id, id)).values;
const sql = async <T>(text: string, values: never[] = []): Promise<T[]> =>
  engine.kernel.database.withTenant(await tenant.ctx(), (tx) => tx.sql<T & object>(text, values)) as Promise<T[]>;
const openTasks = (of: MemberId) =>
  sql<{ id: string }>(`SELECT id FROM lianke.task WHERE member_id = $1 AND state = 'pending'`, [of as never]);
const published = async () => {
  const [row] = await sql<{ definition: FlowDefinition; published_version: number; draft: FlowDefinition }>(
    `SELECT v.definition, f.published_version, f.draft FROM lianke.flow f JOIN lianke.flow_version v
     ON v.flow_id = f.id AND v.version = f.published_version WHERE f.id = $1`,
    [flowId as never],
  );
  return row;
};
const approvers = (definition: FlowDefinition | undefined) =>
  definition?.nodes.map((node) => (node.type === 'approval' ? node.approvers : []));
const start = async (items: object[]) => service().start(await tenant.ctx(), leaver, handoverBody.parse({ items }));

describe('离职交接', () => {
  it('shows what is somebody’s, with counts, and nothing of others', async () => {
    await make('一');
    await make('二');
    const { items } = await service().preview(await tenant.ctx(), leaver);
    expect(items.map(({ kind, count, label }) => [kind, label, count])).toEqual([
      ['records', form.name, 2],
      ['fields', form.name, 2],
      ['tasks', '', 2],
      ['flows', '', 1],
      ['forms', '', 1],
    ]);
    expect((await service().preview(await tenant.ctx(), second)).items).toEqual([]);
  });

  it('gives kinds to different heirs: records, open tasks, drafts and published flows, forms', async () => {
    const record = await make('一');
    const done = await start([
      { kind: 'records', formId: form.id, to: heir },
      { kind: 'fields', formId: form.id, to: second },
      { kind: 'tasks', to: second },
      { kind: 'flows', to: second },
      { kind: 'forms', to: second },
    ]);
    expect(done.results.map(({ kind, count, failed }) => [kind, count, failed])).toEqual([
      ['records', 1, 0],
      ['fields', 1, 0],
      ['tasks', 1, 0],
      ['flows', 1, 0],
      ['forms', 1, 0],
    ]);
    expect(await ownerOf(record)).toBe(heir);
    expect(await valuesOf(record)).toMatchObject({ helper: { id: second } });
    expect(await openTasks(leaver)).toHaveLength(0);
    expect(await openTasks(second)).toHaveLength(1);
    const flow = await published();
    const named = [[{ kind: 'member', ids: [second] }], [{ kind: 'member', ids: [second, heir] }]];
    expect(approvers(flow?.definition)).toEqual(named);
    expect(approvers(flow?.draft)).toEqual(named);
    expect((await service().preview(await tenant.ctx(), leaver)).items).toEqual([]);
    // A new record asks the heir at once.
    await make('后来的');
    expect(await openTasks(second)).toHaveLength(2);
  });

  it('runs that are under way ask the heir at their later steps', async () => {
    await make('在途');
    await start([{ kind: 'flows', to: second }]);
    const runs = await sql<{ version: number }>(
      `SELECT version FROM lianke.run WHERE flow_id = $1 AND state = 'waiting'`,
      [flowId as never],
    );
    expect(runs).toEqual([{ version: (await published())?.published_version }]);
  });

  it('is taken back whole within seven days', async () => {
    const record = await make('一');
    const before = await published();
    const items = [
      { kind: 'records', formId: form.id, to: heir },
      { kind: 'fields', formId: form.id, to: heir },
      ...['tasks', 'flows', 'forms'].map((kind) => ({ kind, to: heir })),
    ];
    const { id } = await start(items);
    const undone = await service().undo(await tenant.ctx(), id);
    expect(undone.undo).toEqual({ reversed: 4, kept: 0, failed: 0 });
    expect(await ownerOf(record)).toBe(leaver);
    expect(await valuesOf(record)).toMatchObject({ helper: { id: leaver } });
    expect(await openTasks(leaver)).toHaveLength(1);
    expect(await published()).toEqual(before);
    await expect(service().undo(await tenant.ctx(), id)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('puts the heir into lists of members once, and takes that back', async () => {
    const record = await make('一');
    const row = { id: record, values: { helper: null, mates: [second, leaver, heir] } };
    await engine.get(RecordWriter).writeOne(await tenant.ctx(), { formId: form.id, op: 'update', row });
    const { id, results } = await start([{ kind: 'fields', formId: form.id, to: heir }]);
    expect(results).toMatchObject([{ kind: 'fields', count: 1, failed: 0 }]);
    const mates = async () => ((await valuesOf(record)).mates as { id: string }[]).map((mate) => mate.id);
    expect(await mates()).toEqual([second, heir]);
    expect(await ownerOf(record)).toBe(leaver);
    await service().undo(await tenant.ctx(), id);
    expect(await mates()).toEqual([second, leaver, heir]);
  });

  it('hands over the lead of departments: who was outside joins, who was inside stays when it is taken back', async () => {
    const org = engine.get(OrgService);
    const at = { tenantId: tenant.id };
    const one = await org.createDepartment(at, { name: `一部${n}` });
    const two = await org.createDepartment(at, { name: `二部${n}` });
    await org.updateMember(at, leaver, { departmentIds: [one, two], leaderOf: [one, two] });
    await org.updateMember(at, heir, { departmentIds: [two] });
    const places = async () =>
      sql<{ department_id: string; member_id: string; leader: boolean }>(
        'SELECT department_id, member_id, leader FROM lianke.department_member WHERE department_id = ANY($1::uuid[]) ORDER BY 1, 2',
        [[one, two] as never],
      );
    const before = await places();
    const { items } = await service().preview(await tenant.ctx(), leaver);
    expect(items).toContainEqual(expect.objectContaining({ kind: 'leads', count: 2, names: [`一部${n}`, `二部${n}`] }));
    const { id } = await start([{ kind: 'leads', to: heir }]);
    expect(
      (await places()).filter(({ leader }) => leader).map((place) => [place.department_id, place.member_id]),
    ).toEqual([one, two].sort().map((department) => [department, heir]));
    expect((await service().undo(await tenant.ctx(), id)).undo).toEqual({ reversed: 2, kept: 0, failed: 0 });
    expect(await places()).toEqual(before);
  });

  it('hands over personal views, designs in the making, testers and reminders, and takes them back', async () => {
    const record = await make('一');
    const views = engine.get(ViewsService);
    const role = await tenant.memberWith(`看${n}`, { [form.id]: { actions: ['view'], scope: 'all' } });
    const held = await sql<{ role_id: string }>('SELECT role_id FROM lianke.role_member WHERE member_id = $1', [
      role as never,
    ]);
    await engine
      .get(OrgService)
      .updateMember({ tenantId: tenant.id }, leaver, { roleIds: held.map(({ role_id }) => role_id) as never });
    await views.create(await tenant.ctx(leaver), form.id, viewDef.parse({ name: '我的', shared: false }));
    await sql(
      `UPDATE lianke.app SET trial = jsonb_build_object('startedAt', '2026-03-01T00:00:00Z', 'testers', jsonb_build_array(jsonb_build_object('kind', 'member', 'id', $1::text))) WHERE id = $2`,
      [leaver as never, appId as never],
    );
    await sql(
      `INSERT INTO lianke.form_draft (tenant_id, form_id, design, base, version, revision, saved_at)
       VALUES ($1, $2, jsonb_build_object('default', $3::text), '{}', 1, 1, now())`,
      [tenant.id as never, form.id as never, leaver as never],
    );
    await sql(
      `INSERT INTO lianke.reminder (tenant_id, id, form_id, record_id, member_id, card, due_at, sent, times, every_minutes, manager)
       VALUES ($1, gen_random_uuid(), $2, $3, $4, '{"title":"回访"}', now() + interval '1 day', 0, 2, 60, false)`,
      [tenant.id as never, form.id as never, record as never, leaver as never],
    );
    const kinds = ['ownViews', 'trials', 'formDrafts', 'reminders'] as const;
    const { items } = await service().preview(await tenant.ctx(), leaver);
    for (const kind of kinds) expect(items, kind).toContainEqual(expect.objectContaining({ kind, count: 1 }));
    const { id, results } = await start(kinds.map((kind) => ({ kind, to: heir })));
    expect(results.map(({ kind, count }) => [kind, count])).toEqual(kinds.map((kind) => [kind, 1]));
    const left = (await service().preview(await tenant.ctx(), leaver)).items.map(({ kind }) => kind);
    for (const kind of kinds) expect(left).not.toContain(kind);
    expect((await service().undo(await tenant.ctx(), id)).undo).toEqual({ reversed: 4, kept: 0, failed: 0 });
    await sql('UPDATE lianke.app SET trial = NULL WHERE id = $1', [appId as never]);
  });

  it('hands over subscriptions, pools and dashboards in the making, and takes them back (reports went on to who left)', async () => {
    const ids = { page: uuid7(), sent: uuid7(), others: uuid7() };
    await sql(
      `INSERT INTO lianke.dashboard (tenant_id, id, app_id, name, definition, draft)
       VALUES ($1, $2, $3, '销售看板', '{"widgets":[]}', jsonb_build_object('filters', jsonb_build_array($4::text)))`,
      [tenant.id, ids.page, appId, leaver] as never[],
    );
    const subscribe = (id: string, members: MemberId[], by: MemberId, as: MemberId) =>
      sql(
        `INSERT INTO lianke.report_subscription (tenant_id, id, dashboard_id, schedule, members, groups, created_by, created_at, next_at)
         VALUES ($1, $2, $3, '{"unit":"day","time":"09:00"}', $4, jsonb_build_array(jsonb_build_object('robot', '销售群', 'as', $5::text)), $6, now(), now())`,
        [tenant.id, id, ids.page, members, as, by] as never[],
      );
    await subscribe(ids.sent, [leaver, heir, second], leaver, leaver);
    await subscribe(ids.others, [second], second, second);
    await sql(
      `INSERT INTO lianke.pool (tenant_id, form_id, settings) VALUES ($1, $2,
         jsonb_build_object('on', true, 'managers', jsonb_build_array(jsonb_build_object('kind', 'member', 'id', $3::text))))`,
      [tenant.id, form.id, leaver] as never[],
    );
    const all = () =>
      sql<{ text: string }>(
        `SELECT concat(s.members, s.groups, s.created_by, d.draft, p.settings) AS text
         FROM lianke.report_subscription s JOIN lianke.dashboard d ON d.id = s.dashboard_id, lianke.pool p
         WHERE d.id = $1 AND p.form_id = $2 ORDER BY s.id`,
        [ids.page, form.id] as never[],
      );
    const before = await all();
    const kinds = ['dashboardDrafts', 'subscriptions', 'pools'] as const;
    const { items } = await service().preview(await tenant.ctx(), leaver);
    for (const kind of kinds) expect(items, kind).toContainEqual(expect.objectContaining({ kind, count: 1 }));
    const { id } = await start(kinds.map((kind) => ({ kind, to: heir })));
    for (const { text } of await all()) expect(text).not.toContain(leaver);
    expect(
      await sql('SELECT members, groups, created_by FROM lianke.report_subscription WHERE id = $1', [
        ids.sent as never,
      ]),
    ).toEqual([{ members: [heir, second], groups: [{ robot: '销售群', as: heir }], created_by: heir }]);
    expect((await service().undo(await tenant.ctx(), id)).undo).toEqual({ reversed: 3, kept: 0, failed: 0 });
    expect(await all()).toEqual(before);
  });

  it('keeps what was changed since, and tells how much', async () => {
    const record = await make('一');
    const { id } = await start([
      { kind: 'records', formId: form.id, to: heir },
      { kind: 'flows', to: heir },
    ]);
    const row = { id: record, values: { owner: second } };
    await engine.get(RecordWriter).writeOne(await tenant.ctx(), { formId: form.id, op: 'update', row });
    const flow = await engine.get(FlowsService).get(await tenant.ctx(), flowId);
    await engine.get(FlowsService).update(await tenant.ctx(), flowId, {
      definition: { ...flow.definition, nodes: flow.definition.nodes.map((node) => ({ ...node, name: '改过' })) },
    });
    expect((await service().undo(await tenant.ctx(), id)).undo).toEqual({ reversed: 0, kept: 2, failed: 0 });
    expect(await ownerOf(record)).toBe(second);
  });

  it('names the heir in rows of subforms too, and takes it back', async () => {
    const person = { key: 'who', name: '负责', type: 'member' as const, rules: {} };
    const note = { key: 'note', name: '说明', type: 'text' as const, rules: {} };
    form = await engine.get(FormsService).update(await tenant.ctx(), form.id, {
      fields: [
        ...form.fields.filter((field) => !field.system),
        { key: 'lines', name: '明细', type: 'subform', config: { fields: [person, note] }, rules: {} },
      ] as never,
    });
    const lines = [{ values: { who: leaver, note: '甲' } }, { values: { who: second, note: '乙' } }];
    const { id } = await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
      formId: form.id,
      op: 'create',
      row: { values: { name: '有明细', owner: second, helper: second, lines } as never },
    });
    const rows = async () => {
      const record = await engine.get(RecordReader).get(await tenant.ctx(), form.id, id);
      const found = record.values.lines as { values: { who: { id: string }; note: string } }[];
      return found.map(({ values }) => [values.who.id, values.note]);
    };
    const { items } = await service().preview(await tenant.ctx(), leaver);
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'fields', count: 1, names: expect.arrayContaining(['明细.负责']) }),
    );
    const done = await start([{ kind: 'fields', formId: form.id, to: heir }]);
    expect(await rows()).toEqual([
      [heir, '甲'],
      [second, '乙'],
    ]);
    expect((await service().undo(await tenant.ctx(), done.id)).undo).toMatchObject({ reversed: 1, failed: 0 });
    expect(await rows()).toEqual([
      [leaver, '甲'],
      [second, '乙'],
    ]);
  });

  it('ends after seven days', async () => {
    await make('一');
    const { id } = await start([{ kind: 'records', formId: form.id, to: heir }]);
    engine.kernel.clock.advance(7 * 86_400_000 + 1);
    await expect(service().undo(await tenant.ctx(), id)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('hands over shares and keeps an heir’s own', async () => {
    const [one, two] = [await make('一'), await make('二')];
    const share = async (record: RecordId, to: MemberId) =>
      engine.get(SharesService).create(await tenant.ctx(), form.id, record, {
        ...{ to: [{ kind: 'member', id: to }], level: 'read', cause: '', expiresAt: null },
      });
    const role = await tenant.memberWith(`读者${n}`, { [form.id]: { actions: ['view'], scope: 'own' } });
    const roleIds = (
      await sql<{ role_id: string }>('SELECT role_id FROM lianke.role_member WHERE member_id = $1', [role as never])
    ).map(({ role_id }) => role_id);
    for (const id of [leaver, heir])
      await engine.get(OrgService).updateMember({ tenantId: tenant.id }, id, { roleIds: roleIds as never });
    await share(one, leaver);
    await share(two, leaver);
    await share(two, heir);
    const { results } = await start([{ kind: 'shares', to: heir }]);
    expect(results[0]).toMatchObject({ kind: 'shares', count: 1 });
    const shares = await sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM lianke.record_share WHERE principal_id = $1`,
      [heir as never],
    );
    expect(shares).toEqual([{ n: 2 }]);
  });

  it('names leavers who still have something', async () => {
    await make('一');
    expect((await service().leavers(await tenant.ctx())).some(({ id }) => id === leaver)).toBe(false);
    await engine.get(OrgService).updateMember({ tenantId: tenant.id }, leaver, { state: 'left' });
    expect(await service().leavers(await tenant.ctx())).toContainEqual({
      id: leaver,
      label: `离${n}`,
      records: 1,
      tasks: 1,
    });
  });

  it('is for administrators, and goes to nobody who is not there', async () => {
    const other = await tenant.memberWith(`路人${n}`, { [form.id]: { actions: ['view'], scope: 'all' } });
    await expect(service().preview(await tenant.ctx(other), leaver)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(start([{ kind: 'tasks', to: leaver }])).rejects.toMatchObject({ code: 'invalid_request' });
    await engine.get(OrgService).updateMember({ tenantId: tenant.id }, heir, { state: 'left' });
    await expect(start([{ kind: 'tasks', to: heir }])).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
