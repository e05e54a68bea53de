import type { Filter } from '@lianke/shared/filter/ast';
import type { FormAction } from '@lianke/shared/forms/definition';
import { formActions } from '@lianke/shared/forms/definition';
import type { DepartmentId, FieldId, MemberId } from '@lianke/shared/ids';
import type { FieldRight } from '@lianke/shared/org/api';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { parentKey } from '../forms/subform-meta.js';
import { decidersOf, holds, type Moment, type RowRight, type RowValue } from './row-rights.js';

/** Rows a reader may touch: all of them, or those that meet any of the cases; never those that meet an exception. */
export interface Scope {
  readonly cases: 'all' | readonly ScopeCase[];
  readonly except: readonly Filter[];
}

export type ScopeCase =
  | { kind: 'own'; memberId: MemberId }
  /** Nobody owns it: the rows of a pool. */
  | { kind: 'unowned' }
  | { kind: 'departments'; ids: readonly DepartmentId[] }
  | { kind: 'filter'; filter: Filter }
  /** A member field names him, or he has or had a task in the record's approvals. */
  | { kind: 'involved'; memberId: MemberId }
  /** The record that this relation names is among those he may see. */
  | { kind: 'inherit'; relation: FieldId }
  /** The record is shared with him, one of his departments (or one above) or roles; `write` shares only when `writing`. */
  | { kind: 'shared'; principals: readonly string[]; writing: boolean };

/** How one reader stands to a form's pool (公海). */
export interface PoolAccess {
  /** What he sees of its rows. */
  access: FormAccess;
  /** He may hand them out, and sees them as any others. */
  manages: boolean;
}

export const everyRow: Scope = { cases: 'all', except: [] };
export const noRow: Scope = { cases: [], except: [] };

/** What one reader may do with one form, all roles added up. */
export class FormAccess {
  constructor(
    /** The rows of each action that is allowed at all. */
    private readonly scopes: ReadonlyMap<FormAction, Scope>,
    private readonly rights: ReadonlyMap<string, FieldRight> | 'write',
    /** How many masked values he may look at in clear a day. */
    readonly unmask = 0,
    /** Absent for who may not look into the form's pool. */
    readonly pool?: PoolAccess,
    /** Of fields whose right differs from row to row; `rights` holds the least of them. */
    private readonly rows: ReadonlyMap<string, RowRight> = new Map(),
  ) {}

  get actions(): ReadonlySet<FormAction> {
    return new Set(this.scopes.keys());
  }

  may(action: FormAction): boolean {
    return this.scopes.has(action);
  }

  /** The rows he may see. */
  get scope(): Scope {
    return this.scopeOf('view');
  }

  /** The rows he may do this with. */
  scopeOf(action: FormAction): Scope {
    return this.scopes.get(action) ?? noRow;
  }

  /** The least that his right is in any row. */
  right(field: FieldMeta): FieldRight {
    if (this.rights === 'write') return 'write';
    return this.rights.get(field.id) ?? 'write';
  }

  /** How his right differs from row to row; undefined when it does not. */
  inRows(field: FieldMeta): RowRight | undefined {
    return this.rows.get(field.id);
  }

  /** Whether the field leaves for him at all, be it with stars. */
  mayRead(field: FieldMeta): boolean {
    return this.right(field) !== 'hidden';
  }

  /** Whether he gets its values as they are, in every row. */
  sees(field: FieldMeta): boolean {
    const right = this.right(field);
    return right === 'write' || right === 'read';
  }

  /**
   * Whether he may filter, sort, group, count, search or match by it. In rows in which it is masked for him it has no value
   * then: whoever compares has to see to that (`seenColumn`, `maskedSql`).
   */
  compares(field: FieldMeta): boolean {
    return this.sees(field) || this.rows.has(field.id);
  }

  /** Whether its values have stars for him in every row. */
  masks(field: FieldMeta): boolean {
    return this.right(field) === 'masked' && !this.rows.has(field.id);
  }

  /** Whether its value has stars for him in this row of the form. */
  masksIn(form: FormMeta, field: FieldMeta, value: RowValue, moment: Moment): boolean {
    const right = this.rows.get(field.id);
    return right ? holds(right.masked, form, value, { ...moment, ...right.who }) : this.masks(field);
  }

  /** Fields that decide in which rows the given ones are masked: to be read along with them. */
  decidersOf(form: FormMeta, fields: readonly FieldMeta[]): FieldMeta[] {
    if (this.rows.size === 0) return [];
    return [...new Set(fields.flatMap((field) => decidersOf(form, this.rows.get(field.id)?.masked ?? 'none')))];
  }

  /** Whether he may write it in some row at least. */
  mayWrite(field: FieldMeta): boolean {
    return this.right(field) === 'write' || typeof this.rows.get(field.id)?.locked === 'object';
  }

  /** Whether he may not write it in this row of the form, as it stands before he does. */
  locksIn(form: FormMeta, field: FieldMeta, value: RowValue, moment: Moment): boolean {
    const right = this.rows.get(field.id);
    return right ? holds(right.locked, form, value, { ...moment, ...right.who }) : !this.mayWrite(field);
  }

  /** The same access with these fields hidden. */
  hiding(fieldIds: readonly string[]): FormAccess {
    const rights = new Map(this.rights === 'write' ? [] : this.rights);
    for (const id of fieldIds) rights.set(id, 'hidden');
    const rows = new Map([...this.rows].filter(([id]) => !fieldIds.includes(id)));
    const pool = this.pool && { ...this.pool, access: this.pool.access.hiding(fieldIds) };
    return new FormAccess(this.scopes, rights, this.unmask, pool, rows);
  }

  /** The same access without the rows that meet the filter, in these actions. */
  excepting(filter: Filter, actions: readonly FormAction[]): FormAccess {
    const scopes = new Map(this.scopes);
    for (const action of actions) {
      const scope = scopes.get(action);
      if (scope) scopes.set(action, { ...scope, except: [...scope.except, filter] });
    }
    return new FormAccess(scopes, this.rights, this.unmask, this.pool, this.rows);
  }

  withPool(pool: PoolAccess): FormAccess {
    return new FormAccess(this.scopes, this.rights, this.unmask, pool, this.rows);
  }

  /** The same access, seeing only the rows he may do `action` with: for exports and prints. */
  within(action: FormAction): FormAccess {
    const scope = this.scopes.get(action);
    const scopes = new Map([...this.scopes, ...(scope ? [['view', scope] as const] : [])]);
    return new FormAccess(scopes, this.rights, 0, undefined, this.rows);
  }

  /** Equal fingerprints see the same rows and fields, but for conditions that mean the reader himself (`{me: true}`). */
  get fingerprint(): string {
    const rights = this.rights === 'write' ? 'write' : [...this.rights].sort();
    return JSON.stringify([this.scope, rights, [...this.rows].sort(), this.may('view')]);
  }
}

export const fullAccess = new FormAccess(new Map(formActions.map((action) => [action, everyRow])), 'write', 1000);
export const noAccess = new FormAccess(new Map(), new Map());

/**
 * Rights to the rows of a subform, which follow from those to the records they belong to: who does not see the field sees
 * no rows, who may not write it writes none, and each field of the rows has its own right besides.
 */
export function partAccess(of: FormAccess, part: FormMeta): FormAccess {
  const field = part.owner?.field;
  const parent = part.field(parentKey);
  if (!field || !parent || !of.sees(field)) return noAccess;
  const everything = of.scope.cases === 'all' && of.scope.except.length === 0;
  const scope: Scope = everything ? everyRow : { cases: [{ kind: 'inherit', relation: parent.id }], except: [] };
  const actions = [...of.actions].filter((action) => !['import', 'backdate', 'design'].includes(action));
  const rights = new Map<string, FieldRight>();
  for (const inner of part.fields) {
    const right = of.right(inner);
    const capped = right === 'write' && !of.mayWrite(field) ? 'read' : right;
    if (capped !== 'write' && !inner.system) rights.set(inner.id, capped);
  }
  return new FormAccess(
    new Map(actions.map((action) => [action, scope])),
    rights.size === 0 ? 'write' : rights,
    of.unmask,
  );
}
