import type { Database } from '../../../kernel/database/database.js';
import { ident } from '../../../kernel/database/ident.js';
import { plainColumn, retireColumns } from '../column-pool.js';
import { columnOf, type FormMeta } from '../form-meta.js';
import { type ConversionRow, conversionColumns } from './conversion-store.js';

/**
 * Gives up the old values of fields that were converted, stopped or turned back before `cutoff`: their columns are
 * emptied and kept for new fields. Conversions there and back share two columns and go together.
 * @returns how many columns were emptied
 */
export async function forgetConversions(database: Database, form: FormMeta, cutoff: Date): Promise<number> {
  const rows = await database.withTenant(form, (tx) =>
    tx.sql<ConversionRow>(`SELECT ${conversionColumns} FROM lianke.field_conversion WHERE form_id = $1 AND kept`, [
      form.id,
    ]),
  );
  const old = (row: ConversionRow) => row.finished_at !== null && new Date(row.finished_at) < cutoff;
  const marks = new Set(rows.map((row) => row.mark_column));
  for (const row of rows) if (!old(row)) marks.delete(row.mark_column);
  if (marks.size === 0) return 0;
  await database.withTenant(form, (tx) =>
    tx.run('UPDATE lianke.field_conversion SET kept = false WHERE form_id = $1 AND mark_column = ANY ($2::text[])', [
      form.id,
      [...marks],
    ]),
  );
  let emptied = 0;
  for (const holder of [form, ...form.parts, ...form.removedParts()])
    emptied += await emptyColumns(
      database,
      holder,
      rows.filter((row) => holds(holder, row.field)),
      marks,
    );
  return emptied;
}

/** Whether the field's values stand in the table of this form: its own, or that of a subform's rows. */
function holds({ definition }: FormMeta, field: string): boolean {
  return [...definition.fields, ...definition.removed].some((def) => def.id === field);
}

async function emptyColumns(
  database: Database,
  holder: FormMeta,
  rows: readonly ConversionRow[],
  marks: ReadonlySet<string>,
): Promise<number> {
  const going = rows.filter((row) => marks.has(row.mark_column));
  if (going.length === 0) return 0;
  const { fields, removed, columns } = holder.definition;
  const used = new Set([...fields, ...removed].map((field) => columnOf(field, columns)));
  for (const row of rows)
    if (!marks.has(row.mark_column)) for (const column of [row.source_column, row.target_column]) used.add(column);
  const free = new Map(
    going
      .flatMap((row) => [[row.source_column, row.source] as const, [row.target_column, row.target] as const])
      .filter(([column]) => !used.has(column)),
  );
  const retired = [...free].flatMap(([column, def]) => plainColumn(def, { [def.id]: column }) ?? []);
  const dropped = [...free.keys()].filter((column) => !retired.some((item) => item.column === column));
  if (retired.length > 0) await retireColumns(database, holder, retired);
  const gone = [...new Set(going.map((row) => row.mark_column)), ...dropped];
  await database.ddl(holder.tenantId, (sql) =>
    sql(`ALTER TABLE ${holder.table} ${gone.map((name) => `DROP COLUMN IF EXISTS ${ident(name)}`).join(', ')}`),
  );
  return retired.length + dropped.length;
}
