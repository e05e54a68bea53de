import { z } from 'zod';

/** What every node has: an id used by edges and references, a name for people, a place on the canvas. */
export const nodeBase = {
  id: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/),
  name: z.string().max(40).default(''),
  position: z.object({ x: z.number(), y: z.number() }).optional(),
  /** `continue`: a step that fails is noted, and the run goes on behind it; else the run stops there. */
  onFail: z.enum(['stop', 'continue']).optional(),
};

/** Id of one way out of a node with several. */
export const wayId = z.string().regex(/^[a-zA-Z0-9_-]{1,20}$/);
