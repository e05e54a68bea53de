import { z } from 'zod';
import { revisionNumber } from '../api/revision.js';
import type { DuplicateHint } from '../duplicates/api.js';
import { issuesText, type Words } from '../errors/issue-text.js';
import type { ShapeText } from '../errors/shape-texts.js';
import { type FieldTypeName, fieldTypeNames, fieldTypes } from '../fields/registry.js';
import { type AppId, type FieldId, type FormId, fieldId, fieldKeyPattern, uuidOf } from '../ids.js';
import type { Json } from '../json.js';
import { type FormLayout, formLayout } from './layout-schema.js';
import { type FieldRules, fieldRules, formCheck, uniqueSet } from './rule-schema.js';

/** Fields every form has; they map to system columns and are named by their key everywhere. */
export const systemFields = [
  { key: 'owner', type: 'member', column: 'owner_id', zh: '负责人', en: 'Owner', writable: true },
  { key: 'department', type: 'department', column: 'dept_id', zh: '所属部门', en: 'Department', writable: false },
  { key: 'createdAt', type: 'datetime', column: 'created_at', zh: '创建时间', en: 'Created at', writable: false },
  { key: 'createdBy', type: 'member', column: 'created_by', zh: '创建人', en: 'Created by', writable: false },
  { key: 'updatedAt', type: 'datetime', column: 'updated_at', zh: '更新时间', en: 'Updated at', writable: false },
  { key: 'updatedBy', type: 'member', column: 'updated_by', zh: '更新人', en: 'Updated by', writable: false },
] as const satisfies readonly {
  key: string;
  type: FieldTypeName;
  column: string;
  zh: string;
  en: string;
  writable: boolean;
}[];
export type SystemFieldKey = (typeof systemFields)[number]['key'];
export const systemFieldKeys: readonly string[] = systemFields.map((field) => field.key);

export type { FieldRules };

/** A value filled in when a new record leaves the field out. */
export const defaultValue = z.union([
  z.object({ kind: z.literal('literal'), value: z.json() }),
  z.object({ kind: z.literal('me') }),
  z.object({ kind: z.literal('myDepartment') }),
  z.object({ kind: z.literal('now') }),
  /** Computed from the record's own fields, which it names as formulas do; what a person typed stands. */
  z.object({ kind: z.literal('formula'), expression: z.string().trim().min(1).max(2000) }),
  /**
   * 数据联动: the value that `take` has in the newest record of `formId` whose fields equal this record's own ones, every
   * pair. `field: 'id'` is the record itself that a relation field names. In a subform's rows, `own: 'parent.<field>'` is a
   * field of the record that the row belongs to.
   */
  z.object({
    kind: z.literal('linked'),
    formId: uuidOf<'form'>(),
    match: z
      .array(z.object({ field: z.string().max(60), own: z.string().max(60) }))
      .min(1)
      .max(5),
    take: z.string().max(60),
  }),
]);
export type DefaultValue = z.infer<typeof defaultValue>;

const fieldShape = {
  key: z.string().regex(fieldKeyPattern, 'key' satisfies ShapeText),
  name: z.string().trim().min(1).max(40),
  type: z.enum(fieldTypeNames),
  config: z.record(z.string(), z.json()).default({}),
  rules: fieldRules.default({}),
  hint: z.string().max(200).optional(),
  default: defaultValue.optional(),
  /** Stored encrypted. `false`: it once was, and history holds such values. Changed by a conversion only. */
  encrypted: z.boolean().optional(),
};

/** A stored field. `config` has the shape its type's `config` schema says. */
export const fieldDef = z.object({ id: fieldId, ...fieldShape });
export type FieldDef = z.infer<typeof fieldDef>;

/** A field as a client sends it: no `id` means a new field, no `key` means one made from the name's pinyin. */
export const fieldInput = z.object({ ...fieldShape, id: fieldId.optional(), key: fieldShape.key.optional() });
export type FieldInput = z.infer<typeof fieldInput>;

export { type FormLayout, formLayout };

/** A task form's open records stand in 任务中心; each entry names a field. A record is done when `done` is set. */
export const taskMapping = z.object({
  title: z.string(),
  owner: z.string().default('owner'),
  due: z.string().optional(),
  /** A switch field, or a select field together with `doneOption`. */
  done: z.string(),
  doneOption: z.string().optional(),
  /** A relation field naming what the task is about. */
  subject: z.string().optional(),
  /** Whether owners are reminded at nine o'clock of what falls due; they are unless this is false. */
  remind: z.boolean().optional(),
});
export type TaskMapping = z.infer<typeof taskMapping>;

/** Types whose stored value reads as a title; a reference or a list would show as ids or brackets. */
export const titleFieldTypes: readonly FieldTypeName[] = ['text', 'longText', 'autonumber', 'email', 'url'];

export const formSettings = z.object({
  /** The field (one of `titleFieldTypes`) whose value stands for the record in links and lists; the first text field when absent. */
  titleField: z.string().optional(),
  /** Two or three fields shown under the title on phones. */
  summaryFields: z.array(z.string()).max(3).default([]),
  task: taskMapping.optional(),
  notice: z.string().max(500).optional(),
  /** Fields of the short form for quick entry on the phone; the others wait behind 「更多」. Required ones always show. */
  quickFields: z.array(z.string()).max(20).optional(),
  /** Conditions over several fields, each with its own message. */
  checks: z.array(formCheck).max(50).optional(),
  uniqueSets: z.array(uniqueSet).max(10).optional(),
  /** What becomes of the values of hidden fields: they stay as they are, or are emptied when the record is saved. */
  hiddenValues: z.enum(['keep', 'clear']).optional(),
  icon: z.string().max(40).optional(),
  /** Navigation group in the app. */
  group: z.string().max(40).optional(),
});
export type FormSettings = z.infer<typeof formSettings>;

/** A published form as every client reads it. System fields are part of `fields` on reading and never of input. */
export interface FormView {
  id: FormId;
  appId: AppId;
  key: string;
  name: string;
  version: number;
  fields: ReadField[];
  layout: FormLayout;
  settings: FormSettings;
  /** What the reader may do here. */
  actions: FormAction[];
  /** For designers: fields taken off the form, whose data is kept 30 days; sending one with its id brings it back. */
  removed?: (FieldDef & { removedAt: string })[];
  /** Rules about repeated records, as far as the reader may see their fields. */
  duplicates?: DuplicateHint[];
  updatedAt: string;
}

/** `purge`: deleting for good what lies in the recycle bin. `backdate`: importing who made a record, and when. */
export const formActions = [
  'view',
  'create',
  'edit',
  'delete',
  'purge',
  'import',
  'backdate',
  'export',
  'print',
  'share',
  'bulk',
  'design',
] as const;
export type FormAction = (typeof formActions)[number];

export interface ReadField extends FieldDef {
  /** owner, createdAt … */
  system?: boolean;
  /** False when the reader may see but not write it. */
  writable: boolean;
  /** The reader gets its values with stars and cannot filter, sort or count by them. */
  masked?: boolean;
}

export const createFormBody = z.object({
  appId: uuidOf<'app'>(),
  key: z
    .string()
    .regex(fieldKeyPattern, 'key' satisfies ShapeText)
    .optional(),
  name: z.string().trim().min(1).max(40),
  fields: z.array(fieldInput).max(500).default([]),
  layout: formLayout.optional(),
  settings: formSettings.optional(),
});
export type CreateFormBody = z.infer<typeof createFormBody>;

/** Where a copy of a form is made, and what it is called. */
export const copyFormBody = z.object({ appId: uuidOf<'app'>(), name: z.string().trim().min(1).max(40) });
export type CopyFormBody = z.infer<typeof copyFormBody>;

/** A change of a form: `fields` is the whole new list, a field left out is removed with its data kept 30 days. */
export const updateFormBody = z.object({
  name: z.string().trim().min(1).max(40).optional(),
  fields: z.array(fieldInput).max(500).optional(),
  layout: formLayout.optional(),
  settings: formSettings.optional(),
  version: revisionNumber.optional(),
  /** What was changed, in the publisher's words. */
  note: z.string().trim().max(200).optional(),
  /** Revision of the draft that is published by this; it is gone afterwards. */
  draft: revisionNumber.optional(),
});
export type UpdateFormBody = z.infer<typeof updateFormBody>;

/** Checks `config` by the type's schema; answers the canonical config or a message. */
export function parseFieldConfig(
  type: FieldTypeName,
  config: unknown,
): { ok: true; config: Record<string, Json> } | { ok: false; detail: Words } {
  const parsed = fieldTypes[type].config.safeParse(config ?? {});
  if (parsed.success) return { ok: true, config: parsed.data as Record<string, Json> };
  return { ok: false, detail: issuesText(parsed.error.issues, config ?? {}, { zh: '设置', en: 'the settings' }) };
}

/** A new field id from ten random characters of [0-9a-z]. */
export function newFieldId(randomIndex: (below: number) => number): FieldId {
  const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';
  let id = 'f_';
  for (let index = 0; index < 10; index++) id += alphabet[randomIndex(36)] ?? '0';
  return id as FieldId;
}
