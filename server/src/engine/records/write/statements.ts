import type { Json } from '@lianke/shared/json';
import type { SqlValue } from '../../../kernel/database/tx.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { changeTable } from '../history.js';
import { Params } from '../sql/params.js';
import type { Statement } from '../sql/query-sql.js';

/** A history entry (and event) to be written with a row. */
export interface ChangeEntry {
  changeId: string;
  recordId: string;
  kind: 'create' | 'update' | 'delete' | 'restore';
  version: number;
  changes: Record<string, [Json, Json]> | null;
  event?: { id: string; before: Record<string, Json>; after: Record<string, Json>; changed: string[] };
}

/** What all entries of one statement share. */
export interface ChangeShared {
  tenantId: string;
  actorId: string | null;
  actorKind: string;
  door: string;
  batchId: string;
  depth: number;
  runId: string | null;
  at: Date;
}

/** Statement array of one column: arrays of arrays and jsonb travel as text and are cast row by row. */
function columnArray(
  field: Pick<FieldMeta, 'storage'>,
  values: readonly (Json | undefined)[],
  params: Params,
  name: string,
): { source: string; select: string } {
  if (field.storage === 'text[]' || field.storage === 'uuid[]') {
    return {
      source: params.add(
        values.map((value) => (Array.isArray(value) ? arrayLiteral(value as string[]) : null)),
        'text[]',
      ),
      select: `v.${name}::${field.storage}`,
    };
  }
  if (field.storage === 'jsonb')
    return {
      source: params.add(
        values.map((value) => (value === null || value === undefined ? null : JSON.stringify(value))),
        'text[]',
      ),
      select: `v.${name}::jsonb`,
    };
  return {
    source: params.add(
      values.map((value) => (value ?? null) as SqlValue),
      `${field.storage}[]`,
    ),
    select: `v.${name}`,
  };
}

/** A one-dimensional PostgreSQL array literal. */
export function arrayLiteral(items: readonly string[]): string {
  return `{${items.map((item) => `"${item.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`;
}

export interface InsertRow {
  id: string;
  values: Record<string, Json>;
  grams: string[];
  /** Instants to keep instead of now (imports of history). */
  createdAt: Date | string;
  createdBy: string | null;
}

/** One statement: the rows, their history markers, and their events. Answers the ids really inserted. */
export function insertSql(
  form: FormMeta,
  fields: readonly FieldMeta[],
  rows: readonly InsertRow[],
  entries: readonly ChangeEntry[],
  shared: ChangeShared,
  extra: readonly { column: string; values: (string | null)[] }[] = [],
): Statement {
  const params = new Params();
  const columns = fields.map((field, index) => ({
    field,
    name: `c${index}`,
    ...columnArray(
      field,
      rows.map((row) => row.values[field.id]),
      params,
      `c${index}`,
    ),
  }));
  const bases = extra.map((item, index) => ({
    ...item,
    name: `x${index}`,
    source: params.add(item.values, 'timestamptz[]'),
  }));
  const ids = params.add(
    rows.map((row) => row.id),
    'uuid[]',
  );
  const grams = params.add(
    rows.map((row) => arrayLiteral(row.grams)),
    'text[]',
  );
  const createdAt = params.add(rows.map((row) => row.createdAt) as SqlValue, 'timestamptz[]');
  const createdBy = params.add(
    rows.map((row) => row.createdBy),
    'uuid[]',
  );
  const now = params.add(shared.at, 'timestamptz');
  const actor = params.add(shared.actorId, 'uuid');
  const targets = [...columns.map((column) => column.field.column), ...bases.map((base) => base.column)];
  const selects = [...columns.map((column) => column.select), ...bases.map((base) => `v.${base.name}`)];
  const sources = [...columns.map((column) => column.source), ...bases.map((base) => base.source)];
  const names = [...columns.map((column) => column.name), ...bases.map((base) => base.name)];
  const insert = `INSERT INTO ${form.table} (id, search_grams, created_at, created_by, updated_at, updated_by${targets.map((column) => `, ${column}`).join('')})
    SELECT v.id, v.grams::text[], v.created_at, v.created_by, ${now}, ${actor}${selects.map((select) => `, ${select}`).join('')}
    FROM unnest(${[ids, grams, createdAt, createdBy, ...sources].join(', ')}) AS v(${['id', 'grams', 'created_at', 'created_by', ...names].join(', ')})
    ON CONFLICT DO NOTHING RETURNING id, version`;
  return {
    text: `WITH done AS (${insert})${changesSql(form, entries, shared, params)} SELECT id, version FROM done`,
    values: params.values,
  };
}

export interface UpdateRow {
  id: string;
  values: Record<string, Json>;
  grams: string[] | null;
}

/** One statement: set the given columns (and `deleted_at` for delete and restore), with history and events. */
export function updateSql(
  form: FormMeta,
  fields: readonly FieldMeta[],
  rows: readonly UpdateRow[],
  entries: readonly ChangeEntry[],
  shared: ChangeShared,
  bin?: 'delete' | 'restore',
  extra: readonly { column: string; values: (string | null)[] }[] = [],
): Statement {
  const params = new Params();
  const columns = fields.map((field, index) => ({
    field,
    name: `c${index}`,
    ...columnArray(
      field,
      rows.map((row) => row.values[field.id]),
      params,
      `c${index}`,
    ),
  }));
  const bases = extra.map((item, index) => ({
    ...item,
    name: `x${index}`,
    source: params.add(item.values, 'timestamptz[]'),
  }));
  const ids = params.add(
    rows.map((row) => row.id),
    'uuid[]',
  );
  const now = params.add(shared.at, 'timestamptz');
  const sets = [
    `updated_at = ${now}`,
    `updated_by = ${params.add(shared.actorId, 'uuid')}`,
    'version = t.version + 1',
    ...columns.map((column) => `${column.field.column} = ${column.select}`),
    ...bases.map((base) => `${base.column} = v.${base.name}`),
  ];
  const sources = [ids, ...columns.map((column) => column.source), ...bases.map((base) => base.source)];
  const names = ['id', ...columns.map((column) => column.name), ...bases.map((base) => base.name)];
  if (rows.some((row) => row.grams !== null)) {
    sources.push(
      params.add(
        rows.map((row) => (row.grams === null ? null : arrayLiteral(row.grams))),
        'text[]',
      ),
    );
    names.push('grams');
    sets.push('search_grams = coalesce(v.grams::text[], t.search_grams)');
  }
  if (bin) sets.push(`deleted_at = ${bin === 'delete' ? now : 'NULL'}`);
  const update = `UPDATE ${form.table} t SET ${sets.join(', ')} FROM unnest(${sources.join(', ')}) AS v(${names.join(', ')}) WHERE t.id = v.id RETURNING t.id, t.version`;
  return {
    text: `WITH done AS (${update})${changesSql(form, entries, shared, params)} SELECT id, version FROM done`,
    values: params.values,
  };
}

function changesSql(form: FormMeta, entries: readonly ChangeEntry[], shared: ChangeShared, params: Params): string {
  const bind = {
    form: params.add(form.id, 'uuid'),
    at: params.add(shared.at, 'timestamptz'),
    actor: params.add(shared.actorId, 'uuid'),
    kind: params.add(shared.actorKind, 'text'),
    door: params.add(shared.door, 'text'),
    batch: params.add(shared.batchId, 'uuid'),
  };
  const arrays = [
    params.add(
      entries.map((entry) => entry.changeId),
      'uuid[]',
    ),
    params.add(
      entries.map((entry) => entry.recordId),
      'uuid[]',
    ),
    params.add(
      entries.map((entry) => entry.kind),
      'text[]',
    ),
    params.add(
      entries.map((entry) => entry.version),
      'int[]',
    ),
    params.add(
      entries.map((entry) => (entry.changes ? JSON.stringify(entry.changes) : null)),
      'text[]',
    ),
  ];
  const history = `, history AS (INSERT INTO ${changeTable(form)} (id, form_id, record_id, kind, at, actor_id, actor_kind, door, batch_id, version, changes)
    SELECT h.id, ${bind.form}, h.record_id, h.kind, ${bind.at}, ${bind.actor}, ${bind.kind}, ${bind.door}, ${bind.batch}, h.version, h.changes::jsonb
    FROM unnest(${arrays.join(', ')}) AS h(id, record_id, kind, version, changes) JOIN done ON done.id = h.record_id)`;
  const events = entries.filter((entry) => entry.event);
  if (events.length === 0) return history;
  const eventArrays = [
    params.add(
      events.map((entry) => entry.event?.id ?? ''),
      'uuid[]',
    ),
    params.add(
      events.map((entry) => entry.recordId),
      'uuid[]',
    ),
    params.add(
      events.map((entry) => eventKinds[entry.kind]),
      'text[]',
    ),
    params.add(
      events.map((entry) => JSON.stringify(entry.event?.before ?? {})),
      'text[]',
    ),
    params.add(
      events.map((entry) => JSON.stringify(entry.event?.after ?? {})),
      'text[]',
    ),
    params.add(
      events.map((entry) => arrayLiteral(entry.event?.changed ?? [])),
      'text[]',
    ),
  ];
  return `${history}, events AS (INSERT INTO lianke.event (tenant_id, id, form_id, record_id, kind, before, after, changed, batch_id, actor_id, door, depth, cause_run_id)
    SELECT ${params.add(shared.tenantId, 'uuid')}, e.id, ${bind.form}, e.record_id, e.kind, e.before::jsonb, e.after::jsonb, e.changed::text[], ${bind.batch}, ${bind.actor}, ${bind.door}, ${params.add(shared.depth, 'int')}, ${params.add(shared.runId, 'uuid')}
    FROM unnest(${eventArrays.join(', ')}) AS e(id, record_id, kind, before, after, changed) JOIN done ON done.id = e.record_id)`;
}

export const eventKinds = { create: 'created', update: 'updated', delete: 'deleted', restore: 'restored' } as const;
