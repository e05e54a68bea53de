import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../kernel/database/tx.js';
import type { FieldMeta } from '../forms/form-meta.js';
import { baseColumn } from '../forms/table-ddl.js';
import { filterSql } from '../records/sql/filter-sql.js';
import { Params } from '../records/sql/params.js';
import type { ComputeEnv } from './compute.js';
import type { Derivation, Rule } from './derivation.js';
import type { ComputedRow } from './load-inputs.js';

/** Exact aggregates over all live records that point at the rows, by row. */
export async function rollupValues(
  env: ComputeEnv,
  rule: Rule & { kind: 'rollup' },
  rows: readonly ComputedRow[],
): Promise<Map<string, Json>> {
  const nothing: Json = rule.fn === 'count' || rule.fn === 'sum' ? '0' : null;
  const values = new Map<string, Json>(rows.map((row) => [row.id, nothing]));
  if (env.fresh) return values;
  const { relation, to } = rule.step;
  const params = new Params();
  const where = [
    `t.${relation.column} = ANY(${params.add(
      rows.map((row) => row.id),
      'uuid[]',
    )})`,
    't.deleted_at IS NULL',
  ];
  if (rule.filter) where.push(filterSql(rule.filter, to, 't', env.scope, params));
  const found = await env.tx.sql<{ id: string; value: Json }>(
    `SELECT t.${relation.column} AS id, ${aggregate(rule, env, params)} AS value FROM ${to.table} t WHERE ${where.join(' AND ')} GROUP BY 1`,
    params.values,
  );
  for (const row of found) values.set(row.id, row.value ?? nothing);
  return values;
}

function aggregate(rule: Rule & { kind: 'rollup' }, env: ComputeEnv, params: Params): string {
  const column = rule.field ? `t.${rule.field.column}` : '';
  switch (rule.fn) {
    case 'count':
      return 'count(*)::text';
    case 'avg':
      return `round(avg(${column}), ${rule.decimals})::text`;
    case 'join':
      return `left(string_agg(${textSql(rule.field, column, env, params)}, ${params.add(rule.separator, 'text')} ORDER BY t.created_at, t.id), 20000)`;
    default:
      return `${rule.fn}(${column})${rule.field?.storage === 'numeric' ? '::text' : ''}`;
  }
}

/** A joined value as people read it: choices by label, instants on the tenant's clock. */
function textSql(field: FieldMeta | undefined, column: string, env: ComputeEnv, params: Params): string {
  const options = (field?.config as { options?: { id: string; label: string }[] } | undefined)?.options;
  if (options) {
    const labels = Object.fromEntries(options.map((option) => [option.id, option.label]));
    return `coalesce(${params.add(JSON.stringify(labels), 'text')}::jsonb ->> ${column}, ${column})`;
  }
  if (field?.storage === 'timestamptz')
    return `to_char(${column} AT TIME ZONE ${params.add(env.scope.env.timeZone, 'text')}, 'YYYY-MM-DD HH24:MI')`;
  return `nullif(${column}::text, '')`;
}

/** The latest of the base value and of every live contact record; null when there is neither. */
export async function lastContacts(
  tx: Tx,
  { form, field, inputs }: Pick<Derivation, 'form' | 'field' | 'inputs'>,
  rows: readonly ComputedRow[],
): Promise<Map<string, Json>> {
  const maxima = inputs.flatMap(({ steps: [step], field: time }) =>
    step && time
      ? [
          `(SELECT max(s.${time.column}) FROM ${step.to.table} s WHERE s.${step.relation.column} = t.id AND s.deleted_at IS NULL)`,
        ]
      : [],
  );
  const found = await tx.sql<{ id: string; value: Json }>(
    `SELECT t.id, greatest(t.${baseColumn(field)}${maxima.map((max) => `, ${max}`).join('')}) AS value FROM ${form.table} t WHERE t.id = ANY($1::uuid[])`,
    [rows.map((row) => row.id)],
  );
  return new Map(found.map((row) => [row.id, row.value]));
}
