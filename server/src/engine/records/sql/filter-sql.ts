import { type Condition, countConditions, type Filter } from '@lianke/shared/filter/ast';
import { type ConditionTest, resolveCondition } from '@lianke/shared/filter/condition-test';
import { foldTranslateFor } from '@lianke/shared/filter/fold';
import type { GeoBox } from '@lianke/shared/geo/box';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { fullAccess, type Scope, type ScopeCase } from '../../access/form-access.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { parentOf } from '../../forms/subform-meta.js';
import type { Params } from './params.js';
import { filterFieldOf, type ReadScope, resolvePath } from './read-scope.js';

const maxConditions = 200;

/** Makes of a text's SQL what can be looked through for the folded `needle`; see `foldTranslateFor`. */
export function foldedFor(needle: string, params: Params): (expression: string) => string {
  const { from, to } = foldTranslateFor(needle);
  if (from === '') return (expression) => expression;
  const bound = `${params.add(from, 'text')}, ${params.add(to, 'text')}`;
  return (expression) => `translate(${expression}, ${bound})`;
}

/** A boolean expression over `alias`; null counts as false, so it belongs in a WHERE or under IS TRUE. */
export function filterSql(filter: Filter, form: FormMeta, alias: string, scope: ReadScope, params: Params): string {
  if (countConditions(filter) > maxConditions)
    throw refusal('invalid_request', {
      zh: `筛选条件最多 ${maxConditions} 个`,
      en: `a filter has at most ${maxConditions} conditions`,
    });
  return new FilterCompiler(scope, params).compile(filter, form, alias);
}

/** The rows of `form` that the reader may see, as a condition over `alias`; undefined when all. */
export function scopeSql(
  rows: Scope,
  form: FormMeta,
  alias: string,
  scope: ReadScope,
  params: Params,
): string | undefined {
  return new FilterCompiler(scope, params).scope(rows, form, alias);
}

/** The rows of one case of a scope, as a condition over `alias`. */
export function caseSql(item: ScopeCase, form: FormMeta, alias: string, scope: ReadScope, params: Params): string {
  return new FilterCompiler(scope, params).scopeCase(item, form, alias);
}

/** Whether the reader gets a field's value with stars, as a condition over `alias`; undefined when in no row. */
export function maskedSql(
  field: FieldMeta,
  form: FormMeta,
  alias: string,
  scope: ReadScope,
  params: Params,
): string | undefined {
  return new FilterCompiler(scope, params).masked(field, form, alias);
}

/** A field's column as the reader may compare it: without a value in rows in which it has stars for him. */
export function seenColumn(field: FieldMeta, form: FormMeta, alias: string, scope: ReadScope, params: Params): string {
  const column = `${alias}.${field.column}`;
  const masked = maskedSql(field, form, alias, scope, params);
  return masked ? `(CASE WHEN ${masked} THEN NULL ELSE ${column} END)` : column;
}

/** SQL of `markupText`; see `shared/src/fields/rich-text/value.ts`. */
function markupSql(column: string): string {
  return `replace(replace(replace(regexp_replace(${column}, '<[^>]*>', '', 'g'), '&lt;', '<'), '&gt;', '>'), '&amp;', '&')`;
}

/** SQL of `cityOf`; see `shared/src/geo/city-centres.ts`. */
export function citySql(column: string): string {
  return `coalesce(nullif(${column}->>'city', ''), ${column}->>'province')`;
}

class FilterCompiler {
  private aliases = 0;

  constructor(
    private readonly scopeOfReader: ReadScope,
    private readonly params: Params,
    /** Forms whose rows are being decided by the rows they belong to: going round in a circle opens nothing. */
    private readonly inheriting: readonly string[] = [],
  ) {}

  compile(filter: Filter, form: FormMeta, alias: string): string {
    if ('and' in filter)
      return filter.and.length === 0
        ? 'true'
        : `(${filter.and.map((child) => this.compile(child, form, alias)).join(' AND ')})`;
    if ('or' in filter)
      return filter.or.length === 0
        ? 'false'
        : `(${filter.or.map((child) => this.compile(child, form, alias)).join(' OR ')})`;
    if ('not' in filter) return `((${this.compile(filter.not, form, alias)}) IS NOT TRUE)`;
    return this.condition(filter, form, alias);
  }

  scope(rows: Scope, form: FormMeta, alias: string): string | undefined {
    const except = rows.except.map((filter) => `((${this.ruleCompiler().compile(filter, form, alias)}) IS NOT TRUE)`);
    if (rows.cases === 'all') return except.length === 0 ? undefined : `(${except.join(' AND ')})`;
    const cases = rows.cases.map((item) => this.scopeCase(item, form, alias));
    const any = cases.length === 0 ? 'false' : `(${cases.join(' OR ')})`;
    return except.length === 0 ? any : `(${[any, ...except].join(' AND ')})`;
  }

  /** The rows of one case, as a condition over `alias`. */
  scopeCase(item: ScopeCase, form: FormMeta, alias: string): string {
    switch (item.kind) {
      case 'own':
        return `${alias}.owner_id = ${this.params.add(item.memberId, 'uuid')}`;
      case 'unowned':
        return `${alias}.owner_id IS NULL`;
      case 'departments':
        return `${alias}.dept_id = ANY(${this.params.add([...item.ids], 'uuid[]')})`;
      case 'filter':
        return this.ruleCompiler().compile(item.filter, form, alias);
      case 'involved':
        return this.involved(item.memberId, form, alias);
      case 'inherit':
        return this.inherited(item.relation, form, alias);
      case 'shared':
        return this.shared(item, form, alias);
    }
  }

  /** Lists of ids are gathered once and compared with the primary key, so that an OR of them still finds indexes. */
  private involved(memberId: string, form: FormMeta, alias: string): string {
    const me = this.params.add(memberId, 'uuid');
    const named = form.fields
      .filter((field) => field.type.refers === 'member' && !field.derived && field.id !== ('updatedBy' as string))
      .map((field) => {
        const column = `${alias}.${field.column}`;
        return field.storage === 'uuid[]' ? `${column} @> ARRAY[${me}]` : `${column} = ${me}`;
      });
    const tasks = `${alias}.id = ANY(ARRAY(SELECT k.record_id FROM lianke.task k WHERE k.form_id = ${this.params.add(form.id, 'uuid')} AND k.member_id = ${me}))`;
    return `(${[...named, tasks].join(' OR ')})`;
  }

  private inherited(ref: string, form: FormMeta, alias: string): string {
    const relation = form.field(ref);
    const target = relation && this.scopeOfReader.forms.get((relation.config as { formId: string }).formId);
    if (!target || this.inheriting.includes(target.id)) return 'false';
    const { accessOf, lendingOf = accessOf } = this.scopeOfReader;
    const access = lendingOf(target);
    if (!access.may('view')) return 'false';
    const at = `r${++this.aliases}`;
    const inner = new FilterCompiler(this.scopeOfReader, this.params, [...this.inheriting, form.id]);
    inner.aliases = this.aliases;
    const seen = inner.scope(access.scope, target, at);
    const pointer = `${alias}.${relation.column}`;
    const joined = `${at}.id = ${relation.storage === 'uuid[]' ? `ANY(${pointer})` : pointer}`;
    return `EXISTS (SELECT 1 FROM ${target.table} ${at} WHERE ${joined} AND ${at}.deleted_at IS NULL${seen ? ` AND ${seen}` : ''})`;
  }

  private shared(item: Extract<ScopeCase, { kind: 'shared' }>, form: FormMeta, alias: string): string {
    const where = [
      `h.form_id = ${this.params.add(form.id, 'uuid')}`,
      `h.principal_id = ANY(${this.params.add([...item.principals], 'uuid[]')})`,
      `(h.expires_at IS NULL OR h.expires_at > ${this.params.add(this.scopeOfReader.env.now, 'timestamptz')})`,
      ...(item.writing ? [`h.level = 'write'`] : []),
    ];
    return `${alias}.id = ANY(ARRAY(SELECT h.record_id FROM lianke.record_share h WHERE ${where.join(' AND ')}))`;
  }

  /** Where a masked value counts as none; see `seenColumn`. */
  masked(field: FieldMeta, form: FormMeta, alias: string): string | undefined {
    const access = this.scopeOfReader.accessOf(form);
    if (access.masks(field)) return 'true';
    const rows = access.inRows(field)?.masked ?? 'none';
    return rows === 'none' ? undefined : `((${this.ruleCompiler().compile(rows, form, alias)}) IS TRUE)`;
  }

  /** Scope rules may use fields that the reader himself may not see. */
  private ruleCompiler(): FilterCompiler {
    const compiler = new FilterCompiler({ ...this.scopeOfReader, accessOf: () => fullAccess }, this.params);
    compiler.aliases = this.aliases + 100;
    return compiler;
  }

  private condition(condition: Condition, form: FormMeta, alias: string): string {
    const path = resolvePath(this.scopeOfReader, form, condition.field, 'any');
    const resolved = resolveCondition(filterFieldOf(path.field), condition.op, condition.value, this.scopeOfReader.env);
    if (typeof resolved === 'string') throw new AppError(resolved, { field: path.field.name, op: condition.op });
    const positive = this.throughHops(path.hops, alias, (at) => {
      const test = this.test(resolved.test, path.field, at);
      const masked = this.masked(path.field, path.form, at);
      return masked ? `(NOT ${masked} AND ${test})` : test;
    });
    return resolved.negate ? `((${positive}) IS NOT TRUE)` : positive;
  }

  /** A test at the end of a path holds when a related record exists, is seen by the reader, and meets it. */
  private throughHops(
    hops: { field: FieldMeta; target: FormMeta }[],
    alias: string,
    test: (alias: string) => string,
  ): string {
    const [hop, ...rest] = hops;
    if (!hop) return test(alias);
    const at = `r${++this.aliases}`;
    const seen = this.scope(this.scopeOfReader.accessOf(hop.target).scope, hop.target, at);
    const inner = this.throughHops(rest, at, test);
    const pointer = `${alias}.${hop.field.column}`;
    const owned = hop.field.part ? `${at}.${parentOf(hop.field.part).column} = ${alias}.id` : undefined;
    const joined = owned ?? `${at}.id = ${hop.field.storage === 'uuid[]' ? `ANY(${pointer})` : pointer}`;
    return `EXISTS (SELECT 1 FROM ${hop.target.table} ${at} WHERE ${joined} AND ${at}.deleted_at IS NULL${seen ? ` AND ${seen}` : ''} AND ${inner})`;
  }

  private test(test: ConditionTest, field: FieldMeta, alias: string): string {
    const column = `${alias}.${field.column}`;
    switch (test.kind) {
      case 'present':
        return `${column} IS NOT NULL`;
      case 'isBool':
        return `${column} = ${this.params.add(test.value, 'boolean')}`;
      case 'oneOf':
        return this.oneOf(column, field, test.values);
      case 'range':
        return this.range(column, field, test);
      case 'contains':
      case 'prefix':
        return this.text(column, field, test);
      case 'overlaps':
        return `${column} && ${this.params.add(this.list(field, test.values), field.storage)}`;
      case 'covers':
        return this.covers(column, field, test.values);
      case 'under':
        return `EXISTS (SELECT 1 FROM unnest(${this.params.add(test.values, 'text[]')}) choice WHERE ${column} = choice OR starts_with(${column}, choice || '/'))`;
      case 'inBox':
        return this.inBox(column, test.box);
      case 'inCity':
        return `${citySql(column)} = ANY(${this.params.add(test.values, 'text[]')})`;
      case 'spans':
        return this.spans(column, test);
    }
  }

  /** No list holds what is no id; without it the list asked for would be shorter and met too easily. */
  private covers(column: string, field: FieldMeta, values: string[]): string {
    const list = this.list(field, values);
    return list.length < values.length ? 'false' : `${column} @> ${this.params.add(list, field.storage)}`;
  }

  private oneOf(column: string, field: FieldMeta, values: string[]): string {
    const list = this.list(field, values);
    if (list.length === 0) return 'false';
    if (list.length === 1) return `${column} = ${this.params.add(list[0] ?? '', field.storage)}`;
    return `${column} = ANY(${this.params.add(list, `${field.storage}[]`)})`;
  }

  private range(
    column: string,
    field: FieldMeta,
    test: { gt?: string; gte?: string; lt?: string; lte?: string },
  ): string {
    const parts = (
      [
        ['>', test.gt],
        ['>=', test.gte],
        ['<', test.lt],
        ['<=', test.lte],
      ] as const
    ).flatMap(([op, bound]) =>
      bound === undefined ? [] : [`${column} ${op} ${this.params.add(bound, field.storage)}`],
    );
    return `(${parts.join(' AND ')})`;
  }

  /** The stored text is `first/last`, dates of one width. */
  private spans(column: string, { from, to }: { from?: string; to?: string }): string {
    const parts = [`${column} IS NOT NULL`];
    if (to !== undefined) parts.push(`left(${column}, 10) < ${this.params.add(to, 'text')}`);
    if (from !== undefined) parts.push(`right(${column}, 10) >= ${this.params.add(from, 'text')}`);
    return `(${parts.join(' AND ')})`;
  }

  /** A box over the date line lies on both sides of it. */
  private inBox(column: string, [west, south, east, north]: GeoBox): string {
    const bound = (degrees: number) => this.params.add(degrees, 'float8');
    const [lat, lng] = [`(${column}->>'lat')::float8`, `(${column}->>'lng')::float8`];
    const across = `${lng} >= ${bound(west)} ${west <= east ? 'AND' : 'OR'} ${lng} <= ${bound(east)}`;
    return `(${lat} BETWEEN ${bound(south)} AND ${bound(north)} AND (${across}))`;
  }

  private text(column: string, field: FieldMeta, test: { kind: 'contains' | 'prefix'; text: string }): string {
    const needle = this.params.add(test.text, 'text');
    const folded = foldedFor(test.text, this.params);
    const match = (expression: string) =>
      test.kind === 'contains'
        ? `strpos(${folded(expression)}, ${needle}) > 0`
        : `starts_with(${folded(expression)}, ${needle})`;
    if (field.storage === 'text[]') return `EXISTS (SELECT 1 FROM unnest(${column}) item WHERE ${match('item')})`;
    if (field.storage === 'jsonb')
      // concat makes a text of nothing; an empty value contains nothing, not even the empty text.
      return `(${column} IS NOT NULL AND ${match(`concat(${column}->>'province', ${column}->>'city', ${column}->>'district', ${column}->>'detail')`)})`;
    if (field.type.compares === 'markup') return match(markupSql(column));
    return match(column);
  }

  /** What the column holds for the values asked for. Ids that are no uuid meet nothing, as in memory; PostgreSQL would refuse the cast. */
  private list(field: FieldMeta, values: string[]): string[] {
    const { cipher } = field;
    if (cipher) return values.map((value) => cipher.sealText(value));
    return field.storage.startsWith('uuid')
      ? values.filter((value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
      : values;
  }
}
