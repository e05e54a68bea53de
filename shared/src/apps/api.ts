import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { fieldKeyPattern, uuidOf } from '../ids.js';

export const appView = z.object({
  id: uuidOf<'app'>(),
  key: z.string(),
  name: z.string(),
  icon: z.string().nullable(),
  /** Forms and pages the reader may open, in navigation order. */
  items: z.array(
    z.object({
      kind: z.enum(['form', 'dashboard']),
      id: z.string(),
      key: z.string(),
      name: z.string(),
      group: z.string().nullable(),
      icon: z.string().nullable(),
    }),
  ),
  mayDesign: z.boolean(),
  /** It is tried out: only testers see it, and they may say what they think. */
  trial: z.boolean(),
});
export type AppView = z.infer<typeof appView>;
export const createAppBody = z.object({
  name: z.string().trim().min(1).max(40),
  key: z
    .string()
    .regex(fieldKeyPattern, 'key' satisfies ShapeText)
    .optional(),
  icon: z.string().max(40).optional(),
});

export const updateAppBody = createAppBody.pick({ name: true });

/** The navigation of an app for everybody: its items in order, each with its group. Items not named follow. */
export const arrangeBody = z.object({
  items: z
    .array(
      z.object({
        kind: z.enum(['form', 'dashboard']),
        id: z.string().max(60),
        group: z.string().trim().min(1).max(40).nullable(),
      }),
    )
    .max(500),
});
export type ArrangeBody = z.infer<typeof arrangeBody>;

export const templateSummary = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string(),
  forms: z.array(z.string()),
  version: z.string(),
  /** Rows that may come along for a first look. */
  sampleRows: z.number().int(),
});
export const installResult = z.object({ app: appView });
