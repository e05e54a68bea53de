import type { Filter } from '@lianke/shared/filter/ast';
import type { FormAction } from '@lianke/shared/forms/definition';
import { formActions } from '@lianke/shared/forms/definition';
import type { DepartmentId, MemberId } from '@lianke/shared/ids';
import type { FieldRight, FormGrant } from '@lianke/shared/org/api';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';

/** Rows a reader may touch: all of them, or those that meet any of the cases. */
export type Scope = 'all' | ScopeCase[];
export type ScopeCase =
  | { kind: 'own'; memberId: MemberId }
  | { kind: 'departments'; ids: DepartmentId[] }
  | { kind: 'filter'; filter: Filter };

/** What one reader may do with one form, all roles added up. */
export class FormAccess {
  constructor(
    readonly actions: ReadonlySet<FormAction>,
    readonly scope: Scope,
    private readonly rights: ReadonlyMap<string, FieldRight> | 'write',
  ) {}

  may(action: FormAction): boolean {
    return this.actions.has(action);
  }

  right(field: FieldMeta): FieldRight {
    if (this.rights === 'write') return 'write';
    return this.rights.get(field.id) ?? 'write';
  }

  mayRead(field: FieldMeta): boolean {
    return this.right(field) !== 'hidden';
  }

  mayWrite(field: FieldMeta): boolean {
    return this.right(field) === 'write';
  }

  /** The same access with these fields hidden. */
  hiding(fieldIds: readonly string[]): FormAccess {
    const rights = new Map(this.rights === 'write' ? [] : this.rights);
    for (const id of fieldIds) rights.set(id, 'hidden');
    return new FormAccess(this.actions, this.scope, rights);
  }

  /** Equal fingerprints see the same rows and fields: the key of shared widget results. */
  get fingerprint(): string {
    const rights = this.rights === 'write' ? 'write' : [...this.rights].sort();
    return JSON.stringify([this.scope, rights, this.actions.has('view')]);
  }
}

export const fullAccess = new FormAccess(new Set(formActions), 'all', 'write');
export const noAccess = new FormAccess(new Set(), [], new Map());

/** A member's place in the organisation, as far as scopes need it. */
export interface Reader {
  memberId: MemberId;
  departments: DepartmentId[];
  departmentsAndBelow: DepartmentId[];
}

/**
 * Adds up the grants of a member's roles: any role's action is allowed, scopes are united, and a field has the
 * strongest right that any role with `view` gives it.
 */
export function combineGrants(form: FormMeta, grants: readonly FormGrant[], reader: Reader): FormAccess {
  const useful = grants.filter((grant) => grant.actions.length > 0);
  if (useful.length === 0) return noAccess;
  const actions = new Set(useful.flatMap((grant) => grant.actions));
  let scope: Scope = [];
  for (const grant of useful) {
    const more = scopeOf(grant, reader);
    scope = scope === 'all' || more === 'all' ? 'all' : [...scope, ...more];
  }
  const rights = new Map<string, FieldRight>();
  for (const field of form.fields) {
    const best = useful.map((grant) => grant.fields[field.id] ?? grant.fields[field.key] ?? 'write').reduce(stronger);
    if (best !== 'write') rights.set(field.id, best);
  }
  return new FormAccess(actions, scope, rights.size === 0 ? 'write' : rights);
}

const strength: Record<FieldRight, number> = { hidden: 0, read: 1, write: 2 };
const stronger = (a: FieldRight, b: FieldRight): FieldRight => (strength[a] >= strength[b] ? a : b);

function scopeOf(grant: FormGrant, reader: Reader): Scope {
  const cases: ScopeCase[] = grant.filter ? [{ kind: 'filter', filter: grant.filter }] : [];
  switch (grant.scope) {
    case 'all':
      return 'all';
    case 'departmentAndBelow':
      return [
        { kind: 'departments', ids: reader.departmentsAndBelow },
        { kind: 'own', memberId: reader.memberId },
        ...cases,
      ];
    case 'department':
      return [{ kind: 'departments', ids: reader.departments }, { kind: 'own', memberId: reader.memberId }, ...cases];
    case 'own':
      return [{ kind: 'own', memberId: reader.memberId }, ...cases];
    case 'none':
      return cases;
  }
}
