import { z } from 'zod';
import type { Contract } from './contract.js';
import type { RouteName } from './routes.js';

/** A step of the demonstration's walk as the product's own data shows it; `url` is where it goes on. */
const demoStep = z.object({
  key: z.string(),
  state: z.enum(['todo', 'done', 'failed']),
  reason: z.string().nullable(),
  url: z.string().nullable(),
});

/** Routes of the demonstration. */
export const demoContracts = {
  'demo.progress': { tag: 'demo', summary: '演示的十步', answer: z.object({ steps: z.array(demoStep) }), open: true },
  'demo.drilled': { tag: 'demo', summary: '演示：从看板打开过数据', answer: z.object({ ok: z.literal(true) }) },
  'demo.reset': { tag: 'demo', summary: '清空我的企业，重来', answer: z.object({ ok: z.literal(true) }) },
} as const satisfies Partial<Record<RouteName, Contract>>;
