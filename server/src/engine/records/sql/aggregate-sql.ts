import type { AggregateQuery } from '@lianke/shared/records/query';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { scopeSql, seenColumn } from './filter-sql.js';
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
    const hop = path.hops[0];
    let column = seenColumn(field, path.form, hop ? `j${index}` : 't', scope, params);
    if (hop) {
      const seen = scopeSql(scope.accessOf(hop.target).scope, hop.target, `j${index}`, scope, params);
      joins.push(
        `LEFT JOIN ${hop.target.table} j${index} ON j${index}.id = t.${hop.field.column} AND j${index}.deleted_at IS NULL${seen ? ` AND ${seen}` : ''}`,
      );
    }
    if (field.storage === 'text[]' || field.storage === 'uuid[]') {
      joins.push(`LEFT JOIN LATERAL unnest(${column}) AS u${index}(item) ON true`);
      column = `u${index}.item`;
    }
    const unit = group.unit ?? (field.storage === 'timestamptz' ? 'day' : undefined);
    return {
      field,
      column,
      unit,
      expression: unit ? periodSql(field, column, unit, scope.env.timeZone, params) : column,
    };
  });
  const metrics = query.metrics.map((metric) => metricSql(form, metric, scope, params));
  const where = whereSql(form, query, scope, params);
  const [by] = groups;
  // Days are few beside rows: rows are added up by day, along an index that covers them, and days by their period.
  const days = groups.length === 1 && by?.unit && by.field.storage === 'date' && joins.length === 0 ? by : undefined;
  const steps = metrics.flatMap((metric) => metric.parts ?? []);
  const twice = days !== undefined && steps.length === metrics.length;
  const raw = twice ? steps.map((step, index) => step.outer(`q.p${index}`)) : metrics.map((metric) => metric.raw);
  const select = [
    ...groups.map((group, index) => {
      const expression =
        twice && group.unit ? periodSql(group.field, 'q.d', group.unit, scope.env.timeZone, params) : group.expression;
      return `${expression} AS g${index}`;
    }),
    ...metrics.map((metric, index) => `${raw[index]}${metric.cast} AS m${index}`),
  ];
  const rows = `${form.table} t ${joins.join(' ')} WHERE ${where}`;
  const inner = steps.flatMap((step, index) =>
    step.inner.map((sql, at) => `${sql} AS p${index}${at === 0 ? '' : 'n'}`),
  );
  const from = twice ? `(SELECT ${[`${days.column} AS d`, ...inner].join(', ')} FROM ${rows} GROUP BY 1) q` : rows;
  const order = query.sort.map((item) => `${sortTarget(query, item.field, raw)} ${item.dir.toUpperCase()} NULLS LAST`);
  if (order.length === 0 && groups.length > 0) order.push(`${raw[0]} DESC NULLS LAST`);
  order.push(...groups.map((_, index) => `g${index} ASC NULLS LAST`));
  return {
    text: `SELECT ${select.join(', ')} FROM ${from}${
      groups.length > 0 ? ` GROUP BY ${groups.map((_, index) => index + 1).join(', ')}` : ''
    }${order.length > 0 ? ` ORDER BY ${order.join(', ')}` : ''} LIMIT ${query.limit}`,
    values: params.values,
    groups: groups.map((group) => group.field),
  };
}

interface MetricSql {
  raw: string;
  /** To the shape it leaves in. */
  cast: string;
  /** The same in two steps: over the rows of a part, and over the parts. Absent: it cannot be added up. */
  parts?: { inner: string[]; outer: (part: string) => string };
}

function metricSql(
  form: FormMeta,
  metric: AggregateQuery['metrics'][number],
  scope: ReadScope,
  params: Params,
): MetricSql {
  const added = (raw: string, cast: string): MetricSql => ({
    ...{ raw, cast },
    parts: { inner: [raw], outer: (part) => `sum(${part})` },
  });
  if (metric.fn === 'count' && !metric.field) return added('count(*)', '::int');
  if (!metric.field)
    throw refusal('invalid_request', {
      zh: `统计数值 ${metric.fn} 需要字段`,
      en: `the metric ${metric.fn} needs a field`,
    });
  const path = resolvePath(scope, form, metric.field);
  if (path.hops.length > 0 || !path.field.type.aggregates.includes(metric.fn))
    throw new AppError('operator_not_allowed', { field: path.field.name, op: metric.fn });
  const column = seenColumn(path.field, form, 't', scope, params);
  const cast = path.field.storage === 'numeric' ? '::text' : '';
  switch (metric.fn) {
    case 'count':
      return added(`count(${column})`, '::int');
    case 'countDistinct':
      return { raw: `count(DISTINCT ${column})`, cast: '::int' };
    case 'avg':
      return {
        raw: `round(avg(${column}), 6)`,
        cast: '::text',
        parts: {
          inner: [`sum(${column})`, `count(${column})`],
          outer: (part) => `round(sum(${part}) / nullif(sum(${part}n), 0), 6)`,
        },
      };
    case 'sum':
      return added(`sum(${column})`, cast);
    default: {
      const raw = `${metric.fn}(${column})`;
      return { raw, cast, parts: { inner: [raw], outer: (part) => `${metric.fn}(${part})` } };
    }
  }
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
