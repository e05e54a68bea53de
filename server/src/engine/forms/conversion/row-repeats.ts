import type { Tx } from '../../../kernel/database/tx.js';
import { refusal } from '../../../kernel/errors/app-error.js';
import type { FieldMeta, FormMeta } from '../form-meta.js';
import { parentOf } from '../subform-meta.js';
import { type Conversion, unconverted } from './conversion-store.js';
import { rowsRepeat } from './conversion-words.js';

/** Whether the converted field may stand once in a record's rows: no index of the table says so. */
export function onceInRows({ holder, sides: { source, target } }: Conversion): boolean {
  return holder.owner !== undefined && Boolean(target.def.rules.unique) && source.def.type !== target.def.type;
}

/** Records whose rows were written since they were last converted. */
export async function recordsWritten(tx: Tx, { holder, sides }: Conversion): Promise<string[]> {
  const rows = await tx.sql<{ record: string }>(
    `SELECT DISTINCT t.${parentOf(holder).column} AS record FROM ${holder.table} t WHERE ${unconverted(sides)}`,
  );
  return rows.map((row) => row.record);
}

/**
 * Stops the conversion (`wrong_state`) where converted rows came to be the same within their record.
 * @param records only their rows are looked at; all when absent
 */
export async function refuseRowRepeats(
  tx: Tx,
  { holder, sides: { target } }: Conversion,
  records?: readonly string[],
): Promise<void> {
  const rows = await repeating(tx, holder, target, records);
  if (rows > 0) throw refusal('wrong_state', rowsRepeat(target, rows));
}

async function repeating(
  tx: Tx,
  part: FormMeta,
  { column }: FieldMeta,
  records: readonly string[] | undefined,
): Promise<number> {
  const parent = parentOf(part).column;
  const [found] = await tx.sql<{ rows: number }>(
    `SELECT coalesce(sum(n), 0)::int AS rows FROM
       (SELECT count(*) AS n FROM ${part.table}
        WHERE deleted_at IS NULL AND ${column} IS NOT NULL AND ($1::uuid[] IS NULL OR ${parent} = ANY($1))
        GROUP BY ${parent}, ${column} HAVING count(*) > 1) d`,
    [records ?? null],
  );
  return found?.rows ?? 0;
}
