import type { Language } from '@lianke/shared/errors/issue-text';
import type { DepartmentId, MemberId, RoleId } from '@lianke/shared/ids';
import { type RolePermissions, rolePermissions } from '@lianke/shared/org/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { groupBy } from '../../kernel/group-by.js';
import type { TenantContext } from '../context.js';
import { VersionedCache } from '../versioned-cache.js';

export interface OrgMember {
  id: MemberId;
  name: string;
  account: string | null;
  title: string | null;
  mobile: string | null;
  email: string | null;
  state: 'active' | 'invited' | 'left';
  /** What is written to him is written in it. */
  language: Language;
  managerId: MemberId | null;
  departments: { id: DepartmentId; leader: boolean }[];
  mainDepartmentId: DepartmentId | null;
  roleIds: RoleId[];
}

export interface OrgDepartment {
  id: DepartmentId;
  name: string;
  parentId: DepartmentId | null;
  sort: number;
}

export interface OrgRole {
  id: RoleId;
  key: string | null;
  name: string;
  permissions: RolePermissions;
  system: boolean;
}

/** People, departments and roles of a tenant at one access version. */
export class Org {
  constructor(
    readonly members: ReadonlyMap<MemberId, OrgMember>,
    readonly departments: ReadonlyMap<DepartmentId, OrgDepartment>,
    readonly roles: ReadonlyMap<RoleId, OrgRole>,
    private readonly below: ReadonlyMap<DepartmentId, DepartmentId[]>,
  ) {}

  /** The same company with roles that are about to be made. */
  withRoles(roles: readonly OrgRole[]): Org {
    const all = new Map([...this.roles, ...roles.map((role) => [role.id, role] as const)]);
    return new Org(this.members, this.departments, all, this.below);
  }

  /** The department and everything under it. */
  descendants(id: DepartmentId): DepartmentId[] {
    return this.below.get(id) ?? [id];
  }

  /** The manager `level` steps up: the member's own manager, else the leader of his department or of one above it. */
  managerOf(id: MemberId, level = 1): MemberId | null {
    let current: MemberId | null = id;
    const seen = new Set<MemberId>();
    for (let step = 0; step < level && current; step++) {
      if (seen.has(current)) return null;
      seen.add(current);
      current = this.directManager(current);
    }
    return current;
  }

  /** The department `level` steps up from one; null above the top. */
  departmentUp(id: DepartmentId | null, level: number): DepartmentId | null {
    let at = id;
    for (let step = 0; step < level && at; step++) at = this.departments.get(at)?.parentId ?? null;
    return at;
  }

  /** The active leader of a department. */
  headOf(id: DepartmentId | null): MemberId | null {
    if (!id) return null;
    for (const member of this.members.values())
      if (member.state === 'active' && member.departments.some((place) => place.id === id && place.leader))
        return member.id;
    return null;
  }

  /** Active members of a department and of those below it. */
  membersOfDepartment(id: DepartmentId): MemberId[] {
    const below = (at: DepartmentId | null): boolean => {
      for (let step: DepartmentId | null = at; step; step = this.departments.get(step)?.parentId ?? null)
        if (step === id) return true;
      return false;
    };
    return [...this.members.values()]
      .filter((member) => member.state === 'active' && member.departments.some((place) => below(place.id)))
      .map((member) => member.id);
  }

  membersOfRole(roleId: RoleId): MemberId[] {
    return [...this.members.values()]
      .filter((member) => member.state === 'active' && member.roleIds.includes(roleId))
      .map((member) => member.id);
  }

  /** Active members whose roles hold `admin`. */
  admins(): MemberId[] {
    return [...this.roles.values()]
      .filter((role) => role.permissions.admin)
      .flatMap((role) => this.membersOfRole(role.id));
  }

  nameOf(id: string | null): string {
    return (id && this.members.get(id as MemberId)?.name) || '';
  }

  /** What a member reads; Chinese for whoever is no member. */
  languageOf(id: string | null): Language {
    return (id && this.members.get(id as MemberId)?.language) || 'zh';
  }

  private directManager(id: MemberId): MemberId | null {
    const member = this.members.get(id);
    if (!member) return null;
    const own = member.managerId && this.members.get(member.managerId);
    if (own && own.state === 'active') return own.id;
    let department = member.mainDepartmentId ? this.departments.get(member.mainDepartmentId) : undefined;
    while (department) {
      const at = department.id;
      const leader = [...this.members.values()].find(
        (other) =>
          other.id !== id &&
          other.state === 'active' &&
          other.departments.some((place) => place.id === at && place.leader),
      );
      if (leader) return leader.id;
      department = department.parentId ? this.departments.get(department.parentId) : undefined;
    }
    return null;
  }
}

@Injectable()
export class OrgDirectory {
  private readonly cache = new VersionedCache<Org>();

  constructor(private readonly database: Database) {}

  of(ctx: TenantContext): Promise<Org> {
    return this.cache.get(ctx.tenantId, String(ctx.accessVersion), () =>
      this.database.withTenant(ctx, (tx) => this.load(tx)),
    );
  }

  /** Reads past the cache, inside a transaction that just changed people or roles. */
  async load(tx: Tx): Promise<Org> {
    const [members, places, departments, closure, roles, holders] = await Promise.all([
      tx.sql<{
        id: MemberId;
        name: string;
        account: string | null;
        title: string | null;
        mobile: string | null;
        email: string | null;
        state: OrgMember['state'];
        manager_id: MemberId | null;
        language: Language | null;
      }>(
        'SELECT id, name, account, title, mobile, email, state, manager_id, language FROM lianke.member ORDER BY created_at, id',
      ),
      tx.sql<{ department_id: DepartmentId; member_id: MemberId; leader: boolean; main: boolean }>(
        'SELECT department_id, member_id, leader, main FROM lianke.department_member ORDER BY main DESC, department_id',
      ),
      tx.sql<{ id: DepartmentId; name: string; parent_id: DepartmentId | null; sort: number }>(
        'SELECT id, name, parent_id, sort FROM lianke.department ORDER BY sort, id',
      ),
      tx.sql<{ ancestor_id: DepartmentId; descendant_id: DepartmentId }>(
        'SELECT ancestor_id, descendant_id FROM lianke.department_closure',
      ),
      tx.sql<{ id: RoleId; key: string | null; name: string; permissions: unknown; system: boolean }>(
        'SELECT id, key, name, permissions, system FROM lianke.role ORDER BY id',
      ),
      tx.sql<{ role_id: RoleId; member_id: MemberId }>('SELECT role_id, member_id FROM lianke.role_member'),
    ]);
    const byMember = groupBy(places, (place) => place.member_id);
    const rolesOf = groupBy(holders, (holder) => holder.member_id);
    return new Org(
      new Map(
        members.map((row) => {
          const own = byMember.get(row.id) ?? [];
          return [
            row.id,
            {
              id: row.id,
              name: row.name,
              account: row.account,
              title: row.title,
              mobile: row.mobile,
              email: row.email,
              state: row.state,
              language: row.language ?? 'zh',
              managerId: row.manager_id,
              departments: own.map((place) => ({ id: place.department_id, leader: place.leader })),
              mainDepartmentId: (own.find((place) => place.main) ?? own[0])?.department_id ?? null,
              roleIds: (rolesOf.get(row.id) ?? []).map((holder) => holder.role_id),
            },
          ];
        }),
      ),
      new Map(
        departments.map((row) => [row.id, { id: row.id, name: row.name, parentId: row.parent_id, sort: row.sort }]),
      ),
      new Map(
        roles.map((row) => [
          row.id,
          {
            id: row.id,
            key: row.key,
            name: row.name,
            system: row.system,
            permissions: rolePermissions.parse(row.permissions),
          },
        ]),
      ),
      new Map(
        [...groupBy(closure, (row) => row.ancestor_id)].map(([id, rows]) => [id, rows.map((row) => row.descendant_id)]),
      ),
    );
  }
}
