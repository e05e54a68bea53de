import { EventEmitter } from 'node:events';
import {
  Logger as GraphileLogger,
  makeWorkerUtils,
  type Runner,
  run,
  type TaskList,
  type WorkerEvents,
  type WorkerUtils,
} from 'graphile-worker';
import pg from 'pg';
import type { Logger } from '../logging/logger.js';
import type { DeadLetter, EnqueueOptions, JobDefinition, JobQueue } from './job.js';
import {
  announce,
  beat,
  buryFailedJobs,
  deadAfterMs,
  heartbeatEveryMs,
  unlockDeadWorkers,
  withdraw,
} from './recovery.js';

const defaultAttempts = 5;
const pollEveryMs = 2_000;
const stopWithinMs = 10_000;

export interface GraphileJobsOptions {
  /** Owner role, direct connection (no transaction pooler: workers LISTEN). */
  connectionString: string;
  log: Logger;
  /** Jobs at once in this process; 2 unless told. */
  concurrency?: number;
  heartbeatEveryMs?: number;
  deadAfterMs?: number;
}

/** Coarse jobs on graphile-worker, with recovery of killed workers' jobs and dead letters of our own. */
export class GraphileJobs implements JobQueue {
  private readonly definitions = new Map<string, JobDefinition<unknown>>();
  private readonly pool: pg.Pool;
  private readonly log: Logger;
  private utils: WorkerUtils | undefined;
  private running: { runner: Runner; poolId: string; timer: NodeJS.Timeout } | undefined;
  private generation = new AbortController();
  private beating: Promise<void> = Promise.resolve();

  constructor(private readonly options: GraphileJobsOptions) {
    this.log = options.log;
    this.pool = new pg.Pool({
      connectionString: options.connectionString,
      max: (options.concurrency ?? 2) + 3,
      application_name: 'lianke jobs',
    });
    const onError = (error: Error) => this.log.warn({ err: error }, 'a connection of the job workers broke');
    this.pool.on('error', onError);
    this.pool.on('connect', (client) => client.on('error', onError));
  }

  /** Makes a job known; every process registers all of them before `open`. */
  register<Payload>(definition: JobDefinition<Payload>): void {
    if (this.definitions.has(definition.name)) throw new Error(`job ${definition.name} is registered twice`);
    this.definitions.set(definition.name, definition as JobDefinition<unknown>);
  }

  /** Brings graphile-worker's schema up to date; after it jobs can be enqueued. */
  async open(): Promise<void> {
    this.utils ??= await makeWorkerUtils({ pgPool: this.pool, logger: this.graphileLogger() });
    await this.utils.migrate();
  }

  async enqueue<Payload>(job: JobDefinition<Payload>, payload: Payload, options: EnqueueOptions = {}): Promise<void> {
    if (!this.utils) throw new Error('the job queue is not open');
    if (!this.definitions.has(job.name)) throw new Error(`job ${job.name} is not registered`);
    const checked = job.schema.parse(payload);
    await this.utils.addJob(job.name, checked, {
      maxAttempts: job.maxAttempts ?? defaultAttempts,
      ...(options.key === undefined ? {} : { jobKey: `${job.name}:${options.key}` }),
      ...(options.runAt === undefined ? {} : { runAt: options.runAt }),
    });
  }

  /** Starts working. */
  async run(): Promise<void> {
    if (this.running) throw new Error('the job workers run already');
    let poolId = '';
    const events: WorkerEvents = new EventEmitter();
    events.on('pool:create', ({ workerPool }) => {
      poolId = workerPool.id;
    });
    const runner = await run({
      pgPool: this.pool,
      events,
      logger: this.graphileLogger(),
      taskList: this.tasks(),
      concurrency: this.options.concurrency ?? 2,
      pollInterval: pollEveryMs,
      // The process decides itself what a signal means.
      noHandleSignals: true,
      crontab: '',
    });
    await announce(this.pool, poolId);
    const timer = setInterval(() => {
      this.beating = this.beating.then(() => this.tick(poolId));
    }, this.options.heartbeatEveryMs ?? heartbeatEveryMs);
    this.running = { runner, poolId, timer };
    runner.promise.catch((error: unknown) => this.log.error({ err: error }, 'the job workers stopped'));
  }

  /** Beats, and looks after dead workers and failed jobs. Runs by itself; tests call it. */
  async sweep(): Promise<void> {
    const dead = await unlockDeadWorkers(this.pool, this.options.deadAfterMs ?? deadAfterMs);
    if (dead.length > 0) this.log.warn({ pools: dead }, 'jobs of dead workers will run again');
    const buried = await buryFailedJobs(this.pool);
    if (buried > 0) this.log.error({ count: buried }, 'jobs failed for good and were kept as dead letters');
  }

  /** Jobs that failed for good and were not tried again, newest first. */
  async deadLetters(limit = 100): Promise<DeadLetter[]> {
    const { rows } = await this.pool.query<DeadLetter>(
      `select id::text, name, payload, attempts, error, failed_at as "failedAt" from lianke.dead_letter
       where retried_at is null order by failed_at desc, id desc limit $1`,
      [limit],
    );
    return rows;
  }

  /** Enqueues a dead letter's job again. @returns false when it does not exist or was retried already */
  async retry(deadLetterId: string): Promise<boolean> {
    const { rows } = await this.pool.query<{ name: string; key: string | null; payload: unknown }>(
      `with taken as (
         update lianke.dead_letter set retried_at = now() where id = $1 and retried_at is null returning name, key, payload
       )
       select taken.name, graphile_worker.add_job(taken.name, taken.payload::json, job_key => taken.key, max_attempts => $2)
       from taken`,
      [deadLetterId, defaultAttempts],
    );
    return rows.length === 1;
  }

  /** Lets running jobs finish (10 s at most), gives back the rest and closes all connections. */
  async stop(): Promise<void> {
    if (this.running) {
      const { runner, poolId, timer } = this.running;
      this.running = undefined;
      clearInterval(timer);
      await this.beating;
      let late: NodeJS.Timeout | undefined;
      const finished = runner.stop('shutting down').then(() => true);
      const expired = new Promise<false>((resolve) => {
        late = setTimeout(() => resolve(false), stopWithinMs);
      });
      // Whatever is left is unlocked below and continues in another process.
      if (!(await Promise.race([finished, expired]))) this.generation.abort();
      clearTimeout(late);
      await withdraw(this.pool, poolId);
    }
    await this.utils?.release();
    await this.pool.end();
  }

  private async tick(poolId: string): Promise<void> {
    try {
      if (!(await beat(this.pool, poolId))) {
        this.log.warn({ poolId }, 'this worker was taken for dead; its running jobs are stopped');
        this.generation.abort();
        this.generation = new AbortController();
        await announce(this.pool, poolId);
      }
      await this.sweep();
    } catch (error) {
      this.log.warn({ err: error }, 'the heartbeat of the job workers failed');
    }
  }

  private tasks(): TaskList {
    return Object.fromEntries(
      [...this.definitions.values()].map((definition) => [
        definition.name,
        async (payload, helpers) => {
          const signals = [this.generation.signal, helpers.abortSignal].filter((signal) => signal !== undefined);
          await definition.handle(definition.schema.parse(payload), {
            jobId: helpers.job.id,
            attempt: helpers.job.attempts,
            signal: AbortSignal.any(signals),
          });
        },
      ]),
    );
  }

  private graphileLogger(): GraphileLogger {
    return new GraphileLogger((scope) => (level, message, meta) => {
      // graphile-worker tells every job at info; that is detail here.
      const ours = level === 'error' ? 'error' : level === 'warning' ? 'warn' : 'debug';
      this.log[ours]({ ...scope, ...(meta?.error ? { err: meta.error } : {}) }, message);
    });
  }
}
