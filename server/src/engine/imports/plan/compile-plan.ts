import { isFormulaError } from '@lianke/shared/fields/sheet-errors';
import { picturesIn } from '@lianke/shared/fields/sheet-pictures';
import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import { cellText } from '@lianke/shared/fields/sheet-text';
import { type Lookup, refused, type SheetReadContext } from '@lianke/shared/fields/sheet-types';
import { parseFieldConfig } from '@lianke/shared/forms/definition';
import type { FormId } from '@lianke/shared/ids';
import type { ImportOptions, ImportTarget, SheetColumn, SheetPlan } from '@lianke/shared/imports/api';
import type { Json } from '@lianke/shared/json';
import { conceptOf } from '../columns/concepts.js';
import type { KnownField, KnownForm } from '../columns/match-fields.js';
import { tableAt } from '../layout/find-table.js';
import { readHeader } from '../layout/header.js';
import { headersOf } from '../layout/header-texts.js';
import { aliasesFor, readNotes, type SheetNotes } from '../layout/sheet-notes.js';
import type { ImportWords } from '../words.js';
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
import { type Field, fieldsOf, ownerField } from './target-fields.js';

export interface CompileWorld {
  forms: readonly KnownForm[];
  people: People;
  /** Departments by what cells call them; without it no cell names one. */
  department?: Lookup;
  /** The id of the file that a picture becomes. */
  picture?: (name: string) => string | undefined;
  ids: RowIds;
  timeZone: string;
  words: ImportWords;
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
    words: world.words,
  };
}

/** Which targets feed a form, by its id or, while it does not exist, by `target:<key>`. */
function targetsByForm(sheets: readonly SheetPlan[]): Map<string, string[]> {
  const feeds = new Map<string, string[]>();
  const keys = new Set<string>();
  for (const { name, targets } of sheets) {
    for (const target of targets) {
      if (keys.has(target.key))
        fault(name, { zh: `目标“${target.key}”重复`, en: `the target "${target.key}" is used twice` });
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
  if (!sheet || plan.headerRow === null || plan.headerRow >= sheet.rows.length)
    fault(plan.name, { zh: '标题行不在工作表里', en: 'the header row is not in the sheet' });
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
  if (targets.length === 0) fault(plan.name, { zh: '没有对应的表单', en: 'no form is chosen for it' });
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
  if (target.formId && !form)
    fault(plan.name, {
      zh: `没有表单“${target.formName}”，或没有导入它的权限`,
      en: `there is no form "${target.formName}", or you may not import into it`,
    });
  if (!target.formId && !target.newForm)
    fault(plan.name, {
      zh: `目标“${target.formName}”既没有表单，也没有新表单的名称`,
      en: `the target "${target.formName}" has neither a form nor the name of a new one`,
    });
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
    if (!field)
      throw invalid(plan.name, {
        zh: `列“${column.header}”对应的字段“${key}”不存在`,
        en: `the field "${key}" chosen for column "${column.header}" does not exist`,
      });
    if (taken.has(key))
      fault(plan.name, {
        zh: `字段“${field.name}”有两列对应它，请留下一列`,
        en: `two columns go to field "${field.name}"; keep one of them`,
      });
    taken.add(key);
    const { within } = field;
    if (within) {
      const inner = linesIn(lines, target, within, options, world.words);
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
    fault(plan.name, {
      zh: `“${target.formName}”没有关联字段“${target.link.field}”`,
      en: `"${target.formName}" has no relation field "${target.link.field}"`,
    });
  if (target.link && !plan.targets.some((other) => other.key === target.link?.to))
    fault(plan.name, {
      zh: `“${target.formName}”关联的目标“${target.link.to}”不在这张表里`,
      en: `the target "${target.link.to}" that "${target.formName}" relates to is not in this sheet`,
    });
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
    words: world.words,
  };
}

/** The subform among those of a target, begun when its first column comes. */
function linesIn(
  lines: CompiledLines[],
  target: ImportTarget,
  { key, name, maxRows }: NonNullable<KnownField['within']>,
  options: ImportOptions,
  words: ImportWords,
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
    words,
    isLines: true,
  };
  lines.push({ fieldKey: key, fieldName: name, maxRows, target: inner });
  return inner;
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
  if (!parsed.ok)
    throw invalid('', {
      zh: `字段“${field.name}”的设置有误：${parsed.detail.zh}`,
      en: `the settings of field "${field.name}" are not valid: ${parsed.detail.en}`,
    });
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
        : withoutPictures(withoutErrors(sheetFormats[field.type].reader(parsed.config as never, context))),
    ),
  };
}

/** What a failed formula shows is no value, not even of a text. */
function withoutErrors(read: CompiledColumn['read']): CompiledColumn['read'] {
  return (cell) => (isFormulaError(cell) ? refused('formula_error', { error: cellText(cell).trim() }) : read(cell));
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
    fault(sheet, {
      zh: `列“${column.header}”按它查找的字段“${column.to.by}”不存在，或不是唯一的`,
      en: `the field "${column.to.by}" that column "${column.header}" is looked up by does not exist or is not unique`,
    });
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
