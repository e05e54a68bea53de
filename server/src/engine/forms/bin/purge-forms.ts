import type { FormId } from '@lianke/shared/ids';
import type { Database } from '../../../kernel/database/database.js';
import { ident, tenantName } from '../../../kernel/database/ident.js';
import { type FormDefinition, tableName } from '../form-meta.js';
import { rowFormsOf } from '../removed-fields.js';

/** What hangs on a form in shared tables, by its id. */
const followers = ['view', 'form_version', 'form_draft', 'derived_build', 'field_conversion', 'favourite', 'recent'];
const perTenant = ['record_change', 'record_comment', 'file_ref'];

/**
 * Removes for good forms that were deleted before `cutoff`: their history in steps of `limit` rows, then the table and
 * those of their subforms' rows, then what describes it. Stopped anywhere, the next run goes on. @returns how many forms went
 */
export async function purgeForms(database: Database, tenantId: string, cutoff: Date, limit: number): Promise<number> {
  const forms = await database.withTenant({ tenantId }, (tx) =>
    tx.sql<{ id: FormId; definition: FormDefinition }>('SELECT id, definition FROM lianke.form WHERE deleted_at < $1', [
      cutoff,
    ]),
  );
  const schema = ident(tenantName(tenantId));
  for (const { id, definition } of forms) {
    const tables = [id, ...rowFormsOf(definition)];
    for (const table of perTenant)
      for (let gone = limit; gone >= limit; )
        gone = await database.withTenant({ tenantId }, (tx) =>
          tx.run(
            `DELETE FROM ${schema}.${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${schema}.${table} WHERE form_id = ANY ($1::uuid[]) LIMIT ${limit}))`,
            [tables],
          ),
        );
    await database.ddl(tenantId, async (sql) => {
      for (const table of tables) await sql(`DROP TABLE IF EXISTS ${schema}.${ident(tableName(table))}`);
    });
    await database.withTenant({ tenantId }, async (tx) => {
      for (const table of followers) await tx.run(`DELETE FROM lianke.${table} WHERE form_id = $1`, [id]);
      await tx.run('DELETE FROM lianke.form WHERE id = $1 AND deleted_at < $2', [id, cutoff]);
    });
  }
  return forms.length;
}
