import type { AppPackage } from '@lianke/shared/apps/package';
import type { InstallChoice, ThroughItem } from '@lianke/shared/apps/package-api';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { AppId } from '@lianke/shared/ids';
import { rolePermissions } from '@lianke/shared/org/api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { refusal } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { CLOCK } from '../../../kernel/tokens.js';
import { AccessService } from '../../access/access.service.js';
import type { TenantContext } from '../../context.js';
import { settledDuplicateRule } from '../../duplicates/duplicate-rules.service.js';
import { requireReach } from '../../flows/flow-reach.js';
import { FormRegistry, TenantForms } from '../../forms/form-registry.js';
import { FormSets } from '../../forms/form-set.js';
import { type Org, OrgDirectory, type OrgRole } from '../../org/org-directory.js';
import { FlowInstaller } from '../../ports.js';
import { type AppGround, type RoleRow, readGround } from './app-ground.js';
import { claimNames } from './claim-names.js';
import { describeApp, nameFields } from './describe-app.js';
import { InstallPlan } from './install-plan.js';
import { matchNames } from './match-names.js';
import { withOutside } from './outside-forms.js';
import { PackageNames, personToken, placeToken } from './package-names.js';
import { type AppOrigin, originOf } from './package-store.js';
import { type Parts, partsOf, valuesOf } from './parts.js';
import { bindFields, throughItems } from './through-items.js';

/** A plan with what it was made from. */
export interface Planned {
  plan: InstallPlan;
  ground: AppGround | undefined;
  origin: AppOrigin | undefined;
  roles: readonly RoleRow[];
  org: Org;
  /** Open places that somebody or something takes: `member:m1`, `secret:ERP` … */
  filled: ReadonlySet<string>;
  /** What relates to forms of other apps, and whether it comes. */
  through: ThroughItem[];
}

/** Works out what installing a package would do; writes nothing. */
@Injectable()
export class PackagePlanner {
  constructor(
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly access: AccessService,
    private readonly sets: FormSets,
    private readonly flows: FlowInstaller,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Part by part; forms, flows and the rest are put together by {@link complete}. */
  async begin(
    tx: Tx,
    ctx: TenantContext,
    file: AppPackage,
    choice: InstallChoice,
    { trusted = false }: { trusted?: boolean } = {},
  ): Promise<Planned> {
    const [forms, org] = [await this.registry.load(tx, ctx), await this.org.load(tx)];
    const { admin, design } = await this.access.permissions(ctx);
    const origin = choice.appId ? await originOf(tx, choice.appId) : undefined;
    const ground = choice.appId ? await readGround(tx, choice.appId, forms, org) : undefined;
    const roles =
      ground?.roles ??
      (await tx.sql<RoleRow>('SELECT id, key, name, permissions, system FROM lianke.role ORDER BY name, id'));
    const names = new PackageNames(livingNames(origin?.names ?? {}, forms));
    for (const role of roles) if (role.system) names.set(`role:${role.key ?? 'admin'}`, role.id);
    this.namePeople(names, choice, org);
    await this.nameForms(ctx, names, choice, forms);
    const options = bindFields(names, file.outside, forms);
    const pack = withOutside(file, names, options);
    if (!ground) joinRoles(names, pack, roles, choice.roles === 'join' && admin);
    let now: Parts = new Map();
    if (ground) {
      if (!origin) matchNames(names, pack, ground);
      // The package's own places are nobody else's.
      names.reserve(pack.open);
      learnPeople(names, origin?.base ?? valuesOf(partsOf(pack)), ground, org);
      claimNames(names, pack, 'all but fields');
      for (const form of ground.forms) if (names.token(form.id)) nameFields(names, form);
      const told = { ...valuesOf(partsOf(pack)), ...origin?.pack };
      now = partsOf(withOutside(describeApp(ground, names, origin ?? pack, 'draft', told).pack, names));
      nameRemoved(names, ground, pack);
    } else claimNames(names, pack, 'all but fields');
    claimNames(names, pack, 'fields');
    const plan = new InstallPlan(pack, {
      choice,
      names,
      appId: choice.appId ?? (uuid7() as AppId),
      ground,
      now,
      remembered: origin ?? { pack: {}, base: {} },
      roles,
      makesRoles: admin || design,
      changesRoles: admin,
      trusted,
    });
    const through = throughItems(file, pack, names, options);
    return { plan, ground, origin, roles, org, filled: await this.filled(tx, pack, names), through };
  }

  private async filled(tx: Tx, pack: AppPackage, names: PackageNames): Promise<Set<string>> {
    const secrets = await tx.sql<{ kind: string; name: string }>('SELECT kind, name FROM lianke.flow_secret');
    const mail = await tx.sql('SELECT 1 FROM lianke.mail_account LIMIT 1');
    const here = new Set([
      ...secrets.map(({ kind, name }) => `${kind}:${name}`),
      ...(mail.length > 0 ? ['mail:mail'] : []),
    ]);
    const tokens = pack.open.map(({ kind, key }) => `${kind}:${key}`);
    return new Set(tokens.filter((token) => here.has(token) || (placeToken.test(token) && names.id(token))));
  }

  /** Forms and what stands in the way of each flow. Throws what would refuse the installing. */
  async complete(tx: Tx, ctx: TenantContext, { plan, org }: Planned): Promise<{ faults: Map<string, Words[]> }> {
    plan.planForms();
    const forms = await this.registry.load(tx, ctx);
    plan.set = this.sets.plan(ctx, forms, plan.wanted, this.clock.now());
    const settled = plan.set.settled;
    const all = new TenantForms([
      ...forms.list.filter((form) => !settled.some((item) => item.id === form.id)),
      ...settled,
    ]);
    const flows = plan.flows();
    const found = await this.flows.faults(
      tx,
      ctx,
      { forms: all, org: org.withRoles(plan.roles().map(comingRole)) },
      flows.map(({ definition }) => definition),
    );
    const faults = new Map(flows.map(({ token }, index) => [token, found[index] ?? []]));
    // Everything else is read too, so that a fault is told before anything is written.
    plan.views();
    plan.dashboards();
    for (const { formId, rules } of plan.duplicates()) {
      const form = all.get(formId);
      if (form) for (const [index, rule] of rules.entries()) settledDuplicateRule(form, rule, index);
    }
    plan.pools();
    plan.prints();
    await this.requireOwn(ctx, plan, all, flows);
    return { faults };
  }

  /** Whoever administers only this app brings nothing in that reaches into others. */
  private async requireOwn(
    ctx: TenantContext,
    plan: InstallPlan,
    forms: TenantForms,
    flows: readonly { definition: FlowDefinition }[],
  ): Promise<void> {
    if ((await this.access.permissions(ctx)).design) return;
    for (const { definition } of flows) await requireReach(this.access, forms, ctx, definition);
    for (const { definition } of plan.targets()) await this.access.requireDesignOfNamed(ctx, definition);
  }

  /** The chosen forms stand for those of other apps. One that a relation here leads to already stays. */
  private async nameForms(
    ctx: TenantContext,
    names: PackageNames,
    choice: InstallChoice,
    forms: TenantForms,
  ): Promise<void> {
    for (const [token, id] of Object.entries(choice.forms)) {
      const form = forms.get(id);
      const known =
        form && !form.owner && form.appId !== choice.appId && (await this.access.ofForm(ctx, form)).may('view');
      if (!placeToken.test(token) || personToken.test(token) || !known)
        throw refusal('invalid_request', {
          zh: `选给“${token}”的表单不存在，或你没有权限查看它`,
          en: `the form chosen for "${token}" does not exist, or you may not see it`,
        });
      if (!names.id(token)) names.set(token, id);
    }
  }

  /** The chosen people take the open places; others who are not here are refused. */
  private namePeople(names: PackageNames, choice: InstallChoice, org: Org): void {
    for (const [token, id] of Object.entries(choice.people)) {
      const person = personToken.exec(token);
      const known = person?.[1] === 'department' ? org.departments.has(id as never) : org.members.has(id as never);
      if (!person || !known)
        throw refusal('invalid_request', {
          zh: `选给“${token}”的成员或部门不存在`,
          en: `whoever was chosen for "${token}" does not exist`,
        });
      names.set(token, id);
    }
  }
}

/** The app's names without those of other apps' forms, and of their fields, that are gone. */
function livingNames(names: AppOrigin['names'], forms: TenantForms): AppOrigin['names'] {
  const gone = ([token, id]: [string, string]) => {
    if (!token.startsWith('outside:')) return false;
    const [place = '', field] = token.split('/');
    const form = forms.get(names[place] ?? '');
    return !form || (field !== undefined && !form.field(id));
  };
  return Object.fromEntries(Object.entries(names).filter((entry) => !gone(entry)));
}

/** Roles that a new app shares with the company: those it gives no rights are only named, others as chosen. */
function joinRoles(names: PackageNames, pack: AppPackage, roles: readonly RoleRow[], join: boolean): void {
  for (const role of pack.roles) {
    const same = roles.find((item) => item.name === role.name && !item.system);
    if (same && (join || Object.keys(role.forms).length === 0) && !names.token(same.id))
      names.set(`role:${role.key}`, same.id);
  }
}

/** Who was put into places that the package left open, as designers filled them since. */
function learnPeople(names: PackageNames, base: AppOrigin['base'], ground: AppGround, org: Org): void {
  const people = {
    members: org.members as ReadonlyMap<string, unknown>,
    departments: org.departments as ReadonlyMap<string, unknown>,
  };
  const learn = (token: string | undefined, value: unknown) => {
    if (token) names.learn(base[token], value, people);
  };
  for (const { id, name, draft } of ground.flows) learn(names.token(id), { name, definition: draft });
  for (const { id, definition } of ground.views) learn(names.token(id), definition);
  for (const { id, name, definition } of ground.dashboards) learn(names.token(id), { name, definition });
}

/** Fields that were taken off keep their names, so that taking one again brings its data back. */
function nameRemoved(names: PackageNames, ground: AppGround, pack: AppPackage): void {
  for (const { key, fields } of pack.forms) {
    const form = ground.forms.find((item) => item.id === names.id(`form:${key}`));
    for (const field of form?.definition.removed ?? []) {
      const same = fields.some((item) => {
        const { key: of, type } = item as { key?: unknown; type?: unknown };
        return of === field.key && type === field.type;
      });
      if (same && names.id(`field:${key}/${field.key}`) === undefined) names.set(`field:${key}/${field.key}`, field.id);
    }
  }
}

const comingRole = ({ id, key, name, design, forms }: ReturnType<InstallPlan['roles']>[number]): OrgRole => ({
  id: id as OrgRole['id'],
  key,
  name,
  permissions: rolePermissions.parse({ design, forms }),
  system: false,
});
