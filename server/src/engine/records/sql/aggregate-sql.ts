import type { AggregateQuery } from '@lianke/shared/records/query';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { scopeSql } from './filter-sql.js';
import { Params } from './params.js';
import { type Statement, whereSql } from './query-sql.js';
import { type ReadScope, resolvePath } from './read-scope.js';

export interface AggregateStatement extends Statement {
  groups: FieldMeta[];
}

/** Groups and metrics over the rows a reader may see. Columns of the answer: g0, g1 …, m0, m1 … */
export function aggregateSql(form: FormMeta, query: AggregateQuery, scope: ReadScope): AggregateStatement {
  const params = new Params();
  const joins: string[] = [];
  const groups = query.groupBy.map((group, index) => {
    const path = resolvePath(scope, form, group.field);
    const { field } = path;
    if (!field.type.groupable || path.hops.length > 1)
      throw new AppError('operator_not_allowed', { field: field.name, op: 'groupBy' });
    let column = `t.${field.column}`;
    const hop = path.hops[0];
    if (hop) {
      const seen = scopeSql(scope.accessOf(hop.target).scope, hop.target, `j${index}`, scope, params);
      joins.push(
        `LEFT JOIN ${hop.target.table} j${index} ON j${index}.id = t.${hop.field.column} AND j${index}.deleted_at IS NULL${seen ? ` AND ${seen}` : ''}`,
      );
      column = `j${index}.${field.column}`;
    }
    if (field.storage === 'text[]' || field.storage === 'uuid[]') {
      joins.push(`LEFT JOIN LATERAL unnest(${column}) AS u${index}(item) ON true`);
      column = `u${index}.item`;
    }
    return {
      field,
      expression:
        group.unit || field.storage === 'timestamptz'
          ? periodSql(field, column, group.unit ?? 'day', scope.env.timeZone, params)
          : column,
    };
  });
  const metrics = query.metrics.map((metric) => {
    if (metric.fn === 'count' && !metric.field) return { raw: 'count(*)', cast: '::int' };
    if (!metric.field) throw new AppError('invalid_request', { detail: `统计数值 ${metric.fn} 需要字段` });
    const path = resolvePath(scope, form, metric.field);
    if (path.hops.length > 0 || !path.field.type.aggregates.includes(metric.fn))
      throw new AppError('operator_not_allowed', { field: path.field.name, op: metric.fn });
    const column = `t.${path.field.column}`;
    switch (metric.fn) {
      case 'count':
        return { raw: `count(${column})`, cast: '::int' };
      case 'countDistinct':
        return { raw: `count(DISTINCT ${column})`, cast: '::int' };
      case 'avg':
        return { raw: `round(avg(${column}), 6)`, cast: '::text' };
      default:
        return { raw: `${metric.fn}(${column})`, cast: path.field.storage === 'numeric' ? '::text' : '' };
    }
  });
  const where = whereSql(form, query, scope, params);
  const select = [
    ...groups.map((group, index) => `${group.expression} AS g${index}`),
    ...metrics.map((metric, index) => `${metric.raw}${metric.cast} AS m${index}`),
  ];
  const raw = metrics.map((metric) => metric.raw);
  const order = query.sort.map((item) => `${sortTarget(query, item.field, raw)} ${item.dir.toUpperCase()} NULLS LAST`);
  if (order.length === 0 && groups.length > 0) order.push(`${raw[0]} DESC NULLS LAST`);
  order.push(...groups.map((_, index) => `g${index} ASC NULLS LAST`));
  return {
    text: `SELECT ${select.join(', ')} FROM ${form.table} t ${joins.join(' ')} WHERE ${where}${
      groups.length > 0 ? ` GROUP BY ${groups.map((_, index) => index + 1).join(', ')}` : ''
    }${order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''} LIMIT ${query.limit}`,
    values: params.values,
    groups: groups.map((group) => group.field),
  };
}

/** First date of the period a value lies in, in the tenant's zone. */
function periodSql(field: FieldMeta, column: string, unit: string, zone: string, params: Params): string {
  const local =
    field.storage === 'timestamptz' ? `(${column} AT TIME ZONE ${params.add(zone, 'text')})` : `${column}::timestamp`;
  return `date_trunc('${unit}', ${local})::date`;
}

/** A metric's `as` or `group0` …; metrics sort by their number, not by the text they leave as. */
function sortTarget(query: AggregateQuery, name: string, raw: readonly string[]): string {
  const metric = query.metrics.findIndex((item) => item.as === name);
  if (metric >= 0) return raw[metric] ?? '1';
  const group = /^group([0-2])$/.exec(name);
  if (group && Number(group[1]) < query.groupBy.length) return `g${group[1]}`;
  throw new AppError('unknown_field', { field: name });
}
