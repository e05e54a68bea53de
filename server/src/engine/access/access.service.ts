import type { Words } from '@lianke/shared/errors/issue-text';
import type { FormAction } from '@lianke/shared/forms/definition';
import type { AppId, MemberId } from '@lianke/shared/ids';
import type { FormGrant } from '@lianke/shared/org/api';
import { Injectable } from '@nestjs/common';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { type ActingKey, memberOf, type TenantContext } from '../context.js';
import { hideDerived } from '../derived/hide-derived.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry, type TenantForms } from '../forms/form-registry.js';
import { type Org, OrgDirectory, type OrgMember } from '../org/org-directory.js';
import { VersionedCache } from '../versioned-cache.js';
import { actionNames } from './action-names.js';
import { AccessRuleBook, type AccessRules, names, principalsOf } from './app-access.js';
import { combineGrants, designGrant, type Reader } from './combine-grants.js';
import { type FormAccess, fullAccess, noAccess, partAccess } from './form-access.js';
import { withPool } from './pool-access.js';

export type Permission = 'admin' | 'design' | 'members';

interface MemberAccess {
  permissions: Record<Permission, boolean>;
  forms: ReadonlyMap<string, FormAccess>;
  /** Apps he may change, and apps that are closed to him. */
  designs: (appId: string) => boolean;
  sees: (appId: string) => boolean;
}

/** Everything a member's access is compiled from. */
export interface AccessGround {
  org: Org;
  member: OrgMember;
  forms: TenantForms;
  rules: AccessRules;
  reader: Reader;
  /** As if he administered nothing, designed nothing and were no 应用管理员 of this app. */
  withoutAllOf?: AppId | undefined;
  /** The key that he is reached through. */
  key?: ActingKey | undefined;
}

const nothing: MemberAccess = {
  permissions: { admin: false, design: false, members: false },
  forms: new Map(),
  designs: () => false,
  sees: () => false,
};

/** Resolves what a context's actor may do; everything is compiled once per (member, access version, schema version). */
@Injectable()
export class AccessService {
  private readonly cache = new VersionedCache<MemberAccess>(5000);

  constructor(
    private readonly org: OrgDirectory,
    private readonly registry: FormRegistry,
    private readonly book: AccessRuleBook,
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

  /** Refuses with `forbidden` who may see the form but not change many of its records at once. */
  async requireBulk(ctx: TenantContext, formId: string): Promise<void> {
    const access = await this.ofForm(ctx, formId);
    if (access.actions.size === 0) throw new AppError('not_found');
    if (!access.may('bulk')) throw refusal('forbidden', actionNames.bulk);
  }

  async permissions(ctx: TenantContext): Promise<Record<Permission, boolean>> {
    if (ctx.actor.kind === 'system') return { admin: true, design: true, members: true };
    return (await this.compiled(ctx)).permissions;
  }

  /** Refuses with `forbidden` unless the actor holds the permission. */
  async require(ctx: TenantContext, permission: Permission): Promise<void> {
    if (!(await this.permissions(ctx))[permission]) throw refusal('forbidden', permissionNames[permission]);
  }

  /** Whether the app is open to the actor at all. */
  async maySeeApp(ctx: TenantContext, appId: string): Promise<boolean> {
    return ctx.actor.kind === 'system' || (await this.compiled(ctx)).sees(appId);
  }

  /** Whether the actor may change the app's forms, flows and dashboards: designers, and its 应用管理员. */
  async mayDesign(ctx: TenantContext, appId: string): Promise<boolean> {
    return ctx.actor.kind === 'system' || (await this.compiled(ctx)).designs(appId);
  }

  /** Refuses with `forbidden` unless the actor may design the app. */
  async requireDesign(ctx: TenantContext, appId: AppId | string): Promise<void> {
    if (!(await this.mayDesign(ctx, appId))) throw refusal('forbidden', permissionNames.design);
  }

  /** Which apps the actor may change, and whether it is any. */
  async designer(ctx: TenantContext): Promise<{ designs: (appId: string) => boolean; any: boolean }> {
    if (ctx.actor.kind === 'system') return { designs: () => true, any: true };
    const { designs, permissions } = await this.compiled(ctx);
    const { apps } = await this.book.of(ctx);
    return { designs, any: permissions.design || [...apps.keys()].some(designs) };
  }

  /** Whether to be named by one of these ids is to administer an app that the actor may not change himself. */
  async administersMore(ctx: TenantContext, ids: readonly string[]): Promise<boolean> {
    if (ctx.actor.kind === 'system') return false;
    const [{ designs }, { apps }] = await Promise.all([this.designer(ctx), this.book.of(ctx)]);
    return [...apps].some(([id, { admins }]) => names(admins, ids) && !designs(id));
  }

  /** Refuses with `forbidden` who may not change any app. */
  async requireSomeDesign(ctx: TenantContext): Promise<void> {
    if (!(await this.designer(ctx)).any) throw refusal('forbidden', permissionNames.design);
  }

  /** Flows run with every right: a definition may name only forms of apps that the actor may design. */
  async requireDesignOfNamed(ctx: TenantContext, definition: unknown): Promise<void> {
    const { designs } = await this.designer(ctx);
    const text = JSON.stringify(definition);
    for (const form of await this.registry.forms(ctx))
      if (text.includes(form.id) && !designs(form.appId))
        throw refusal('forbidden', {
          zh: `${permissionNames.design.zh}（${form.name}）`,
          en: `${permissionNames.design.en} (${form.name})`,
        });
  }

  /** What a member's access is made from; undefined for who is not an active member. */
  async ground(ctx: TenantContext, memberId: MemberId): Promise<AccessGround | undefined> {
    const [org, forms, rules] = await Promise.all([this.org.of(ctx), this.registry.all(ctx), this.book.of(ctx)]);
    const member = org.members.get(memberId);
    if (member?.state !== 'active') return undefined;
    const departments = member.departments.map((place) => place.id);
    const principals = principalsOf(org, member);
    const reader: Reader = {
      memberId,
      departments,
      departmentsAndBelow: [...new Set(departments.flatMap((id) => org.descendants(id)))],
      principals,
      hasShares: (formId) => principals.some((id) => rules.shared.get(formId)?.has(id)),
    };
    return { org, member, forms, rules, reader, key: ctx.key };
  }

  /** What his roles, shares and apps give him without the rules that give everything in `appId`, whatever they are. */
  without(ground: AccessGround, appId: AppId): (formId: string) => FormAccess {
    const { forms } = compile({ ...ground, withoutAllOf: appId });
    return (formId) => forms.get(formId) ?? noAccess;
  }

  private compiled(ctx: TenantContext): Promise<MemberAccess> {
    const memberId = memberOf(ctx);
    if (memberId === null) throw new Error('a system context has no member');
    return this.cache.get(
      ctx.tenantId,
      `${ctx.accessVersion}/${ctx.schemaVersion}`,
      async () => {
        const ground = await this.ground(ctx, memberId);
        return ground ? compile(ground) : nothing;
      },
      ctx.key ? `${memberId}/${ctx.key.id}` : memberId,
    );
  }
}

function compile(ground: AccessGround): MemberAccess {
  const { forms, reader, key } = ground;
  const open = (form: FormMeta) => !key?.forms || key.forms.includes(form.id);
  const has = (key: Permission) => holds(ground, key);
  const admin = has('admin');
  const ofRoles = (form: FormMeta) => {
    if (admin) return fullAccess;
    return seesApp(ground, form.appId) ? combineGrants(form, grantsFor(ground, form), reader) : noAccess;
  };
  const granted = new Map(
    forms.list.map((form) => [
      form.id as string,
      open(form)
        ? withPool(form, ofRoles(form), ground.rules.pools.get(form.id), {
            principals: reader.principals,
            designs: admin || designsApp(ground, form.appId),
          })
        : noAccess,
    ]),
  );
  for (const part of forms.parts) {
    const access = part.owner && granted.get(part.owner.form.id);
    if (access) granted.set(part.id, partAccess(access, part));
  }
  const sees = (appId: string) => seesApp(ground, appId);
  // Keys work with data: they administer and design nothing, whoever they act as.
  if (key) return { ...nothing, forms: hideDerived(granted, forms), sees };
  return {
    permissions: { admin, design: has('design'), members: has('members') },
    forms: admin ? granted : hideDerived(granted, forms),
    designs: (appId) => designsApp(ground, appId),
    sees,
  };
}

export function holds({ org, member, withoutAllOf }: AccessGround, key: Permission): boolean {
  if (withoutAllOf !== undefined) return false;
  return member.roleIds.some((id) => {
    const permissions = org.roles.get(id)?.permissions;
    return permissions?.admin || permissions?.[key];
  });
}

/** Designers may change every app, an app's own administrators theirs. */
export function designsApp(ground: AccessGround, appId: string): boolean {
  if (holds(ground, 'design')) return true;
  if (ground.withoutAllOf === appId) return false;
  const access = ground.rules.apps.get(appId as AppId);
  return access !== undefined && names(access.admins, ground.reader.principals);
}

/** An app is open to everybody or to those it names, and always to who may change it. */
export function seesApp(ground: AccessGround, appId: string): boolean {
  const access = ground.rules.apps.get(appId as AppId);
  if (!access || designsApp(ground, appId)) return true;
  return access.visibleTo === null || names(access.visibleTo, ground.reader.principals);
}

/** A role's grant for a form, or its grant `*` for forms it does not name; who designs the app has everything besides. */
export function grantsFor(ground: AccessGround, form: FormMeta): FormGrant[] {
  const { org, member } = ground;
  const own = member.roleIds.flatMap((id) => {
    const grants = org.roles.get(id)?.permissions.forms ?? {};
    return grants[form.id] ?? grants['*'] ?? [];
  });
  return designsApp(ground, form.appId) ? [designGrant, ...own] : own;
}

const permissionNames: Record<Permission, Words> = {
  admin: { zh: '系统管理', en: 'administer the system' },
  design: { zh: '设计应用', en: 'design apps' },
  members: { zh: '成员管理', en: 'manage members' },
};
