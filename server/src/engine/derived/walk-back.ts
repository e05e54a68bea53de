import type { Tx } from '../../kernel/database/tx.js';
import type { TenantForms } from '../forms/form-registry.js';

/** Records reached from `starts` by the steps of a ticket; none when a relation on the way is gone. */
export async function walkBack(
  tx: Tx,
  forms: TenantForms,
  via: readonly string[],
  starts: readonly string[],
): Promise<string[]> {
  let ids = [...starts];
  for (const step of via) {
    const [kind, relationId = ''] = step.split(':');
    const form = forms.all.find((item) => item.field(relationId)?.typeName === 'relation');
    const column = form?.field(relationId)?.column;
    if (!form || !column || ids.length === 0) return [];
    const text =
      kind === 'one'
        ? `SELECT id FROM ${form.table} WHERE ${column} = ANY($1::uuid[]) AND deleted_at IS NULL`
        : `SELECT DISTINCT ${column} AS id FROM ${form.table} WHERE id = ANY($1::uuid[]) AND ${column} IS NOT NULL`;
    ids = (await tx.sql<{ id: string }>(text, [ids])).map((row) => row.id);
  }
  return ids;
}
