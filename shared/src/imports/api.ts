import { z } from 'zod';
import { fieldTypeNames } from '../fields/registry.js';
import { uuidOf } from '../ids.js';

/** How confident a proposed target is; shown as the chip's colour. */
export const columnTarget = z.object({
  /** Which of the sheet's targets (`targets[].key`) the column feeds; null: not imported. */
  target: z.string().nullable(),
  /** Key of an existing field, `<subform>.<field>` for a field of a subform's rows, `owner`, or `new:<n>` for a proposed new field. */
  field: z.string().nullable(),
  status: z.enum(['matched', 'new', 'skipped']),
  /** Unit multiplier taken from the header: 万元 → 10000. */
  factor: z.number().positive().optional(),
  /** For a relation: key of the unique field of the other form that the texts name its records by; its title when absent. */
  by: z.string().max(40).optional(),
});
export type ColumnTarget = z.infer<typeof columnTarget>;

/**
 * A field to be made. A relation to a form that does not exist yet has `config.formId` = `target:<target key>`. The fields of a
 * subform to be made have keys of their own in `config.fields`; columns name them as `new:<n>.<key>`.
 */
export const proposedField = z.object({
  /** `new:<n>`, unique within its target; `<subform>.new:<n>` for a field of an existing subform's rows. */
  key: z.string(),
  /** The existing subform whose rows get the field. */
  within: z.string().max(40).optional(),
  name: z.string(),
  type: z.enum(fieldTypeNames),
  config: z.record(z.string(), z.json()),
});
export type ProposedField = z.infer<typeof proposedField>;

/** One form fed by a sheet's rows; `link` says how it points at another target of the same row (联系人.客户 → 客户). */
export const importTarget = z.object({
  key: z.string(),
  formId: uuidOf<'form'>().nullable(),
  newForm: z.object({ name: z.string().min(1).max(40) }).optional(),
  formName: z.string(),
  /** Fields to be made before the import begins. */
  newFields: z.array(proposedField).default([]),
  mode: z.enum(['insert', 'update', 'upsert']).default('insert'),
  matchOn: z.array(z.string()).max(5).default([]),
  /** Relation field of this target → which other target of the same row. A column whose text names a record is mapped to the relation field itself. */
  link: z.object({ field: z.string(), to: z.string() }).optional(),
});
export type ImportTarget = z.infer<typeof importTarget>;

export const sheetColumn = z.object({
  index: z.number().int(),
  header: z.string(),
  samples: z.array(z.string()).max(5),
  /** Distinct texts and their counts for short lists (options, people), most first. */
  distinct: z
    .array(z.object({ text: z.string(), count: z.number().int() }))
    .max(100)
    .optional(),
  to: columnTarget,
});
export type SheetColumn = z.infer<typeof sheetColumn>;

export const sheetPlan = z.object({
  name: z.string(),
  index: z.number().int(),
  /** 0-based row of the header; null: no table found, the sheet is left out with the reason. */
  headerRow: z.number().int().nullable(),
  rows: z.number().int(),
  include: z.boolean(),
  reason: z.string().optional(),
  columns: z.array(sheetColumn),
  targets: z.array(importTarget),
  /** Rows hidden by hand or by a filter, and whether they are imported. */
  hidden: z.object({ rows: z.number().int(), include: z.boolean() }).optional(),
  /**
   * Rows that go with the row above: beside cells merged over both, or with nothing of their own but lines. `subform`: they are
   * lines of that row's record; `records`: each is a record of its own, merged cells filled down.
   */
  grouping: z.object({ rows: z.number().int(), as: z.enum(['records', 'subform']) }).optional(),
  /** Formulas whose results the file does not hold, read as empty: how many, and the places of the first ones (`C5`). */
  uncomputed: z.object({ count: z.number().int(), cells: z.array(z.string()) }).optional(),
  /** The sheet goes where one of the same headers went before. */
  remembered: z.boolean().optional(),
  /** First rows as they stand in the file, for the preview, title rows included. */
  preview: z.array(z.array(z.string())),
});
export type SheetPlan = z.infer<typeof sheetPlan>;

export const importOptions = z.object({
  /** Names that occur twice in the file or exist already. */
  duplicates: z.enum(['merge', 'skip', 'create']).default('create'),
  /** People named in the file who left or are unknown → a member, or null for 待分配. */
  people: z.record(z.string(), uuidOf<'member'>().nullable()).default({}),
  /** Option texts → option id, or null to leave empty. By field key `target.field`. A text given to itself becomes a new option. */
  options: z.record(z.string(), z.record(z.string(), z.string().nullable())).default({}),
  /**
   * A relation text that names several records: `choose` puts each row to the person (`links`), `owner` takes the one whose
   * owner is the row's own person, `first` the oldest, `refuse` none. Rows still open at the start are not imported.
   */
  ambiguous: z.enum(['choose', 'owner', 'first', 'refuse']).default('choose'),
  /** The person's own choices for such rows: `issueRow.key` → one of its `candidates`; null leaves the row out. */
  links: z.record(z.string(), z.string().nullable()).default({}),
  runFlows: z.boolean().default(false),
  onError: z.enum(['skip', 'abort']).default('skip'),
  /** A cell that its field does not take: left empty and told, or the reason why its row does not come in. */
  badCells: z.enum(['empty', 'refuse']).default('empty'),
});
export type ImportOptions = z.infer<typeof importOptions>;

export const issueKinds = [
  'refused',
  'duplicate',
  'leaver',
  'unknownPerson',
  'badValue',
  'ambiguousLink',
  'unknownLink',
  'mappedOption',
  'rounded',
] as const;
/** One group of rows the check page lists, before → after. */
export const importIssue = z.object({
  kind: z.enum(issueKinds),
  sheet: z.string(),
  /** Field name, or the person's or record's name. */
  subject: z.string(),
  message: z.string(),
  count: z.number().int(),
});
export type ImportIssue = z.infer<typeof importIssue>;

/** The numbers of the check page, per sheet and target. */
export const importCounts = z.object({
  sheet: z.string(),
  target: z.string(),
  formName: z.string(),
  rows: z.number().int(),
  willImport: z.number().int(),
  refused: z.number().int(),
  duplicates: z.number().int(),
  leavers: z.number().int(),
  warnings: z.number().int(),
  /** Rows put to the person who chooses and not decided yet. */
  ambiguous: z.number().int().optional(),
  /** Existing records that will be changed (part of `willImport`). */
  updates: z.number().int().optional(),
  /** Repeats that will be left out. */
  skipped: z.number().int().optional(),
});
export type ImportCounts = z.infer<typeof importCounts>;

export const importCheck = z.object({
  counts: z.array(importCounts),
  issues: z.array(importIssue),
  /** What switching flows on would make. */
  flowEffects: z.object({ tasks: z.number().int(), messages: z.number().int(), flows: z.array(z.string()) }),
});
export type ImportCheck = z.infer<typeof importCheck>;

/** A row of the drawer that opens behind a count. */
export const issueRow = z.object({
  sheet: z.string(),
  /** As the spreadsheet program numbers it, from 1. */
  row: z.number().int(),
  cells: z.array(z.object({ header: z.string(), before: z.string(), after: z.string() })),
  reason: z.string(),
  extra: z.string().optional(),
  /** ambiguousLink: the key of this row in `options.links`, what may be chosen, and what is chosen now. */
  key: z.string().optional(),
  candidates: z.array(z.object({ id: z.string(), label: z.string() })).optional(),
  chosen: z.string().nullable().optional(),
});
export type IssueRow = z.infer<typeof issueRow>;

export const importState = z.enum(['checking', 'ready', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone']);
export const importResult = z.object({
  target: z.string(),
  formId: z.string(),
  formName: z.string(),
  created: z.number().int(),
  updated: z.number().int(),
  skipped: z.number().int(),
  failed: z.number().int(),
});
/** A record that an undo left as it is, with why. */
export const undoRow = z.object({
  formId: z.string(),
  recordId: z.string(),
  label: z.string(),
  outcome: z.enum(['kept', 'failed']),
  reason: z.string(),
});
export type UndoRow = z.infer<typeof undoRow>;
/** Put back, left because somebody changed it since, refused. `rows` names the first of the last two. */
export const undoReport = z.object({
  reversed: z.number().int(),
  kept: z.number().int(),
  failed: z.number().int(),
  rows: z.array(undoRow).optional(),
});
/** An earlier import of the very same file whose records still stand. */
export const earlierImport = z.object({
  /** null where the reader may not open it. */
  id: uuidOf<'import'>().nullable(),
  at: z.string(),
  by: z.string(),
  /** Records that it made or changed. */
  records: z.number().int(),
});
export type EarlierImport = z.infer<typeof earlierImport>;
export const importView = z.object({
  id: uuidOf<'import'>(),
  appId: uuidOf<'app'>(),
  fileName: z.string(),
  state: importState,
  sheets: z.array(sheetPlan),
  options: importOptions,
  check: importCheck.nullable(),
  progress: z.object({ done: z.number().int(), total: z.number().int() }),
  results: z.array(importResult),
  errorRows: z.number().int(),
  batchId: z.string().nullable(),
  undo: undoReport.nullable(),
  error: z.string().nullable(),
  /** Told until the import begins: the file came in before. */
  earlier: earlierImport.nullable(),
  createdAt: z.string(),
  createdBy: z.object({ id: z.string(), label: z.string() }),
});
export type ImportView = z.infer<typeof importView>;

/** Changing the plan answers the new check; the same body starts it. */
export const planBody = z.object({
  sheets: z.array(
    sheetPlan
      .pick({ name: true, index: true, headerRow: true, include: true, targets: true, hidden: true, grouping: true })
      .extend({ columns: z.array(z.object({ index: z.number().int(), to: columnTarget })) }),
  ),
  options: importOptions,
  /** Proposes all sheets anew, without what is remembered of files with the same headers. */
  anew: z.boolean().optional(),
});
export type PlanBody = z.infer<typeof planBody>;
