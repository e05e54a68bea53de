import type { FormAction } from '@lianke/shared/forms/definition';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../kernel/errors/app-error.js';
import { memberOf, type TenantContext } from '../context.js';
import { hideDerived } from '../derived/hide-derived.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { VersionedCache } from '../versioned-cache.js';
import { combineGrants, type FormAccess, fullAccess, noAccess } from './form-access.js';

export type Permission = 'admin' | 'design' | 'members';

interface MemberAccess {
  permissions: Record<Permission, boolean>;
  forms: Map<string, FormAccess>;
}

/** Resolves what a context's actor may do; everything is compiled once per (member, access version, schema version). */
@Injectable()
export class AccessService {
  private readonly cache = new VersionedCache<MemberAccess>(5000);

  constructor(
    private readonly org: OrgDirectory,
    private readonly registry: FormRegistry,
  ) {}

  async ofForm(ctx: TenantContext, form: FormMeta | string): Promise<FormAccess> {
    if (ctx.actor.kind === 'system') return fullAccess;
    const id = typeof form === 'string' ? form : form.id;
    return (await this.compiled(ctx)).forms.get(id) ?? noAccess;
  }

  /** Access to each of the tenant's forms. */
  async ofForms(ctx: TenantContext): Promise<(formId: string) => FormAccess> {
    if (ctx.actor.kind === 'system') return () => fullAccess;
    const { forms } = await this.compiled(ctx);
    return (formId) => forms.get(formId) ?? noAccess;
  }

  async can(ctx: TenantContext, formId: string, action: FormAction): Promise<boolean> {
    return (await this.ofForm(ctx, formId)).may(action);
  }

  async permissions(ctx: TenantContext): Promise<Record<Permission, boolean>> {
    if (ctx.actor.kind === 'system') return { admin: true, design: true, members: true };
    return (await this.compiled(ctx)).permissions;
  }

  /** Refuses with `forbidden` unless the actor holds the permission. */
  async require(ctx: TenantContext, permission: Permission): Promise<void> {
    if (!(await this.permissions(ctx))[permission])
      throw new AppError('forbidden', { action: permissionNames[permission] });
  }

  private compiled(ctx: TenantContext): Promise<MemberAccess> {
    const memberId = memberOf(ctx);
    if (memberId === null) throw new Error('a system context has no member');
    return this.cache.get(ctx.tenantId, `${ctx.accessVersion}/${ctx.schemaVersion}`, () => this.compile(ctx), memberId);
  }

  /** A role's grant for a form, or its grant `*` for forms it does not name. */
  private async compile(ctx: TenantContext): Promise<MemberAccess> {
    const [org, forms] = await Promise.all([this.org.of(ctx), this.registry.all(ctx)]);
    const member = org.members.get(memberOf(ctx) ?? ('' as never));
    if (!member || member.state !== 'active')
      return { permissions: { admin: false, design: false, members: false }, forms: new Map() };
    const roles = member.roleIds.flatMap((id) => org.roles.get(id) ?? []);
    const has = (key: Permission) => roles.some((role) => role.permissions.admin || role.permissions[key]);
    const departments = member.departments.map((place) => place.id);
    const reader = {
      memberId: member.id,
      departments,
      departmentsAndBelow: [...new Set(departments.flatMap((id) => org.descendants(id)))],
    };
    const full = has('admin') || has('design');
    const granted = new Map(
      forms.list.map((form) => [
        form.id,
        full
          ? fullAccess
          : combineGrants(
              form,
              roles.flatMap((role) => role.permissions.forms[form.id] ?? role.permissions.forms['*'] ?? []),
              reader,
            ),
      ]),
    );
    return {
      permissions: { admin: has('admin'), design: has('design'), members: has('members') },
      forms: full ? granted : hideDerived(granted, forms),
    };
  }
}

const permissionNames: Record<Permission, string> = { admin: '系统管理', design: '设计应用', members: '成员管理' };
