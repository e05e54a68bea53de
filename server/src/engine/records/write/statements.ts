import type { Json } from '@lianke/shared/json';
import { changer } from '../../context.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { baseColumn } from '../../forms/table-ddl.js';
import { sealed } from '../../sealed/sealed-rows.js';
import type { StoredValues } from '../contracts.js';
import { gramSeparator } from '../search-grams.js';
import { Params } from '../sql/params.js';
import type { Statement } from '../sql/query-sql.js';
import { storedRows } from '../subform-rows.js';
import { type Change, changesSql } from './changes.js';
import { RowSource } from './row-source.js';
import type { Work } from './work.js';

const gramsSql = `string_to_array(v.grams, '${gramSeparator}')`;

export interface InsertRow {
  id: string;
  values: StoredValues;
  /** Joined by `gramSeparator`. */
  grams: string;
  /** Instants to keep instead of now (imports of history). */
  createdAt: Date | string;
  createdBy: string | null;
}

/** One statement: the rows, their history markers, and their events. Answers the ids really inserted. */
export function insertSql(
  work: Work,
  fields: readonly FieldMeta[],
  rows: readonly InsertRow[],
  changes: readonly Change[],
): Statement {
  const params = new Params();
  const source = new RowSource(params);
  const column = <Value>(of: (row: InsertRow) => Value) => rows.map(of);
  source.key(
    'id',
    'uuid',
    column((row) => row.id),
  );
  source.key(
    'grams',
    'text',
    column((row) => row.grams),
  );
  const createdAt = source.value(
    'created_at',
    'timestamptz',
    column((row) => row.createdAt),
  );
  const createdBy = source.value(
    'created_by',
    'uuid',
    column((row) => row.createdBy),
  );
  setFields(source, fields, rows);
  setBases(
    source,
    work.form,
    column((row) => row.values),
  );
  const own = [
    ['id', 'v.id'],
    ['search_grams', gramsSql],
    ['created_at', createdAt],
    ['created_by', createdBy],
    ['updated_at', params.add(work.now, 'timestamptz')],
    ['updated_by', params.add(changer(work.ctx), 'uuid')],
  ] as const;
  const all = [...own.map(([column, select]) => ({ column, select })), ...source.assignments];
  return statement(
    work,
    `INSERT INTO ${work.form.table} (${all.map((item) => item.column).join(', ')})
    SELECT ${all.map((item) => item.select).join(', ')} FROM ${source.from}
    ON CONFLICT DO NOTHING RETURNING id, version`,
    changes,
    params,
  );
}

export interface UpdateRow {
  id: string;
  values: StoredValues;
  /** Values named by the sender, for the base of 最后联系时间. */
  given: StoredValues;
  /** New search grams, joined by `gramSeparator`; null leaves them. */
  grams: string | null;
}

/** One statement: set the given columns (and `deleted_at` for delete and restore), with history and events. */
export function updateSql(
  work: Work,
  fields: readonly FieldMeta[],
  rows: readonly UpdateRow[],
  changes: readonly Change[],
  bin?: 'delete' | 'restore',
): Statement {
  const params = new Params();
  const source = new RowSource(params);
  source.key(
    'id',
    'uuid',
    rows.map((row) => row.id),
  );
  setFields(source, fields, rows);
  setBases(
    source,
    work.form,
    rows.map((row) => row.given),
  );
  const now = params.add(work.now, 'timestamptz');
  const sets = [
    `updated_at = ${now}`,
    `updated_by = ${params.add(changer(work.ctx), 'uuid')}`,
    'version = t.version + 1',
    ...source.assignments.map(({ column, select }) => `${column} = ${select}`),
  ];
  if (rows.some((row) => row.grams !== null)) {
    source.key(
      'grams',
      'text',
      rows.map((row) => row.grams),
    );
    sets.push(`search_grams = coalesce(${gramsSql}, t.search_grams)`);
  }
  if (bin) sets.push(`deleted_at = ${bin === 'delete' ? now : 'NULL'}`);
  return statement(
    work,
    `UPDATE ${work.form.table} t SET ${sets.join(', ')} FROM ${source.from} WHERE t.id = v.id RETURNING t.id, t.version`,
    changes,
    params,
  );
}

function statement(work: Work, done: string, changes: readonly Change[], params: Params): Statement {
  return {
    text: `WITH done AS (${done})${changesSql(work, changes, params)} SELECT id, version FROM done`,
    values: params.values,
  };
}

function setFields(source: RowSource, fields: readonly FieldMeta[], rows: readonly { values: StoredValues }[]): void {
  for (const field of fields)
    source.set(
      field.column,
      field.storage,
      rows.map((row) => (field.part ? rowIds(row.values[field.id]) : sealed(field, row.values[field.id]))),
    );
}

/** A record's column holds the ids of its rows. */
function rowIds(value: Json | undefined): string[] | null {
  const ids = storedRows(value).map((row) => row.id);
  return ids.length > 0 ? ids : null;
}

/** 最后联系时间 of an import is kept as the base that follow-ups can only exceed. */
function setBases(source: RowSource, form: FormMeta, given: readonly StoredValues[]): void {
  for (const field of form.fields) {
    if (field.typeName !== 'lastContact' || !given.some((values) => field.id in values)) continue;
    source.set(
      baseColumn(field),
      'timestamptz',
      given.map((values) => values[field.id]),
    );
  }
}
