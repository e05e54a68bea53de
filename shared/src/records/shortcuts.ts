import { z } from 'zod';
import { uuidOf } from '../ids.js';

/** A record as search, favourites and the recently opened name it. */
export const recordLink = z.object({
  appId: uuidOf<'app'>(),
  formId: uuidOf<'form'>(),
  formName: z.string(),
  id: z.string(),
  label: z.string(),
});
export type RecordLink = z.infer<typeof recordLink>;

export const recordRef = z.object({ formId: uuidOf<'form'>(), recordId: uuidOf<'record'>() });

export const searchBody = z.object({
  text: z.string().trim().min(1).max(100),
  appId: uuidOf<'app'>().optional(),
  /** Hits of each form. */
  perForm: z.number().int().min(1).max(20).default(5),
});
