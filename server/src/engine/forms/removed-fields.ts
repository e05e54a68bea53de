import type { Database } from '../../kernel/database/database.js';
import { ident } from '../../kernel/database/ident.js';
import { bumpSchema } from '../versions.js';
import { plainColumn, retireColumns } from './column-pool.js';
import { columnName, columnOf, type FormDefinition, type FormMeta } from './form-meta.js';

/**
 * Forgets fields that were taken off a form before `cutoff`. First the definition, in a version of its own so that nobody
 * brings back a field that is going; then the values: a plain column is emptied and kept for a new field, others are
 * dropped. @returns how many fields went
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
    if (!row || fields.length === 0) return { fields: [], columns: {} };
    const removed = row.definition.removed.filter((field) => !expired(field));
    const columns = row.definition.columns ?? {};
    const left = Object.fromEntries(Object.entries(columns).filter(([id]) => !fields.some((field) => field.id === id)));
    await tx.run('UPDATE lianke.form SET definition = $2, version = version + 1 WHERE id = $1', [
      form.id,
      { ...row.definition, removed, columns: left } as never,
    ]);
    await bumpSchema(tx, form.tenantId);
    return { fields, columns };
  });
  if (gone.fields.length === 0) return 0;
  const plain = gone.fields.flatMap((field) => plainColumn(field, gone.columns) ?? []);
  const others = gone.fields
    .filter((field) => !plainColumn(field, gone.columns))
    .flatMap((field) => [columnOf(field, gone.columns), `${columnName(field.id)}_base`]);
  if (plain.length > 0) await retireColumns(database, form, plain);
  if (others.length > 0)
    await database.ddl(form.tenantId, (sql) =>
      sql(`ALTER TABLE ${form.table} ${others.map((name) => `DROP COLUMN IF EXISTS ${ident(name)}`).join(', ')}`),
    );
  return gone.fields.length;
}
