import type { FormView } from '@lianke/shared/forms/definition';
import type { DepartmentId, MemberId, RecordId } from '@lianke/shared/ids';
import { type FormGrant, rolePermissions } from '@lianke/shared/org/api';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { type ChineseNotification, inChinese } from '../../../test/support/in-chinese.js';
import { Database } from '../../kernel/database/database.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { FormsService } from '../forms/forms.service.js';
import { OrgService } from '../org/org.service.js';
import { type Notification, Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { RecordsService } from '../records/records.service.js';
import { AccessModule } from './access.module.js';
import { AccessService } from './access.service.js';
import { AppAccessService } from './app-access.service.js';
import { PreviewService } from './preview.service.js';
import { SharesService } from './shares.service.js';
import { UnmaskService } from './unmask.service.js';

const sent: ChineseNotification[] = [];
const notifier = {
  enqueue: async (_tx: unknown, _ctx: unknown, notification: Notification) => void sent.push(inChinese(notification)),
  update: async () => undefined,
};

@Module({ providers: [{ provide: Notifier, useValue: notifier }], exports: [Notifier] })
class NotifierModule {}

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let record: RecordId;

beforeAll(async () => {
  engine = await createTestEngine(undefined, [{ module: NotifierModule, global: true } as never, AccessModule]);
  tenant = await engine.tenant('access');
  form = await tenant.form({
    appId: await tenant.app(),
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'helper', name: '协助人', type: 'member' },
    ],
  });
  record = await create({ name: '华兴', phone: ['13812341234'] });
});
afterAll(() => engine.close());

async function create(values: Record<string, unknown>, by?: MemberId): Promise<RecordId> {
  const request = { formId: form.id, op: 'create' as const, row: { values: values as never } };
  return (await engine.get(RecordWriter).writeOne(await tenant.ctx(by), request)).id;
}

async function seen(member: MemberId, id = record): Promise<boolean> {
  return (await engine.get(RecordReader).getMany(await tenant.ctx(member), form.id, [id])).length > 0;
}

async function edit(member: MemberId, id = record): Promise<string> {
  const request = {
    formId: form.id,
    op: 'update' as const,
    rows: [{ id, values: { name: `华兴${uuid7().slice(-4)}` } }],
  };
  const { results } = await engine.get(RecordWriter).write(await tenant.ctx(member), request);
  return results[0]?.error?.code ?? results[0]?.status ?? '';
}

const grant = (extra: Partial<FormGrant>): Record<string, Partial<FormGrant>> => ({ [form.id]: extra });
const shares = () => engine.get(SharesService);
const ours: FormGrant['actions'] = ['view', 'create', 'edit'];

describe('shares', () => {
  it('open a record for reading, then for writing, and close it at the next request', async () => {
    const member = await tenant.memberWith('王芳', grant({ actions: ours, scope: 'own' }));
    expect(await seen(member)).toBe(false);
    const body = {
      to: [{ kind: 'member' as const, id: member }],
      level: 'read' as const,
      cause: '协助报价',
      expiresAt: null,
    };
    await shares().create(await tenant.ctx(), form.id, record, body);
    expect(await seen(member)).toBe(true);
    expect(await edit(member)).toBe('forbidden');
    expect(sent.at(-1)).toMatchObject({ to: [member], card: { title: '管理员与你共享了一条客户数据' } });
    const [share] = await shares().create(await tenant.ctx(), form.id, record, { ...body, level: 'write' });
    expect(await edit(member)).toBe('updated');
    await shares().remove(await tenant.ctx(), share?.id as never);
    expect(await seen(member)).toBe(false);
    expect(await edit(member)).toBe('not_found');
  });

  it('end by themselves', async () => {
    const member = await tenant.memberWith('周末', grant({ actions: ours, scope: 'own' }));
    const expiresAt = new Date(engine.kernel.clock.now().getTime() + 3600_000).toISOString();
    const to = [{ kind: 'member' as const, id: member }];
    await shares().create(await tenant.ctx(), form.id, record, { to, level: 'read', cause: '', expiresAt });
    expect(await seen(member)).toBe(true);
    engine.kernel.clock.advance(3600_000);
    expect(await seen(member)).toBe(false);
    expect(await shares().list(await tenant.ctx(), form.id, record)).toEqual([]);
  });

  it('reach the members of a department and of those below it', async () => {
    const org = engine.get(OrgService);
    const above = await org.createDepartment({ tenantId: tenant.id }, { name: '销售部' });
    const below = await org.createDepartment({ tenantId: tenant.id }, { name: '一组', parentId: above });
    const member = await tenant.memberWith('吴组员', grant({ actions: ours, scope: 'own' }), {
      departmentIds: [below as DepartmentId as never],
    });
    const to = [{ kind: 'department' as const, id: above }];
    await shares().create(await tenant.ctx(), form.id, record, { to, level: 'read', cause: '', expiresAt: null });
    expect(await seen(member)).toBe(true);
  });

  it('are refused for who would never see the form, and by who may not share', async () => {
    const blind = await tenant.memberWith('李伟', {});
    const to = [{ kind: 'member' as const, id: blind }];
    const body = { to, level: 'read' as const, cause: '', expiresAt: null };
    await expect(shares().create(await tenant.ctx(), form.id, record, body)).rejects.toMatchObject({
      code: 'invalid_request',
    });
    const reader = await tenant.memberWith('只看', grant({ actions: ['view'], scope: 'all' }));
    await expect(shares().create(await tenant.ctx(reader), form.id, record, body)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('masked values', () => {
  it('are shown with stars everywhere and in clear one by one, so often a day, each kept in the trail', async () => {
    const member = await tenant.memberWith(
      '客服',
      grant({ actions: ['view'], scope: 'all', fields: { phone: 'masked' }, unmask: 2 }),
    );
    const ctx = await tenant.ctx(member);
    const reader = engine.get(RecordReader);
    const page = await reader.query(ctx, form.id, { limit: 10, total: true });
    const history = await reader.history(ctx, form.id, record);
    expect(JSON.stringify([page, history])).not.toContain('13812341234');
    expect(JSON.stringify(page)).toContain('138****1234');
    await expect(
      reader.query(ctx, form.id, { limit: 1, total: true, filter: { field: 'phone', op: 'contains', value: '1234' } }),
    ).rejects.toMatchObject({ code: 'field_masked' });
    expect((await reader.query(ctx, form.id, { limit: 1, total: true, search: '13812341234' })).items).toEqual([]);
    const unmask = engine.get(UnmaskService);
    expect(await unmask.look(ctx, form.id, record, 'phone')).toEqual({ value: ['13812341234'], left: 1 });
    await unmask.look(ctx, form.id, record, 'phone');
    await expect(unmask.look(ctx, form.id, record, 'phone')).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(unmask.look(ctx, form.id, record, 'name')).rejects.toMatchObject({ code: 'wrong_state' });
    const trail = await engine
      .get(Database)
      .withTenant(ctx, (tx) =>
        tx.sql(`SELECT 1 FROM lianke.audit WHERE actor_id = $1 AND action = 'records.unmask'`, [member]),
      );
    expect(trail).toHaveLength(2);
  });

  it('do not come back from a stale save or a write', async () => {
    const member = await tenant.memberWith(
      '助理',
      grant({ actions: ['view', 'edit'], scope: 'all', fields: { phone: 'masked' } }),
    );
    const ctx = await tenant.ctx(member);
    const stale = { id: record, version: 999, values: { name: '新名' } };
    const refused = await engine
      .get(RecordWriter)
      .writeOne(ctx, { formId: form.id, op: 'update', row: stale })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'version_conflict' });
    expect(JSON.stringify(refused)).not.toContain('13812341234');
    const written = { id: record, values: { phone: ['13899999999'] } };
    await expect(
      engine.get(RecordWriter).writeOne(ctx, { formId: form.id, op: 'update', row: written }),
    ).rejects.toMatchObject({ code: 'validation_failed' });
  });
});

describe('rights', () => {
  it('keep their rows by action: seeing all does not mean changing all', async () => {
    const own = await tenant.memberWith('兼职', grant({ actions: ours, scope: 'own' }));
    const all = await engine
      .get(OrgService)
      .createRole(
        { tenantId: tenant.id },
        { name: '看全部', permissions: rolePermissions.parse({ forms: grant({ actions: ['view'], scope: 'all' }) }) },
      );
    await addRole(own, all);
    expect(await seen(own)).toBe(true);
    expect(await edit(own)).toBe('forbidden');
    const mine = await create({ name: '自己的' }, own);
    expect(await edit(own, mine)).toBe('updated');
    // A page is told of the record it shows, and so is a preview.
    const told = async (id: RecordId) => engine.get(RecordReader).allowed(await tenant.ctx(own), form.id, id);
    expect(await told(record)).toEqual([]);
    expect(await told(mine)).toEqual(['edit']);
  });

  it('ask for more to change many at once than to change one', async () => {
    const member = await tenant.memberWith('逐条改', grant({ actions: ours, scope: 'own' }));
    const ids = [await create({ name: '一' }, member), await create({ name: '二' }, member)];
    const rows = ids.map((id) => ({ id, values: { name: '改' } }));
    const request = { formId: form.id, op: 'update' as const, rows };
    await expect(engine.get(RecordsService).batch(await tenant.ctx(member), request, undefined)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await edit(member, ids[0])).toBe('updated');
  });

  it('show what one takes part in: by a member field, or by a task of the record', async () => {
    const member = await tenant.memberWith('协办', grant({ actions: ['view'], scope: 'none', involved: true }));
    const helped = await create({ name: '协助的', helper: member });
    expect(await seen(member, helped)).toBe(true);
    expect(await seen(member)).toBe(false);
    await engine.get(Database).withTenant({ tenantId: tenant.id }, (tx) =>
      tx.run(
        `INSERT INTO lianke.task (tenant_id, id, run_id, node, member_id, title, facts, form_id, record_id, created_at)
         VALUES ($1, $2, $3, 'a', $4, '审批', '[]', $5, $6, now())`,
        [tenant.id, uuid7(), uuid7(), member, form.id, record],
      ),
    );
    expect(await seen(member)).toBe(true);
  });

  it('end at the next request when a role is taken away, or its holder leaves', async () => {
    const member = await tenant.memberWith('离职者', grant({ actions: ours, scope: 'all' }));
    expect(await seen(member)).toBe(true);
    await engine.get(OrgService).updateMember({ tenantId: tenant.id }, member, { roleIds: [] });
    await expect(seen(member)).rejects.toMatchObject({ code: 'not_found' });
    const other = await tenant.memberWith('离职者二', grant({ actions: ours, scope: 'all' }));
    await engine.get(OrgService).updateMember({ tenantId: tenant.id }, other, { state: 'left' });
    await expect(seen(other)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an app', () => {
  it('is seen by whom it names, and changed by its own administrators, who see no other', async () => {
    const [first, second] = [await tenant.app('甲应用'), await tenant.app('乙应用')];
    const fields = [{ key: 'name', name: '名称', type: 'text' as const }];
    const mine = await tenant.form({ appId: first, name: '甲表', fields });
    const other = await tenant.form({ appId: second, name: '乙表', fields });
    const member = await tenant.memberWith('应用管理员', {});
    const guest = await tenant.memberWith('路人', { '*': { actions: ['view'], scope: 'all' } });
    const access = engine.get(AccessService);
    await engine.get(AppAccessService).set(await tenant.ctx(), first, {
      visibleTo: [{ kind: 'member', id: member }],
      admins: [{ kind: 'member', id: member }],
    });
    expect(await access.can(await tenant.ctx(guest), mine.id, 'view')).toBe(false);
    expect(await access.can(await tenant.ctx(guest), other.id, 'view')).toBe(true);
    const forms = engine.get(FormsService);
    const renamed = await forms.update(await tenant.ctx(member), mine.id, { name: '甲表二' });
    expect(renamed.name).toBe('甲表二');
    await expect(forms.update(await tenant.ctx(member), other.id, { name: '偷改' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const drawn = [
      ...fields,
      { key: 'to', name: '到', type: 'relation' as const, config: { formId: other.id }, rules: {} },
    ];
    await expect(
      forms.update(await tenant.ctx(member), mine.id, {
        fields: drawn.map((field) => ({ config: {}, rules: {}, ...field })) as never,
      }),
    ).rejects.toMatchObject({ code: 'invalid_definition' });
    await expect(
      engine.get(AppAccessService).set(await tenant.ctx(member), first, { visibleTo: null, admins: [] }),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a preview', () => {
  it('shows what the other sees, writes nothing, and ends with the right to it', async () => {
    const member = await tenant.memberWith('被预览', grant({ actions: ours, scope: 'own' }));
    const mine = await create({ name: '他的' }, member);
    const previews = engine.get(PreviewService);
    const preview = await previews.begin(await tenant.ctx(), member);
    const ctx = await previews.contextFor(await tenant.ctx(), preview.id);
    const page = await engine.get(RecordReader).query(ctx, form.id, { limit: 10, total: true });
    expect(page.items.map((item) => item.id)).toEqual([mine]);
    await expect(
      engine
        .get(RecordWriter)
        .writeOne(ctx, { formId: form.id, op: 'update', row: { id: mine, values: { name: 'x' } } }),
    ).rejects.toMatchObject({ code: 'preview_read_only' });
    await expect(previews.begin(await tenant.ctx(member), tenant.admin)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(previews.contextFor(await tenant.ctx(member), preview.id)).rejects.toMatchObject({
      code: 'wrong_state',
    });
    engine.kernel.clock.advance(3600_000);
    await expect(previews.contextFor(await tenant.ctx(), preview.id)).rejects.toMatchObject({ code: 'wrong_state' });
  });
});

async function addRole(member: MemberId, role: string): Promise<void> {
  await engine.get(Database).withTenant({ tenantId: tenant.id }, async (tx) => {
    await tx.run('INSERT INTO lianke.role_member (tenant_id, role_id, member_id) VALUES ($1, $2, $3)', [
      tenant.id,
      role,
      member,
    ]);
    await tx.run('UPDATE lianke.tenant SET access_version = access_version + 1 WHERE tenant_id = $1', [tenant.id]);
  });
}
