import type { SortItem } from '@lianke/shared/records/query';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { scopeSql, seenColumn } from './filter-sql.js';
import type { Params } from './params.js';
import { type FieldPath, type ReadScope, resolvePath } from './read-scope.js';

export interface SortKey {
  expression: string;
  /** Type of the cursor's value. */
  type: string;
  dir: 'asc' | 'desc';
  nullable: boolean;
  /** What follows the expression in ORDER BY. */
  order: string;
  key: string;
}

/** What is asked when nothing is: newest first. */
export const defaultSort: readonly SortItem[] = [{ field: 'createdAt', dir: 'desc' }];

/** ORDER BY keys: the asked ones, then `id` as tie-break. */
export function sortKeys(
  form: FormMeta,
  sort: readonly SortItem[] | undefined,
  scope: ReadScope,
  params: Params,
): SortKey[] {
  const items = sort && sort.length > 0 ? sort : defaultSort;
  const keys = items.map((item, index): SortKey => {
    const path = resolvePath(scope, form, item.field);
    if (!path.field.type.sortable || path.hops.length > 1)
      throw new AppError('operator_not_allowed', { field: path.field.name, op: 'sort' });
    const nullable = path.hops.length > 0 || !neverNull(path.field);
    return {
      ...sortedAs(path.field, columnOf(path, scope, params)),
      dir: item.dir,
      nullable,
      order: sortOrder(item.dir, nullable),
      key: `k${index}`,
    };
  });
  return [
    ...keys,
    { expression: 't.id', type: 'uuid', dir: 'asc', nullable: false, order: sortOrder('asc', false), key: 'kid' },
  ];
}

/**
 * Direction of a key in ORDER BY and in an index alike. Empty values stand last both ways; a column without any is
 * named plainly, because PostgreSQL takes `DESC NULLS LAST` for another order than an index on `DESC` has.
 */
export function sortOrder(dir: 'asc' | 'desc', nullable: boolean): string {
  return `${dir.toUpperCase()}${nullable ? ' NULLS LAST' : ''}`;
}

/** Instants the system keeps are never empty. */
export function neverNull(field: FieldMeta): boolean {
  return field.system && field.storage === 'timestamptz';
}

/** By what a column sorts, and as what type it travels in a cursor: texts by pinyin, options by their order in the form. */
export function sortedAs(field: FieldMeta, column: string): { expression: string; type: string } {
  if (field.typeName === 'select') {
    const ids = (field.config as { options: { id: string }[] }).options.map((option) => option.id);
    if (ids.length > 0)
      return {
        expression: `array_position(ARRAY[${ids.map((id) => `'${id.replaceAll("'", "''")}'`).join(', ')}]::text[], ${column})::numeric`,
        type: 'numeric',
      };
  }
  return field.storage === 'text'
    ? { expression: `${column} COLLATE "zh-x-icu"`, type: 'text' }
    : { expression: column, type: field.storage };
}

/** A related record the reader may not see sorts like none, a value that he sees with stars like an empty one. */
function columnOf({ hops, form, field }: FieldPath, scope: ReadScope, params: Params): string {
  const [hop] = hops;
  if (!hop) return seenColumn(field, form, 't', scope, params);
  const seen = scopeSql(scope.accessOf(hop.target).scope, hop.target, 's', scope, params);
  return `(SELECT ${seenColumn(field, form, 's', scope, params)} FROM ${hop.target.table} s WHERE s.id = t.${hop.field.column} AND s.deleted_at IS NULL${seen ? ` AND ${seen}` : ''})`;
}

/** Rows strictly after the cursor's row. */
export function afterSql(keys: SortKey[], cursor: (string | number | boolean | null)[], params: Params): string {
  if (cursor.length !== keys.length) throw new AppError('invalid_cursor');
  const bound = keys.map((key, at) => {
    const value = cursor[at] ?? null;
    return value === null ? null : params.add(value, key.type);
  });
  const alternatives = keys.map((key, index) => {
    const equal = keys
      .slice(0, index)
      .map((before, at) => `${before.expression} ${bound[at] === null ? 'IS NULL' : `= ${bound[at]}`}`);
    if (bound[index] === null) return 'false';
    const beyond = `${key.expression} ${key.dir === 'asc' ? '>' : '<'} ${bound[index]}`;
    return `(${[...equal, key.nullable ? `(${beyond} OR ${key.expression} IS NULL)` : beyond].join(' AND ')})`;
  });
  const after = `(${alternatives.join(' OR ')})`;
  const [first] = keys;
  // The same once more for the first key alone: an index starts there instead of passing over all earlier pages.
  return first && !first.nullable && bound[0] !== null
    ? `${first.expression} ${first.dir === 'asc' ? '>=' : '<='} ${bound[0]} AND ${after}`
    : after;
}
