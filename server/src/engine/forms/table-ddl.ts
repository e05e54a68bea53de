import { createHash } from 'node:crypto';
import type { FieldTypeName } from '@lianke/shared/fields/registry';
import type { StorageKind } from '@lianke/shared/fields/types';
import { ident, tenantName } from '../../kernel/database/ident.js';
import { columnName, columnOf, type FieldMeta, type FormMeta } from './form-meta.js';

/** Tables every tenant's schema has beside its forms. */
export function tenantSchemaSql(tenantId: string): string {
  const schema = ident(tenantName(tenantId));
  return `
CREATE TABLE IF NOT EXISTS ${schema}.record_change (
  id uuid PRIMARY KEY,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  actor_id uuid,
  actor_kind text NOT NULL,
  door text NOT NULL,
  batch_id uuid,
  version int NOT NULL,
  changes jsonb
);
CREATE INDEX IF NOT EXISTS record_change_record ON ${schema}.record_change (record_id, at DESC);
CREATE INDEX IF NOT EXISTS record_change_batch ON ${schema}.record_change (batch_id) WHERE batch_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS ${schema}.file_ref (
  file_id uuid NOT NULL,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  field text NOT NULL,
  PRIMARY KEY (file_id, record_id, field)
);
CREATE INDEX IF NOT EXISTS file_ref_record ON ${schema}.file_ref (record_id);
${duplicateKeyTableSql(schema)}
${commentTableSql(schema)}`;
}

/** What tells a tenant's repeated records: a key for each rule. `schema` is the quoted schema. */
export function duplicateKeyTableSql(schema: string): string {
  return `
CREATE TABLE IF NOT EXISTS ${schema}.duplicate_key (
  form_id uuid NOT NULL,
  rule text NOT NULL,
  key text COLLATE "C" NOT NULL,
  record_id uuid NOT NULL,
  PRIMARY KEY (form_id, rule, key, record_id)
);
CREATE INDEX IF NOT EXISTS duplicate_key_record ON ${schema}.duplicate_key (record_id);`;
}

/** Comments of a tenant's records. `schema` is the quoted schema. */
export function commentTableSql(schema: string): string {
  return `
CREATE TABLE IF NOT EXISTS ${schema}.record_comment (
  id uuid PRIMARY KEY,
  form_id uuid NOT NULL,
  record_id uuid NOT NULL,
  /** Null for what a flow said. */
  author_id uuid,
  by_flow text,
  text text NOT NULL,
  /** Mentioned members who were sent a message. */
  told uuid[] NOT NULL,
  at timestamptz NOT NULL,
  edited_at timestamptz
);
CREATE INDEX IF NOT EXISTS record_comment_record ON ${schema}.record_comment (record_id, at);`;
}

/**
 * Statements that bring a form's table from `before` (undefined: no table yet) to `after`. Columns are only ever added;
 * those in `standing` are there already, with their indexes.
 */
export function formTableSql(
  before: FormMeta | undefined,
  after: FormMeta,
  standing: readonly string[] = [],
): string[] {
  const known = new Set([...(before ? existingFields(before) : []), ...standing]);
  const added = after.fields.filter((field) => !field.system && !known.has(field.column));
  const statements: string[] = [];
  if (!before) statements.push(createTable(after));
  else if (added.length > 0)
    statements.push(
      `ALTER TABLE ${after.table} ${added
        .flatMap(columnsOf)
        .map((column) => `ADD COLUMN IF NOT EXISTS ${column}`)
        .join(', ')}`,
    );
  // A new field may stand in a column that was there before.
  const fresh = after.fields.filter((field) => !field.system && !before?.field(field.id) && !isBack(before, field));
  for (const field of before ? new Set([...added, ...fresh]) : after.fields)
    statements.push(...fieldIndexes(after, field));
  if (before) statements.push(...changedUniques(before, after));
  if (!before || added.length > 0) statements.push(binIndex(after));
  statements.push(...changedSets(before, after));
  for (const part of after.parts)
    statements.push(
      ...formTableSql(
        before && [...before.parts, ...before.removedParts()].find((item) => item.id === part.id),
        part,
        standing,
      ),
    );
  return statements;
}

function isBack(before: FormMeta | undefined, field: FieldMeta): boolean {
  return before?.definition.removed.some((item) => item.id === field.id) ?? false;
}

/** Removed fields keep their column: bringing one back finds its data. */
function existingFields(form: FormMeta): string[] {
  const { fields, removed, columns, pool = [] } = form.definition;
  return [...fields, ...removed]
    .map((field) => ident(columnOf(field, columns)))
    .concat(pool.map((item) => ident(item.column)));
}

function createTable(form: FormMeta): string {
  const own = form.fields.filter((field) => !field.system).flatMap(columnsOf);
  const name = indexPrefix(form);
  return `
CREATE TABLE ${form.table} (
  id uuid PRIMARY KEY,
  owner_id uuid,
  dept_id uuid,
  created_at timestamptz NOT NULL,
  created_by uuid,
  updated_at timestamptz NOT NULL,
  updated_by uuid,
  version int NOT NULL DEFAULT 1,
  deleted_at timestamptz,
  search_grams text[]${own.map((column) => `,\n  ${column}`).join('')}
);
CREATE INDEX ${ident(`${name}_created`)} ON ${form.table} (created_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX ${ident(`${name}_owner`)} ON ${form.table} (owner_id, created_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX ${ident(`${name}_dept`)} ON ${form.table} (dept_id) WHERE deleted_at IS NULL;
CREATE INDEX ${ident(`${name}_grams`)} ON ${form.table} USING gin (search_grams) WHERE deleted_at IS NULL`;
}

function columnsOf(field: FieldMeta): string[] {
  const columns = [`${field.column} ${columnType(field.storage, field.typeName)}`];
  if (field.typeName === 'lastContact') columns.push(`${baseColumn(field)} timestamptz`);
  return columns;
}

/** The recycle bin lists the last deleted first: a deletion is a record's last change. */
function binIndex(form: FormMeta): string {
  return `CREATE INDEX IF NOT EXISTS ${ident(`${indexPrefix(form)}_bin`)} ON ${form.table} (updated_at DESC NULLS LAST, id) WHERE deleted_at IS NOT NULL`;
}

/** Where a lastContact field keeps what an import or a person set, apart from the recomputed maximum. */
export function baseColumn(field: FieldMeta): string {
  return ident(`${columnName(field.id)}_base`);
}

/** SQL type of a field's column. Text compares by code point, in SQL as in memory (design §6). */
export function columnType(storage: StorageKind, type: FieldTypeName): string {
  if (storage === 'text') return 'text COLLATE "C"';
  if (storage === 'text[]') return type === 'phone' ? 'text[]' : 'text[] COLLATE "C"';
  return storage;
}

function indexPrefix(form: FormMeta): string {
  return `i_${form.id.replaceAll('-', '').slice(-16)}`;
}

/** Indexes a field asks for by itself: relations, unique rules, last contact. Views and widgets ask for theirs elsewhere. */
export function fieldIndexes(form: FormMeta, field: FieldMeta): string[] {
  if (field.system) return [];
  const name = indexName(form, field);
  const live = 'WHERE deleted_at IS NULL';
  const statements: string[] = [];
  if (field.typeName === 'relation')
    statements.push(`CREATE INDEX IF NOT EXISTS ${ident(name)} ON ${form.table} (${field.column}) ${live}`);
  if (field.typeName === 'relations')
    statements.push(`CREATE INDEX IF NOT EXISTS ${ident(name)} ON ${form.table} USING gin (${field.column}) ${live}`);
  if (field.typeName === 'lastContact')
    statements.push(
      `CREATE INDEX IF NOT EXISTS ${ident(name)} ON ${form.table} (${field.column} DESC NULLS LAST, id) ${live}`,
    );
  if (isUnique(field))
    statements.push(
      `CREATE UNIQUE INDEX IF NOT EXISTS ${ident(`${name}_u`)} ON ${form.table} (${field.column}) ${live}`,
    );
  return statements;
}

/** Named for its column: a converted field has another one, and an index of its own. */
function indexName(form: FormMeta, field: FieldMeta): string {
  return `${indexPrefix(form)}_${field.column.slice(1, -1)}`;
}

/** Autonumbers are unique by nature, other fields by rule. */
export function isUnique(field: FieldMeta): boolean {
  return field.typeName === 'autonumber' || Boolean(field.def.rules.unique);
}

/** Indexes of the sets of fields that may not repeat, by their names; nulls differ from one another, so an empty field repeats nothing. */
export function setIndexes(form: FormMeta): Map<string, readonly string[]> {
  return new Map(
    (form.settings.uniqueSets ?? []).map(({ fields }) => {
      const mark = createHash('sha256')
        .update([...fields].sort().join())
        .digest('hex')
        .slice(0, 16);
      return [`${indexPrefix(form)}_s_${mark}`, fields] as const;
    }),
  );
}

/** The index of a set of fields that may not repeat, on the columns that the fields have in this form. */
export function setIndexSql(form: FormMeta, name: string, fields: readonly string[]): string {
  const columns = fields.map((id) => form.field(id)?.column ?? 'id').join(', ');
  return `CREATE UNIQUE INDEX IF NOT EXISTS ${ident(name)} ON ${form.table} (${columns}) WHERE deleted_at IS NULL`;
}

function changedSets(before: FormMeta | undefined, after: FormMeta): string[] {
  const old = before ? setIndexes(before) : new Map<string, readonly string[]>();
  const now = setIndexes(after);
  const gone = [...old.keys()].filter((name) => !now.has(name));
  const added = [...now].filter(([name]) => !old.has(name));
  return [
    ...gone.map((name) => `DROP INDEX IF EXISTS ${ident(tenantName(after.tenantId))}.${ident(name)}`),
    ...added.map(([name, fields]) => setIndexSql(after, name, fields)),
  ];
}

function changedUniques(before: FormMeta, after: FormMeta): string[] {
  return after.fields.flatMap((field) => {
    const old = before.field(field.id);
    if (!old || field.system || isUnique(old) === isUnique(field)) return [];
    const name = ident(`${indexName(after, field)}_u`);
    if (!isUnique(field))
      return [...new Set([name, ident(`${indexPrefix(after)}_${columnName(field.id)}_u`)])].map(
        (index) => `DROP INDEX IF EXISTS ${ident(tenantName(after.tenantId))}.${index}`,
      );
    return [`CREATE UNIQUE INDEX IF NOT EXISTS ${name} ON ${after.table} (${field.column}) WHERE deleted_at IS NULL`];
  });
}
