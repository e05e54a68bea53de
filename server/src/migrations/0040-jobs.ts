import { jobsMigrationSql } from '../kernel/jobs/jobs-migration.js';

/** Heartbeats of job workers and the jobs that failed for good. */
export const migration = { name: '0040-jobs', sql: jobsMigrationSql };
