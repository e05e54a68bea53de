import type { FormAction } from '@lianke/shared/forms/definition';
import { formActions } from '@lianke/shared/forms/definition';
import type { DepartmentId, MemberId } from '@lianke/shared/ids';
import type { FieldRight, FormGrant } from '@lianke/shared/org/api';
import type { FormMeta } from '../forms/form-meta.js';
import { combinedRight, deniedLimits, grantedLimits } from './field-rights.js';
import { everyRow, FormAccess, noAccess, type Scope, type ScopeCase } from './form-access.js';
import type { RowRight } from './row-rights.js';

/** A member's place in the organisation, as far as scopes need it. */
export interface Reader {
  memberId: MemberId;
  departments: readonly DepartmentId[];
  departmentsAndBelow: readonly DepartmentId[];
  /** Whom a share may name to reach him: himself, his departments and those above, his roles. */
  principals: readonly string[];
  /** Whether any record of a form is shared with him. */
  hasShares(formId: string): boolean;
}

/** Actions that need no sight of the row: what is made did not stand before. */
export const blind: readonly FormAction[] = ['create', 'import', 'backdate'];

/** Everything, as designers of a form have it; what their roles forbid still wins. */
export const designGrant: FormGrant = { actions: [...formActions], scope: 'all', fields: {}, unmask: 1000 };

/**
 * Adds up the grants of a member's roles. Each action is allowed in the rows of every role that allows it together with
 * `view`; a field has in each row the strongest right that any role with `view` gives it. What any role forbids wins: an
 * action is gone, rows that meet its filter are gone, a field keeps at most what is left of it. Shares add rows, never
 * actions.
 */
export function combineGrants(form: FormMeta, grants: readonly FormGrant[], reader: Reader): FormAccess {
  const useful = grants.filter((grant) => grant.actions.length > 0);
  if (useful.length === 0) return noAccess;
  const denies = grants.flatMap((grant) => grant.deny ?? []);
  const denied = new Set(denies.flatMap((deny) => deny.actions));
  const except = denies.flatMap((deny) => deny.filter ?? []);
  const scopes = new Map<FormAction, Scope>();
  if (denied.has('view')) for (const action of formActions) if (!blind.includes(action)) denied.add(action);
  for (const action of formActions) {
    if (denied.has(action)) continue;
    const giving = useful.filter(
      (grant) => grant.actions.includes(action) && (blind.includes(action) || grant.actions.includes('view')),
    );
    if (giving.length > 0) scopes.set(action, united(form, action, giving, except, reader));
  }
  const rights = new Map<string, FieldRight>();
  const rows = new Map<string, RowRight>();
  const who = { me: reader.memberId, myDepartments: reader.departments };
  const viewing = useful.filter((grant) => grant.actions.includes('view'));
  const giving = viewing.length > 0 ? viewing : useful;
  for (const holder of [form, ...form.parts])
    for (const field of holder.fields) {
      const combined = combinedRight(
        // Rows of subforms have no conditions of their own.
        giving.map((grant) => grantedLimits(holder, field, holder === form ? grant : { ...grant, masks: {} })),
        denies.map((deny) => deniedLimits(holder, field, holder === form ? deny : { ...deny, masks: {} })),
      );
      if (combined.right !== 'write') rights.set(field.id, combined.right);
      if (combined.rows) rows.set(field.id, { ...combined.rows, who });
    }
  const unmask = Math.max(0, ...useful.map((grant) => grant.unmask ?? 0));
  return new FormAccess(scopes, rights.size === 0 ? 'write' : rights, unmask, undefined, rows);
}

function united(
  form: FormMeta,
  action: FormAction,
  grants: readonly FormGrant[],
  except: Scope['except'],
  reader: Reader,
): Scope {
  if (grants.some((grant) => grant.scope === 'all')) return except.length === 0 ? everyRow : { cases: 'all', except };
  const cases: ScopeCase[] = grants.flatMap((grant) => casesOf(form, grant, reader));
  if (!blind.includes(action) && reader.hasShares(form.id))
    cases.push({ kind: 'shared', principals: reader.principals, writing: !reading.includes(action) });
  return { cases: distinct(cases), except };
}

/** What a share for reading is enough for. */
const reading: readonly FormAction[] = ['view', 'print', 'export'];

/** The rows of one grant. */
export function casesOf(
  form: FormMeta,
  grant: FormGrant,
  reader: Pick<Reader, 'memberId' | 'departments' | 'departmentsAndBelow'>,
): ScopeCase[] {
  const { memberId } = reader;
  const cases: ScopeCase[] = [];
  if (grant.scope === 'departmentAndBelow') cases.push({ kind: 'departments', ids: reader.departmentsAndBelow });
  if (grant.scope === 'department') cases.push({ kind: 'departments', ids: reader.departments });
  if (grant.scope !== 'none' && grant.scope !== 'all') cases.push({ kind: 'own', memberId });
  if (grant.involved) cases.push({ kind: 'involved', memberId });
  for (const ref of grant.inherit ?? []) {
    const relation = form.field(ref);
    if (relation?.type.refers === 'record') cases.push({ kind: 'inherit', relation: relation.id });
  }
  if (grant.filter) cases.push({ kind: 'filter', filter: grant.filter });
  return cases;
}

/** Equal cases of several roles once; departments of all of them in one list. */
function distinct(cases: readonly ScopeCase[]): ScopeCase[] {
  const departments = new Set(cases.flatMap((item) => (item.kind === 'departments' ? item.ids : [])));
  const others = new Map(
    cases.filter((item) => item.kind !== 'departments').map((item) => [JSON.stringify(item), item]),
  );
  return [
    ...(departments.size > 0 ? [{ kind: 'departments' as const, ids: [...departments] }] : []),
    ...others.values(),
  ];
}
