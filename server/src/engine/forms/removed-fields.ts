import type { Database } from '../../kernel/database/database.js';
import { ident } from '../../kernel/database/ident.js';
import { bumpSchema } from '../versions.js';
import { columnName, type FormDefinition, type FormMeta } from './form-meta.js';

/**
 * Forgets fields that were taken off a form before `cutoff`. First the definition, in a version of its own so that nobody
 * brings back a field that is going; then the columns. @returns how many fields went
 */
export async function dropRemovedFields(database: Database, form: FormMeta, cutoff: Date): Promise<number> {
  const expired = (field: { removedAt: string }) => new Date(field.removedAt) < cutoff;
  if (!form.definition.removed.some(expired)) return 0;
  const gone = await database.withTenant(form, async (tx) => {
    const [row] = await tx.sql<{ definition: FormDefinition }>(
      'SELECT definition FROM lianke.form WHERE id = $1 AND deleted_at IS NULL FOR UPDATE',
      [form.id],
    );
    const fields = row?.definition.removed.filter(expired) ?? [];
    if (!row || fields.length === 0) return [];
    const removed = row.definition.removed.filter((field) => !expired(field));
    await tx.run('UPDATE lianke.form SET definition = $2, version = version + 1 WHERE id = $1', [
      form.id,
      { ...row.definition, removed } as never,
    ]);
    await bumpSchema(tx, form.tenantId);
    return fields;
  });
  if (gone.length === 0) return 0;
  const columns = gone.flatMap((field) => [columnName(field.id), `${columnName(field.id)}_base`]);
  await database.ddl(form.tenantId, (sql) =>
    sql(`ALTER TABLE ${form.table} ${columns.map((name) => `DROP COLUMN IF EXISTS ${ident(name)}`).join(', ')}`),
  );
  return gone.length;
}
