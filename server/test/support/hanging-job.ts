import { z } from 'zod';

/** The job of the crash test, shared by the process that is killed and the one that takes over. */
export const hangingJob = { name: 'hanging', schema: z.object({ id: z.string() }) };
