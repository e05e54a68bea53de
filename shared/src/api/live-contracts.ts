import { z } from 'zod';
import type { Contract } from './contract.js';
import type { RouteName } from './routes.js';

/** Routes that tell of changes. */
export const liveContracts = {
  'events.stream': { tag: 'events', summary: '变化通知（SSE）', stream: true },
  'events.changes': {
    tag: 'events',
    summary: '变化通知（轮询）',
    query: z.object({ since: z.string().optional() }),
    answer: z.object({
      since: z.string(),
      items: z.array(z.object({ formId: z.string(), counter: z.number().int() })),
      /** Which approvals wait for the reader, as one short text: another text than last time says that they changed. */
      tasks: z.string(),
    }),
  },
} as const satisfies Partial<Record<RouteName, Contract>>;
