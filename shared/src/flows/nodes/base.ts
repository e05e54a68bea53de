import { z } from 'zod';
import type { ShapeText } from '../../errors/shape-texts.js';

/**
 * A step that fails is tried again: `times` at most, the first time after `seconds`, then after as long each time or after
 * twice as long. `passing`: only what may go away by itself (no answer, a busy system, a locked record); `any`: refusals too.
 */
export const retryPolicy = z.object({
  times: z.number().int().min(1).max(10).default(3),
  seconds: z.number().int().min(1).max(86_400).default(60),
  growth: z.enum(['same', 'double']).default('double'),
  on: z.enum(['passing', 'any']).default('passing'),
});
export type RetryPolicy = z.infer<typeof retryPolicy>;

/** What every node has: an id used by edges and references, a name for people, a place on the canvas. */
export const nodeBase = {
  id: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/, 'word_40' satisfies ShapeText),
  name: z.string().max(40).default(''),
  position: z.object({ x: z.number(), y: z.number() }).optional(),
  /** `continue`: a step that fails is noted, and the run goes on behind it; else the run stops there. */
  onFail: z.enum(['stop', 'continue']).optional(),
  /** Tried again before `onFail` says what follows. */
  retry: retryPolicy.optional(),
};

/** Id of one way out of a node with several. */
export const wayId = z.string().regex(/^[a-zA-Z0-9_-]{1,20}$/, 'word_20' satisfies ShapeText);
