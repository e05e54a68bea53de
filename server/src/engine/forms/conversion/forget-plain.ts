import type { Json } from '@lianke/shared/json';
import type { Database } from '../../../kernel/database/database.js';
import type { TenantContext } from '../../context.js';
import { changeTable } from '../../records/history.js';
import { sealedMark, sealImage } from '../../sealed/sealed-images.js';
import { retireColumns } from '../column-pool.js';
import { placeOf } from '../field-place.js';
import type { FormMeta } from '../form-meta.js';
import { columnType } from '../table-ddl.js';
import { type ConversionRow, sidesOf } from './conversion-store.js';

const step = 2_000;

/** Path of a value in the clear: sealed ones are objects with a mark, and an image of `null` says nothing. */
function clearIn(subform: string | undefined, field: string): string {
  const at = subform === undefined ? `$."${field}"` : `$."${subform}".**."${field}"`;
  return `${at} ? (@.type() != "null" && !exists(@."${sealedMark}"))`;
}

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
  const place = placeOf(form, row.field);
  // Rows of a subform stand in images under it, each with its values.
  const key = place?.subform?.id ?? row.field;
  const clear = clearIn(place?.subform?.id, row.field);
  const sealedRows = await database.withTenant(ctx, async (tx) => {
    const rows = await tx.sql<{ id: string; changes: Record<string, Json> }>(
      `SELECT id, changes FROM ${changeTable(form)}
       WHERE form_id = $1 AND jsonb_path_exists(changes, $2) ORDER BY id LIMIT ${step} FOR UPDATE`,
      [form.id, clear],
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
         AND (jsonb_path_exists(before, $4) OR jsonb_path_exists(after, $4))`,
      [form.id, key, row.finished_at, clear],
    ),
  );
  const { source } = sidesOf(form, row);
  await retireColumns(database, place?.holder ?? form, [
    { column: row.source_column, type: columnType(source.storage, source.typeName) },
  ]);
  await database.withTenant(ctx, (tx) =>
    tx.run('UPDATE lianke.field_conversion SET kept = false WHERE id = $1', [row.id]),
  );
  return true;
}
