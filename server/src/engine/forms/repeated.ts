import type { Words } from '@lianke/shared/errors/issue-text';
import type { Tx } from '../../kernel/database/tx.js';
import type { FieldMeta } from './form-meta.js';

/** What stands more than once: how many values, or combinations of them, and the records that have them. */
export interface Repeated {
  values: number;
  rows: number;
}

/** Counts what repeats in these columns taken together; where one of them is empty nothing repeats. */
export async function repeatedIn(tx: Tx, table: string, columns: readonly string[]): Promise<Repeated> {
  const filled = columns.map((column) => `${column} IS NOT NULL`).join(' AND ');
  const [row] = await tx.sql<Repeated>(
    `SELECT count(*)::int AS values, coalesce(sum(n), 0)::int AS rows FROM
       (SELECT count(*) AS n FROM ${table} WHERE deleted_at IS NULL AND ${filled} GROUP BY ${columns.join(', ')} HAVING count(*) > 1) d`,
  );
  return row ?? { values: 0, rows: 0 };
}

/** “名称”、“日期” */
export function named(fields: readonly FieldMeta[]): string {
  return fields.map((field) => `“${field.name}”`).join('、');
}

/** The same in both languages. */
export function namedIn(fields: readonly FieldMeta[]): Words {
  return { zh: named(fields), en: fields.map((field) => `"${field.name}"`).join(', ') };
}
