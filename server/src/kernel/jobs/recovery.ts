import type pg from 'pg';

/** A worker is taken for dead after three missed beats; with one sweep and one poll its jobs run again within 30 s. */
export const heartbeatEveryMs = 5_000;
export const deadAfterMs = 15_000;

/** Says that the pool lives. @returns false when it had been taken for dead since the last beat */
export async function beat(pool: pg.Pool, poolId: string): Promise<boolean> {
  const result = await pool.query('update lianke.worker_heartbeat set seen_at = now() where pool_id = $1', [poolId]);
  return result.rowCount === 1;
}

/** Announces a pool of workers. */
export async function announce(pool: pg.Pool, poolId: string): Promise<void> {
  await pool.query(
    `insert into lianke.worker_heartbeat (pool_id) values ($1) on conflict (pool_id) do update set seen_at = now()`,
    [poolId],
  );
}

/** Gives back whatever the pool still holds and forgets it. */
export async function withdraw(pool: pg.Pool, poolId: string): Promise<void> {
  await pool.query(
    `with gone as (delete from lianke.worker_heartbeat where pool_id = $1)
     select graphile_worker.force_unlock_workers(array[$1])`,
    [poolId],
  );
}

/**
 * Unlocks the jobs of dead workers: pools whose heartbeat stopped, and pools that died before their first beat.
 * graphile-worker 0.17.3 keeps the pool's id in `locked_by`, and would itself wait four hours.
 * @returns the ids of the pools found dead
 */
export async function unlockDeadWorkers(pool: pg.Pool, olderThanMs = deadAfterMs): Promise<string[]> {
  const { rows } = await pool.query<{ dead: string[] }>(
    `with silent as (
       delete from lianke.worker_heartbeat where seen_at <= now() - make_interval(secs => $1 / 1000.0) returning pool_id
     ), unknown as (
       select distinct locked_by as pool_id from graphile_worker.jobs
       where locked_by is not null and locked_at <= now() - make_interval(secs => $1 / 1000.0)
         and not exists (select from lianke.worker_heartbeat where pool_id = locked_by)
     ), dead as (
       select coalesce(array_agg(pool_id), '{}') as ids from (select pool_id from silent union select pool_id from unknown) as every
     )
     select ids as dead, graphile_worker.force_unlock_workers(ids) from dead`,
    [olderThanMs],
  );
  return rows[0]?.dead ?? [];
}

/** Moves jobs that have no attempts left into our own table. @returns how many */
export async function buryFailedJobs(pool: pg.Pool): Promise<number> {
  const result = await pool.query(
    `with failed as materialized (
       select id, task_identifier, key from graphile_worker.jobs where attempts >= max_attempts and locked_at is null
     ), removed as materialized (
       select * from graphile_worker.complete_jobs(array(select id from failed))
     )
     insert into lianke.dead_letter (job_id, name, key, payload, attempts, error)
     select removed.id::text, failed.task_identifier, failed.key, removed.payload, removed.attempts, removed.last_error
     from removed join failed using (id)`,
  );
  return result.rowCount ?? 0;
}
