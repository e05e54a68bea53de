import type { Filter } from '@lianke/shared/filter/ast';
import { fold } from '@lianke/shared/filter/fold';
import type { RecordQuery, SortItem } from '@lianke/shared/records/query';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { initialsGrams, isInitials, queryGrams } from '../search-grams.js';
import { filterSql, foldSql, scopeSql } from './filter-sql.js';
import { Params } from './params.js';
import { type FieldPath, type ReadScope, resolvePath } from './read-scope.js';

/** A statement with its values. */
export interface Statement {
  text: string;
  values: Params['values'];
}

/** Conditions of a query over alias `t`: bin or live rows, the reader's scope, filter, and search. */
export function whereSql(
  form: FormMeta,
  query: { filter?: Filter; search?: string; deleted?: boolean },
  scope: ReadScope,
  params: Params,
): string {
  const access = scope.accessOf(form);
  const parts = [query.deleted ? 't.deleted_at IS NOT NULL' : 't.deleted_at IS NULL'];
  const rows = scopeSql(access.scope, form, 't', scope, params);
  if (rows) parts.push(rows);
  if (query.filter) parts.push(filterSql(query.filter, form, 't', scope, params));
  if (query.search?.trim()) parts.push(searchSql(form, query.search.trim(), scope, params));
  return parts.join(' AND ');
}

/** Grams find candidates, `strpos` over the searchable columns this reader may see decides. */
function searchSql(form: FormMeta, search: string, scope: ReadScope, params: Params): string {
  const access = scope.accessOf(form);
  const fields = form.searchFields.filter((field) => access.mayRead(field));
  if (fields.length === 0) return 'false';
  const needle = params.add(fold(search), 'text');
  const hits = fields.map((field) => {
    const text = field.storage === 'text[]' ? `array_to_string(t.${field.column}, ' ')` : `t.${field.column}`;
    return `strpos(${foldSql(text, params)}, ${needle}) > 0`;
  });
  const byText = `(t.search_grams @> ${params.add(queryGrams(search), 'text[]')} AND (${hits.join(' OR ')}))`;
  if (!isInitials(search) || !form.title || !access.mayRead(form.title)) return byText;
  const initials = initialsGrams(fold(search)).filter((gram) => gram.length > 2);
  return `(${byText} OR t.search_grams @> ${params.add(initials, 'text[]')})`;
}

interface SortKey {
  expression: string;
  /** Type of the cursor's value. */
  type: string;
  dir: 'asc' | 'desc';
  key: string;
}

/** ORDER BY keys: the asked ones, then `id` as tie-break. Newest first when nothing is asked. */
function sortKeys(form: FormMeta, sort: readonly SortItem[] | undefined, scope: ReadScope): SortKey[] {
  const items = sort && sort.length > 0 ? sort : [{ field: 'createdAt', dir: 'desc' as const }];
  const keys = items.map((item, index): SortKey => {
    const path = resolvePath(scope, form, item.field);
    if (!path.field.type.sortable || path.hops.length > 1)
      throw new AppError('operator_not_allowed', { field: path.field.name, op: 'sort' });
    return { expression: sortExpression(path), type: path.field.storage, dir: item.dir, key: `k${index}` };
  });
  const last = keys.at(-1);
  return [
    ...keys,
    {
      expression: 't.id',
      type: 'uuid',
      dir: last?.dir === 'desc' && keys.length === 1 && items[0]?.field === 'createdAt' ? 'asc' : 'asc',
      key: 'kid',
    },
  ];
}

/** Texts sort by pinyin, options by their order in the form. */
function sortExpression(path: FieldPath): string {
  const column = path.hops[0]
    ? `(SELECT s.${path.field.column} FROM ${path.hops[0].target.table} s WHERE s.id = t.${path.hops[0].field.column} AND s.deleted_at IS NULL)`
    : `t.${path.field.column}`;
  if (path.field.typeName === 'select') {
    const ids = (path.field.config as { options: { id: string }[] }).options.map((option) => option.id);
    if (ids.length > 0)
      return `array_position(ARRAY[${ids.map((id) => `'${id.replaceAll("'", "''")}'`).join(', ')}]::text[], ${column})::numeric`;
  }
  return path.field.storage === 'text' ? `${column} COLLATE "zh-x-icu"` : column;
}

/** Rows strictly after the cursor's row. Nulls stand last in both directions. */
function afterSql(keys: SortKey[], cursor: (string | number | boolean | null)[], params: Params): string {
  if (cursor.length !== keys.length) throw new AppError('invalid_cursor');
  const alternatives = keys.map((key, index) => {
    const equal = keys
      .slice(0, index)
      .map(
        (before, at) => `${before.expression} IS NOT DISTINCT FROM ${params.add(cursor[at] ?? null, castOf(before))}`,
      );
    const value = cursor[index] ?? null;
    if (value === null) return 'false';
    const beyond = `(${key.expression} ${key.dir === 'asc' ? '>' : '<'} ${params.add(value, castOf(key))} OR ${key.expression} IS NULL)`;
    return `(${[...equal, beyond].join(' AND ')})`;
  });
  return `(${alternatives.join(' OR ')})`;
}

function castOf(key: SortKey): string {
  if (key.expression.includes('array_position')) return 'numeric';
  return key.type;
}

export interface ListStatement extends Statement {
  /** Names of the sort-key columns in each row, for the next cursor. */
  keys: string[];
}

/** One page: `limit + 1` rows so that the caller knows whether more follow. */
export function listSql(
  form: FormMeta,
  query: RecordQuery,
  columns: readonly FieldMeta[],
  scope: ReadScope,
): ListStatement {
  const params = new Params();
  const keys = sortKeys(form, query.sort, scope);
  const where = [whereSql(form, query, scope, params)];
  if (query.cursor) where.push(afterSql(keys, decodeCursor(query.cursor), params));
  const select = [
    't.id',
    't.version',
    't.deleted_at',
    ...new Set(columns.map((field) => `t.${field.column}`)),
    ...keys.map((key) => `${key.expression} AS ${key.key}`),
  ];
  const order = keys.map((key) => `${key.expression} ${key.dir.toUpperCase()} NULLS LAST`).join(', ');
  return {
    text: `SELECT ${select.join(', ')} FROM ${form.table} t WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT ${query.limit + 1}`,
    values: params.values,
    keys: keys.map((key) => key.key),
  };
}

export const exactTotal = 10_000;

/** Number of matching rows; counting stops one past 10,000 unless exactness is asked. */
export function totalSql(form: FormMeta, query: RecordQuery, scope: ReadScope): Statement {
  const params = new Params();
  const where = whereSql(form, query, scope, params);
  const rows = `SELECT 1 FROM ${form.table} t WHERE ${where}${query.total === 'exact' ? '' : ` LIMIT ${exactTotal + 1}`}`;
  return { text: `SELECT count(*)::int AS n FROM (${rows}) m`, values: params.values };
}

/** The row's sort values, opaque to clients. */
export function encodeCursor(row: Record<string, unknown>, keys: string[]): string {
  return Buffer.from(JSON.stringify(keys.map((key) => row[key] ?? null))).toString('base64url');
}

function decodeCursor(cursor: string): (string | number | boolean | null)[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (
      Array.isArray(parsed) &&
      parsed.every((item) => item === null || ['string', 'number', 'boolean'].includes(typeof item))
    )
      return parsed as (string | number | boolean | null)[];
  } catch {
    // Falls through to the refusal below.
  }
  throw new AppError('invalid_cursor');
}
