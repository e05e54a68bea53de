import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../kernel/database/tx.js';
import { groupBy } from '../../kernel/group-by.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { ownFields, parentOf, positionOf } from '../forms/subform-meta.js';
import { opened } from '../sealed/sealed-rows.js';

type Row = Record<string, unknown>;

/** A row of a subform as stored: its own fields' canonical values by field id. */
export interface StoredRow {
  id: string;
  values: Record<string, Json>;
}

/** The rows in a record's value; none when it holds only what lists of records read of them, their ids. */
export function storedRows(value: unknown): StoredRow[] {
  return Array.isArray(value) ? value.filter((row) => typeof row === 'object' && row !== null) : [];
}

/** True when the value holds rows and not their ids alone. */
export function holdsRows(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === 'object';
}

/** Puts the rows of subforms in the place of their ids. `rows` are records as read, keyed by column. */
export async function readSubforms(tx: Tx, fields: readonly FieldMeta[], rows: readonly Row[]): Promise<void> {
  await Promise.all(
    fields.map(async (field) => {
      const key = field.column.slice(1, -1);
      const holders = rows.filter((row) => Array.isArray(row[key]));
      if (!field.part || holders.length === 0) return;
      const found = await rowsOf(
        tx,
        field.part,
        holders.map((row) => String(row.id)),
      );
      for (const row of holders) row[key] = found.get(String(row.id)) ?? null;
    }),
  );
}

/** Rows by the record they belong to, in their order; those of deleted records lie in the bin with them. */
async function rowsOf(tx: Tx, part: FormMeta, parents: readonly string[]): Promise<Map<string, StoredRow[]>> {
  const own = ownFields(part);
  const parent = parentOf(part).column;
  const columns = own.map((field, index) => `, ${field.column} AS c${index}`).join('');
  const rows = await tx.sql<Record<string, Json>>(
    `SELECT id, ${parent} AS parent${columns} FROM ${part.table} WHERE ${parent} = ANY($1::uuid[]) ORDER BY ${parent}, ${positionOf(part).column}, id`,
    [parents],
  );
  for (const [index, field] of own.entries())
    if (field.cipher) for (const row of rows) row[`c${index}`] = opened(field, row[`c${index}`] ?? null);
  const grouped = groupBy(rows, (row) => String(row.parent));
  return new Map(
    [...grouped].map(([id, list]) => [
      id,
      list.map((row) => ({
        id: String(row.id),
        values: Object.fromEntries(own.map((field, index) => [field.id, row[`c${index}`] ?? null])),
      })),
    ]),
  );
}
