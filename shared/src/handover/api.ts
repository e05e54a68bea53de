import { z } from 'zod';
import { uuidOf } from '../ids.js';

/** What of a member's somebody else takes over; `records` (he owns them) and `fields` (they name him) once for each form. */
export const handoverKinds = [
  'records',
  'fields',
  'tasks',
  'flows',
  'forms',
  'formDrafts',
  'views',
  'ownViews',
  'dashboards',
  'dashboardDrafts',
  'subscriptions',
  'pools',
  'publicForms',
  'roles',
  'apps',
  'shares',
  'links',
  'people',
  'leads',
  'aways',
  'reminders',
  'trials',
] as const;
export type HandoverKind = (typeof handoverKinds)[number];

export const handoverItem = z.object({
  kind: z.enum(handoverKinds),
  formId: uuidOf<'form'>().nullable(),
  /** The form's name, for records and fields. */
  label: z.string(),
  count: z.number().int(),
  /** The first few, by name. */
  names: z.array(z.string()),
});
export type HandoverItem = z.infer<typeof handoverItem>;

export const handoverPreview = z.object({
  member: z.object({ id: z.string(), label: z.string(), left: z.boolean() }),
  items: z.array(handoverItem),
});
export type HandoverPreview = z.infer<typeof handoverPreview>;

export const handoverBody = z.object({
  items: z
    .array(
      z.object({
        kind: z.enum(handoverKinds),
        formId: uuidOf<'form'>().nullable().default(null),
        to: uuidOf<'member'>(),
      }),
    )
    .min(1, '至少交接一项')
    .max(500),
});
export type HandoverBody = z.infer<typeof handoverBody>;

export const handoverResult = handoverItem.omit({ names: true }).extend({
  to: z.object({ id: z.string(), label: z.string() }),
  failed: z.number().int(),
  /** Why the first of them failed. */
  reason: z.string(),
});

export const handoverView = z.object({
  id: uuidOf<'handover'>(),
  member: z.object({ id: z.string(), label: z.string() }),
  by: z.object({ id: z.string(), label: z.string() }).nullable(),
  at: z.string(),
  results: z.array(handoverResult),
  /** Until when it may be taken back; null when it was, or the time is over. */
  undoUntil: z.string().nullable(),
  undoneAt: z.string().nullable(),
  /** How taking it back ended: put back, left because changed since, refused. */
  undo: z.object({ reversed: z.number().int(), kept: z.number().int(), failed: z.number().int() }).nullable(),
});
export type HandoverView = z.infer<typeof handoverView>;

/** Members who have left and of whom something is still theirs. */
export const leaver = z.object({
  id: z.string(),
  label: z.string(),
  records: z.number().int(),
  tasks: z.number().int(),
});
