import type { DepartmentId, MemberId, RoleId, TenantId } from '@lianke/shared/ids';
import { type FormGrant, type RolePermissions, rolePermissions } from '@lianke/shared/org/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { type AuditEntry, writeAudit } from '../audit/write-audit.js';
import type { TenantContext } from '../context.js';
import { TenantSchema } from '../forms/tenant-schema.js';
import { bumpAccess } from '../versions.js';

export interface MemberInput {
  name?: string;
  account?: string | null | undefined;
  title?: string | null | undefined;
  mobile?: string | null | undefined;
  email?: string | null | undefined;
  state?: 'active' | 'invited' | 'left' | undefined;
  managerId?: MemberId | null | undefined;
  /** The first is the main one. Replaces the memberships of `source` only. */
  departmentIds?: DepartmentId[] | undefined;
  leaderOf?: DepartmentId[] | undefined;
  roleIds?: RoleId[] | undefined;
  source?: string | undefined;
}

export interface RoleInput {
  name: string;
  key?: string;
  permissions: RolePermissions;
}

/** Whoever changes the organisation: somebody by name, or the system for the company. */
type Acting = { tenantId: TenantId } | TenantContext;

/** What people do goes on the trail; what a platform's directory says is told by its own records. */
async function note(tx: Tx, ctx: Acting, entry: AuditEntry): Promise<void> {
  if ('actor' in ctx && ctx.actor.kind === 'member') await writeAudit(tx, ctx, entry);
}

/** What of a member decides over his rights, in names. */
async function standingOf(tx: Tx, id: MemberId): Promise<{ name: string; state: string; roles: string[] } | null> {
  const [row] = await tx.sql<{ name: string; state: string; roles: string[] }>(
    `SELECT m.name, m.state, ARRAY(SELECT r.name FROM lianke.role_member x JOIN lianke.role r ON r.tenant_id = x.tenant_id AND r.id = x.role_id
       WHERE x.member_id = m.id ORDER BY 1) AS roles FROM lianke.member m WHERE m.id = $1`,
    [id],
  );
  return row ?? null;
}

const memberColumns = {
  name: 'name',
  account: 'account',
  title: 'title',
  mobile: 'mobile',
  email: 'email',
  state: 'state',
  managerId: 'manager_id',
} as const;

const everyday: FormGrant['actions'] = ['view', 'create', 'edit', 'print', 'share', 'bulk'];
const everything: FormGrant['actions'] = [...everyday, 'delete', 'import', 'export'];
const defaultRoles: readonly ({ key: string; name: string } & Pick<FormGrant, 'actions' | 'scope'>)[] = [
  { key: 'member', name: '成员', actions: everyday, scope: 'own' },
  { key: 'supervisor', name: '主管', actions: everything, scope: 'departmentAndBelow' },
  { key: 'boss', name: '总经理', actions: ['view', 'export', 'print'], scope: 'all' },
];

/** Tenants and the people in them. Every change bumps the access version in its own transaction. */
@Injectable()
export class OrgService {
  constructor(
    private readonly database: Database,
    private readonly schema: TenantSchema,
  ) {}

  /**
   * A new company with its schema and the role 管理员. Its key must be free. With a `tenantId` of the caller's choice the same
   * call may be repeated.
   */
  async createTenant(input: {
    tenantId?: TenantId;
    key: string;
    name: string;
    timeZone?: string;
    demo?: boolean;
  }): Promise<{ tenantId: TenantId; adminRoleId: RoleId }> {
    const tenantId = input.tenantId ?? (uuid7() as TenantId);
    const rows = await this.database.asOwner(async (client) => {
      await client.query(
        'INSERT INTO lianke.tenant (tenant_id, key, name, time_zone, demo) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
        [tenantId, input.key, input.name, input.timeZone ?? 'Asia/Shanghai', input.demo ?? false],
      );
      return client.query('SELECT 1 FROM lianke.tenant WHERE tenant_id = $1 AND key = $2', [tenantId, input.key]);
    });
    if (rows.rows.length === 0) throw new AppError('already_exists', { name: input.key });
    return { tenantId, adminRoleId: await this.completeTenant(tenantId) };
  }

  /** What every company needs besides its row: schema and the role 管理员, whose id it answers. Running it again changes nothing. */
  async completeTenant(tenantId: TenantId): Promise<RoleId> {
    await this.schema.ensure(tenantId);
    return this.database.withTenant({ tenantId }, async (tx) => {
      const permissions = rolePermissions.parse({ admin: true, design: true, members: true });
      await tx.run(
        `INSERT INTO lianke.role (tenant_id, id, key, name, permissions, system) VALUES ($1, $2, 'admin', '管理员', $3, true)
         ON CONFLICT (tenant_id, key) WHERE key IS NOT NULL DO NOTHING`,
        [tenantId, uuid7(), permissions as never],
      );
      const [role] = await tx.sql<{ id: RoleId }>(`SELECT id FROM lianke.role WHERE key = 'admin'`);
      if (!role) throw new Error(`tenant ${tenantId} has no role admin`);
      return role.id;
    });
  }

  /** Roles every company starts with: what a new form allows before anybody sets its rights. Those it has are left alone. */
  async addDefaultRoles(ctx: { tenantId: TenantId }): Promise<void> {
    await this.database.withTenant(ctx, async (tx) => {
      for (const { key, name, actions, scope } of defaultRoles)
        await tx.run(
          `INSERT INTO lianke.role (tenant_id, id, key, name, permissions) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (tenant_id, key) WHERE key IS NOT NULL DO NOTHING`,
          [ctx.tenantId, uuid7(), key, name, rolePermissions.parse({ forms: { '*': { actions, scope } } }) as never],
        );
      await bumpAccess(tx, ctx.tenantId);
    });
  }

  async createMember(ctx: Acting, input: MemberInput & { name: string }): Promise<MemberId> {
    const id = uuid7() as MemberId;
    await this.database.withTenant(ctx, async (tx) => {
      const made = await tx.run(
        `INSERT INTO lianke.member (tenant_id, id, name, account, title, mobile, email, state, manager_id, source) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)
         ON CONFLICT (tenant_id, lower(account)) WHERE account IS NOT NULL DO NOTHING`,
        [
          ctx.tenantId,
          id,
          input.name,
          input.account ?? null,
          input.title ?? null,
          input.mobile ?? null,
          input.email ?? null,
          input.state ?? 'active',
          input.managerId ?? null,
          input.source ?? 'manual',
        ],
      );
      if (made === 0) throw new AppError('already_exists', { name: input.account ?? '' });
      await this.place(tx, ctx.tenantId, id, input);
      await bumpAccess(tx, ctx.tenantId);
      await note(tx, ctx, { action: 'member.create', object: id, detail: { name: input.name } });
    });
    return id;
  }

  /** Absent properties stay. Unknown members answer `not_found`. The last administrator stays one. */
  async updateMember(ctx: Acting, id: MemberId, input: MemberInput): Promise<void> {
    await this.database.withTenant(ctx, async (tx) => {
      const sets = Object.entries(memberColumns).flatMap(([key, column]) => {
        const value = input[key as keyof typeof memberColumns];
        return value === undefined ? [] : [{ column, value }];
      });
      if (input.account) {
        const taken = await tx.sql('SELECT 1 FROM lianke.member WHERE lower(account) = lower($1) AND id <> $2', [
          input.account,
          id,
        ]);
        if (taken.length > 0) throw new AppError('already_exists', { name: input.account });
      }
      const before = await standingOf(tx, id);
      const changed = await tx.run(
        `UPDATE lianke.member SET ${['id = id', ...sets.map((set, index) => `${set.column} = $${index + 2}`)].join(', ')} WHERE id = $1`,
        [id, ...sets.map((set) => set.value)],
      );
      if (changed === 0) throw new AppError('not_found');
      await this.place(tx, ctx.tenantId, id, input);
      await keepAnAdministrator(tx);
      await bumpAccess(tx, ctx.tenantId);
      const detail = { before, after: await standingOf(tx, id), changed: Object.keys(input) };
      await note(tx, ctx, { action: 'member.update', object: id, detail });
    });
  }

  async createDepartment(
    ctx: { tenantId: TenantId },
    input: {
      name: string;
      parentId?: DepartmentId | null | undefined;
      sort?: number | undefined;
      source?: string;
      externalId?: string;
    },
  ): Promise<DepartmentId> {
    const id = uuid7() as DepartmentId;
    await this.database.withTenant(ctx, async (tx) => {
      await this.requireDepartment(tx, input.parentId);
      await tx.run(
        'INSERT INTO lianke.department (tenant_id, id, name, parent_id, sort, source, external_id) VALUES ($1,$2,$3,$4,$5,$6,$7)',
        [
          ctx.tenantId,
          id,
          input.name,
          input.parentId ?? null,
          input.sort ?? 0,
          input.source ?? 'manual',
          input.externalId ?? null,
        ],
      );
      await rebuildClosure(tx, ctx.tenantId);
      await bumpAccess(tx, ctx.tenantId);
    });
    return id;
  }

  /** Moving a department below itself is refused. */
  async updateDepartment(
    ctx: { tenantId: TenantId },
    id: DepartmentId,
    input: { name?: string | undefined; parentId?: DepartmentId | null | undefined; sort?: number | undefined },
  ): Promise<void> {
    await this.database.withTenant(ctx, async (tx) => {
      if (input.parentId) {
        await this.requireDepartment(tx, input.parentId);
        const below = await tx.sql(
          'SELECT 1 FROM lianke.department_closure WHERE ancestor_id = $1 AND descendant_id = $2',
          [id, input.parentId],
        );
        if (below.length > 0)
          throw refusal('invalid_request', {
            zh: '上级部门不能是自己或自己的下级',
            en: 'a department cannot lie below itself or one of its own subdepartments',
          });
      }
      const changed = await tx.run(
        `UPDATE lianke.department SET name = coalesce($2, name), sort = coalesce($3, sort), parent_id = CASE WHEN $4 THEN $5::uuid ELSE parent_id END WHERE id = $1`,
        [id, input.name ?? null, input.sort ?? null, input.parentId !== undefined, input.parentId ?? null],
      );
      if (changed === 0) throw new AppError('not_found');
      await rebuildClosure(tx, ctx.tenantId);
      await bumpAccess(tx, ctx.tenantId);
    });
  }

  /** Only empty departments go. */
  async removeDepartment(ctx: { tenantId: TenantId }, id: DepartmentId): Promise<void> {
    await this.database.withTenant(ctx, async (tx) => {
      const used = await tx.sql<{ n: number }>(
        'SELECT (SELECT count(*) FROM lianke.department WHERE parent_id = $1) + (SELECT count(*) FROM lianke.department_member WHERE department_id = $1) AS n',
        [id],
      );
      if ((used[0]?.n ?? 0) > 0)
        throw refusal('in_use', {
          zh: '部门里还有成员或下级部门',
          en: 'the department still has members or subdepartments',
        });
      if ((await tx.run('DELETE FROM lianke.department WHERE id = $1', [id])) === 0) throw new AppError('not_found');
      await rebuildClosure(tx, ctx.tenantId);
      await bumpAccess(tx, ctx.tenantId);
    });
  }

  createRole(ctx: Acting, input: RoleInput): Promise<RoleId> {
    return this.database.withTenant(ctx, async (tx) => {
      const id = await this.insertRole(tx, ctx.tenantId, input);
      const detail = { name: input.name, after: { permissions: input.permissions } };
      await note(tx, ctx, { action: 'role.create', object: id, detail });
      return id;
    });
  }

  /** {@link createRole} as part of a larger change. */
  async insertRole(tx: Tx, tenantId: TenantId, input: RoleInput): Promise<RoleId> {
    const id = uuid7() as RoleId;
    await tx.run('INSERT INTO lianke.role (tenant_id, id, key, name, permissions) VALUES ($1,$2,$3,$4,$5)', [
      tenantId,
      id,
      input.key ?? null,
      input.name,
      input.permissions as never,
    ]);
    await bumpAccess(tx, tenantId);
    return id;
  }

  /** The role 管理员 keeps its rights. */
  async updateRole(
    ctx: Acting,
    id: RoleId,
    input: { name?: string | undefined; permissions?: RolePermissions | undefined },
  ): Promise<void> {
    await this.database.withTenant(ctx, async (tx) => {
      const [role] = await tx.sql<{ system: boolean; name: string; permissions: RolePermissions }>(
        'SELECT system, name, permissions FROM lianke.role WHERE id = $1 FOR UPDATE',
        [id],
      );
      if (!role) throw new AppError('not_found');
      if (role.system && input.permissions)
        throw refusal('wrong_state', {
          zh: '系统角色的权限不能修改',
          en: 'the permissions of a system role cannot be changed',
        });
      await tx.run(
        'UPDATE lianke.role SET name = coalesce($2, name), permissions = coalesce($3, permissions) WHERE id = $1',
        [id, input.name ?? null, (input.permissions ?? null) as never],
      );
      await bumpAccess(tx, ctx.tenantId);
      const before = { name: role.name, permissions: role.permissions };
      const detail = { name: input.name ?? role.name, before, after: { ...before, ...input } };
      await note(tx, ctx, { action: 'role.update', object: id, detail });
    });
  }

  async removeRole(ctx: Acting, id: RoleId): Promise<void> {
    await this.database.withTenant(ctx, async (tx) => {
      const [role] = await tx.sql<{ system: boolean; name: string }>(
        'SELECT system, name FROM lianke.role WHERE id = $1',
        [id],
      );
      if (!role) throw new AppError('not_found');
      if (role.system) throw refusal('wrong_state', { zh: '系统角色不能删除', en: 'a system role cannot be deleted' });
      await tx.run('DELETE FROM lianke.role_member WHERE role_id = $1', [id]);
      await tx.run('DELETE FROM lianke.role WHERE id = $1', [id]);
      await bumpAccess(tx, ctx.tenantId);
      await note(tx, ctx, { action: 'role.delete', object: id, detail: { name: role.name } });
    });
  }

  private async requireDepartment(tx: Tx, id: DepartmentId | null | undefined): Promise<void> {
    if (!id) return;
    if ((await tx.sql('SELECT 1 FROM lianke.department WHERE id = $1', [id])).length === 0)
      throw refusal('invalid_request', { zh: '部门不存在', en: 'there is no such department' });
  }

  /** Departments and roles of a member; each checked to be the tenant's own. */
  private async place(tx: Tx, tenantId: TenantId, id: MemberId, input: MemberInput): Promise<void> {
    const source = input.source ?? 'manual';
    if (input.managerId) {
      if (input.managerId === id)
        throw refusal('invalid_request', { zh: '直属上级不能是本人', en: 'members cannot be their own manager' });
      if ((await tx.sql('SELECT 1 FROM lianke.member WHERE id = $1', [input.managerId])).length === 0)
        throw refusal('invalid_request', { zh: '直属上级不存在', en: 'there is no such member to be the manager' });
    }
    if (input.departmentIds) {
      await tx.run('DELETE FROM lianke.department_member WHERE member_id = $1 AND source = $2', [id, source]);
      const placed = await tx.run(
        `INSERT INTO lianke.department_member (tenant_id, department_id, member_id, leader, main, source)
         SELECT $1, d.id, $2, d.id = ANY($4::uuid[]), w.ord = 1, $5 FROM unnest($3::uuid[]) WITH ORDINALITY w(id, ord) JOIN lianke.department d ON d.id = w.id
         ON CONFLICT (tenant_id, department_id, member_id) DO UPDATE SET leader = excluded.leader, main = excluded.main`,
        [tenantId, id, input.departmentIds, input.leaderOf ?? [], source],
      );
      if (placed !== new Set(input.departmentIds).size)
        throw refusal('invalid_request', { zh: '部门不存在', en: 'there is no such department' });
    }
    if (input.roleIds) {
      await tx.run('DELETE FROM lianke.role_member WHERE member_id = $1', [id]);
      const given = await tx.run(
        'INSERT INTO lianke.role_member (tenant_id, role_id, member_id) SELECT $1, id, $2 FROM lianke.role WHERE id = ANY($3::uuid[])',
        [tenantId, id, input.roleIds],
      );
      if (given !== new Set(input.roleIds).size)
        throw refusal('invalid_request', { zh: '角色不存在', en: 'there is no such role' });
    }
  }
}

/** Gives members the role every company starts with: `supervisor` to leaders of a department, `member` to the others. */
export async function giveDefaultRoles(tx: Tx, tenantId: TenantId, members: readonly MemberId[]): Promise<void> {
  await tx.run(
    `INSERT INTO lianke.role_member (tenant_id, role_id, member_id)
     SELECT $1, r.id, m.id FROM unnest($2::uuid[]) AS m(id)
     JOIN lianke.role r ON r.key = CASE WHEN EXISTS (SELECT 1 FROM lianke.department_member d WHERE d.member_id = m.id AND d.leader) THEN 'supervisor' ELSE 'member' END
     ON CONFLICT DO NOTHING`,
    [tenantId, members],
  );
}

/** Small trees change seldom, so the closure is made anew as a whole. */
export async function rebuildClosure(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx.run('DELETE FROM lianke.department_closure WHERE tenant_id = $1', [tenantId]);
  await tx.run(
    `WITH RECURSIVE tree AS (
       SELECT id AS ancestor, id AS descendant, 0 AS depth FROM lianke.department
       UNION ALL
       SELECT tree.ancestor, d.id, tree.depth + 1 FROM tree JOIN lianke.department d ON d.parent_id = tree.descendant WHERE tree.depth < 50
     )
     INSERT INTO lianke.department_closure (tenant_id, ancestor_id, descendant_id, depth) SELECT $1, ancestor, descendant, depth FROM tree`,
    [tenantId],
  );
}

async function keepAnAdministrator(tx: Tx): Promise<void> {
  const [row] = await tx.sql<{ n: number }>(
    `SELECT count(*) AS n FROM lianke.member m JOIN lianke.role_member rm ON rm.member_id = m.id JOIN lianke.role r ON r.id = rm.role_id
     WHERE m.state = 'active' AND (r.permissions->>'admin')::boolean`,
  );
  if (row?.n === 0)
    throw refusal('wrong_state', { zh: '至少要保留一位管理员', en: 'at least one administrator has to stay' });
}
