import { ident, tenantName } from '../../kernel/database/ident.js';
import type { FormMeta } from '../forms/form-meta.js';
import type { StoredValues } from '../records/contracts.js';
import { maskedSql } from '../records/sql/filter-sql.js';
import { Params } from '../records/sql/params.js';
import type { Statement } from '../records/sql/query-sql.js';
import type { ReadScope } from '../records/sql/read-scope.js';
import { type CompiledRule, compiledRules, keysOf } from './duplicate-keys.js';

/** Keys of records under rules: `duplicate_key (form_id, rule, key, record_id)` in the tenant's schema. */
export function keyTable(form: { tenantId: string }): string {
  return `${ident(tenantName(form.tenantId))}.duplicate_key`;
}

export interface KeyedRow {
  id: string;
  before: StoredValues;
  after: StoredValues;
}

interface Key {
  rule: string;
  key: string;
  record: string;
}

/** Statements that bring the keys of changed records up to date; none for a form without rules. */
export function keyStatements(form: FormMeta, rows: readonly KeyedRow[]): Statement[] {
  const gone: { rule: string; record: string }[] = [];
  const added: Key[] = [];
  for (const rule of compiledRules(form)) {
    for (const { id, before, after } of rows) {
      const [old, now] = [keysOf(rule, before), keysOf(rule, after)];
      if (old.join('\n') === now.join('\n')) continue;
      if (old.length > 0) gone.push({ rule: rule.id, record: id });
      for (const key of now) added.push({ rule: rule.id, key, record: id });
    }
  }
  return [...(gone.length > 0 ? [removeKeys(form, gone)] : []), ...(added.length > 0 ? [addKeys(form, added)] : [])];
}

function removeKeys(form: FormMeta, gone: readonly { rule: string; record: string }[]): Statement {
  return {
    text: `DELETE FROM ${keyTable(form)} k USING unnest($2::text[], $3::uuid[]) AS g(rule, record_id)
     WHERE k.form_id = $1 AND k.rule = g.rule AND k.record_id = g.record_id`,
    values: [form.id, gone.map(({ rule }) => rule), gone.map(({ record }) => record)],
  };
}

export function addKeys(form: FormMeta, keys: readonly Key[]): Statement {
  return {
    text: `INSERT INTO ${keyTable(form)} (form_id, rule, key, record_id)
     SELECT $1, a.rule, a.key, a.record_id FROM unnest($2::text[], $3::text[], $4::uuid[]) AS a(rule, key, record_id) ON CONFLICT DO NOTHING`,
    values: [form.id, keys.map(({ rule }) => rule), keys.map(({ key }) => key), keys.map(({ record }) => record)],
  };
}

/**
 * Live records that have one of the keys: which, under which key. At most `each` a key, the oldest first. Those in which the
 * reader sees a field of the rule with stars are left out.
 */
export function twinsSql(
  form: FormMeta,
  wanted: readonly { rule: CompiledRule; key: string }[],
  each: number,
  scope: ReadScope,
): Statement {
  const params = new Params();
  const formId = params.add(form.id, 'uuid');
  const [rules, keys] = [wanted.map(({ rule }) => rule.id), wanted.map(({ key }) => key)];
  const asked = `unnest(${params.add(rules, 'text[]')}, ${params.add(keys, 'text[]')})`;
  const shown = [...new Set(wanted.map(({ rule }) => rule))].flatMap((rule) => {
    const masked = maskedParts(form, rule, 't', scope, params);
    return masked ? [` AND NOT (k.rule = ${params.add(rule.id, 'text')} AND ${masked})`] : [];
  });
  return {
    text: `SELECT w.rule, w.key, found.id, found.owner
     FROM ${asked} AS w(rule, key)
     CROSS JOIN LATERAL (
       SELECT k.record_id AS id, t.owner_id AS owner FROM ${keyTable(form)} k
       JOIN ${form.table} t ON t.id = k.record_id AND t.deleted_at IS NULL
       WHERE k.form_id = ${formId} AND k.rule = w.rule AND k.key = w.key${shown.join('')} ORDER BY k.record_id LIMIT ${each}) found`,
    values: params.values,
  };
}

/** Rows of `alias` in which the reader sees a field of the rule with stars; undefined when in none. */
export function maskedParts(
  form: FormMeta,
  rule: CompiledRule,
  alias: string,
  scope: ReadScope,
  params: Params,
): string | undefined {
  const masked = rule.parts.flatMap(({ field }) => maskedSql(field, form, alias, scope, params) ?? []);
  return masked.length > 0 ? `(${masked.join(' OR ')})` : undefined;
}

export interface TwinRow {
  rule: string;
  key: string;
  id: string;
  owner: string | null;
}

/** All keys of rows under the rules, each with the row it comes from. */
export function keysOfRows(
  rules: readonly CompiledRule[],
  rows: readonly { id: string; values: StoredValues }[],
): Key[] {
  return rules.flatMap((rule) =>
    rows.flatMap(({ id, values }) => keysOf(rule, values).map((key) => ({ rule: rule.id, key, record: id }))),
  );
}
