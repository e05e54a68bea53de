import type { RecordId } from '@lianke/shared/ids';
import type { Tx } from '../../../kernel/database/tx.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { ReadScope } from '../sql/read-scope.js';

/**
 * Applies what relations pointing at the deleted records say: `refuse` blocks (answers id → which form holds it),
 * `cascade` deletes the holders in the same batch, `detach` leaves the pointer, whose label is then empty.
 */
export async function cascadeDelete(
  tx: Tx,
  form: FormMeta,
  scope: ReadScope,
  ids: readonly string[],
  remove: (form: FormMeta, ids: RecordId[]) => Promise<void>,
): Promise<Map<string, string>> {
  const blocked = new Map<string, string>();
  const uses = scope.forms.pointingAt(form.id);
  for (const { form: holder, field } of uses) {
    if ((field.config as { onDelete: string }).onDelete !== 'refuse' || ids.length === 0) continue;
    const many = field.storage === 'uuid[]';
    const rows = await tx.sql<{ target: string; n: number }>(
      `SELECT ${many ? 'target' : `${field.column} AS target`}, count(*)::int AS n FROM ${holder.table}${
        many ? `, unnest(${field.column}) target` : ''
      } WHERE ${many ? `${field.column} && $1::uuid[] AND target` : field.column} = ANY($1::uuid[]) AND deleted_at IS NULL GROUP BY 1`,
      [ids],
    );
    for (const row of rows) blocked.set(row.target, `${holder.name} ${row.n} 条`);
  }
  const going = ids.filter((id) => !blocked.has(id));
  for (const { form: holder, field } of uses) {
    if ((field.config as { onDelete: string }).onDelete !== 'cascade' || going.length === 0) continue;
    const rows = await tx.sql<{ id: RecordId }>(
      `SELECT id FROM ${holder.table} WHERE ${field.column} = ANY($1::uuid[]) AND deleted_at IS NULL`,
      [going],
    );
    if (rows.length > 0)
      await remove(
        holder,
        rows.map((row) => row.id),
      );
  }
  return blocked;
}
