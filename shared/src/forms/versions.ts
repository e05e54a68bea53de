import { z } from 'zod';
import { revisionNumber } from '../api/revision.js';
import { fieldTypeNames } from '../fields/registry.js';
import { fieldId, uuidOf } from '../ids.js';

const person = z.object({ id: uuidOf<'member'>(), name: z.string() });
/** The designer's own document: sections, fields with names of their own. The server keeps it and does not look into it. */
const design = z.record(z.string(), z.json());

/** An unpublished design. `base` is the published form it was begun on, at `version`. */
export const formDraft = z.object({
  design,
  base: design,
  version: z.number().int(),
  /** Grows by one with every saving: who saves on an older one is told instead of overwriting. */
  revision: z.number().int(),
  savedAt: z.string(),
  savedBy: person.nullable(),
});
export type FormDraft = z.infer<typeof formDraft>;

/** `revision`: the one that was read, 0 when there was no draft. */
export const saveDraftBody = z.object({
  design,
  base: design,
  version: revisionNumber,
  revision: revisionNumber,
});
export const savedDraft = z.object({ revision: z.number().int(), savedAt: z.string() });

/** What a publish changed, by the fields' names. */
export const versionChanges = z.object({
  added: z.array(z.string()),
  changed: z.array(z.string()),
  removed: z.array(z.string()),
  layout: z.boolean(),
  settings: z.boolean(),
  renamed: z.object({ from: z.string(), to: z.string() }).nullable(),
});
export type VersionChanges = z.infer<typeof versionChanges>;

export const formVersion = z.object({
  version: z.number().int(),
  name: z.string(),
  at: z.string(),
  by: person.nullable(),
  note: z.string().nullable(),
  /** The version this one brought back. */
  restored: z.number().int().nullable(),
  /** Null for the first, and for versions from before changes were kept. */
  changes: versionChanges.nullable(),
  current: z.boolean(),
});
export type FormVersion = z.infer<typeof formVersion>;

/** What uses a field, from outside of the field itself. */
export const fieldUseKinds = [
  'derived',
  'rule',
  'check',
  'setting',
  'link',
  'view',
  'flow',
  'dashboard',
  'role',
  'import',
  'importMapping',
  'print',
  'publicForm',
  'apiKey',
  'duplicateRule',
] as const;
export type FieldUseKind = (typeof fieldUseKinds)[number];
export const fieldUse = z.object({
  kind: z.enum(fieldUseKinds),
  /** What it is called on screen: a view's name, `客户.等级` for a field, a check's message. */
  name: z.string(),
  /** Of the view, flow, dashboard …; of the field for derived fields and rules. */
  id: z.string(),
  appId: z.string().nullable(),
  formId: z.string().nullable(),
  /** Which of the asked fields it uses. */
  fields: z.array(z.string()),
});
export type FieldUse = z.infer<typeof fieldUse>;

export const impactBody = z.object({ fields: z.array(z.string().max(60)).min(1).max(500) });

/** How many of a form's records hold a value, by field id. */
export const fieldFill = z.object({ total: z.number().int(), filled: z.record(z.string(), z.number().int()) });

/** A form in the recycle bin; `records` outside of the record bin. */
export const deletedForm = z.object({
  id: uuidOf<'form'>(),
  name: z.string(),
  deletedAt: z.string(),
  records: z.number().int(),
});
export type DeletedForm = z.infer<typeof deletedForm>;

/** What stands on the page while a record is filled in, by field key, and which fields just changed. */
const changedRecord = z.object({
  values: z.record(z.string().max(60), z.json()),
  changed: z.array(z.string().max(60)).max(500),
  /** A new record that has only just begun: formulas that name no field are answered too. */
  fresh: z.boolean().optional(),
});
/**
 * `rows`: further ones that changed at the same time, for rows of a subform (whose form is named in the path); `parent`: what
 * stands on the record they belong to, whose changed fields stand in `changed` as `parent.<key>`.
 */
export const linkedBody = changedRecord.extend({
  rows: z.array(changedRecord).max(1000).optional(),
  parent: z.record(z.string().max(60), z.json()).optional(),
});

export type LinkedBody = z.infer<typeof linkedBody>;

export const linkedAnswer = z.object({
  values: z.record(z.string(), z.json()),
  /** In the order in which `rows` were sent. */
  rows: z.array(z.record(z.string(), z.json())).optional(),
});
export type LinkedAnswer = z.infer<typeof linkedAnswer>;

/** A field of a draft, which may be unfinished; `ref` is how the record that is tried names it. */
const triedField = z.object({
  ref: z.string().min(1).max(60),
  /** Of a published field. */
  id: fieldId.optional(),
  key: z.string().max(60).optional(),
  name: z.string().max(60),
  type: z.enum(fieldTypeNames),
  config: z.record(z.string(), z.json()),
  default: z.json().optional(),
  encrypted: z.boolean().optional(),
});
export type TriedField = z.infer<typeof triedField>;

/** What a draft's linked fields would take: the record as for `linkedBody`, its fields named by `ref`. */
export const tryLinkedBody = linkedBody.extend({
  /** `rows`: of a subform, the fields of its rows. */
  fields: z.array(triedField.extend({ rows: z.array(triedField).max(50).optional() })).max(500),
  /** The subform whose rows are asked for; the form itself when absent. */
  rowsOf: z.string().max(60).optional(),
});
export type TryLinkedBody = z.infer<typeof tryLinkedBody>;
