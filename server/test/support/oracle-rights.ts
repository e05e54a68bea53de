import type { Filter } from '@lianke/shared/filter/ast';
import type { FormAction } from '@lianke/shared/forms/definition';
import type { Json } from '@lianke/shared/json';
import type { FieldRight, FormGrant, RolePermissions } from '@lianke/shared/org/api';

export interface Row {
  id: string;
  name: string | null;
  phone: string[] | null;
  amount: string | null;
  grade: string | null;
  helper: string | null;
  mates: string[] | null;
  owner: string | null;
  dept: string | null;
  customer?: string | null;
}

export interface OracleForm {
  id: string;
  fields: { id: string; key: string }[];
  rows: Row[];
}

export type FormKey = 'customer' | 'visit';

interface Share {
  id: string;
  formId: string;
  recordId: string;
  to: string;
  level: 'read' | 'write';
  expires: number | null;
}

export interface Pool {
  claimers: string[] | null;
  managers: string[];
  /** By field id. */
  fields: Record<string, 'read' | 'masked'> | null;
}

export const strength: Record<FieldRight, number> = { hidden: 0, masked: 1, read: 2, write: 3 };
/** They need no sight of rows, so that forbidding to look leaves them. */
const blind: readonly FormAction[] = ['create', 'import', 'backdate'];
const maskable = ['name', 'phone'];

/** Which rows and fields somebody has, worked out over plain lists, rule by rule, with none of the product's code. */
export class OracleRights {
  rights: {
    me: string;
    departments: string[];
    roles: string[];
    grants: Map<string, RolePermissions>;
    shares: Share[];
    pools: Partial<Record<FormKey, Pool>>;
  } = { me: '', departments: [], roles: [], grants: new Map(), shares: [], pools: {} };
  /** The form whose pool is being looked into. */
  protected inside: FormKey | undefined;

  constructor(
    readonly forms: Record<FormKey, OracleForm>,
    protected readonly org: { departments: Map<string, string | null>; mains: Map<string, string> },
  ) {}

  private designs(): boolean {
    return [...this.rights.grants.values()].some((role) => role.design);
  }

  protected manages(pool: Pool): boolean {
    return this.designs() || pool.managers.some((id) => this.reaches(id));
  }

  protected related(row: Row, withRights: boolean): Row | undefined {
    const customer = row.customer ? this.row('customer', row.customer) : undefined;
    return customer && (!withRights || this.seen('customer', customer, 'view')) ? customer : undefined;
  }

  /** Conditions of rules (`asRule`) reach related rows whatever the reader may see; his own do not. */
  protected meets(form: FormKey, row: Row, filter: Filter, asRule: boolean): boolean {
    if ('and' in filter) return filter.and.every((item) => this.meets(form, row, item, asRule));
    if ('or' in filter) return filter.or.some((item) => this.meets(form, row, item, asRule));
    if ('not' in filter) return !this.meets(form, row, filter.not, asRule);
    const [first = '', second] = filter.field.split('.');
    const at = second === undefined ? row : this.related(row, !asRule);
    if (!at) return false;
    const holder = second === undefined ? form : ('customer' as const);
    const value = asRule ? cellOf(at, second ?? first) : this.read(holder, at, second ?? first);
    const wanted =
      filter.value !== null && typeof filter.value === 'object' && 'me' in filter.value ? this.rights.me : filter.value;
    switch (filter.op) {
      case 'eq':
        return value !== null && String(value) === String(wanted);
      case 'ne':
        return value === null || String(value) !== String(wanted);
      case 'gte':
        return value !== null && Number(value) >= Number(wanted);
      case 'lt':
        return value !== null && Number(value) < Number(wanted);
      case 'contains':
        return [value ?? []].flat().some((item) => String(item).includes(String(wanted)));
      case 'notEmpty':
        return value !== null;
      default:
        throw new Error(`the oracle knows no ${filter.op}`);
    }
  }

  /** What he compares by: a value that he sees with stars is none. */
  protected read(form: FormKey, row: Row, key: string): Json {
    return this.rightIn(form, key, row) === 'masked' ? null : cellOf(row, key);
  }

  protected row(form: FormKey, id: string): Row | undefined {
    return this.forms[form].rows.find((row) => row.id === id);
  }

  private held(form: FormKey): FormGrant[] {
    const { id } = this.forms[form];
    const grants = [...this.rights.grants.values()].flatMap((role) => role.forms[id] ?? []);
    const designs = this.designs();
    const all: FormGrant = {
      actions: [
        'view',
        'create',
        'edit',
        'delete',
        'purge',
        'import',
        'export',
        'print',
        'share',
        'bulk',
        'design',
        'backdate',
      ],
      scope: 'all',
      fields: {},
    };
    return designs ? [all, ...grants] : grants;
  }

  protected anyAction(form: FormKey): boolean {
    return ['view', 'edit', 'delete', 'export', 'share', 'design', ...blind].some((action) =>
      this.may(form, action as FormAction),
    );
  }

  protected may(form: FormKey, action: FormAction): boolean {
    const denied = this.held(form).flatMap((grant) => grant.deny?.actions ?? []);
    if (denied.includes(action) || (denied.includes('view') && !blind.includes(action))) return false;
    return this.giving(form, action).length > 0;
  }

  private giving(form: FormKey, action: FormAction): FormGrant[] {
    return this.held(form).filter(
      (grant) => grant.actions.includes(action) && (blind.includes(action) || grant.actions.includes('view')),
    );
  }

  /** Whether a row is among those he may do this with. `round`: forms whose rows are being decided already. */
  protected seen(form: FormKey, row: Row, action: FormAction, round: readonly FormKey[] = []): boolean {
    if (!this.may(form, action)) return false;
    const denies = this.held(form).flatMap((grant) => grant.deny?.filter ?? []);
    if (denies.some((filter) => this.meets(form, row, filter, true))) return false;
    if (this.inside === form) return row.owner === null;
    const pool = this.rights.pools[form];
    if (pool?.fields && row.owner === null && !blind.includes(action) && !this.manages(pool)) return false;
    if (this.giving(form, action).some((grant) => this.inGrant(form, row, grant, round))) return true;
    return this.rights.shares.some(
      (share) =>
        share.recordId === row.id &&
        this.reaches(share.to) &&
        (share.level === 'write' || ['view', 'print', 'export'].includes(action)),
    );
  }

  private inGrant(form: FormKey, row: Row, grant: FormGrant, round: readonly FormKey[]): boolean {
    const { me, departments } = this.rights;
    if (grant.scope === 'all') return true;
    if (grant.scope !== 'none' && row.owner === me) return true;
    if (grant.scope === 'department' && row.dept !== null && departments.includes(row.dept)) return true;
    if (
      grant.scope === 'departmentAndBelow' &&
      row.dept !== null &&
      this.above(row.dept).some((id) => departments.includes(id))
    )
      return true;
    // The rows were made by the system: nobody is named as their creator.
    if (grant.involved && (row.owner === me || row.helper === me || (row.mates ?? []).includes(me))) return true;
    if (grant.filter && this.meets(form, row, grant.filter, true)) return true;
    if ((grant.inherit ?? []).length === 0 || round.includes('customer')) return false;
    const customer = row.customer ? this.row('customer', row.customer) : undefined;
    return customer !== undefined && this.seen('customer', customer, 'view', [...round, form]);
  }

  /** A department and all above it. */
  private above(id: string): string[] {
    const parent = this.org.departments.get(id);
    return parent ? [id, ...this.above(parent)] : [id];
  }

  protected reaches(id: string): boolean {
    const { me, departments, roles } = this.rights;
    return id === me || roles.includes(id) || departments.some((own) => this.above(own).includes(id));
  }

  /** What he may do with a field of this row. */
  protected rightIn(form: FormKey, key: string, row: Row): FieldRight {
    return this.right(form, key, (when) => this.meets(form, row, when, true));
  }

  /** What he may do with it where no mask holds. */
  protected bestRight(form: FormKey, key: string): FieldRight {
    return this.right(form, key, () => false);
  }

  private right(form: FormKey, key: string, holds: (when: Filter) => boolean): FieldRight {
    const field = this.forms[form].fields.find((item) => item.key === key);
    if (!field) return 'hidden';
    const grants = this.held(form).filter((grant) => grant.actions.length > 0);
    const viewing = grants.filter((grant) => grant.actions.includes('view'));
    const useful = viewing.length > 0 ? viewing : grants;
    if (useful.length === 0) return 'hidden';
    let best: FieldRight = 'hidden';
    const starred = (right: FieldRight): FieldRight =>
      right === 'masked' && !maskable.includes(key) ? 'hidden' : right;
    for (const grant of useful) {
      let right = starred(grant.fields[field.id] ?? 'write');
      const rule = grant.masks?.[field.id];
      if (right === 'masked' && rule && !holds(rule.when)) right = rule.otherwise;
      if (strength[right] > strength[best]) best = right;
    }
    for (const { deny } of this.held(form)) {
      let most = starred(deny?.fields[field.id] ?? 'write');
      const rule = deny?.masks?.[field.id];
      if (most === 'masked' && rule && !holds(rule.when)) most = 'write';
      if (strength[most] < strength[best]) best = most;
    }
    const pool = this.inside === form ? this.rights.pools[form] : undefined;
    if (!pool?.fields || key === 'owner' || key === 'createdAt' || this.manages(pool)) return best;
    const open = pool.fields[field.id] ?? 'hidden';
    return strength[open] < strength[best] ? open : best;
  }
}

export function cellOf(row: Row, key: string): Json {
  return (row as unknown as Record<string, Json>)[key] ?? null;
}
