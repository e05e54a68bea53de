import { fold } from '@lianke/shared/filter/fold';
import type { RecordId } from '@lianke/shared/ids';
import type { RecordQuery } from '@lianke/shared/records/query';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { rowKey } from '../present.js';
import { initialsGrams, isInitials, queryGrams } from '../search-grams.js';
import { filterSql, foldedFor, maskedSql, scopeSql, seenColumn } from './filter-sql.js';
import { Params } from './params.js';
import type { ReadScope } from './read-scope.js';
import { afterSql, type SortKey, sortKeys } from './sort-sql.js';

/** A statement with its values. */
export interface Statement {
  text: string;
  values: Params['values'];
}

/** A query that may also name the records it is about. */
export type RowsQuery = RecordQuery & { ids?: readonly RecordId[] };

/** Conditions of a query over alias `t`: bin or live rows, the reader's scope, filter, and search. */
export function whereSql(
  form: FormMeta,
  query: Pick<RowsQuery, 'filter' | 'search' | 'deleted' | 'ids'>,
  scope: ReadScope,
  params: Params,
): string {
  const access = scope.accessOf(form);
  const parts = [query.deleted ? 't.deleted_at IS NOT NULL' : 't.deleted_at IS NULL'];
  const rows = scopeSql(access.scope, form, 't', scope, params);
  if (rows) parts.push(rows);
  if (query.ids) parts.push(`t.id = ANY(${params.add(query.ids, 'uuid[]')})`);
  if (query.filter) parts.push(filterSql(query.filter, form, 't', scope, params));
  if (query.search?.trim()) parts.push(searchSql(form, query.search.trim(), scope, params));
  return parts.join(' AND ');
}

/** Grams find candidates, `strpos` over the searchable columns this reader may see decides. */
function searchSql(form: FormMeta, search: string, scope: ReadScope, params: Params): string {
  const access = scope.accessOf(form);
  const fields = form.searchFields.filter((field) => access.compares(field));
  if (fields.length === 0) return 'false';
  const folded = foldedFor(fold(search), params);
  const needle = params.add(fold(search), 'text');
  const hits = fields.map((field) => {
    const column = seenColumn(field, form, 't', scope, params);
    const text = field.storage === 'text[]' ? `array_to_string(${column}, ' ')` : column;
    return `strpos(${folded(text)}, ${needle}) > 0`;
  });
  const byText = `(t.search_grams @> ${params.add(queryGrams(search), 'text[]')} AND (${hits.join(' OR ')}))`;
  if (!isInitials(search) || !form.title || !access.compares(form.title)) return byText;
  const initials = `t.search_grams @> ${params.add(initialsGrams(fold(search)), 'text[]')}`;
  const masked = maskedSql(form.title, form, 't', scope, params);
  return `(${byText} OR ${masked ? `(NOT ${masked} AND ${initials})` : initials})`;
}

export interface ListStatement extends Statement {
  /** Names of the sort-key columns in each row, for the next cursor. */
  keys: string[];
}

/**
 * One page: `limit + 1` rows so that the caller knows whether more follow.
 * @param gather few rows meet the query: they are found first and sorted then, whatever the planner thinks of them
 */
export function listSql(
  form: FormMeta,
  query: RowsQuery,
  columns: readonly FieldMeta[],
  scope: ReadScope,
  gather = false,
): ListStatement {
  const params = new Params();
  const keys = sortKeys(form, query.sort, scope, params);
  const where = [whereSql(form, query, scope, params)];
  if (query.cursor) where.push(afterSql(keys, decodeCursor(query.cursor), params));
  // Keys that are read anyway are not read twice; sealed columns leave the row opened, which a cursor is not to hold.
  const read = new Map(columns.flatMap((field) => (field.cipher ? [] : [[`t.${field.column}`, rowKey(field)]])));
  const there = (key: SortKey) => (gather ? undefined : key.expression === 't.id' ? 'id' : read.get(key.expression));
  const select = [
    't.id',
    't.version',
    't.deleted_at',
    ...new Set(columns.map((field) => `t.${field.column}`)),
    ...keys.flatMap((key) => (there(key) === undefined ? [`${key.expression} AS ${key.key}`] : [])),
  ];
  const found = `SELECT ${select.join(', ')} FROM ${form.table} t WHERE ${where.join(' AND ')}`;
  const order = keys.map((key) => `${key.expression} ${key.order}`).join(', ');
  return {
    text: gather
      ? `WITH found AS MATERIALIZED (${found}) SELECT * FROM found ORDER BY ${keys.map((key) => `${key.key} ${key.order}`).join(', ')} LIMIT ${query.limit + 1}`
      : `${found} ORDER BY ${order} LIMIT ${query.limit + 1}`,
    values: params.values,
    keys: keys.map((key) => there(key) ?? key.key),
  };
}

export const exactTotal = 10_000;

/** Number of matching rows; counting stops one past 10,000 unless exactness is asked. `gather`: as for the page. */
export function totalSql(form: FormMeta, query: RowsQuery, scope: ReadScope, gather = false): Statement {
  const params = new Params();
  const where = whereSql(form, query, scope, params);
  const rows = `SELECT 1 FROM ${form.table} t WHERE ${where}${query.total === 'exact' || gather ? '' : ` LIMIT ${exactTotal + 1}`}`;
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
