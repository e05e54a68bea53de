import { z } from 'zod';

/** RFC 9457 problem JSON as every failing route answers it. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  detail: z.string().optional(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  fields: z
    .array(
      z.object({
        field: z.string(),
        code: z.string(),
        message: z.string(),
        params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      }),
    )
    .optional(),
  /** version_conflict: the record as it stands now. */
  current: z.unknown().optional(),
  /** version_conflict: both values of the fields that differ, in words too. */
  conflict: z.unknown().optional(),
  traceId: z.string().optional(),
});
export type Problem = z.infer<typeof problem>;
