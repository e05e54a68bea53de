import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { filter } from '../filter/ast.js';
import { patternFault } from './pattern.js';

const regex = z
  .string()
  .min(1)
  .max(200)
  .superRefine((text, context) => {
    const fault = patternFault(text);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });

/** What a value must meet beyond its type; conditions look at the record as it would be. */
export const fieldRules = z.object({
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  /** The whole text must match. */
  pattern: z.object({ regex, message: z.string().max(100).optional() }).optional(),
  /** Fewest characters. */
  minLength: z.number().int().min(1).max(500).optional(),
  visibleWhen: filter.optional(),
  requiredWhen: filter.optional(),
  readonlyWhen: filter.optional(),
  /** Which options may be chosen for each value of another choice field; values not named allow all. */
  optionsBy: z
    .object({ field: z.string().max(60), allowed: z.record(z.string().max(60), z.array(z.string().max(60)).max(1000)) })
    .optional(),
  /** 级联: which related records may be chosen: those whose `field` equals this record's own field `by`, unless that is blank. */
  pickBy: z
    .array(z.object({ field: z.string().max(60), by: z.string().max(60) }))
    .min(1)
    .max(3)
    .optional(),
  /** Which related records may be chosen at all: a condition over the other form's own fields, the same for everybody. */
  pickWhen: filter.optional(),
});
export type FieldRules = z.infer<typeof fieldRules>;

/**
 * What every record must meet: a condition over several fields, or a formula over its own fields and the rows of its
 * subforms that answers yes or no. `field` says where the message stands.
 */
export const formCheck = z
  .object({
    must: filter.optional(),
    /** Stored with field ids; names and keys are accepted and replaced. */
    formula: z.string().trim().min(1).max(5000).optional(),
    message: z.string().trim().min(1).max(200),
    field: z.string().max(60).optional(),
  })
  .refine(
    (check) => (check.must === undefined) !== (check.formula === undefined),
    'must_or_formula' satisfies ShapeText,
  );
export type FormCheck = z.infer<typeof formCheck>;

/** Fields whose values together must not repeat; a record with one of them empty repeats nothing. */
export const uniqueSet = z.object({ fields: z.array(z.string().max(60)).min(2).max(5) });
export type UniqueSet = z.infer<typeof uniqueSet>;
