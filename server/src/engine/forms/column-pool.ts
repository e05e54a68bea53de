import { isDerived } from '@lianke/shared/fields/derived';
import type { FieldDef } from '@lianke/shared/forms/definition';
import type { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import { bumpSchema } from '../versions.js';
import { columnOf, type FormDefinition, type FormMeta, type PooledColumn, userField } from './form-meta.js';
import { columnType } from './table-ddl.js';

const step = 5_000;

/** The column of a field that is nothing but its values; undefined for those that have more than one, or rows of their own. */
export function plainColumn(def: FieldDef, columns: FormDefinition['columns']): PooledColumn | undefined {
  if (isDerived(def.type) || ['lastContact', 'autonumber', 'subform'].includes(def.type)) return undefined;
  const field = userField(def, columns);
  return { column: columnOf(def, columns), type: columnType(field.storage, field.typeName) };
}

/** A definition whose new fields stand in emptied columns, as far as there are some: a table has 1,600 for all its life. */
export function reuseColumns(before: FormDefinition | undefined, after: FormDefinition): FormDefinition {
  const pool = [...(after.pool ?? [])];
  if (pool.length === 0) return after;
  const known = new Set([...(before?.fields ?? []), ...(before?.removed ?? [])].map((field) => field.id));
  const columns = { ...after.columns };
  for (const def of after.fields) {
    const wanted = known.has(def.id) ? undefined : plainColumn(def, undefined);
    const at = wanted ? pool.findIndex((item) => item.type === wanted.type) : -1;
    const [found] = at < 0 ? [] : pool.splice(at, 1);
    if (found) columns[def.id] = found.column;
  }
  return { ...after, columns, pool };
}

/** Empties columns that no field stands in any more, in steps beside those who write, and keeps them for new fields. */
export async function retireColumns(
  database: Database,
  form: Pick<FormMeta, 'id' | 'tenantId' | 'table'>,
  columns: readonly PooledColumn[],
): Promise<void> {
  const schema = ident(tenantName(form.tenantId));
  for (const { column } of columns) {
    const name = ident(column);
    for (let emptied = step; emptied === step; )
      emptied = await database.withTenant(form, (tx) =>
        tx.run(
          `UPDATE ${form.table} SET ${name} = NULL WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${form.table} WHERE ${name} IS NOT NULL LIMIT ${step}))`,
        ),
      );
  }
  const indexes = await database.withTenant(form, (tx) =>
    tx.sql<{ name: string }>(
      `SELECT DISTINCT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
       WHERE i.indrelid = $1::regclass AND a.attname = ANY ($2::text[])`,
      [form.table, columns.map((item) => item.column)],
    ),
  );
  if (indexes.length > 0)
    await database.ddl(form.tenantId, async (sql) => {
      for (const { name } of indexes) await sql(`DROP INDEX IF EXISTS ${schema}.${ident(name)}`);
    });
  await database.withTenant(form, async (tx) => {
    const [row] = await tx.sql<{ definition: FormDefinition }>(
      'SELECT definition FROM lianke.form WHERE id = $1 FOR UPDATE',
      [form.id],
    );
    if (!row) return;
    const pool = [...(row.definition.pool ?? []), ...columns];
    await tx.run('UPDATE lianke.form SET definition = $2 WHERE id = $1', [
      form.id,
      { ...row.definition, pool } as never,
    ]);
    await bumpSchema(tx, form.tenantId);
  });
}
