import { z } from 'zod';
import { valueExpr } from '../values.js';
import { nodeBase } from './base.js';

/**
 * 调用接口: an HTTP request to another system, past the guard against inner addresses. Ports `next` (a 2xx answer) and
 * `failed` (any other, after `retries`); a run whose `failed` leads nowhere fails. As a source, `status` and `body`.
 *
 * With `keyHeader` every attempt carries the same key in that header, so that a target which knows such keys acts once;
 * GET, PUT and DELETE may be repeated by their meaning. Any other request whose answer never came is not sent again: a
 * person decides (design §5).
 */
export const httpNode = z.object({
  ...nodeBase,
  type: z.literal('http'),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  url: valueExpr,
  headers: z
    .array(z.object({ name: z.string().regex(/^[A-Za-z0-9-]{1,60}$/), value: valueExpr }))
    .max(20)
    .default([]),
  /** JSON text; sent as application/json. */
  body: valueExpr.optional(),
  keyHeader: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/)
    .optional(),
  timeoutSeconds: z.number().int().min(1).max(60).default(10),
  retries: z.number().int().min(0).max(5).default(2),
});
