import { z } from 'zod';
import { uuidOf } from '../ids.js';

/** A derived field being computed for all rows of its form. */
export const derivedBuild = z.object({
  field: z.string(),
  name: z.string(),
  state: z.enum(['waiting', 'failed']),
  /** Rows computed, of `total`; null until counted. */
  done: z.number().int(),
  total: z.number().int().nullable(),
});
export type DerivedBuild = z.infer<typeof derivedBuild>;

/** A formula as it is being written, tried on one record (the newest the designer may see when absent). */
export const formulaTrialBody = z.object({
  expression: z.string().max(5000),
  recordId: uuidOf<'record'>().optional(),
  decimals: z.number().int().min(0).max(8).default(2),
});
export type FormulaTrialBody = z.infer<typeof formulaTrialBody>;

const spot = z.object({ start: z.number().int(), end: z.number().int() });
export const formulaTrial = z.object({
  /** Its result as text; null when it is blank, faulty or there is no record. */
  result: z.string().nullable(),
  record: z.object({ id: z.string(), label: z.string() }).nullable(),
  faults: z.array(z.object({ at: spot, message: z.string() })),
});
export type FormulaTrial = z.infer<typeof formulaTrial>;
