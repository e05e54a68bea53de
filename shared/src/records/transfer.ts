import { z } from 'zod';
import { uuidOf } from '../ids.js';

/** Records whose owner changes at once; more are handed over in several calls. */
const maxTransfer = 10_000;

/** Stands in `along` for open approvals about the records and what goes along with them; `formId` is the records' own form. */
export const approvalsAlong = 'approvals';

/**
 * A relation of another form at the transferred records: its records go along when they have the same owner. Or
 * `approvals` of the records' own form.
 */
export const transferAlong = z.object({ formId: uuidOf<'form'>(), field: z.string().max(60) });
export type TransferAlong = z.infer<typeof transferAlong>;

const ids = z.array(uuidOf<'record'>()).min(1).max(maxTransfer);
export const transferPreviewBody = z.object({ ids });
export const transferPreview = z.object({
  /** Of the given records, those the caller may see. */
  records: z.number().int(),
  along: z.array(
    transferAlong.extend({
      formName: z.string(),
      fieldName: z.string(),
      /** `todo`: open tasks about the records. `approval`: approvals that wait for their owner. */
      kind: z.enum(['record', 'todo', 'approval']),
      count: z.number().int(),
    }),
  ),
});
export type TransferPreview = z.infer<typeof transferPreview>;

export const transferBody = z.object({
  ids,
  to: uuidOf<'member'>(),
  along: z.array(transferAlong).max(50).default([]),
});
export type TransferBody = z.infer<typeof transferBody>;

const moved = z.object({
  /** `approval`: what was moved are tasks of approvals, not records. */
  kind: z.enum(['record', 'approval']),
  formId: uuidOf<'form'>(),
  formName: z.string(),
  done: z.number().int(),
  /** They were the new owner's already. */
  unchanged: z.number().int(),
  failed: z.number().int(),
  /** The first refusal's sentence. */
  reason: z.string(),
});
/** The forms in the order they were written, the transferred records first; one batch that can be undone. */
export const transferResult = z.object({ batchId: z.string(), moved: z.array(moved) });
export type TransferResult = z.infer<typeof transferResult>;
