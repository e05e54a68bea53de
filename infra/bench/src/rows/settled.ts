import type pg from 'pg';
import type { ReadBench } from './read-bench.js';

/** Waits until no index is being built and the last look at what was asked for is over. */
export async function settled({ pool, tenantId }: Pick<ReadBench, 'pool' | 'tenantId'>): Promise<void> {
  const end = performance.now() + 180_000;
  for (let quiet = 0; quiet < 5 && performance.now() < end; ) {
    await new Promise((resume) => setTimeout(resume, 1000));
    const { rows: busy } = await pool.query(
      `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query ~ '^(CREATE INDEX|VACUUM|DROP INDEX)'
       UNION ALL SELECT 1 FROM lianke.index_check WHERE tenant_id = $1 AND due_at <= clock_timestamp()`,
      [tenantId],
    );
    quiet = busy.length === 0 ? quiet + 1 : 0;
  }
}

/** Waits until what the first start makes is made: nothing is imported, carried on or written into the background for a while. */
export async function madeUp(pool: pg.Pool): Promise<void> {
  const end = performance.now() + 180_000;
  for (let quiet = 0; quiet < 5 && performance.now() < end; ) {
    await new Promise((resume) => setTimeout(resume, 1000));
    const { rows: busy } = await pool.query(
      `SELECT 1 FROM graphile_worker.jobs WHERE run_at <= now() UNION ALL SELECT 1 FROM lianke.event WHERE state = 'new'
       UNION ALL SELECT 1 FROM lianke.run WHERE state = 'ready'
       UNION ALL SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query ~ '^(CREATE INDEX|VACUUM|COPY|autovacuum)' LIMIT 1`,
    );
    quiet = busy.length === 0 ? quiet + 1 : 0;
  }
}
