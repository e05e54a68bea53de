import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** Where the thin server writes: a form's table made by Lianke, with the indexes every form has. */
export interface ThinTarget {
  tenantId: string;
  /** Schema, as Lianke names it. */
  schema: string;
  formId: string;
  table: string;
  memberId: string;
  /** Columns by field key, with their types. */
  columns: Record<string, { column: string; type: string }>;
}

const separator = '\u001f';

export type ThinRow = Record<string, string>;

/**
 * The statements Lianke writes records with, and nothing else: BEGIN with the tenant's settings, one data-modifying
 * statement for rows and history, COMMIT, sent together.
 */
export async function insert(client: pg.PoolClient, target: ThinTarget, rows: readonly ThinRow[]): Promise<string[]> {
  const ids = rows.map(() => randomUUID());
  const now = new Date();
  const keys = Object.keys(target.columns);
  const values: unknown[] = [
    ids,
    rows.map((row) => grams([row.name ?? '', row.phone ?? '']).join(separator)),
    now,
    target.memberId,
    ...keys.map((key) => rows.map((row) => row[key])),
    rows.map(() => randomUUID()),
    target.formId,
    randomUUID(),
  ];
  const opened = client.query(`BEGIN; SET LOCAL app.tenant = '${target.tenantId}'; SET LOCAL ROLE ${target.schema}`);
  const written = client.query<{ id: string }>({
    text: statement(target, keys),
    values,
    // As Lianke does: a single row's statement stays planned, a batch is planned for its size.
    ...(rows.length === 1 ? { name: 'create' } : {}),
  });
  const [, { rows: done }] = await Promise.all([opened, written, client.query('COMMIT')]);
  return done.map((row) => row.id);
}

function statement(target: ThinTarget, keys: readonly string[]): string {
  const at = (index: number) => `$${5 + index}`;
  const columns = keys.map((key) => target.columns[key]?.column);
  const change = 5 + keys.length;
  return `WITH done AS (
    INSERT INTO ${target.table} (id, search_grams, created_at, created_by, updated_at, updated_by, owner_id, ${columns.join(', ')})
    SELECT v.id, string_to_array(v.grams, '${separator}'), $3::timestamptz, $4::uuid, $3::timestamptz, $4::uuid, $4::uuid, ${keys.map((_, index) => `v.c${index}`).join(', ')}
    FROM unnest($1::uuid[], $2::text[], ${keys.map((key, index) => `${at(index)}::${target.columns[key]?.type}[]`).join(', ')}) AS v(id, grams, ${keys.map((_, index) => `c${index}`).join(', ')})
    ON CONFLICT DO NOTHING RETURNING id, version
  ), history AS (
    INSERT INTO ${target.schema}.record_change (id, form_id, record_id, kind, at, actor_id, actor_kind, door, batch_id, version)
    SELECT h.id, $${change + 1}::uuid, h.record_id, 'create', $3::timestamptz, $4::uuid, 'member', 'api', $${change + 2}::uuid, 1
    FROM unnest($${change}::uuid[], $1::uuid[]) AS h(id, record_id) JOIN done ON done.id = h.record_id
  ) SELECT id, version FROM done`;
}

function grams(texts: readonly string[]): string[] {
  const all = new Set<string>();
  for (const text of texts) {
    const chars = [...text];
    for (const [index, char] of chars.entries()) {
      all.add(char);
      const next = chars[index + 1];
      if (next !== undefined) all.add(char + next);
    }
  }
  return [...all];
}
