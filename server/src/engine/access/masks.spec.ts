import type { Filter } from '@lianke/shared/filter/ast';
import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId, RoleId } from '@lianke/shared/ids';
import { type FormGrant, rolePermissions } from '@lianke/shared/org/api';
import type { RecordView } from '@lianke/shared/records/query';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { FormRegistry } from '../forms/form-registry.js';
import { FormsService } from '../forms/forms.service.js';
import { OrgService } from '../org/org.service.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { AccessModule } from './access.module.js';
import { checkMasks } from './check-masks.js';
import { ExplainService } from './explain.service.js';
import { UnmaskService } from './unmask.service.js';

const silent = { enqueue: async () => undefined, update: async () => undefined };

@Module({ providers: [{ provide: Notifier, useValue: silent }], exports: [Notifier] })
class NotifierModule {}

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
/** Nobody's, and the representative's own. */
let pooled: RecordId;
let mine: RecordId;
let rep: MemberId;

const unclaimed: Filter = { field: 'owner', op: 'empty' };
const viewing: Partial<FormGrant> = { actions: ['view', 'create', 'edit'], scope: 'all', fields: { phone: 'masked' } };
const confined: Partial<FormGrant> = {
  ...viewing,
  masks: { phone: { when: unclaimed, otherwise: 'write' } },
  unmask: 2,
};
const grants = (grant: Partial<FormGrant>) => ({ [form.id]: grant });

beforeAll(async () => {
  engine = await createTestEngine(undefined, [{ module: NotifierModule, global: true } as never, AccessModule]);
  tenant = await engine.tenant('masks');
  const appId = await tenant.app();
  form = await tenant.form({
    appId,
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'code', name: '编号', type: 'text' },
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'grade', name: '等级', type: 'text' },
    ],
  });
  rep = await tenant.memberWith('王芳', grants(confined));
  pooled = await create({ name: '公海客户', phone: ['13811112222'], owner: null });
  mine = await create({ name: '我的客户', phone: ['13911112222'], owner: rep });
});
afterAll(() => engine.close());

async function create(values: Record<string, unknown>): Promise<RecordId> {
  const request = { formId: form.id, op: 'create' as const, row: { values: values as never } };
  return (await engine.get(RecordWriter).writeOne(await tenant.ctx(), request)).id;
}

async function write(member: MemberId, id: RecordId, values: Record<string, unknown>): Promise<string> {
  const { results } = await engine.get(RecordWriter).write(await tenant.ctx(member), {
    formId: form.id,
    op: 'update',
    rows: [{ id, values: values as never }],
  });
  return results[0]?.error?.fields?.[0]?.code ?? results[0]?.error?.code ?? results[0]?.status ?? '';
}

const get = async (member: MemberId, id: RecordId): Promise<RecordView> =>
  engine.get(RecordReader).get(await tenant.ctx(member), form.id, id);
const phoneOf = async (member: MemberId, id: RecordId) => (await get(member, id)).values.phone;

async function found(member: MemberId, query: object): Promise<string[]> {
  const page = await engine
    .get(RecordReader)
    .query(await tenant.ctx(member), form.id, { limit: 50, total: true, ...query });
  expect(page.total).toBe(page.items.length);
  return page.items.map((item) => item.id);
}

describe('a phone that is masked until its customer is claimed', () => {
  it('has stars in the pool and none on the own record, in lists, alone and in history', async () => {
    expect((await get(rep, pooled)).masked).toEqual(['phone']);
    expect(await phoneOf(rep, pooled)).toEqual(['138****2222']);
    expect((await get(rep, mine)).masked).toBeUndefined();
    expect(await phoneOf(rep, mine)).toEqual(['13911112222']);
    const ctx = await tenant.ctx(rep);
    const history = await engine.get(RecordReader).history(ctx, form.id, pooled);
    expect(JSON.stringify(history)).not.toContain('13811112222');
    const narrow = await engine.get(RecordReader).query(ctx, form.id, { limit: 9, total: false, fields: ['phone'] });
    expect(JSON.stringify(narrow)).not.toContain('13811112222');
    expect(JSON.stringify(narrow)).toContain('13911112222');
    // What decides is not shown because it was read along.
    expect(narrow.items.every((item) => !('owner' in item.values))).toBe(true);
  });

  it('counts as empty where it has stars: nothing finds, orders or groups the record by it', async () => {
    const asked = (filter: Filter) => found(rep, { filter });
    expect(await asked({ field: 'phone', op: 'contains', value: '1111' })).toEqual([mine]);
    expect(await asked({ field: 'phone', op: 'hasAny', value: ['13811112222'] })).toEqual([]);
    expect(await asked({ field: 'phone', op: 'empty' })).toEqual([pooled]);
    expect(await asked({ not: { field: 'phone', op: 'contains', value: '1111' } })).toEqual([pooled]);
    expect(await found(rep, { search: '13811112222' })).toEqual([]);
    expect(await found(rep, { search: '13911112222' })).toEqual([mine]);
    const counted = await engine.get(RecordReader).aggregate(await tenant.ctx(rep), form.id, {
      ...{ groupBy: [], sort: [], limit: 1 },
      metrics: [{ fn: 'count', field: 'phone', as: 'n' }],
    });
    expect(counted[0]?.metrics.n).toBe(1);
    // An administrator finds both.
    expect(await found(tenant.admin, { filter: { field: 'phone', op: 'contains', value: '1111' } })).toHaveLength(2);
  });

  it('is not written where it has stars, not even with what it is; on the own record it is', async () => {
    expect(await write(rep, pooled, { phone: ['13811112222'] })).toBe('not_writable');
    expect(await write(rep, pooled, { phone: ['13711112222'] })).toBe('not_writable');
    expect(await write(rep, mine, { phone: ['13911112222'] })).toBe('unchanged');
    const fresh = await create({ name: '待领', phone: ['13611112222'], owner: null });
    expect(await write(rep, fresh, { owner: rep, phone: ['13611113333'] })).toBe('not_writable');
    expect(await write(rep, fresh, { owner: rep })).toBe('updated');
    expect(await phoneOf(rep, fresh)).toEqual(['13611112222']);
    expect(await write(rep, fresh, { phone: ['13611113333'] })).toBe('updated');
  });

  it('does not come back in the answer to a write that puts the record where it has stars', async () => {
    const own = await create({ name: '要退回', phone: ['13511112222'], owner: rep });
    const answer = await engine.get(RecordWriter).write(await tenant.ctx(rep), {
      formId: form.id,
      op: 'update',
      rows: [{ id: own, values: { owner: null } }],
    });
    expect(JSON.stringify(answer)).not.toContain('13511112222');
    expect(await phoneOf(rep, own)).toEqual(['135****2222']);
  });
});

describe('several roles', () => {
  const roleWith = (grant: Partial<FormGrant>): Promise<RoleId> =>
    engine
      .get(OrgService)
      .createRole(
        { tenantId: tenant.id },
        { name: `角色${Math.random()}`, permissions: rolePermissions.parse({ forms: grants(grant) }) },
      );
  const holding = async (...held: Partial<FormGrant>[]): Promise<MemberId> => {
    const roleIds = await Promise.all(held.map(roleWith));
    return engine.get(OrgService).createMember({ tenantId: tenant.id }, { name: '兼职', roleIds });
  };

  it('mask a value only where each of them does', async () => {
    const graded: Filter = { field: 'grade', op: 'eq', value: 'A' };
    const other = { ...viewing, masks: { phone: { when: graded, otherwise: 'read' as const } } };
    const both = await holding(confined, other);
    expect(await phoneOf(both, pooled)).toEqual(['13811112222']);
    const top = await create({ name: '公海甲级', phone: ['13411112222'], owner: null, grade: 'A' });
    expect(await phoneOf(both, top)).toEqual(['134****2222']);
    expect(await phoneOf(await holding(confined, { ...viewing, fields: {} }), top)).toEqual(['13411112222']);
    // A role that hides it gives nothing and takes nothing.
    expect(await phoneOf(await holding(confined, { ...viewing, fields: { phone: 'hidden' } }), mine)).toEqual([
      '13911112222',
    ]);
    // Written where one of them lets it be written.
    expect(await write(both, pooled, { phone: ['13811112222'] })).toBe('not_writable');
    expect(await write(both, mine, { phone: ['13911112222'] })).toBe('unchanged');
  });

  it('are cut by what one of them forbids, in the rows it names', async () => {
    const deny = { actions: [], fields: { phone: 'masked' as const }, masks: { phone: { when: unclaimed } } };
    const cut = await holding({ ...viewing, fields: {} }, { ...viewing, fields: {}, deny });
    expect(await phoneOf(cut, pooled)).toEqual(['138****2222']);
    expect(await phoneOf(cut, mine)).toEqual(['13911112222']);
    const hidden = await holding(confined, { ...viewing, deny: { actions: [], fields: { phone: 'hidden' } } });
    expect(await phoneOf(hidden, mine)).toBeUndefined();
  });
});

describe('a condition that cannot be decided', () => {
  it('is refused when it is written', async () => {
    const forms = await engine.get(FormRegistry).all(await tenant.ctx());
    const check = (grant: Partial<FormGrant>) => () =>
      checkMasks(forms, rolePermissions.parse({ forms: grants({ ...viewing, ...grant }) }));
    expect(check(confined)).not.toThrow();
    expect(check({ masks: { amount: { when: unclaimed, otherwise: 'read' } } })).toThrow('金额');
    const unknown: Filter = { field: 'gone', op: 'empty' };
    expect(check({ masks: { phone: { when: unknown, otherwise: 'read' } } })).toThrow('电话');
    const wrong: Filter = { field: 'amount', op: 'contains', value: '1' };
    expect(check({ masks: { phone: { when: wrong, otherwise: 'read' } } })).toThrow('电话');
    const path: Filter = { field: 'customer.grade', op: 'empty' };
    expect(rolePermissions.safeParse({ forms: grants({ masks: { phone: { when: path } } as never }) }).success).toBe(
      false,
    );
    expect(
      rolePermissions.safeParse({ forms: grants({ masks: { phone: { when: { and: [] } } } as never }) }).success,
    ).toBe(false);
  });

  it('masks in every row once the field that it asks for is gone', async () => {
    const other = await tenant.form({
      appId: form.appId,
      name: '线索',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'state', name: '状态', type: 'text' },
        { key: 'phone', name: '电话', type: 'phone' },
      ],
    });
    const when: Filter = { field: 'state', op: 'eq', value: '公海' };
    const member = await tenant.memberWith('李娜', {
      [other.id]: { ...viewing, masks: { phone: { when, otherwise: 'write' } } },
    });
    const request = { formId: other.id, op: 'create' as const, row: { values: { phone: ['13811112222'] } as never } };
    const { id } = await engine.get(RecordWriter).writeOne(await tenant.ctx(), request);
    const phone = async () => (await engine.get(RecordReader).get(await tenant.ctx(member), other.id, id)).values.phone;
    expect(await phone()).toEqual(['13811112222']);
    await engine.get(FormsService).update(await tenant.ctx(), other.id, {
      fields: other.fields.filter((field) => !field.system && field.key !== 'state') as never,
    });
    expect(await phone()).toEqual(['138****2222']);
  });
});

describe('explanations', () => {
  it('name the role that masks and its condition, and nothing where it does not hold', async () => {
    const asked = { memberId: rep, formId: form.id, action: 'view' as const, field: 'phone' };
    const explain = async (recordId?: RecordId) =>
      (
        await engine.get(ExplainService).explain(await tenant.ctx(), { ...asked, ...(recordId ? { recordId } : {}) })
      ).parts.find(({ part }) => part === 'field');
    const there = await explain(pooled);
    expect(there).toMatchObject({ allowed: false, masked: true });
    expect(there?.rules).toMatchObject([
      { effect: 'deny', kind: 'mask', role: { label: '角色 王芳' }, detail: '电话', condition: unclaimed },
    ]);
    const here = await explain(mine);
    expect(here).toMatchObject({ allowed: true, rules: [{ effect: 'allow', kind: 'field' }] });
    expect(here?.masked).toBeUndefined();
    // Asked of no record: there are some in which it is masked.
    expect(await explain()).toMatchObject({ allowed: false, masked: true });
  });
});

describe('looks behind masks', () => {
  const unmask = () => engine.get(UnmaskService);

  it('are for what has stars in the record, told before and after, and begin anew at the company’s midnight', async () => {
    const member = await tenant.memberWith('赵敏', grants(confined));
    const ctx = async () => tenant.ctx(member);
    expect(await unmask().quota(await ctx(), form.id)).toEqual({ limit: 2, left: 2 });
    await expect(unmask().look(await ctx(), form.id, mine, 'phone')).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await unmask().look(await ctx(), form.id, pooled, 'phone')).toEqual({ value: ['13811112222'], left: 1 });
    await unmask().look(await ctx(), form.id, pooled, 'phone');
    expect(await unmask().quota(await ctx(), form.id)).toEqual({ limit: 2, left: 0 });
    await expect(unmask().look(await ctx(), form.id, pooled, 'phone')).rejects.toMatchObject({ code: 'wrong_state' });
    // 10:00 in Shanghai; its midnight is 14 hours away, UTC's 22.
    engine.kernel.clock.advance(15 * 3_600_000);
    expect(await unmask().quota(await ctx(), form.id)).toEqual({ limit: 2, left: 2 });
  });

  it('are as many as allowed when fifty are asked for at the same time', async () => {
    const member = await tenant.memberWith('孙涛', grants({ ...confined, unmask: 10 }));
    const ctx = await tenant.ctx(member);
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, () => unmask().look(ctx, form.id, pooled, 'phone')),
    );
    const left = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value.left] : []));
    expect(left.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: 40 }, () => 'wrong_state'));
  });
});
