/**
 * Tables of the coarse jobs beside graphile-worker's own schema. Only the owner role, which runs the jobs, uses them;
 * payloads hold ids, never secrets. Written so that running it again changes nothing.
 */
export const jobsMigrationSql = `
create table if not exists lianke.worker_heartbeat (
  pool_id text primary key,
  seen_at timestamptz not null default now()
);
create table if not exists lianke.dead_letter (
  id bigint generated always as identity primary key,
  job_id text not null,
  name text not null,
  key text,
  payload jsonb not null,
  attempts int not null,
  error text,
  failed_at timestamptz not null default now(),
  retried_at timestamptz
);
create index if not exists dead_letter_open on lianke.dead_letter (failed_at desc) where retried_at is null;
`;
