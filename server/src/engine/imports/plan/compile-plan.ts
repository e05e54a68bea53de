import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { picturesIn } from '@lianke/shared/fields/sheet-pictures';
import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import { cellText } from '@lianke/shared/fields/sheet-text';
import { type Lookup, refused, type SheetReadContext } from '@lianke/shared/fields/sheet-types';
import { notInRows } from '@lianke/shared/fields/subform/schema';
import { parseFieldConfig } from '@lianke/shared/forms/definition';
import type { FormId } from '@lianke/shared/ids';
import {
  type ImportOptions,
  type ImportTarget,
  type ProposedField,
  proposedField,
  type SheetColumn,
  type SheetPlan,
} from '@lianke/shared/imports/api';
import type { Json } from '@lianke/shared/json';
import { z } from 'zod';
import { conceptOf } from '../columns/concepts.js';
import type { KnownField, KnownForm } from '../columns/match-fields.js';
import { tableAt } from '../layout/find-table.js';
import { readHeader } from '../layout/header.js';
import { headersOf } from '../layout/header-texts.js';
import { aliasesFor, readNotes, type SheetNotes } from '../layout/sheet-notes.js';
import type { Workbook } from '../workbook/workbook.js';
import type {
  CompiledColumn,
  CompiledLines,
  CompiledLink,
  CompiledPlan,
  CompiledSheet,
  CompiledTarget,
} from './compiled.js';
import { importedTable, linesOfPlan } from './grouping.js';
import { identityOf, titleOf } from './identity.js';
import { type MatchKey, matchKey } from './match-key.js';
import { sortSheets, sortTargets } from './order.js';
import type { People } from './people.js';
import { fault, invalid } from './plan-fault.js';
import { remembering } from './remember.js';
import type { RowIds } from './row-ids.js';

export interface CompileWorld {
  forms: readonly KnownForm[];
  people: People;
  /** Departments by what cells call them; without it no cell names one. */
  department?: Lookup;
  /** The id of the file that a picture becomes. */
  picture?: (name: string) => string | undefined;
  ids: RowIds;
  timeZone: string;
}

/** Lines a record of a subform made by an import may have. */
const defaultMaxRows = 1000;

interface Field {
  key: string;
  name: string;
  type: FieldTypeName;
  config: Record<string, Json>;
  required: boolean;
  defaulted?: boolean;
  within?: KnownField['within'];
}

/**
 * Makes a plan ready to read rows with. A plan that names what does not exist is refused with `invalid_definition`, saying
 * which sheet and column is at fault.
 */
export function compilePlan(
  workbook: Workbook,
  sheets: readonly SheetPlan[],
  options: ImportOptions,
  world: CompileWorld,
): CompiledPlan {
  const included = sheets.filter((sheet) => sheet.include && sheet.headerRow !== null);
  const feeds = targetsByForm(included);
  const compiled = included.map((plan) => compileSheet(workbook, plan, options, world, feeds));
  return {
    sheets: sortSheets(compiled),
    options,
    people: world.people,
    ids: world.ids,
    timeZone: world.timeZone,
    forms: world.forms,
  };
}

/** Which targets feed a form, by its id or, while it does not exist, by `target:<key>`. */
function targetsByForm(sheets: readonly SheetPlan[]): Map<string, string[]> {
  const feeds = new Map<string, string[]>();
  const keys = new Set<string>();
  for (const { name, targets } of sheets) {
    for (const target of targets) {
      if (keys.has(target.key)) fault(name, `目标“${target.key}”重复`);
      keys.add(target.key);
      const form = target.formId ?? `target:${target.key}`;
      feeds.set(form, [...(feeds.get(form) ?? []), target.key]);
    }
  }
  return feeds;
}

function compileSheet(
  workbook: Workbook,
  plan: SheetPlan,
  options: ImportOptions,
  world: CompileWorld,
  feeds: ReadonlyMap<string, string[]>,
): CompiledSheet {
  const sheet = workbook.sheets[plan.index];
  if (!sheet || plan.headerRow === null || plan.headerRow >= sheet.rows.length) fault(plan.name, '标题行不在工作表里');
  const rows = sheet?.rows ?? [];
  const whole = sheet ? importedTable(sheet, plan) : tableAt(rows, plan.headerRow ?? 0);
  const groups = sheet && plan.grouping?.as === 'subform' ? linesOfPlan(sheet, plan, whole) : undefined;
  const table = groups ? { ...whole, dataRows: groups.heads } : whole;
  const headers = sheet ? headersOf(sheet, table.headerRow) : [];
  const notes = readNotes(table.notes);
  const named = plan.columns.map((column) => ({
    ...column,
    header: readHeader(cellText(headers[column.index] ?? null)).text,
  }));
  const targets = plan.targets.map((target) => compileTarget(plan, target, named, notes, options, world, feeds));
  if (targets.length === 0) fault(plan.name, '没有对应的表单');
  const lines = groups?.lines ?? new Map<number, readonly number[]>();
  return { index: plan.index, name: plan.name, table, rows, headers, targets: sortTargets(targets), lines };
}

function compileTarget(
  plan: SheetPlan,
  target: ImportTarget,
  columns: readonly Pick<SheetColumn, 'index' | 'header' | 'to'>[],
  notes: SheetNotes,
  options: ImportOptions,
  world: CompileWorld,
  feeds: ReadonlyMap<string, string[]>,
): CompiledTarget {
  const form = target.formId ? world.forms.find((known) => known.id === target.formId) : undefined;
  if (target.formId && !form) fault(plan.name, `没有表单“${target.formName}”，或没有导入它的权限`);
  if (!target.formId && !target.newForm) fault(plan.name, `目标“${target.formName}”既没有表单，也没有新表单的名称`);
  const fields = fieldsOf(target, form);
  const mine = columns.filter(
    (column) => column.to.target === target.key && column.to.field !== null && column.to.status !== 'skipped',
  );
  const compiled: CompiledColumn[] = [];
  const links: CompiledLink[] = [];
  const lines: CompiledLines[] = [];
  let owner: CompiledTarget['owner'] = null;
  const taken = new Set<string>();
  for (const column of mine) {
    const key = column.to.field ?? '';
    const field = key === 'owner' ? ownerField : fields.get(key);
    if (!field) throw invalid(plan.name, `列“${column.header}”对应的字段“${key}”不存在`);
    if (taken.has(key)) fault(plan.name, `字段“${field.name}”有两列对应它，请留下一列`);
    taken.add(key);
    const { within } = field;
    if (within) {
      const inner = linesIn(lines, target, within, options);
      if (namesRecords(field))
        inner.links.push({ ...linkOf(plan.name, column, field, target, world, feeds), fieldKey: within.field });
      else inner.columns.push({ ...columnOf(column, field, target, notes, options, world), fieldKey: within.field });
    } else if (key === 'owner') owner = { index: column.index, header: column.header };
    else if (namesRecords(field)) links.push(linkOf(plan.name, column, field, target, world, feeds));
    else compiled.push(columnOf(column, field, target, notes, options, world));
  }
  for (const { fieldKey, target: inner } of lines)
    inner.required = [...fields.values()].flatMap(({ within, required, defaulted }) =>
      within?.key === fieldKey && required
        ? [{ fieldKey: within.field, fieldName: within.fieldName, defaulted: defaulted === true }]
        : [],
    );
  if (target.link && !fields.has(target.link.field))
    fault(plan.name, `“${target.formName}”没有关联字段“${target.link.field}”`);
  if (target.link && !plan.targets.some((other) => other.key === target.link?.to))
    fault(plan.name, `“${target.formName}”关联的目标“${target.link.to}”不在这张表里`);
  const title = titleOf(target, form, fields, compiled);
  const backdates = form === undefined || form.fields.some((field) => field.key === 'createdAt');
  return {
    key: target.key,
    plan: target,
    formName: target.newForm?.name ?? target.formName,
    columns: compiled,
    links,
    parent: target.link ? { field: target.link.field, target: target.link.to } : null,
    owner: owner ?? personOf(compiled),
    title,
    identity: identityOf(plan, target, compiled, links, title),
    happenedAt: (backdates && compiled.find(isFollowTime)) || null,
    required: [...fields.values()]
      .filter((field) => field.required && !field.within)
      .map((field) => ({ fieldKey: field.key, fieldName: field.name, defaulted: field.defaulted === true })),
    lines,
    strict: options.badCells === 'refuse',
  };
}

/** The subform among those of a target, begun when its first column comes. */
function linesIn(
  lines: CompiledLines[],
  target: ImportTarget,
  { key, name, maxRows }: NonNullable<KnownField['within']>,
  options: ImportOptions,
): CompiledTarget {
  const known = lines.find((other) => other.fieldKey === key);
  if (known) return known.target;
  const inner: CompiledTarget = {
    key: target.key,
    plan: target,
    formName: name,
    columns: [],
    links: [],
    parent: null,
    owner: null,
    title: null,
    identity: [],
    happenedAt: null,
    required: [],
    lines: [],
    strict: options.badCells === 'refuse',
    isLines: true,
  };
  lines.push({ fieldKey: key, fieldName: name, maxRows, target: inner });
  return inner;
}

const ownerField: Field = { key: 'owner', name: '负责人', type: 'member', config: {}, required: false };

function fieldsOf(target: ImportTarget, form: KnownForm | undefined): Map<string, Field> {
  const fields = new Map<string, Field>((form?.fields ?? []).map((field) => [field.key, field]));
  for (const field of target.newFields) {
    const config = field.config as Record<string, Json>;
    const subform = field.within && form?.fields.find(({ within }) => within?.key === field.within)?.within;
    if (field.within !== undefined) {
      if (!subform) throw invalid('', `要加字段“${field.name}”的子表单不存在`);
      fields.set(field.key, lineField(field, config, subform));
    } else if (field.type !== 'subform')
      fields.set(field.key, { ...field, config, required: false, within: undefined });
    else for (const line of newLineFields(field)) fields.set(line.key, line);
  }
  return fields;
}

/** A field that an existing subform's rows are to get. */
function lineField(
  { key, name, type }: ProposedField,
  config: Record<string, Json>,
  subform: NonNullable<KnownField['within']>,
): Field {
  if (notInRows.includes(type)) throw invalid('', `子表单里不能有字段“${name}”这样的类型`);
  const within = { ...subform, field: key.slice(subform.key.length + 1), fieldName: name };
  return { key, name: `${subform.name}.${name}`, type, config, required: false, within };
}

/** The fields of the rows of a subform to be made. */
function newLineFields({ key, name, config }: ProposedField): Field[] {
  const fields = z.array(proposedField).safeParse(config.fields);
  if (!fields.success) throw invalid('', `子表单“${name}”的字段写错了`);
  return fields.data.map((field) => ({
    key: `${key}.${field.key}`,
    name: `${name}.${field.name}`,
    type: field.type,
    config: field.config as Record<string, Json>,
    required: false,
    within: { key, name, field: field.key, fieldName: field.name, maxRows: defaultMaxRows },
  }));
}

/** A person column of the form's own says whose the record is when no column feeds 负责人 itself. */
function personOf(columns: readonly CompiledColumn[]): CompiledTarget['owner'] {
  const person = columns.find(
    (column) => column.type === 'member' && conceptOf(readHeader(column.header).name)?.concept.key === 'owner',
  );
  return person ? { index: person.index, header: person.header } : null;
}

function columnOf(
  column: Pick<SheetColumn, 'index' | 'header' | 'to'>,
  field: Field,
  target: ImportTarget,
  notes: SheetNotes,
  options: ImportOptions,
  world: CompileWorld,
): CompiledColumn {
  const decided = new Map(Object.entries(options.options[`${target.key}.${field.key}`] ?? {}));
  const config = withNewOptions(field, decided);
  const context: SheetReadContext = {
    timeZone: world.timeZone,
    ...(column.to.factor !== undefined && { factor: column.to.factor }),
    aliases: aliasesFor(notes, readHeader(column.header).name),
    decided,
    member: (text) => {
      const found = world.people.find(text);
      if (found.member) return { value: found.member, ...(found.kind === 'member' ? {} : { mapped: found.name }) };
      return found.decided ? { value: null } : { value: null, problem: { code: 'no_such_member' } };
    },
    ...(world.department && { department: world.department }),
    ...(world.picture && { picture: world.picture }),
  };
  const takesPictures = field.type === 'image' || field.type === 'attachment';
  const parsed = parseFieldConfig(field.type, config);
  if (!parsed.ok) throw invalid('', `字段“${field.name}”的设置有误：${parsed.detail.zh}`);
  return {
    index: column.index,
    header: column.header,
    fieldKey: field.key,
    fieldName: field.name,
    type: field.type,
    config: parsed.config,
    required: field.required,
    read: remembering(
      takesPictures
        ? sheetFormats[field.type].reader(parsed.config as never, context)
        : withoutPictures(sheetFormats[field.type].reader(parsed.config as never, context)),
    ),
  };
}

/** A picture over a cell of another kind of column is left out, and said so. */
function withoutPictures(read: CompiledColumn['read']): CompiledColumn['read'] {
  return (cell) => (picturesIn(cell).length > 0 ? refused('no_picture_here') : read(cell));
}

/** Texts the person gave to themselves become options of their own. */
export function withNewOptions(
  field: Pick<Field, 'type' | 'config'>,
  decided: ReadonlyMap<string, string | null>,
): Record<string, Json> {
  if (field.type !== 'select' && field.type !== 'multiSelect') return field.config;
  const options = (field.config.options ?? []) as { id: string; label: string }[];
  const added = [...decided].filter(
    ([text, id]) => id === text && !options.some((option) => option.id === text || option.label === text),
  );
  return added.length === 0
    ? field.config
    : { ...field.config, options: [...options, ...added.map(([text]) => ({ id: text, label: text, color: 'gray' }))] };
}

const namesRecords = ({ type }: Pick<Field, 'type'>): boolean => type === 'relation' || type === 'relations';

/** The unique field of the other form, also one that this very import gives its values. */
function keyOf(form: string, key: string, world: CompileWorld): MatchKey | undefined {
  const known = world.forms.find((other) => other.id === form);
  const field = known?.keys?.find((other) => other.key === key);
  return field && matchKey(field, world.timeZone);
}

function linkOf(
  sheet: string,
  column: Pick<SheetColumn, 'index' | 'header' | 'to'>,
  field: Field,
  target: ImportTarget,
  world: CompileWorld,
  feeds: ReadonlyMap<string, string[]>,
): CompiledLink {
  const form = String(field.config.formId);
  const { type, ...rest } = field;
  const by = column.to.by === undefined ? undefined : keyOf(form, column.to.by, world);
  if (column.to.by !== undefined && !by)
    fault(sheet, `列“${column.header}”按它查找的字段“${column.to.by}”不存在，或不是唯一的`);
  return {
    index: column.index,
    header: column.header,
    fieldKey: rest.key,
    fieldName: rest.name,
    config: rest.config,
    required: rest.required,
    by: by ?? null,
    many: type === 'relations',
    formId: form.startsWith('target:') ? null : (form as FormId),
    // A table that points into itself finds only what exists already: its own rows are made in one go.
    feeds: (feeds.get(form) ?? []).filter((key) => key !== target.key),
  };
}

function isFollowTime(column: CompiledColumn): boolean {
  return conceptOf(readHeader(column.header).name)?.concept.key === 'followTime';
}
