import type { ExplainBody, ExplainedRule, Explanation } from '@lianke/shared/access/api';
import type { FormAction } from '@lianke/shared/forms/definition';
import type { FormId, RecordId, RoleId } from '@lianke/shared/ids';
import type { FormGrant } from '@lianke/shared/org/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { OrgDirectory } from '../org/org-directory.js';
import type { StoredRecord } from '../records/contracts.js';
import { RecordReader } from '../records/record-reader.js';
import { ScopeBuilder } from '../records/scope-builder.js';
import { type AccessGround, AccessService, seesApp } from './access.service.js';
import { explainField } from './explained-fields.js';
import { ExplainedRows } from './explained-rows.js';
import { labelOf } from './principals.js';

type Part = Explanation['parts'][number];

/** One role's grant for the form in question. */
export interface HeldGrant {
  roleId: RoleId;
  formId: FormId;
  label: string;
  grant: FormGrant;
}

/**
 * Why a member can or cannot do something: the rules by name. It goes through the same rules as `combineGrants` one by
 * one, the rows through the same SQL; a test takes the named rules away and asks the reader again.
 */
@Injectable()
export class ExplainService {
  constructor(
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly scopes: ScopeBuilder,
    private readonly database: Database,
    private readonly reader: RecordReader,
  ) {}

  async explain(ctx: TenantContext, body: ExplainBody): Promise<Explanation> {
    await this.access.require(ctx, 'admin');
    const org = await this.org.of(ctx);
    const person = org.members.get(body.memberId);
    if (!person) throw new AppError('not_found');
    const member = { id: person.id, label: person.name, active: person.state === 'active' };
    const roles = person.roleIds.map((id) => ({ id, label: org.roles.get(id)?.name ?? '' }));
    const ground = await this.access.ground(ctx, body.memberId);
    if (!ground) return { allowed: false, member, roles, parts: [] };
    const form = ground.forms.get(body.formId);
    if (!form) throw new AppError('not_found');
    const theirs: TenantContext = { ...ctx, actor: { kind: 'member', memberId: body.memberId } };
    const everything = everythingRules(ground, form);
    const grants = heldGrants(ground, form);
    const parts: Part[] = [];
    const app = appPart(ground, form, everything);
    if (app) parts.push(app);
    const action = actionPart(body.action, grants, everything);
    if (body.recordId === undefined || !action.allowed) parts.push(action);
    if (body.recordId !== undefined && action.allowed) {
      const whole = await this.scopes.of(theirs);
      // What carries rows beside a rule that gives everything must hold without it: 随关联数据 may lean on it alone.
      const plain = this.access.without(ground, form.appId);
      const leaning = everything.admin.length + everything.design.length > 0;
      const scope = leaning ? { ...whole, accessOf: (other: FormMeta) => plain(other.id) } : whole;
      const rows = new ExplainedRows(this.database, ctx, ground, form, scope);
      parts.push(await rows.part(body.recordId, body.action, grants, everything));
    }
    if (body.field !== undefined) {
      const field = form.field(body.field);
      if (!field) throw new AppError('unknown_field', { field: body.field });
      const access = await this.access.ofForm(theirs, form);
      const record = body.recordId === undefined ? undefined : await this.stored(ctx, form, body.recordId);
      const asked = { form, field, access, action: body.action, record, env: (await this.scopes.of(theirs)).env };
      parts.push(explainField(asked, grants, everything));
    }
    return { allowed: parts.every((part) => part.allowed), member, roles, parts };
  }

  private async stored(ctx: TenantContext, form: FormMeta, id: RecordId): Promise<StoredRecord> {
    const [record] = await this.database.withTenant(ctx, (tx) => this.reader.stored(tx, ctx, form.id, [id]));
    if (!record) throw new AppError('not_found');
    return record;
  }
}

/** Rules that give everything in the form: administrators past every prohibition, designers not. */
export interface Everything {
  admin: ExplainedRule[];
  design: ExplainedRule[];
}

function everythingRules(ground: AccessGround, form: FormMeta): Everything {
  const { org, member, rules, reader } = ground;
  const roles = member.roleIds.flatMap((id) => org.roles.get(id) ?? []);
  const rule = (kind: 'admin' | 'design', role: (typeof roles)[number]): ExplainedRule => ({
    id: `role:${role.id}:${kind}`,
    effect: 'allow',
    kind,
    role: { id: role.id, label: role.name },
    detail: '',
  });
  const app = rules.apps.get(form.appId);
  return {
    admin: roles.filter((role) => role.permissions.admin).map((role) => rule('admin', role)),
    design: [
      ...roles.filter((role) => role.permissions.design && !role.permissions.admin).map((role) => rule('design', role)),
      ...(app?.admins ?? [])
        .filter((principal) => reader.principals.includes(principal.id))
        .map(
          (principal): ExplainedRule => ({
            id: `app:${form.appId}:admin:${principal.id}`,
            effect: 'allow',
            kind: 'appAdmin',
            role: null,
            detail: labelOf(org, principal) ?? '',
          }),
        ),
    ],
  };
}

function heldGrants({ org, member }: AccessGround, form: FormMeta): HeldGrant[] {
  return member.roleIds.flatMap((roleId) => {
    const role = org.roles.get(roleId);
    const grant = role?.permissions.forms[form.id] ?? role?.permissions.forms['*'];
    return role && grant ? [{ roleId, formId: form.id, label: role.name, grant }] : [];
  });
}

/** Undefined while the app is open to everybody: then nothing decides about it. */
function appPart(ground: AccessGround, form: FormMeta, everything: Everything): Part | undefined {
  const { org, rules, reader } = ground;
  const access = rules.apps.get(form.appId);
  const list = access?.visibleTo ?? null;
  if (list === null) return undefined;
  const kind = 'appVisible';
  const naming = list
    .filter((principal) => reader.principals.includes(principal.id))
    .map(
      (principal): ExplainedRule => ({
        id: `app:${form.appId}:${kind}:${principal.id}`,
        effect: 'allow',
        kind,
        role: null,
        detail: labelOf(org, principal) ?? '',
      }),
    );
  const allowed = seesApp(ground, form.appId);
  return { part: 'app', allowed, rules: allowed ? [...everything.admin, ...everything.design, ...naming] : [] };
}

/** A prohibition or permission that one role holds. */
export function grantRule(
  held: Omit<HeldGrant, 'grant'>,
  effect: ExplainedRule['effect'],
  kind: ExplainedRule['kind'],
  name: string,
  detail: string,
): ExplainedRule {
  return {
    id: `role:${held.roleId}:form:${held.formId}:${effect}:${name}`,
    effect,
    kind,
    role: { id: held.roleId, label: held.label },
    detail,
  };
}

const blind: readonly FormAction[] = ['create', 'import', 'backdate'];

/** Roles that forbid an action; forbidding to look forbids everything that needs a look. */
export function forbidding(action: FormAction, grants: readonly HeldGrant[]): ExplainedRule[] {
  return grants.flatMap((held) =>
    (held.grant.deny?.actions ?? [])
      .filter((denied) => denied === action || (denied === 'view' && !blind.includes(action)))
      .map((denied) => grantRule(held, 'deny', 'action', `action:${denied}`, denied)),
  );
}

/** Whether a grant gives an action at all: with sight of the rows unless the action needs none. */
export function gives(grant: FormGrant, action: FormAction): boolean {
  return grant.actions.includes(action) && (blind.includes(action) || grant.actions.includes('view'));
}

function actionPart(action: FormAction, grants: readonly HeldGrant[], { admin, design }: Everything): Part {
  const denies = forbidding(action, grants);
  const giving = grants.filter((held) => gives(held.grant, action));
  const allows = [...design, ...giving.map((held) => grantRule(held, 'allow', 'action', `action:${action}`, action))];
  if (denies.length > 0 && admin.length === 0) return { part: 'action', allowed: false, rules: denies };
  const rules = denies.length > 0 ? admin : [...admin, ...allows];
  return { part: 'action', allowed: rules.length > 0, rules };
}
