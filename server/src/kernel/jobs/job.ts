import type { z } from 'zod';

/** What a handler is told about the run. */
export interface JobRun {
  jobId: string;
  /** 1 for the first try. */
  attempt: number;
  /** Aborts when the process shuts down, or when others took it for dead and may run the job again: stop writing. */
  signal: AbortSignal;
}

/** Coarse background work: an import, an export, an organisation sync, a schema change. */
export interface JobDefinition<Payload> {
  name: string;
  schema: z.ZodType<Payload>;
  /**
   * Does the work. It may run again after a crash at any point, so it takes up where its own rows say it stopped.
   * A rejection is tried again later, up to `maxAttempts` in all; then the job becomes a dead letter.
   */
  handle(payload: Payload, run: JobRun): Promise<void>;
  /** 5 unless told. */
  maxAttempts?: number;
}

export interface EnqueueOptions {
  /** Jobs with the same key replace one another while they wait: only one of them runs. */
  key?: string;
  /** Not before this instant. */
  runAt?: Date;
}

/** Hands coarse work to the workers. */
export interface JobQueue {
  /**
   * Call it after the commit of the rows the work is about, never inside a transaction: adding a job notifies the
   * workers, and NOTIFY holds a server-wide lock through that transaction's commit.
   */
  enqueue<Payload>(job: JobDefinition<Payload>, payload: Payload, options?: EnqueueOptions): Promise<void>;
}

/** A job that failed for good. */
export interface DeadLetter {
  id: string;
  name: string;
  payload: unknown;
  attempts: number;
  error: string | null;
  failedAt: Date;
}
