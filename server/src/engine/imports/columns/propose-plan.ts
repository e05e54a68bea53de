import { shownCell } from '@lianke/shared/fields/sheet-pictures';
import { bare, cellText } from '@lianke/shared/fields/sheet-text';
import { notInRows } from '@lianke/shared/fields/subform/schema';
import type { ColumnTarget, ImportTarget, ProposedField, SheetPlan } from '@lianke/shared/imports/api';
import type { Json } from '@lianke/shared/json';
import { recordIdHeader } from '@lianke/shared/records/exports';
import { findHeader, type Table, tableAt } from '../layout/find-table.js';
import { groupsOf, headersOf } from '../layout/header-texts.js';
import { lineColumns } from '../layout/line-groups.js';
import { aliasesFor, factorFor, readNotes, type SheetNotes } from '../layout/sheet-notes.js';
import { withGrouping } from '../plan/grouping.js';
import { recordIdKey } from '../plan/record-id.js';
import { type ImportWords, importWords } from '../words.js';
import { colourHeader } from '../workbook/coloured-rows.js';
import type { Workbook, WorkbookSheet } from '../workbook/workbook.js';
import { type LinesSheet, linesSheetOf } from './lines-sheet.js';
import { type KnownForm, matchFields, sameName } from './match-fields.js';
import { type ColumnProfile, profileColumns } from './profile-column.js';
import { type FieldProposal, proposeField } from './propose-field.js';
import { existing, proposeTargets, type TargetChoice, type TargetWorld } from './propose-targets.js';

/** What proposals are made from, besides the file. */
export interface PlanWorld {
  /** Forms of the app that the person may import into. */
  forms: readonly KnownForm[];
  mayDesign: boolean;
  wanted?: KnownForm;
  isPerson(text: string): boolean;
  /** Without extension: names a sheet that has only 「Sheet1」. */
  fileName: string;
  words: ImportWords;
}

type Grouping = NonNullable<SheetPlan['grouping']>['as'];

const previewRows = 30;
const maxDistinct = 100;

/** A first plan for every sheet of a file. Customers come before what points at them, whatever the sheets' order. */
export function proposePlan(workbook: Workbook, world: PlanWorld): SheetPlan[] {
  const targets: TargetWorld = { ...world, taken: new Set() };
  const chosen = new Map<number, SheetPlan>();
  const drafts = workbook.sheets.map((sheet, index) => ({
    sheet,
    index,
    header: findHeader(sheet.rows, sheet.merges),
  }));
  const made: TargetChoice[] = [];
  for (const draft of [...drafts].sort((a, b) => rank(a.sheet) - rank(b.sheet))) {
    const plan =
      draft.header === undefined
        ? leftOut(
            draft.sheet,
            draft.index,
            draft.sheet.rows.length === 0 ? world.words.emptySheet() : world.words.noTable(),
          )
        : proposeSheet(draft.sheet, draft.index, draft.header, world, targets, made);
    chosen.set(draft.index, plan);
  }
  return drafts.flatMap(({ index }) => chosen.get(index) ?? []);
}

/** The plan of one sheet anew after the person moved its header row. */
export function replanSheet(
  workbook: Workbook,
  index: number,
  headerRow: number,
  world: PlanWorld,
  others: readonly SheetPlan[],
  as?: Grouping,
): SheetPlan {
  const sheet = workbook.sheets[index];
  if (!sheet) throw new RangeError(`there is no sheet ${index}`);
  const taken = new Set(
    others.flatMap((plan) => plan.targets.flatMap((target) => [`key:${target.key}`, target.newForm?.name ?? ''])),
  );
  const made = others.flatMap((plan) => plan.targets.map((target) => choiceOf(target, world.forms)));
  return proposeSheet(sheet, index, headerRow, world, { ...world, taken }, made, as);
}

function proposeSheet(
  sheet: WorkbookSheet,
  index: number,
  headerRow: number,
  world: PlanWorld,
  targets: TargetWorld,
  made: TargetChoice[],
  as?: Grouping,
): SheetPlan {
  const table = tableAt(sheet.rows, headerRow);
  const groups = groupsOf(sheet, headerRow);
  const columns = profileColumns(sheet.rows, table, headersOf(sheet, headerRow), sheet.lists, groups);
  const name = titleOf(sheet, world.fileName);
  const apart = sheet.hidden ? undefined : linesSheetOf(columns, world.forms);
  if (apart) return withGrouping(sheet, linesPlan(sheet, index, table, columns, apart, targets, made), 'subform');
  const proposed = sheet.hidden
    ? []
    : proposeTargets(
        name,
        columns.filter((column) => column.header.text !== ''),
        targets,
      );
  const choices = changesRecords(columns, proposed[0]) ? proposed.slice(0, 1) : proposed;
  made.push(...choices);
  const notes = readNotes(table.notes);
  // A customer's contacts and opportunities become records of their own rather than lines.
  const inLines = as === 'subform' || (as === undefined && choices.length === 1);
  const lines = inLines ? lineColumns(sheet.rows, table.dataRows, sheet.merges ?? []) : new Set<number>();
  const to =
    choices.length === 0 ? new Map<number, ColumnTarget>() : assignColumns(columns, choices, made, notes, world, lines);
  const plan = sheetPlan(
    sheet,
    index,
    table,
    columns,
    to,
    choices.map((choice) => choice.target),
  );
  if (sheet.hidden) return { ...plan, include: false, reason: world.words.hiddenSheet() };
  if (choices.length === 0) return { ...plan, include: false, reason: world.words.noForm() };
  if (table.dataRows.length === 0) return { ...plan, include: false, reason: world.words.noRows() };
  return withGrouping(sheet, plan, as);
}

/** The plan of a sheet that holds the lines of a subform: they change the records and lines that their ids name. */
function linesPlan(
  sheet: WorkbookSheet,
  index: number,
  table: Table,
  columns: readonly ColumnProfile[],
  { form, fields }: LinesSheet,
  targets: TargetWorld,
  made: TargetChoice[],
): SheetPlan {
  const choice = existing(form, undefined, targets);
  Object.assign(choice.target, { mode: 'update', matchOn: [recordIdKey] });
  made.push(choice);
  const to = new Map(
    [...fields].map(([column, field]): [number, ColumnTarget] => [
      column,
      { target: choice.target.key, field, status: 'matched' },
    ]),
  );
  return sheetPlan(sheet, index, table, columns, to, [choice.target]);
}

/** Each column's target; `choices[].target.newFields` receives the fields to be made. */
function assignColumns(
  columns: readonly ColumnProfile[],
  choices: TargetChoice[],
  made: readonly TargetChoice[],
  notes: SheetNotes,
  world: PlanWorld,
  lines: ReadonlySet<number>,
): Map<number, ColumnTarget> {
  const to = new Map<number, ColumnTarget>();
  const open = columns.filter((column) => !isSkipped(column));
  const main = choices[0];
  if (!main) return to;
  if (main.form && changesRecords(columns, main)) {
    Object.assign(main.target, { mode: 'update', matchOn: [recordIdKey] });
    // An exported file holds what it may change and what only the system keeps; the latter is left alone.
    const form = { fields: main.form.fields.filter((field) => field.key !== 'createdAt' && field.key !== 'createdBy') };
    for (const match of matchFields(
      open.filter((column) => column.filled > 0),
      form,
    ))
      if (match.score === sameName)
        to.set(match.column, { target: main.target.key, field: match.field.key, status: 'matched' });
    return to;
  }
  // Linked forms take the columns that describe their entity, then the main form takes what is left.
  for (const choice of [...choices.slice(1), main]) {
    if (!choice.form) continue;
    const mine = open.filter(
      (column) =>
        !to.has(column.index) &&
        (choice === main
          ? ownedByMain(column, choices) || isNamed(column, main.form)
          : column.concept?.home === choice.entity),
    );
    for (const match of matchFields(mine, withoutLink(choice.form, choice.target))) {
      const column = columns[match.column];
      if (column)
        to.set(match.column, {
          target: choice.target.key,
          field: match.field.key,
          status: 'matched',
          ...factorOf(column, notes, match.field.type),
        });
    }
  }
  if (world.mayDesign) {
    for (const column of open) {
      if (to.has(column.index) || column.filled === 0) continue;
      const subform = subformFor(column, main, to, lines.has(column.index));
      if (subform) {
        to.set(column.index, newFieldOfLines(column, main, subform, notes, world));
        continue;
      }
      if (lines.has(column.index)) {
        to.set(column.index, newLine(column, main, notes, world));
        continue;
      }
      const choice = choices.slice(1).find((other) => other.entity === column.concept?.home) ?? main;
      to.set(column.index, newField(column, choice, made, notes, world, to));
    }
  }
  return to;
}

/** A file exported with 数据ID changes the records it names; the person may see to it that it does not. */
function changesRecords(columns: readonly ColumnProfile[], main: TargetChoice | undefined): boolean {
  const named = columns.some((column) => column.header.text === recordIdHeader && column.filled > 0);
  return named && main?.form?.fields.some((field) => field.key === recordIdKey) === true;
}

/** The main form leaves a linked form's columns alone, matched there or not. */
function ownedByMain(column: ColumnProfile, choices: readonly TargetChoice[]): boolean {
  return !choices.slice(1).some((choice) => choice.entity === column.concept?.home && !choice.form);
}

/** A field of the very name of the column takes it, whatever the column is about. */
function isNamed(column: ColumnProfile, form: KnownForm | undefined): boolean {
  return form?.fields.some((field) => bare(field.name) === bare(column.header.name)) === true;
}

function newField(
  column: ColumnProfile,
  choice: TargetChoice,
  made: readonly TargetChoice[],
  notes: SheetNotes,
  world: PlanWorld,
  to: ReadonlyMap<number, ColumnTarget>,
): ColumnTarget {
  const { target } = choice;
  // A second column of people becomes a field of its own.
  if (
    column.concept?.key === 'owner' &&
    ![...to.values()].some((other) => other.target === target.key && other.field === 'owner')
  ) {
    return { target: target.key, field: 'owner', status: 'matched' };
  }
  const aliases = aliasesFor(notes, column.header.name);
  const customer =
    column.concept?.key === 'customerName' && choice.entity !== 'customer'
      ? made.find((other) => other.entity === 'customer')
      : undefined;
  const proposal: FieldProposal = customer
    ? {
        name: column.header.name,
        type: 'relation',
        config: { formId: customer.form?.id ?? `target:${customer.target.key}` },
      }
    : proposeField(column, { aliases, isPerson: world.isPerson });
  const field: ProposedField = { key: `new:${column.index}`, ...proposal, name: freshName(proposal.name, choice) };
  target.newFields.push(field);
  return { target: target.key, field: field.key, status: 'new', ...factorOf(column, notes, field.type) };
}

type Subform = NonNullable<KnownForm['fields'][number]['within']>;

/** The subform of the form whose rows a column belongs to: the one that it names, or that its sheet's other lines feed. */
function subformFor(
  column: ColumnProfile,
  { form, target }: TargetChoice,
  to: ReadonlyMap<number, ColumnTarget>,
  isLine: boolean,
): Subform | undefined {
  const subforms = (form?.fields ?? []).flatMap(({ within }) => within ?? []);
  const text = bare(column.header.text);
  const group = column.group === undefined ? undefined : bare(column.group);
  const named = subforms.find(({ name }) => bare(name) === group || text.startsWith(`${bare(name)}.`));
  if (named || !isLine) return named;
  const fed = [...to.values()].filter((other) => other.target === target.key).map(({ field }) => field ?? '');
  return subforms.find(({ key }) => fed.some((field) => field.startsWith(`${key}.`)));
}

/** A field that the rows of an existing subform are to get. */
function newFieldOfLines(
  column: ColumnProfile,
  { form, target }: TargetChoice,
  subform: Subform,
  notes: SheetNotes,
  world: PlanWorld,
): ColumnTarget {
  const proposal = proposeField(column, { aliases: aliasesFor(notes, column.header.name), isPerson: world.isPerson });
  const type = notInRows.includes(proposal.type) ? 'datetime' : proposal.type;
  const dot = proposal.name.indexOf('.');
  const wanted = bare(proposal.name).startsWith(`${bare(subform.name)}.`)
    ? proposal.name.slice(dot + 1)
    : proposal.name;
  const names = new Set([
    ...(form?.fields ?? []).flatMap(({ within }) => (within?.key === subform.key ? [within.fieldName] : [])),
    ...target.newFields.flatMap((field) => (field.within === subform.key ? [field.name] : [])),
  ]);
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted.slice(0, 37)} ${number}`;
  const key = `${subform.key}.new:${column.index}`;
  target.newFields.push({
    key,
    within: subform.key,
    name,
    type,
    config: type === proposal.type ? proposal.config : {},
  });
  return { target: target.key, field: key, status: 'new', ...factorOf(column, notes, type) };
}

/** Key of the subform made for a sheet whose rows stand beside merged cells. */
const linesKey = 'new:lines';

/** A field of the rows of a subform to be made. */
function newLine(
  column: ColumnProfile,
  { target, form }: TargetChoice,
  notes: SheetNotes,
  world: PlanWorld,
): ColumnTarget {
  let subform = target.newFields.find((field) => field.key === linesKey);
  if (!subform) {
    const wanted = column.group && !form?.fields.some(({ name }) => name === column.group) ? column.group : '明细';
    subform = { key: linesKey, name: wanted.slice(0, 40), type: 'subform', config: { fields: [] } };
    target.newFields.push(subform);
  }
  const fields = subform.config.fields as Json[];
  const proposal = proposeField(column, { aliases: aliasesFor(notes, column.header.name), isPerson: world.isPerson });
  const type = notInRows.includes(proposal.type) ? 'datetime' : proposal.type;
  const names = new Set(fields.map((field) => (field as { name: string }).name));
  const name = names.has(proposal.name) ? `${proposal.name.slice(0, 36)} ${names.size + 1}` : proposal.name;
  const key = `c${column.index}`;
  fields.push({ key, name, type, config: type === proposal.type ? proposal.config : {} });
  return { target: target.key, field: `${linesKey}.${key}`, status: 'new', ...factorOf(column, notes, type) };
}

function freshName(wanted: string, choice: TargetChoice): string {
  const names = new Set([...(choice.form?.fields ?? []), ...choice.target.newFields].map((field) => field.name));
  let name = wanted;
  for (let number = 2; names.has(name); number++) name = `${wanted.slice(0, 37)} ${number}`;
  return name;
}

function factorOf(column: ColumnProfile, notes: SheetNotes, type: string): { factor?: number } {
  if (type !== 'money' && type !== 'number') return {};
  const factor = column.header.factor ?? factorFor(notes, column.header.name);
  return factor === undefined || factor === 1 ? {} : { factor };
}

function withoutLink(form: KnownForm, target: ImportTarget): KnownForm {
  return { ...form, fields: form.fields.filter((field) => field.key !== target.link?.field) };
}

function choiceOf(target: ImportTarget, forms: readonly KnownForm[]): TargetChoice {
  const form = forms.find((known) => known.id === target.formId);
  return { target, form, entity: target.key.startsWith('customer') ? 'customer' : undefined };
}

/** Headers of the column that the error workbook adds; it must not come back as data. */
export const reasonHeaders: ReadonlySet<string> = new Set(
  Object.values(importWords).map((words) => words.reasonHeader()),
);

function isSkipped(column: ColumnProfile): boolean {
  return (
    reasonHeaders.has(column.header.text) ||
    column.header.text === colourHeader ||
    column.header.text === '' ||
    (column.concept?.key === 'sequence' && (column.shape.sequence || column.filled === 0))
  );
}

/** Sheets of customers first, those of visits last. */
function rank(sheet: WorkbookSheet): number {
  return /跟进|拜访|回访|记录|follow|visit/i.test(sheet.name) ? 1 : 0;
}

function titleOf(sheet: WorkbookSheet, fileName: string): string {
  return sheet.name === '' || /^(sheet|工作表|表)\s*\d*$/i.test(sheet.name) ? fileName : sheet.name;
}

function sheetPlan(
  sheet: WorkbookSheet,
  index: number,
  table: Table,
  columns: readonly ColumnProfile[],
  to: ReadonlyMap<number, ColumnTarget>,
  targets: ImportTarget[],
): SheetPlan {
  return {
    name: sheet.name,
    index,
    headerRow: table.headerRow,
    rows: table.dataRows.length,
    include: true,
    // Where only the header is coloured, colours say nothing.
    columns: columns
      .filter((column) => column.index !== sheet.colours?.column || column.filled > 0)
      .map((column) => ({
        index: column.index,
        header: column.header.text,
        samples: column.samples,
        ...(column.distinctTotal <= maxDistinct && { distinct: column.distinct }),
        to: to.get(column.index) ?? { target: null, field: null, status: 'skipped' },
      })),
    targets,
    ...hiddenOf(sheet, table),
    ...(sheet.uncomputed && { uncomputed: sheet.uncomputed }),
    preview: previewOf(sheet),
  };
}

function hiddenOf(sheet: WorkbookSheet, table: Table): Pick<SheetPlan, 'hidden'> {
  const hidden = new Set(sheet.hiddenRows);
  const rows = hidden.size === 0 ? 0 : table.dataRows.filter((at) => hidden.has(at)).length;
  return rows === 0 ? {} : { hidden: { rows, include: true } };
}

function leftOut(sheet: WorkbookSheet, index: number, reason: string): SheetPlan {
  return {
    name: sheet.name,
    index,
    headerRow: null,
    rows: 0,
    include: false,
    reason,
    columns: [],
    targets: [],
    preview: previewOf(sheet),
  };
}

function previewOf(sheet: WorkbookSheet): string[][] {
  return sheet.rows.slice(0, previewRows).map((row) => row.map((cell) => cellText(shownCell(cell)).slice(0, 200)));
}
