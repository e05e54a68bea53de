import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { uuidOf } from '../ids.js';
import { undoReport } from '../imports/api.js';
import { recordView, reference } from './query.js';
import { recordValues } from './write.js';

/** Records one bulk action may touch. */
export const maxBulk = 10_000;
/** Rows one pasted block may have. */
export const maxPaste = 5_000;

const ids = z.array(uuidOf<'record'>()).min(1).max(maxBulk);
const changes = z.array(z.object({ id: uuidOf<'record'>(), values: recordValues })).max(maxPaste);
const words = z.array(z.string().trim().min(1).max(60)).max(50).default([]);

export const bulkActions = [
  'update',
  'delete',
  'tags',
  'paste',
  'fill',
  'transfer',
  'claim',
  'assign',
  'return',
  'merge',
  'restore',
] as const;
export type BulkActionName = (typeof bulkActions)[number];

/**
 * One change to many records, kept as one batch that can be undone. `tags` adds to and takes from what each record
 * has in a field of several choices; `paste` changes records and makes new ones below them.
 */
export const bulkBody = z.discriminatedUnion('action', [
  z.object({ action: z.literal('update'), ids, values: recordValues }),
  z.object({ action: z.literal('delete'), ids }),
  z.object({ action: z.literal('tags'), ids, field: z.string().max(60), add: words, remove: words }),
  z.object({
    action: z.literal('paste'),
    update: changes.default([]),
    create: z
      .array(z.object({ values: recordValues }))
      .max(maxPaste)
      .default([]),
  }),
  z.object({ action: z.literal('fill'), update: changes.min(1) }),
]);
export type BulkBody = z.infer<typeof bulkBody>;

const failure = z.object({
  /** Place among the ids of the body; for `paste` the changed records come first, then the new ones. */
  index: z.number().int(),
  recordId: z.string().nullable(),
  reason: z.string(),
});
export const bulkResult = z.object({
  batchId: z.string(),
  done: z.number().int(),
  /** They were so already. */
  unchanged: z.number().int(),
  failed: z.number().int(),
  /** The first of the failed ones, with their reasons. */
  failures: z.array(failure),
});
export type BulkResult = z.infer<typeof bulkResult>;

/** A bulk action as the list of them tells it. `undo` is what taking it back did. */
export const bulkEntry = z.object({
  batchId: uuidOf<'batch'>(),
  action: z.enum(bulkActions),
  /** Names of the fields that were changed. */
  fields: z.array(z.string()),
  done: z.number().int(),
  failed: z.number().int(),
  by: reference,
  at: z.string(),
  undo: undoReport.extend({ at: z.string(), by: reference }).nullable(),
  /** Whether the reader may take it back. */
  mayUndo: z.boolean(),
});
export type BulkEntry = z.infer<typeof bulkEntry>;

export const deletePreviewBody = z.object({ ids });
/** What hangs on the records, as far as the caller may see it: per relation pointing at them, and below those. */
export const deletePreview = z.object({
  uses: z.array(
    z.object({
      formId: z.string(),
      formName: z.string(),
      fieldName: z.string(),
      /** What becomes of the counted records: deleted too, left without the pointer, or they forbid it. */
      onDelete: z.enum(['cascade', 'detach', 'refuse']),
      count: z.number().int(),
    }),
  ),
});
export type DeletePreview = z.infer<typeof deletePreview>;

/**
 * Puts a record's values back as history tells them: as they stood right after the change `after`, or right before the
 * change `before`; all fields, or those named.
 */
export const revertBody = z
  .object({
    after: uuidOf<'change'>().optional(),
    before: uuidOf<'change'>().optional(),
    fields: z.array(z.string().max(60)).min(1).max(500).optional(),
  })
  .refine((body) => (body.after === undefined) !== (body.before === undefined), 'after_or_before' satisfies ShapeText);
export type RevertBody = z.infer<typeof revertBody>;

export const revertResult = z.object({
  record: recordView,
  /** Fields that were put back. */
  restored: z.array(z.string()),
  /** Fields that differ and could not be put back, with the reason. */
  skipped: z.array(z.object({ field: z.string(), name: z.string(), reason: z.string() })),
});
export type RevertResult = z.infer<typeof revertResult>;

/** Both sides of an edit that came too late, in words too: the 412 answer carries it beside `current`. */
export const conflictView = z.object({
  by: reference.nullable(),
  at: z.string().nullable(),
  fields: z.array(
    z.object({
      field: z.string(),
      name: z.string(),
      mine: z.object({ value: z.json(), text: z.string() }),
      theirs: z.object({ value: z.json(), text: z.string() }),
    }),
  ),
});
export type ConflictView = z.infer<typeof conflictView>;
