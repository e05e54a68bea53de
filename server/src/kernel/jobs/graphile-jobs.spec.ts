import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { hangingJob } from '../../../test/support/hanging-job.js';
import { startSourceProcess } from '../../../test/support/source-process.js';
import { createLogger } from '../logging/logger.js';
import { GraphileJobs } from './graphile-jobs.js';
import type { JobDefinition, JobRun } from './job.js';
import { jobsMigrationSql } from './jobs-migration.js';
import { deadAfterMs, heartbeatEveryMs } from './recovery.js';

const child = fileURLToPath(new URL('../../../test/support/jobs-child.ts', import.meta.url));
const log = createLogger({ level: 'silent' });

/** A job whose runs a test can wait for and end. */
function controlled<Payload>(name: string, schema: z.ZodType<Payload>, maxAttempts = 5) {
  const runs: { payload: Payload; run: JobRun; finish(): void; fail(error: Error): void }[] = [];
  let check = () => {};
  const definition: JobDefinition<Payload> = {
    name,
    schema,
    maxAttempts,
    handle: (payload, run) =>
      new Promise((finish, fail) => {
        runs.push({ payload, run, finish, fail });
        check();
      }),
  };
  const nth = (count: number) =>
    new Promise<(typeof runs)[number]>((resolve) => {
      check = () => {
        const found = runs[count - 1];
        if (found) resolve(found);
      };
      check();
    });
  return { definition, runs, nth, register: (jobs: GraphileJobs) => jobs.register(definition) };
}

describe('GraphileJobs', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  const opened: GraphileJobs[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = new pg.Client({ connectionString: database.ownerUrl });
    await admin.connect();
    await admin.query(jobsMigrationSql);
  });
  afterAll(async () => {
    await admin?.end();
    await database?.drop();
  });
  beforeEach(async () => {
    await queue([]);
    await admin.query('delete from lianke.dead_letter');
    await admin.query('select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))');
    await admin.query('delete from lianke.worker_heartbeat');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((jobs) => jobs.stop()));
  });

  async function queue(
    known: { register(jobs: GraphileJobs): void }[],
    options: { heartbeatEveryMs?: number } = {},
  ): Promise<GraphileJobs> {
    const jobs = new GraphileJobs({
      connectionString: database.ownerUrl,
      log,
      heartbeatEveryMs: 3_600_000,
      ...options,
    });
    opened.push(jobs);
    for (const job of known) job.register(jobs);
    await jobs.open();
    return jobs;
  }

  async function count(sql: string): Promise<number> {
    const { rows } = await admin.query<{ n: number }>(`select count(*)::int as n from ${sql}`);
    return rows[0]?.n ?? -1;
  }

  const importJob = () => controlled('import', z.object({ importId: z.string() }));

  it('runs what is enqueued, once, with its payload', async () => {
    const job = importJob();
    const jobs = await queue([job]);
    await jobs.run();
    await jobs.enqueue(job.definition, { importId: 'a' });
    const first = await job.nth(1);
    expect(first.payload).toEqual({ importId: 'a' });
    expect(first.run).toMatchObject({ attempt: 1 });
    first.finish();
    await jobs.stop();
    opened.length = 0;
    expect(job.runs).toHaveLength(1);
    expect(await count('graphile_worker.jobs')).toBe(0);
  });

  it('refuses a payload that does not fit, and a job nobody registered', async () => {
    const job = importJob();
    const jobs = await queue([job]);
    await expect(jobs.enqueue(job.definition, { importId: 7 } as unknown as { importId: string })).rejects.toThrow(
      'importId',
    );
    await expect(jobs.enqueue({ ...job.definition, name: 'unknown' }, { importId: 'a' })).rejects.toThrow('unknown');
  });

  it('keeps one of several waiting jobs with the same key', async () => {
    const job = importJob();
    const jobs = await queue([job]);
    await jobs.enqueue(job.definition, { importId: 'a' }, { key: 'same' });
    await jobs.enqueue(job.definition, { importId: 'b' }, { key: 'same' });
    await jobs.enqueue(job.definition, { importId: 'c' }, { key: 'other' });
    expect(await count('graphile_worker.jobs')).toBe(2);
  });

  it('gives the jobs of a worker killed with SIGKILL to another one within 30 s', async () => {
    // The longest wait: the worker dies just after a beat, and the sweep has just passed.
    expect(deadAfterMs + heartbeatEveryMs + 2_000).toBeLessThanOrEqual(30_000);
    const job = controlled(hangingJob.name, hangingJob.schema);
    const sender = await queue([job]);
    await sender.enqueue(job.definition, { id: 'x' });
    const doomed = startSourceProcess(child, [database.ownerUrl]);
    await doomed.line(/^started x$/);
    await doomed.line(/^running$/);
    await doomed.kill();

    const survivor = await queue([job]);
    await survivor.run();
    await survivor.sweep();
    expect(await count('graphile_worker.jobs where locked_by is not null')).toBe(1);
    await admin.query(
      `update lianke.worker_heartbeat set seen_at = seen_at - make_interval(secs => $1 / 1000.0)
                       where seen_at < (select max(seen_at) from lianke.worker_heartbeat)`,
      [deadAfterMs],
    );
    await survivor.sweep();
    const again = await job.nth(1);
    expect(again.payload).toEqual({ id: 'x' });
    expect(again.run.attempt).toBe(2);
    again.finish();
  });

  it('frees jobs of a worker that died before its first beat', async () => {
    const job = importJob();
    const jobs = await queue([job]);
    await jobs.enqueue(job.definition, { importId: 'a' });
    const lock = (age: string) =>
      admin.query(
        `update graphile_worker._private_jobs set locked_by = 'pool-gone', locked_at = now() - $1::interval`,
        [age],
      );
    await lock('1 second');
    await jobs.sweep();
    expect(await count('graphile_worker.jobs where locked_by is not null')).toBe(1);
    await lock('16 seconds');
    await jobs.sweep();
    expect(await count('graphile_worker.jobs where locked_by is not null')).toBe(0);
  });

  it('tells a worker that was taken for dead to stop what it is doing', async () => {
    const job = importJob();
    const jobs = await queue([job], { heartbeatEveryMs: 20 });
    await jobs.run();
    await jobs.enqueue(job.definition, { importId: 'a' });
    const { run, finish } = await job.nth(1);
    const stopped = new Promise((resolve) => run.signal.addEventListener('abort', resolve));
    await admin.query('delete from lianke.worker_heartbeat');
    await stopped;
    finish();
  });

  it('keeps a job that failed for good as a dead letter, which can be tried again', async () => {
    const job = controlled('sync', z.object({ tenant: z.string() }), 1);
    const jobs = await queue([job]);
    await jobs.run();
    await jobs.enqueue(job.definition, { tenant: 't1' }, { key: 't1' });
    (await job.nth(1)).fail(new Error('通讯录读取失败'));
    await expect
      .poll(async () => {
        await jobs.sweep();
        return jobs.deadLetters();
      })
      .toEqual([
        expect.objectContaining({ name: 'sync', payload: { tenant: 't1' }, attempts: 1, error: '通讯录读取失败' }),
      ]);
    expect(await count('graphile_worker.jobs')).toBe(0);

    const [letter] = await jobs.deadLetters();
    expect(await jobs.retry(letter?.id ?? '')).toBe(true);
    expect(await jobs.retry(letter?.id ?? '')).toBe(false);
    expect(await jobs.deadLetters()).toEqual([]);
    const again = await job.nth(2);
    expect(again.payload).toEqual({ tenant: 't1' });
    again.finish();
  });

  it('gives up its jobs and its heartbeat when stopped', async () => {
    const job = importJob();
    const jobs = await queue([job]);
    await jobs.run();
    expect(await count('lianke.worker_heartbeat')).toBe(1);
    await jobs.stop();
    opened.length = 0;
    expect(await count('lianke.worker_heartbeat')).toBe(0);
  });
});
