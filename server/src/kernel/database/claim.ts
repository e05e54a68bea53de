import type { Tx } from './tx.js';

export interface ClaimOptions {
  /** Table in schema `lianke` with tenant_id, lease_until, epoch, and `key` columns. */
  table: string;
  /** Primary-key columns beside tenant_id. */
  key: string[];
  /** SQL condition over the table (alias q) for rows that want work. */
  ready: string;
  /** SQL sort of one tenant's rows (alias q). */
  order: string;
  /** At most so many rows of one tenant a call: one tenant's storm leaves room for the others. */
  perTenant: number;
  limit: number;
  leaseSeconds: number;
}

/**
 * Claims rows for this worker: unleased or with an expired lease, a few of every tenant in turn, and raises their
 * epoch. Whoever holds an older epoch is fenced out: every later write names `epoch` in its WHERE.
 * Leases use the database's clock. SKIP LOCKED keeps claimers out of each other's way.
 */
export function claimSql(options: ClaimOptions): string {
  const key = ['tenant_id', ...options.key];
  return `
WITH tenants AS (
  SELECT DISTINCT tenant_id FROM lianke.${options.table} q
  WHERE (${options.ready}) AND (q.lease_until IS NULL OR q.lease_until < clock_timestamp())
), picked AS (
  SELECT p.* FROM tenants t CROSS JOIN LATERAL (
    SELECT ${key.map((column) => `q.${column}`).join(', ')}, row_number() OVER () AS turn
    FROM (
      SELECT ${key.join(', ')} FROM lianke.${options.table} q
      WHERE q.tenant_id = t.tenant_id AND (${options.ready}) AND (q.lease_until IS NULL OR q.lease_until < clock_timestamp())
      ORDER BY ${options.order}
      LIMIT ${options.perTenant}
      FOR UPDATE SKIP LOCKED
    ) q
  ) p
  ORDER BY p.turn, p.tenant_id
  LIMIT ${options.limit}
)
UPDATE lianke.${options.table} q
SET lease_until = clock_timestamp() + interval '${options.leaseSeconds} seconds', epoch = q.epoch + 1
FROM picked
WHERE ${key.map((column) => `q.${column} = picked.${column}`).join(' AND ')}
RETURNING q.*, picked.turn`;
}

/** Runs a claim as lianke_system; rows come in the order they should be worked on. */
export async function claim<Row>(tx: Tx, options: ClaimOptions): Promise<Row[]> {
  const rows = await tx.sql<Row & { turn: number; tenant_id: string }>(claimSql(options));
  return rows.sort((a, b) => a.turn - b.turn);
}
