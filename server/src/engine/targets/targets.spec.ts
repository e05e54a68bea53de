import { widget } from '@lianke/shared/dashboards/definition';
import type { FormView } from '@lianke/shared/forms/definition';
import type { DepartmentId, MemberId, TargetId } from '@lianke/shared/ids';
import type { FormGrant } from '@lianke/shared/org/api';
import { periodAt, periodsOf, type TargetBody, targetBody } from '@lianke/shared/targets/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { Database } from '../../kernel/database/database.js';
import { FieldUses } from '../forms/uses/field-uses.service.js';
import { OrgService } from '../org/org.service.js';
import { RecordWriter } from '../records/record-writer.js';
import { DashboardsService } from '../reports/dashboards.service.js';
import { bumpAccess } from '../versions.js';
import { TargetFigures } from './target-figures.js';
import { TargetsModule } from './targets.module.js';
import { TargetsService } from './targets.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let wang: MemberId;
let boss: MemberId;
let blind: MemberId;
let head: DepartmentId;

const ctx = (member?: MemberId) => tenant.ctx(member);
const targets = () => engine.get(TargetsService);
const mine = async (member: MemberId) => engine.get(TargetFigures).mine(await ctx(member));
const body = (part: Partial<TargetBody> = {}) =>
  targetBody.parse({
    formId: form.id,
    name: '回款',
    fn: 'sum',
    field: 'amount',
    dateField: 'day',
    unit: '元',
    ...part,
  });
const set = async (
  id: TargetId,
  rows: { kind: 'member' | 'department'; id: string; amounts: Record<string, string | null> }[],
) => targets().saveValues(await ctx(), id, { rows });

// The clock stands at 2026-03-04, 10:00 in Shanghai.
beforeAll(async () => {
  engine = await createTestEngine(undefined, [TargetsModule]);
  tenant = await engine.tenant('targets');
  const org = engine.get(OrgService);
  head = await org.createDepartment({ tenantId: tenant.id }, { name: '销售部' });
  const east = await org.createDepartment({ tenantId: tenant.id }, { name: '华东', parentId: head });
  form = await tenant.form({
    appId: await tenant.app(),
    name: '回款',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'day', name: '日期', type: 'date' },
    ],
  });
  const grant = (part: Partial<FormGrant>) => ({ [form.id]: { actions: ['view' as const], ...part } });
  wang = await tenant.memberWith('王芳', grant({ scope: 'own' }), { departmentIds: [east] as never });
  boss = await tenant.memberWith('陈主管', grant({ scope: 'departmentAndBelow' }), { departmentIds: [head] as never });
  blind = await tenant.memberWith('看不到金额', grant({ scope: 'own', fields: { amount: 'hidden' } }));
  await engine.get(Database).withTenant({ tenantId: tenant.id }, async (tx) => {
    await tx.run('UPDATE lianke.department_member SET leader = true WHERE member_id = $1', [boss]);
    await bumpAccess(tx, tenant.id);
  });
  const row = (owner: MemberId, amount: string, day: string) => ({ values: { name: 'x', owner, amount, day } });
  await engine.get(RecordWriter).write(await ctx(), {
    formId: form.id,
    op: 'create',
    rows: [
      row(wang, '300', '2026-03-01'),
      row(wang, '450.5', '2026-03-31'),
      row(wang, '1000', '2026-02-28'),
      row(boss, '200', '2026-03-02'),
      row(blind, '5', '2026-03-02'),
    ],
  });
}, 60_000);
afterAll(() => engine.close());

describe('figures against targets', () => {
  it('are one’s own and those of departments one leads, in the period that runs', async () => {
    const { id } = await targets().create(await ctx(), body());
    await set(id, [
      { kind: 'member', id: wang, amounts: { '2026-03-01': '1000', '2026-02-01': '9' } },
      { kind: 'department', id: head, amounts: { '2026-03-01': '3000' } },
      { kind: 'member', id: blind, amounts: { '2026-03-01': '1000' } },
    ]);
    expect(await mine(wang)).toMatchObject([
      {
        name: '回款',
        target: '1000',
        actual: '750.5',
        percent: 75,
        from: '2026-03-01',
        to: '2026-03-31',
        daysLeft: 28,
      },
    ]);
    expect(await mine(boss)).toMatchObject([
      { subject: { kind: 'department', label: '销售部' }, actual: '950.5', percent: 31 },
    ]);
    expect(await mine(blind)).toEqual([]);
    await targets().remove(await ctx(), id);
    expect(await mine(wang)).toEqual([]);
  });

  it('count too, by quarter, narrowed by a filter; nothing done is 0', async () => {
    const filter = { field: 'amount', op: 'gte' as const, value: '400' };
    const { id } = await targets().create(await ctx(), body({ fn: 'count', field: null, period: 'quarter', filter }));
    await set(id, [
      { kind: 'member', id: wang, amounts: { '2026-01-01': '4' } },
      { kind: 'member', id: boss, amounts: { '2026-01-01': '0' } },
    ]);
    expect(await mine(wang)).toMatchObject([{ actual: '2', target: '4', percent: 50, to: '2026-03-31' }]);
    expect(await mine(boss)).toMatchObject([{ actual: '0', percent: null }]);
    await targets().remove(await ctx(), id);
  });
});

describe('a metric against a target', () => {
  const place = { x: 0, y: 0, w: 6, h: 4 };
  const metric = (id: TargetId, whose: 'me' | 'departments', filter?: object) =>
    widget.parse({
      ...{ id: 'w1', title: '', type: 'metric', formId: form.id, place, measure: { fn: 'sum', field: 'amount' } },
      ...{ target: { id, whose }, ...(filter && { filter }) },
    });
  const shownTo = async (member: MemberId, asked: ReturnType<typeof metric>) => {
    const data = await engine.get(DashboardsService).widget(await ctx(member), asked);
    return data.kind === 'value' ? data.target : data;
  };
  const day = (value: unknown) => ({ field: 'day', op: 'eq', value });

  it('is the reader’s own or that of departments he leads, over the whole periods that its filter touches', async () => {
    const { id } = await targets().create(await ctx(), body());
    await set(id, [
      { kind: 'member', id: wang, amounts: { '2026-01-01': '500', '2026-02-01': '500', '2026-03-01': '1000' } },
      { kind: 'department', id: head, amounts: { '2026-03-01': '3000' } },
      { kind: 'member', id: blind, amounts: { '2026-03-01': '1000' } },
    ]);
    const running = { amount: '1000', actual: '750.5', percent: 75, from: '2026-03-01', to: '2026-03-31' };
    expect(await shownTo(wang, metric(id, 'me'))).toMatchObject({ name: '回款', unit: '元', ...running });
    expect(await shownTo(wang, metric(id, 'me', day({ rel: 'today' })))).toMatchObject(running);
    expect(await shownTo(wang, metric(id, 'me', day({ rel: 'lastMonth' })))).toMatchObject({ percent: 200 });
    const quarter = { and: [day({ rel: 'thisQuarter' }), { field: 'name', op: 'eq', value: 'x' }] };
    expect(await shownTo(wang, metric(id, 'me', quarter))).toMatchObject({
      ...{ amount: '2000', actual: '1750.5', percent: 87, from: '2026-01-01', to: '2026-03-31' },
    });
    expect(await shownTo(boss, metric(id, 'departments'))).toMatchObject({
      amount: '3000',
      actual: '950.5',
      percent: 31,
    });
    await targets().remove(await ctx(), id);
  });

  it('is nobody else’s, and none where the filter leaves his records out or he may not see what is summed', async () => {
    const { id } = await targets().create(await ctx(), body());
    await set(id, [
      { kind: 'member', id: wang, amounts: { '2026-03-01': '1000' } },
      { kind: 'department', id: head, amounts: { '2026-03-01': '3000' } },
      { kind: 'member', id: blind, amounts: { '2026-03-01': '1000' } },
    ]);
    expect(await shownTo(boss, metric(id, 'me'))).toBeNull();
    expect(await shownTo(wang, metric(id, 'departments'))).toBeNull();
    const of = (owner: unknown) => ({ field: 'owner', op: 'in', value: [owner] });
    expect(await shownTo(wang, metric(id, 'me', of(boss)))).toBeNull();
    expect(await shownTo(wang, metric(id, 'me', of({ me: true })))).toMatchObject({ percent: 75 });
    const counting = widget.parse({ ...metric(id, 'me'), measure: { fn: 'count' } });
    expect(await shownTo(blind, counting)).toBeNull();
    await targets().remove(await ctx(), id);
    expect(await shownTo(wang, metric(id, 'me'))).toBeNull();
  });
});

describe('setting them', () => {
  it('keeps what is not named, takes away what is empty, and drops figures of other periods', async () => {
    const { id } = await targets().create(await ctx(), body());
    await set(id, [{ kind: 'member', id: wang, amounts: { '2026-03-01': '10', '2026-04-01': '20' } }]);
    await set(id, [{ kind: 'member', id: wang, amounts: { '2026-04-01': null, '2026-05-01': '30' } }]);
    expect((await targets().values(await ctx(), id, 2026)).items).toEqual([
      { kind: 'member', id: wang, amounts: { '2026-03-01': '10', '2026-05-01': '30' } },
    ]);
    await targets().update(await ctx(), id, body({ period: 'year' }));
    expect(await targets().values(await ctx(), id, 2026)).toMatchObject({ periods: ['2026-01-01'], items: [] });
    await targets().remove(await ctx(), id);
  });

  it('is for designers, and names what there is', async () => {
    const { id } = await targets().create(await ctx(), body());
    expect(await targets().list(await ctx(wang))).toEqual([]);
    await expect(targets().values(await ctx(wang), id, 2026)).rejects.toMatchObject({ code: 'not_found' });
    await expect(targets().create(await ctx(wang), body())).rejects.toMatchObject({ code: 'forbidden' });
    const refused = async (part: Partial<TargetBody>, code: string) =>
      expect(targets().create(await ctx(), body(part))).rejects.toMatchObject({ code });
    await refused({ dateField: 'name' }, 'invalid_definition');
    await refused({ field: 'name' }, 'invalid_definition');
    await refused({ filter: { field: 'nothing', op: 'notEmpty' } }, 'unknown_field');
    const odd = [{ kind: 'member' as const, id: wang as string, amounts: { '2026-03-02': '1' } }];
    await expect(set(id, odd)).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(set(id, [{ kind: 'member', id: form.id, amounts: {} }])).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await targets().remove(await ctx(), id);
  });
});

it('a field that a target is reckoned from is told to whoever would take it off', async () => {
  const { id } = await targets().create(await ctx(), body());
  const all = await engine.get(FieldUses).of(await ctx(), form.id, ['amount', 'day', 'name']);
  const uses = all.filter((use) => use.kind === 'setting');
  expect(uses).toMatchObject([{ kind: 'setting', name: '目标 · 回款' }]);
  expect(uses[0]?.fields).toHaveLength(2);
  await targets().remove(await ctx(), id);
});

it('periods begin where calendars say', () => {
  expect(periodsOf('quarter', 2026)).toEqual(['2026-01-01', '2026-04-01', '2026-07-01', '2026-10-01']);
  expect(periodAt('month', '2026-12-31')).toBe('2026-12-01');
  expect(periodAt('year', '2026-12-31')).toBe('2026-01-01');
});
