import type { Json } from '@lianke/shared/json';
import type { Database } from '../../../kernel/database/database.js';
import type { TenantContext } from '../../context.js';
import { changeTable } from '../../records/history.js';
import { sealImage } from '../../sealed/sealed-images.js';
import { retireColumns } from '../column-pool.js';
import type { FormMeta } from '../form-meta.js';
import { columnType } from '../table-ddl.js';
import { type ConversionRow, sidesOf } from './conversion-store.js';

const step = 2_000;

/**
 * Takes away what a field, now encrypted, left in the clear: its values in history are encrypted in steps, those in events
 * that are done with go, and the column it stood in is emptied.
 * @returns whether nothing is left to do
 */
export async function forgetPlain(
  database: Database,
  ctx: TenantContext,
  form: FormMeta,
  row: ConversionRow,
): Promise<boolean> {
  const sealedRows = await database.withTenant(ctx, async (tx) => {
    const rows = await tx.sql<{ id: string; changes: Record<string, Json> }>(
      `SELECT id, changes FROM ${changeTable(form)}
       WHERE form_id = $1 AND jsonb_typeof(changes -> $2) = 'array' ORDER BY id LIMIT ${step} FOR UPDATE`,
      [form.id, row.field],
    );
    if (rows.length > 0)
      await tx.run(
        `UPDATE ${changeTable(form)} c SET changes = v.changes::jsonb FROM unnest($1::uuid[], $2::text[]) AS v(id, changes) WHERE c.id = v.id`,
        [rows.map((item) => item.id), rows.map((item) => JSON.stringify(sealImage(form, item.changes)))],
      );
    return rows.length;
  });
  if (sealedRows === step) return false;
  await database.withTenant(ctx, (tx) =>
    tx.run(
      `UPDATE lianke.event SET before = before - $2, after = after - $2 WHERE form_id = $1 AND state = 'done' AND created_at <= $3
         AND (jsonb_typeof(before -> $2) <> 'object' OR jsonb_typeof(after -> $2) <> 'object')`,
      [form.id, row.field, row.finished_at],
    ),
  );
  const { source } = sidesOf(form, row);
  await retireColumns(database, form, [
    { column: row.source_column, type: columnType(source.storage, source.typeName) },
  ]);
  await database.withTenant(ctx, (tx) =>
    tx.run('UPDATE lianke.field_conversion SET kept = false WHERE id = $1', [row.id]),
  );
  return true;
}
