import type { Tx } from './tx.js';

/** A kind of rows that want work; an index that begins with tenant_id should fit each. */
export interface ClaimWay {
  /** SQL condition over the table (alias q) for rows that want work. */
  ready: string;
  /** A wider condition that an index answers tenant by tenant, where `ready` has a range in it; else `ready`. */
  among?: string;
  /** SQL sort of one tenant's rows (alias q). */
  order: string;
}

export interface ClaimOptions extends ClaimWay {
  /** Table in schema `lianke` with tenant_id, lease_until, epoch, and `key` columns. */
  table: string;
  /** Primary-key columns beside tenant_id. */
  key: string[];
  /** Other kinds of rows, each found by an index of its own. */
  also?: readonly ClaimWay[];
  /** At most so many rows of one tenant and kind a call: one tenant's storm leaves room for the others. */
  perTenant: number;
  limit: number;
  leaseSeconds: number;
}

/**
 * Claims rows for this worker: unleased or with an expired lease, a few of every tenant in turn, and raises their
 * epoch. Whoever holds an older epoch is fenced out: every later write names `epoch` in its WHERE.
 * Leases use the database's clock. SKIP LOCKED keeps claimers out of each other's way. Tenants are found by skipping
 * from one to the next, so that what a claim costs does not grow with what is waiting.
 */
export function claimSql(options: ClaimOptions): string {
  const { table, key } = options;
  const names = ['tenant_id', ...key];
  const free = '(q.lease_until IS NULL OR q.lease_until < clock_timestamp())';
  const ways = [options, ...(options.also ?? [])];
  const parts = ways.map(({ ready, among = ready, order }, at) => {
    const next = (after: string) =>
      `SELECT q.tenant_id FROM lianke.${table} q WHERE (${among})${after} ORDER BY q.tenant_id LIMIT 1`;
    return `tenants${at} AS (
  (${next('')})
  UNION ALL
  SELECT (${next(` AND q.tenant_id > t.tenant_id`)}) FROM tenants${at} t WHERE t.tenant_id IS NOT NULL
), way${at} AS (
  SELECT p.* FROM tenants${at} t CROSS JOIN LATERAL (
    SELECT ${names.map((column) => `q.${column}`).join(', ')}, row_number() OVER () AS turn
    FROM (
      SELECT ${names.join(', ')} FROM lianke.${table} q
      WHERE q.tenant_id = t.tenant_id AND (${ready}) AND ${free}
      ORDER BY ${order}
      LIMIT ${options.perTenant}
      FOR UPDATE SKIP LOCKED
    ) q
  ) p WHERE t.tenant_id IS NOT NULL
)`;
  });
  return `
WITH RECURSIVE ${parts.join(', ')}, picked AS (
  SELECT p.* FROM (${ways.map((_, at) => `SELECT * FROM way${at}`).join(' UNION ALL ')}) p
  ORDER BY p.turn, p.tenant_id
  LIMIT ${options.limit}
)
UPDATE lianke.${table} q
SET lease_until = clock_timestamp() + interval '${options.leaseSeconds} seconds', epoch = q.epoch + 1
FROM picked
WHERE ${names.map((column) => `q.${column} = picked.${column}`).join(' AND ')}
RETURNING q.*, picked.turn`;
}

/** Runs a claim as lianke_system; rows come in the order they should be worked on. */
export async function claim<Row>(tx: Tx, options: ClaimOptions): Promise<Row[]> {
  const rows = await tx.sql<Row & { turn: number; tenant_id: string }>(claimSql(options));
  return rows.sort((a, b) => a.turn - b.turn);
}
