import { z } from 'zod';
import { revisionNumber } from '../api/revision.js';
import type { ShapeText } from '../errors/shape-texts.js';
import { uuidOf } from '../ids.js';
import { recordView, reference } from '../records/query.js';

/**
 * How two values are held to be the same. `exact`: as stored; `loose`: whatever their width, case and blanks; `phone`,
 * `email`: the same number or address however it is written; `company`: the same name without region, brackets and legal form.
 */
export const sameAs = ['exact', 'loose', 'phone', 'email', 'company'] as const;
export type SameAs = (typeof sameAs)[number];

/** What happens to a record that repeats another one: its writer is told, or it is refused. */
export const duplicateActions = ['warn', 'refuse'] as const;

export const duplicateRuleId = z.string().regex(/^[a-z0-9]{4,20}$/, 'rule_id' satisfies ShapeText);
export const duplicateRule = z.object({
  /** Made by the client when the rule is new; keys of records are kept under it. */
  id: duplicateRuleId,
  /** Records are twins when all of these agree; a record with one of them empty has no twin. */
  fields: z
    .array(z.object({ field: z.string().max(60), as: z.enum(sameAs) }))
    .min(1)
    .max(5),
  action: z.enum(duplicateActions).default('warn'),
});
export type DuplicateRule = z.infer<typeof duplicateRule>;

export const duplicateRulesBody = z.object({ rules: z.array(duplicateRule).max(10) });

/** A rule as designers read it; `building` while the keys of records that were there before are being made. */
export const duplicateRuleView = duplicateRule.extend({
  state: z.enum(['ready', 'building', 'failed', 'broken']),
  done: z.number().int(),
  total: z.number().int(),
});
export type DuplicateRuleView = z.infer<typeof duplicateRuleView>;

/** What clients know of a form's rules: when to ask. Rules over a field the reader may not see are absent. */
export const duplicateHint = z.object({
  id: z.string(),
  /** Field ids. */
  fields: z.array(z.string()),
  action: z.enum(duplicateActions),
});
export type DuplicateHint = z.infer<typeof duplicateHint>;

export const duplicateCheckBody = z.object({
  values: z.record(z.string().max(60), z.json()),
  /** The record being edited, which is no twin of its own. */
  id: uuidOf<'record'>().optional(),
});

/** A record with the same values. Of one the asker may not see only the owner is told. */
export const twin = z.object({
  id: z.string().nullable(),
  label: z.string().nullable(),
  /** Null when nobody owns it, or the asker may not see owners. */
  owner: reference.nullable(),
});
export type Twin = z.infer<typeof twin>;

export const duplicateFinding = z.object({
  rule: z.string(),
  action: z.enum(duplicateActions),
  /** Keys of the rule's fields. */
  fields: z.array(z.string()),
  /** At most three. */
  twins: z.array(twin),
});
export type DuplicateFinding = z.infer<typeof duplicateFinding>;

export const duplicateGroupsBody = z.object({
  rule: duplicateRuleId,
  limit: z.number().int().min(1).max(50).default(20),
  cursor: z.string().max(40).optional(),
});
export const duplicateGroup = z.object({
  /** All records of the group that the reader may see. */
  count: z.number().int(),
  /** The oldest of them, at most twenty. */
  records: z.array(recordView),
});
export type DuplicateGroup = z.infer<typeof duplicateGroup>;
export const duplicateGroups = z.object({
  items: z.array(duplicateGroup),
  cursor: z.string().nullable(),
  /** Groups, and records in them. */
  total: z.number().int(),
  records: z.number().int(),
});

/** Records made one: `keep` stays, the `others` go to the recycle bin. */
export const mergeBody = z.object({
  keep: uuidOf<'record'>(),
  others: z.array(uuidOf<'record'>()).min(1).max(19),
  /** By field key: the record whose value wins, or `all` for the values of every record in a field that holds several. Fields not named keep what `keep` has. */
  values: z.record(z.string().max(60), z.union([uuidOf<'record'>(), z.literal('all')])).default({}),
  /** Versions of the records as they were compared; a record that changed since is not merged. */
  versions: z.record(uuidOf<'record'>(), revisionNumber).optional(),
});
export type MergeBody = z.infer<typeof mergeBody>;

const along = z.object({
  formId: z.string(),
  formName: z.string(),
  fieldName: z.string(),
  count: z.number().int(),
});
/** What hangs on the records that would go: it will hang on the one that stays. */
export const mergePreviewBody = z.object({ ids: z.array(uuidOf<'record'>()).min(2).max(20) });
export const mergePreview = z.object({
  records: z.array(recordView),
  /** Of the records, those the caller may not edit or delete; a merge with one of them is refused. */
  locked: z.array(z.string()),
  /** By record: rows of other forms that point at it, comments, open approvals. */
  hanging: z.record(
    z.string(),
    z.object({ related: z.array(along), comments: z.number().int(), approvals: z.number().int() }),
  ),
});
export type MergePreview = z.infer<typeof mergePreview>;

export const mergeResult = z.object({
  batchId: z.string(),
  record: recordView,
  moved: z.object({ related: z.number().int(), comments: z.number().int(), approvals: z.number().int() }),
});
export type MergeResult = z.infer<typeof mergeResult>;
