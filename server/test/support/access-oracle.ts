import type { Filter } from '@lianke/shared/filter/ast';
import type { FormAction } from '@lianke/shared/forms/definition';
import type { Json } from '@lianke/shared/json';
import { cellOf, type FormKey, OracleRights, type Row, strength } from './oracle-rights.js';

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

class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

const shownKeys = ['name', 'phone', 'amount', 'grade', 'helper', 'mates', 'owner', 'customer'] as const;

/** What every query must answer, worked out over plain lists, rule by rule, with none of the product's code. */
export class Oracle extends OracleRights {
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
}

/** As the product shows them: `n07` → `n****`, `13800001234` → `138****1234`. */
function masked(value: Json): Json {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item) => `${String(item).slice(0, 3)}****${String(item).slice(-4)}`);
  return `${String(value).slice(0, 1)}****`;
}
