import { ident, tenantName } from '../../kernel/database/ident.js';
import type { Tx } from '../../kernel/database/tx.js';
import type { FormMeta } from '../forms/form-meta.js';

/** Rows of subforms lie in the bin with their records and go before them. */
const rowsPerRecord = 5000;

/**
 * Removes for good what went to the recycle bin before `cutoff`: the rows with their history and file references. A row
 * that somebody is bringing back at this moment is left out.
 * @returns how many rows went, at most `limit`
 */
export async function emptyRecycleBin(tx: Tx, form: FormMeta, cutoff: Date, limit: number): Promise<number> {
  const schema = ident(tenantName(form.tenantId));
  for (const part of form.parts) await emptyRecycleBin(tx, part, cutoff, limit * rowsPerRecord);
  const [row] = await tx.sql<{ n: number }>(
    `WITH gone AS (
       DELETE FROM ${form.table} t WHERE t.id IN (
         SELECT id FROM ${form.table} WHERE deleted_at < $1 LIMIT ${limit} FOR UPDATE SKIP LOCKED)
       RETURNING t.id
     ), files AS (
       DELETE FROM ${schema}.file_ref r USING gone WHERE r.record_id = gone.id AND r.form_id = $2
     ), keys AS (
       DELETE FROM ${schema}.duplicate_key k USING gone WHERE k.record_id = gone.id
     ), history AS (
       DELETE FROM ${schema}.record_change c USING gone WHERE c.record_id = gone.id AND c.form_id = $2
     )
     SELECT count(*)::int AS n FROM gone`,
    [cutoff, form.id],
  );
  return row?.n ?? 0;
}
