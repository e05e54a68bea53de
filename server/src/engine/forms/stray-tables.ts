import type { TenantId } from '@lianke/shared/ids';
import type { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import { type FormDefinition, tableName } from './form-meta.js';
import { rowFormsOf } from './removed-fields.js';

/**
 * Drops tables that belong to no form: tables are made before what describes them is stored, and whoever dies in between
 * leaves them behind, empty. A table goes only when its form's id was made before `cutoff` (whatever is being published is
 * stored within moments), nothing names it, and it holds no row; asked and dropped under the lock that makes tables.
 * @returns how many went
 */
export async function dropStrayTables(database: Database, tenantId: TenantId, cutoff: Date): Promise<number> {
  const schema = tenantName(tenantId);
  const strays = await database.withTenant({ tenantId }, async (tx) => {
    const tables = await tx.sql<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname ~ '^f_[0-9a-f]{32}$' ORDER BY c.relname`,
      [schema],
    );
    const forms = await tx.sql<{ id: string; definition: FormDefinition }>('SELECT id, definition FROM lianke.form');
    const named = new Set(forms.flatMap(({ id, definition }) => [id, ...rowFormsOf(definition)]).map(tableName));
    return tables.map(({ name }) => name).filter((name) => !named.has(name) && madeAt(name) < cutoff.getTime());
  });
  if (strays.length === 0) return 0;
  const left = async () =>
    (
      await database.withTenant({ tenantId }, (tx) =>
        tx.sql<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = $1 AND c.relname = ANY ($2::text[])`,
          [schema, strays],
        ),
      )
    )[0]?.n ?? 0;
  await database.ddl(tenantId, async (sql) => {
    for (const name of strays) {
      const table = `${ident(schema)}.${ident(name)}`;
      await sql(
        `DO $$ BEGIN
           LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE;
           IF NOT EXISTS (SELECT 1 FROM ${table}) THEN DROP TABLE ${table}; END IF;
         EXCEPTION WHEN undefined_table THEN NULL; END $$`,
      );
    }
  });
  return strays.length - (await left());
}

/** Ids of forms begin with the milliseconds at which they were made; others are left alone. */
function madeAt(table: string): number {
  const hex = table.slice(2);
  return hex[12] === '7' ? Number.parseInt(hex.slice(0, 12), 16) : Number.POSITIVE_INFINITY;
}
