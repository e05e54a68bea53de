import { GraphileJobs } from '../../src/kernel/jobs/graphile-jobs.js';
import { createLogger } from '../../src/kernel/logging/logger.js';
import { hangingJob } from './hanging-job.js';

// A worker process for the crash test: takes the job, says so, and never finishes it.
const jobs = new GraphileJobs({ connectionString: process.argv[2] ?? '', log: createLogger({ level: 'warn' }) });
jobs.register({
  ...hangingJob,
  handle: async ({ id }) => {
    console.log(`started ${id}`);
    await new Promise(() => undefined);
  },
});
await jobs.open();
await jobs.run();
console.log('running');
