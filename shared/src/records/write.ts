import { z } from 'zod';
import { revisionNumber } from '../api/revision.js';
import { fieldErrorCodes } from '../errors/codes.js';
import type { ShapeText } from '../errors/shape-texts.js';
import { uuidOf } from '../ids.js';

export const recordValues = z.record(z.string().max(60), z.json());
export type RecordValues = z.infer<typeof recordValues>;

export const createRecordBody = z.object({ id: uuidOf<'record'>().optional(), values: recordValues });
export const updateRecordBody = z.object({ values: recordValues, version: revisionNumber.optional() });

const upsertOptions = { matchOn: z.array(z.string()).max(5).optional(), atomic: z.boolean().default(false) };
/** One operation a call; `results` come in input order. */
export const batchBody = z
  .object({
    create: z.array(createRecordBody).max(1000).optional(),
    update: z
      .array(updateRecordBody.extend({ id: uuidOf<'record'>() }))
      .max(1000)
      .optional(),
    upsert: z.array(createRecordBody).max(1000).optional(),
    delete: z.array(uuidOf<'record'>()).max(1000).optional(),
    restore: z.array(uuidOf<'record'>()).max(1000).optional(),
    ...upsertOptions,
  })
  .refine(
    (body) => [body.create, body.update, body.upsert, body.delete, body.restore].filter(Boolean).length === 1,
    'one_operation' satisfies ShapeText,
  );
export type BatchBody = z.infer<typeof batchBody>;

const fieldErrorOut = z.object({
  field: z.string(),
  code: z.enum(Object.keys(fieldErrorCodes) as [string, ...string[]]),
  message: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export const batchResult = z.object({
  index: z.number().int(),
  status: z.enum(['created', 'updated', 'unchanged', 'deleted', 'restored', 'failed']),
  id: z.string().nullable(),
  version: z.number().int().nullable(),
  error: z.object({ code: z.string(), message: z.string(), fields: z.array(fieldErrorOut).optional() }).optional(),
});
export type BatchResult = z.infer<typeof batchResult>;

/** One entry of a record's history. A create holds no values: they are the record's first state. */
export const historyEntry = z.object({
  id: z.string(),
  kind: z.enum(['create', 'update', 'delete', 'restore']),
  at: z.string(),
  actor: z.object({ id: z.string().nullable(), label: z.string() }),
  door: z.string(),
  batchId: z.string().nullable(),
  changes: z.array(z.object({ field: z.string(), name: z.string(), before: z.json(), after: z.json() })),
});
export type HistoryEntry = z.infer<typeof historyEntry>;

/** Records of the recycle bin. */
export const binBody = z.object({ ids: z.array(uuidOf<'record'>()).min(1).max(1000) });

/** What came back together: records of other forms that had been deleted along with the restored ones. */
export const restoreResult = z.object({
  results: z.array(batchResult),
  batchId: z.string(),
  along: z.array(z.object({ formId: z.string(), formName: z.string(), count: z.number().int() })),
});
export type RestoreResult = z.infer<typeof restoreResult>;
