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

type FormKey = 'customer' | 'visit';

export type Question =
  | {
      kind: 'list';
      form: FormKey;
      filter: Filter | undefined;
      search: string | undefined;
      sort: { field: string; dir: 'asc' | 'desc' }[];
    }
  | {
      kind: 'aggregate';
      form: FormKey;
      filter: Filter | undefined;
      search: string | undefined;
      group: string | undefined;
      sum: boolean;
    }
  | {
      /** A look into the form's pool. */
      kind: 'pool';
      form: FormKey;
      filter: Filter | undefined;
      search: string | undefined;
      sort: { field: string; dir: 'asc' | 'desc' }[];
    }
  | { kind: 'get'; form: FormKey; record: string }
  | { kind: 'may'; form: FormKey; record: string; action: FormAction }
  | { kind: 'write'; form: FormKey; record: string; values: Record<string, string> };

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

class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

const strength: Record<FieldRight, number> = { hidden: 0, masked: 1, read: 2, write: 3 };
const shownKeys = ['name', 'phone', 'amount', 'grade', 'helper', 'mates', 'owner', 'customer'] as const;
/** They need no sight of rows, so that forbidding to look leaves them. */
const blind: readonly FormAction[] = ['create', 'import', 'backdate'];
const maskable = ['name', 'phone'];

/** What every query must answer, worked out over plain lists, rule by rule, with none of the product's code. */
export class Oracle {
  rights: {
    me: string;
    departments: string[];
    roles: string[];
    grants: Map<string, RolePermissions>;
    shares: Share[];
    pools: Partial<Record<FormKey, Pool>>;
  } = { me: '', departments: [], roles: [], grants: new Map(), shares: [], pools: {} };
  /** The form whose pool is being looked into. */
  private inside: FormKey | undefined;

  constructor(
    readonly forms: Record<FormKey, OracleForm>,
    private readonly org: { departments: Map<string, string | null>; mains: Map<string, string> },
  ) {}

  answer(question: Question): string | Json[] {
    try {
      return this.answered(question);
    } catch (error) {
      if (error instanceof Refused) return error.code;
      throw error;
    }
  }

  /** A write that went through: the row is another one from now on. */
  wrote(question: Extract<Question, { kind: 'write' }>): void {
    const row = this.row(question.form, question.record);
    if (!row) return;
    Object.assign(row, question.values);
    if (question.values.owner !== undefined) row.dept = this.org.mains.get(question.values.owner) ?? null;
  }

  private answered(question: Question): Json[] {
    const { form } = question;
    switch (question.kind) {
      case 'list':
        return this.list(question);
      case 'pool':
        return this.look(question);
      case 'aggregate':
        return this.aggregate(question);
      case 'get': {
        if (!this.may(form, 'view')) throw new Refused('not_found');
        const row = this.row(form, question.record);
        if (!row || !this.seen(form, row, 'view')) throw new Refused('not_found');
        return [this.shown(form, row)];
      }
      case 'may': {
        const row = this.row(form, question.record);
        if (!row || !this.seen(form, row, 'view')) throw new Refused('not_found');
        if (!this.seen(form, row, question.action)) throw new Refused('forbidden');
        return [true];
      }
      case 'write':
        return this.write(question);
    }
  }

  private write({ form, record, values }: Extract<Question, { kind: 'write' }>): Json[] {
    if (!this.anyAction(form)) throw new Refused('not_found');
    if (!this.may(form, 'edit')) throw new Refused('forbidden');
    const [key = '', value = null] = Object.entries(values)[0] ?? [];
    const row = this.row(form, record);
    // A row that is not his to see is not told from one that is not there, whatever else is wrong.
    const visible = row && this.seen(form, row, this.may(form, 'view') ? 'view' : 'edit');
    if (this.bestRight(form, key) !== 'write') throw new Refused('validation_failed');
    if (!row || !visible) throw new Refused('not_found');
    if (this.rightIn(form, key, row) !== 'write') throw new Refused('validation_failed');
    if (!this.seen(form, row, 'edit')) throw new Refused('forbidden');
    const old = cellOf(row, key);
    if (old === value || (key === 'amount' && old !== null && Number(old) === Number(value))) return ['unchanged'];
    const after = { ...row, ...values } as Row;
    if (key === 'owner') after.dept = this.org.mains.get(String(value)) ?? null;
    // The row as it would be stands in for itself while it is judged.
    const rows = this.forms[form].rows;
    const at = rows.indexOf(row);
    rows[at] = after;
    const stays = this.seen(form, after, 'edit');
    rows[at] = row;
    if (!stays) throw new Refused('outside_scope');
    return ['updated'];
  }

  private look(question: Extract<Question, { kind: 'pool' }>): Json[] {
    const { form } = question;
    const pool = this.rights.pools[form];
    if (!pool || !this.may(form, 'view')) throw new Refused('not_found');
    const claims = pool.claimers === null || pool.claimers.some((id) => this.reaches(id));
    if (!claims && !this.manages(pool)) throw new Refused('not_found');
    this.inside = form;
    try {
      return this.list({ ...question, kind: 'list' });
    } finally {
      this.inside = undefined;
    }
  }

  private designs(): boolean {
    return [...this.rights.grants.values()].some((role) => role.design);
  }

  private manages(pool: Pool): boolean {
    return this.designs() || pool.managers.some((id) => this.reaches(id));
  }

  private list({ form, filter, search, sort }: Extract<Question, { kind: 'list' }>): Json[] {
    if (!this.may(form, 'view')) throw new Refused('not_found');
    for (const item of sort) this.requireSight(form, item.field);
    const rows = this.matching(form, filter, search);
    const created = new Map(this.forms[form].rows.map((row, at) => [row.id, at]));
    // All rows of a form are made at once; after the asked keys comes the id.
    return rows
      .sort((a, b) => {
        for (const { field, dir } of sort) {
          const [x, y] = [this.sortValue(form, a, field), this.sortValue(form, b, field)];
          if (x === null || y === null) {
            if (x === y) continue;
            return x === null ? 1 : -1;
          }
          if (x !== y) return (x < y ? -1 : 1) * (dir === 'asc' ? 1 : -1);
        }
        return a.id < b.id ? -1 : a.id > b.id ? 1 : (created.get(a.id) ?? 0) - (created.get(b.id) ?? 0);
      })
      .map((row) => this.shown(form, row));
  }

  private aggregate({ form, filter, search, group, sum }: Extract<Question, { kind: 'aggregate' }>): Json[] {
    if (!this.may(form, 'view')) throw new Refused('not_found');
    if (group) this.requireSight(form, group);
    if (sum) this.requireSight(form, 'amount');
    const rows = this.matching(form, filter, search);
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const key = JSON.stringify(group ? this.groupValue(form, row, group) : null);
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    if (!group && groups.size === 0) groups.set('null', []);
    return [...groups]
      .map(([key, list]): Json => {
        const amounts = list.flatMap((row) => (row.amount === null ? [] : [Number(row.amount)]));
        const total = amounts.length === 0 ? null : amounts.reduce((a, b) => a + b, 0);
        return { group: JSON.parse(key) as Json, n: list.length, ...(sum ? { sum: total } : {}) };
      })
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }

  private matching(form: FormKey, filter: Filter | undefined, search: string | undefined): Row[] {
    const fields = filter ? this.fieldsOf(filter) : [];
    for (const field of fields) this.requireSight(form, field);
    const searched = (['name', 'phone'] as const).filter((key) => strength[this.bestRight(form, key)] >= 2);
    return this.forms[form].rows.filter(
      (row) =>
        this.seen(form, row, 'view') &&
        (!filter || this.meets(form, row, filter, false)) &&
        (!search || searched.some((key) => [this.read(form, row, key) ?? []].flat().join(' ').includes(search))),
    );
  }

  private shown(form: FormKey, row: Row): Json {
    const values: Record<string, Json> = {};
    const here: string[] = [];
    let label = '';
    for (const key of shownKeys) {
      if (key === 'customer' && form === 'customer') continue;
      const right = this.rightIn(form, key, row);
      if (right === 'hidden') continue;
      const raw = (row[key] ?? null) as Json;
      values[key] = right === 'masked' ? masked(raw) : raw;
      if (right === 'masked' && this.bestRight(form, key) !== 'masked') here.push(key);
      if (key === 'name' && typeof values[key] === 'string') label = values[key];
    }
    return { id: row.id, label, values, masked: here };
  }

  /** Fields he may not see answer as unknown ones, masked ones say so; a relation's other end counts too. */
  private requireSight(form: FormKey, path: string): void {
    const [first = '', second] = path.split('.');
    this.requireField(form, first);
    if (second === undefined) return;
    if (!this.may('customer', 'view')) throw new Refused('unknown_field');
    this.requireField('customer', second);
  }

  private requireField(form: FormKey, key: string): void {
    const right = this.bestRight(form, key);
    if (right === 'hidden') throw new Refused('unknown_field');
    if (right === 'masked') throw new Refused('field_masked');
  }

  private fieldsOf(filter: Filter): string[] {
    if ('and' in filter) return filter.and.flatMap((item) => this.fieldsOf(item));
    if ('or' in filter) return filter.or.flatMap((item) => this.fieldsOf(item));
    if ('not' in filter) return this.fieldsOf(filter.not);
    return [filter.field];
  }

  private related(row: Row, withRights: boolean): Row | undefined {
    const customer = row.customer ? this.row('customer', row.customer) : undefined;
    return customer && (!withRights || this.seen('customer', customer, 'view')) ? customer : undefined;
  }

  private sortValue(form: FormKey, row: Row, path: string): string | number | null {
    const [first = '', second] = path.split('.');
    const at = second === undefined ? row : this.related(row, true);
    const value = at ? this.read(second === undefined ? form : 'customer', at, second ?? first) : null;
    if (value === null) return null;
    return (second ?? first) === 'amount' ? Number(value) : String(value);
  }

  private groupValue(form: FormKey, row: Row, path: string): Json {
    return this.sortValue(form, row, path) as Json;
  }

  /** Conditions of rules (`asRule`) reach related rows whatever the reader may see; his own do not. */
  private meets(form: FormKey, row: Row, filter: Filter, asRule: boolean): boolean {
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
  private read(form: FormKey, row: Row, key: string): Json {
    return this.rightIn(form, key, row) === 'masked' ? null : cellOf(row, key);
  }

  private row(form: FormKey, id: string): Row | undefined {
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

  private anyAction(form: FormKey): boolean {
    return ['view', 'edit', 'delete', 'export', 'share', 'design', ...blind].some((action) =>
      this.may(form, action as FormAction),
    );
  }

  private may(form: FormKey, action: FormAction): boolean {
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
  private seen(form: FormKey, row: Row, action: FormAction, round: readonly FormKey[] = []): boolean {
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

  private reaches(id: string): boolean {
    const { me, departments, roles } = this.rights;
    return id === me || roles.includes(id) || departments.some((own) => this.above(own).includes(id));
  }

  /** What he may do with a field of this row. */
  private rightIn(form: FormKey, key: string, row: Row): FieldRight {
    return this.right(form, key, (when) => this.meets(form, row, when, true));
  }

  /** What he may do with it where no mask holds. */
  private bestRight(form: FormKey, key: string): FieldRight {
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

function cellOf(row: Row, key: string): Json {
  return (row as unknown as Record<string, Json>)[key] ?? null;
}

/** As the product shows them: `n07` → `n****`, `13800001234` → `138****1234`. */
function masked(value: Json): Json {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item) => `${String(item).slice(0, 3)}****${String(item).slice(-4)}`);
  return `${String(value).slice(0, 1)}****`;
}
