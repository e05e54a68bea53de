import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { DepartmentId, MemberId, RoleId } from '@lianke/shared/ids';
import { type DepartmentView, type MemberView, type RoleView, rolePermissions } from '@lianke/shared/org/api';
import { Controller } from '@nestjs/common';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { Call, Route, type RouteCall } from '../../kernel/http/route.js';
import { AccessService } from '../access/access.service.js';
import { principalsOf, withAbove } from '../access/app-access.js';
import { checkMasks } from '../access/check-masks.js';
import type { TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { MemberChannels } from '../ports.js';
import { OrgService } from './org.service.js';
import type { Org, OrgMember } from './org-directory.js';
import { OrgDirectory } from './org-directory.js';
import { TenantDirectory } from './tenant-directory.js';

/** What of a member's place decides which apps he administers. */
interface Placing {
  roleIds?: RoleId[] | undefined;
  departmentIds?: DepartmentId[] | undefined;
}

@Controller()
export class OrgController {
  constructor(
    private readonly org: OrgService,
    private readonly directory: OrgDirectory,
    private readonly tenants: TenantDirectory,
    private readonly access: AccessService,
    private readonly channels: MemberChannels,
    private readonly forms: FormRegistry,
  ) {}

  @Route('members.list')
  async listMembers(@Call() call: RouteCall<'members.list'>): Promise<AnswerOf<'members.list'>> {
    const org = await this.directory.of(call.ctx);
    const channels = await this.channels.of(call.ctx);
    const full = (await this.access.permissions(call.ctx)).members;
    const { search, state } = call.query;
    const items = [...org.members.values()]
      .filter(
        (member) =>
          (!state || member.state === state) &&
          (!search ||
            [member.name, ...(full ? [member.account, member.mobile] : [])].some((text) => text?.includes(search))),
      )
      .map((member) => memberView(org, member, full, channels.get(member.id) ?? []));
    return { items, cursor: null };
  }

  @Route('members.create')
  async createMember(@Call() call: RouteCall<'members.create'>): Promise<AnswerOf<'members.create'>> {
    await this.access.require(call.ctx, 'members');
    await this.refuseRaisingRights(call.ctx, call.body);
    const id = await this.org.createMember(call.ctx, call.body);
    return this.member(call.ctx, id);
  }

  @Route('members.update')
  async updateMember(@Call() call: RouteCall<'members.update'>): Promise<AnswerOf<'members.update'>> {
    await this.access.require(call.ctx, 'members');
    await this.refuseRaisingRights(call.ctx, call.body, call.params.memberId);
    await this.org.updateMember(call.ctx, call.params.memberId, call.body);
    return this.member(call.ctx, call.params.memberId);
  }

  @Route('departments.list')
  async listDepartments(@Call() call: RouteCall<'departments.list'>): Promise<AnswerOf<'departments.list'>> {
    return { items: await this.departments(call.ctx), cursor: null };
  }

  @Route('departments.create')
  async createDepartment(@Call() call: RouteCall<'departments.create'>): Promise<AnswerOf<'departments.create'>> {
    await this.access.require(call.ctx, 'members');
    return this.department(call.ctx, await this.org.createDepartment(call.ctx, call.body));
  }

  @Route('departments.update')
  async updateDepartment(@Call() call: RouteCall<'departments.update'>): Promise<AnswerOf<'departments.update'>> {
    await this.access.require(call.ctx, 'members');
    await this.refuseMoving(call.ctx, call.params.departmentId, call.body.parentId);
    await this.org.updateDepartment(call.ctx, call.params.departmentId, call.body);
    return this.department(call.ctx, call.params.departmentId);
  }

  @Route('departments.delete')
  async removeDepartment(@Call() call: RouteCall<'departments.delete'>): Promise<void> {
    await this.access.require(call.ctx, 'members');
    await this.org.removeDepartment(call.ctx, call.params.departmentId);
  }

  @Route('roles.list')
  async listRoles(@Call() call: RouteCall<'roles.list'>): Promise<AnswerOf<'roles.list'>> {
    const all = await this.roles(call.ctx);
    const { admin, design } = await this.access.permissions(call.ctx);
    if (admin || design) return { items: all, cursor: null };
    const { designs } = await this.access.designer(call.ctx);
    const own = new Set((await this.forms.forms(call.ctx)).filter((form) => designs(form.appId)).map(({ id }) => id));
    return { items: all.map((role) => namedRole(role, own)), cursor: null };
  }

  @Route('roles.create')
  async createRole(@Call() call: RouteCall<'roles.create'>): Promise<AnswerOf<'roles.create'>> {
    await this.access.require(call.ctx, 'admin');
    checkMasks(await this.forms.all(call.ctx), call.body.permissions);
    return this.role(call.ctx, await this.org.createRole(call.ctx, call.body));
  }

  @Route('roles.update')
  async updateRole(@Call() call: RouteCall<'roles.update'>): Promise<AnswerOf<'roles.update'>> {
    await this.access.require(call.ctx, 'admin');
    if (call.body.permissions) checkMasks(await this.forms.all(call.ctx), call.body.permissions);
    await this.org.updateRole(call.ctx, call.params.roleId, call.body);
    return this.role(call.ctx, call.params.roleId);
  }

  @Route('roles.delete')
  async removeRole(@Call() call: RouteCall<'roles.delete'>): Promise<void> {
    await this.access.require(call.ctx, 'admin');
    await this.org.removeRole(call.ctx, call.params.roleId);
  }

  /** Who manages members may not hand out a right to administrate or design, be it of one app, that he lacks himself. */
  private async refuseRaisingRights(
    ctx: TenantContext,
    { roleIds, departmentIds }: Placing,
    of?: MemberId,
  ): Promise<void> {
    const own = await this.access.permissions(ctx);
    if (own.admin) return;
    const org = await this.directory.of(ctx);
    const raised = (roleIds ?? []).some(
      (id) => org.roles.get(id)?.permissions.admin || (!own.design && org.roles.get(id)?.permissions.design),
    );
    if (raised || (of && org.admins().includes(of)))
      throw refusal('forbidden', { zh: '修改管理员', en: 'change administrators' });
    const member = of && org.members.get(of);
    const had = new Set<string>(member ? principalsOf(org, member) : []);
    const named = [...(roleIds ?? []), ...withAbove(org, departmentIds ?? [])];
    await this.refuseAdministering(
      ctx,
      named.filter((id) => !had.has(id)),
    );
  }

  /** A department below one that administers an app administers it too. */
  private async refuseMoving(ctx: TenantContext, id: DepartmentId, to: DepartmentId | null | undefined): Promise<void> {
    if (!to) return;
    const org = await this.directory.of(ctx);
    const had = new Set<string>(withAbove(org, [id]));
    await this.refuseAdministering(
      ctx,
      withAbove(org, [to]).filter((above) => !had.has(above)),
    );
  }

  private async refuseAdministering(ctx: TenantContext, ids: readonly string[]): Promise<void> {
    if (await this.access.administersMore(ctx, ids))
      throw refusal('forbidden', { zh: '修改应用管理员', en: 'change administrators of an app' });
  }

  private fresh(ctx: TenantContext): Promise<TenantContext> {
    return this.tenants.context(ctx.tenantId, ctx.actor, ctx.cause);
  }

  private async member(ctx: TenantContext, id: MemberId): Promise<MemberView> {
    const fresh = await this.fresh(ctx);
    const org = await this.directory.of(fresh);
    const member = org.members.get(id);
    if (!member) throw new AppError('not_found');
    return memberView(org, member, true, (await this.channels.of(fresh)).get(id) ?? []);
  }

  private async departments(ctx: TenantContext): Promise<DepartmentView[]> {
    const org = await this.directory.of(ctx);
    const counts = new Map<string, number>();
    for (const member of org.members.values())
      for (const place of member.state === 'left' ? [] : member.departments)
        counts.set(place.id, (counts.get(place.id) ?? 0) + 1);
    return [...org.departments.values()].map((department) => ({
      ...department,
      members: counts.get(department.id) ?? 0,
    }));
  }

  private async department(ctx: TenantContext, id: DepartmentId): Promise<DepartmentView> {
    const found = (await this.departments(await this.fresh(ctx))).find((department) => department.id === id);
    if (!found) throw new AppError('not_found');
    return found;
  }

  private async roles(ctx: TenantContext): Promise<RoleView[]> {
    const org = await this.directory.of(ctx);
    return [...org.roles.values()].map((role) => ({ ...role, members: org.membersOfRole(role.id).length }));
  }

  private async role(ctx: TenantContext, id: RoleId): Promise<RoleView> {
    const found = (await this.roles(await this.fresh(ctx))).find((role) => role.id === id);
    if (!found) throw new AppError('not_found');
    return found;
  }
}

/** What a role is called, for pickers; what it may do only in the forms of the asker's own apps. */
function namedRole(role: RoleView, own: ReadonlySet<string>): RoleView {
  const forms = Object.fromEntries(Object.entries(role.permissions.forms).filter(([id]) => own.has(id)));
  return { ...role, members: 0, permissions: rolePermissions.parse({ forms }) };
}

/** Phone, mail and account are for those who manage members. */
function memberView(org: Org, member: OrgMember, full: boolean, channels: ('wecom' | 'dingtalk')[]): MemberView {
  return {
    id: member.id,
    name: member.name,
    account: full ? member.account : null,
    title: member.title,
    mobile: full ? member.mobile : null,
    email: full ? member.email : null,
    state: member.state,
    departments: member.departments.map((place) => ({
      id: place.id,
      label: org.departments.get(place.id)?.name ?? '',
      leader: place.leader,
    })),
    roles: member.roleIds.map((id) => ({ id, label: org.roles.get(id)?.name ?? '' })),
    manager: member.managerId ? { id: member.managerId, label: org.nameOf(member.managerId) } : null,
    channels,
  };
}
