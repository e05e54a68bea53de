import { cellText } from '@lianke/shared/fields/sheet-text';
import type { SheetProblem } from '@lianke/shared/fields/sheet-types';
import type { Json } from '@lianke/shared/json';
import { toldFieldError } from '../../../kernel/errors/expected-words.js';
import {
  type CompiledColumn,
  type CompiledPlan,
  type CompiledSheet,
  type CompiledTarget,
  rowsOfRecord,
} from '../plan/compiled.js';
import { isById, recordIdKey } from '../plan/record-id.js';
import type { ImportWords } from '../words.js';
import type { SheetRow } from '../workbook/workbook.js';
import type { RowIssue } from './outcome.js';

/** What a row says about one target, before its relations are known. */
export interface TargetReading {
  values: Record<string, Json>;
  issues: RowIssue[];
  /** Why no record can be made of it. */
  refusal: string | null;
  /** No column of the target holds anything. */
  blank: boolean;
}

/** Reads the target's own columns of a row. `main` records must have a name even where the form does not ask for it. */
export function readTarget(plan: CompiledPlan, target: CompiledTarget, row: SheetRow, main: boolean): TargetReading {
  const reading: TargetReading = { values: {}, issues: [], refusal: null, blank: true };
  for (const column of target.columns) {
    const cell = row[column.index] ?? null;
    if (cell === null) continue;
    reading.blank = false;
    if (column.fieldKey === recordIdKey) continue;
    const { value, problem, mapped, rounded: kept } = column.read(cell);
    if (value !== null) reading.values[column.fieldKey] = value;
    const text = cellText(cell).trim();
    if (column.type === 'member') reading.issues.push(...personIssues(plan, target, column, text));
    else if (problem)
      reading.issues.push({
        kind: 'badValue',
        target: target.key,
        subject: column.fieldName,
        message: problemText(plan.words, column, text, problem, value),
        column: column.index,
      });
    if (kept !== undefined)
      reading.issues.push({
        kind: 'rounded',
        target: target.key,
        subject: column.fieldName,
        message: plan.words.keptOf(text, kept),
        column: column.index,
      });
    if (mapped !== undefined && (column.type === 'select' || column.type === 'multiSelect')) {
      reading.issues.push({
        kind: 'mappedOption',
        target: target.key,
        subject: column.fieldName,
        message: plan.words.mapped(text, mapped),
        column: column.index,
      });
    }
  }
  reading.refusal = refusalOf(target, row, main, (column) => reading.values[column.fieldKey] ?? null);
  return reading;
}

/** Why a row makes no main record, reading only the columns that this depends on. */
export function mainRefusal(target: CompiledTarget, row: SheetRow): string | null {
  return refusalOf(target, row, true, (column) => column.read(row[column.index] ?? null).value);
}

function refusalOf(
  target: CompiledTarget,
  row: SheetRow,
  main: boolean,
  valueIn: (column: CompiledColumn) => Json,
): string | null {
  const cut = rounded(target, row);
  if (cut) return cut;
  if (!target.strict) return missing(target, row, main, valueIn)[0] ?? null;
  // Whoever wants no cell lost is told everything that is wrong with the row at once.
  const bad = badCells(target, row);
  const all = [...bad.values(), ...missing(target, row, main, valueIn, new Set(bad.keys()))];
  return all.length === 0 ? null : target.words.clauses(all);
}

/** What the fields say of cells they do not take, by field key. */
function badCells(target: CompiledTarget, row: SheetRow): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  for (const column of target.columns) {
    const cell = row[column.index] ?? null;
    if (cell === null || column.fieldKey === recordIdKey) continue;
    const { problem } = column.read(cell);
    if (problem) faults.set(column.fieldKey, faultText(target.words, column, cellText(cell).trim(), problem));
  }
  return faults;
}

/** Why the row at `at` makes no main record, its lines included. */
export function recordRefusal(sheet: CompiledSheet, target: CompiledTarget, at: number): string | null {
  return mainRefusal(target, sheet.rows.at(at) ?? []) ?? linesRefusal(sheet, target, rowsOfRecord(sheet, at));
}

/** Why lines cannot stand: too many, or one of them lacks what it needs. */
export function linesRefusal(sheet: CompiledSheet, target: CompiledTarget, rows: readonly number[]): string | null {
  for (const { fieldName, maxRows, target: inner } of target.lines) {
    const filled = rows.filter((at) => !isBlankLine(inner, sheet.rows.at(at) ?? []));
    if (filled.length > maxRows) return target.words.tooManyLines(fieldName, filled.length, maxRows);
    for (const at of filled) {
      const row = sheet.rows.at(at) ?? [];
      const why = refusalOf(inner, row, false, (column) => column.read(row[column.index] ?? null).value);
      if (why) return target.words.inLine(fieldName, at + 1, why);
    }
  }
  return null;
}

/** No column of the lines holds anything in this row. */
export function isBlankLine(inner: CompiledTarget, row: SheetRow): boolean {
  return [...inner.columns, ...inner.links].every(({ index }) => (row[index] ?? null) === null);
}

/** Numbers above this have lost digits in the spreadsheet: it keeps fifteen and puts zeros in place of the others. */
const exactDigits = 1e15;
const codeTypes = new Set(['text', 'phone', 'idNumber', 'creditCode', 'barcode', 'longText']);

/** A card or ID number that the spreadsheet has rounded; imported it would be another one. */
function rounded(target: CompiledTarget, row: SheetRow): string | null {
  for (const column of target.columns) {
    const cell = row[column.index];
    if (typeof cell !== 'number' || Math.abs(cell) < exactDigits || !codeTypes.has(column.type)) continue;
    return target.words.rounded(column.fieldName);
  }
  return null;
}

function missing(
  target: CompiledTarget,
  row: SheetRow,
  main: boolean,
  valueIn: (column: CompiledColumn) => Json,
  told: ReadonlySet<string> = new Set(),
): string[] {
  const found: string[] = [];
  const needed = target.required.filter(
    ({ fieldKey }) =>
      fieldKey !== target.parent?.field &&
      !target.links.some((link) => link.fieldKey === fieldKey) &&
      !isDerived(target, fieldKey, main),
  );
  const title = target.title;
  // A record to be updated is there with its values, however it is named; a line named by its id as well.
  const updates = target.plan.mode === 'update' && target.isLines !== true;
  const byId = isById(target) || updates || (target.isLines === true && target.columns.some(isNamedLine(row)));
  if (
    main &&
    !byId &&
    title?.column &&
    target.identity.length > 0 &&
    !needed.some(({ fieldKey }) => fieldKey === title.fieldKey)
  )
    needed.unshift({ ...title, defaulted: false });
  for (const { fieldKey, fieldName, defaulted } of needed) {
    if (fieldKey === 'owner' || told.has(fieldKey)) continue;
    const column = target.columns.find((other) => other.fieldKey === fieldKey);
    if (column && valueIn(column) !== null) continue;
    // A record named by its id has its values already: what the file leaves out stays.
    if (byId && (!column || cellText(row[column.index] ?? null).trim() === '')) continue;
    if (!column && defaulted) continue;
    if (!column) {
      found.push(target.words.noColumn(fieldName));
      continue;
    }
    const text = cellText(row[column.index] ?? null).trim();
    if (text === '' && defaulted) continue;
    found.push(text === '' ? target.words.noValue(fieldName) : target.words.unusable(fieldName, text.slice(0, 40)));
  }
  return found;
}

function isNamedLine(row: SheetRow): (column: CompiledColumn) => boolean {
  return ({ fieldKey, index }) => fieldKey === recordIdKey && cellText(row[index] ?? null).trim() !== '';
}

/** Records that hang on another one of the row are named after it when no column names them. */
export function isDerived(target: CompiledTarget, fieldKey: string, main: boolean): boolean {
  const { title } = target;
  return !main && title?.type === 'text' && title.column === null && title.fieldKey === fieldKey;
}

function problemText(
  words: ImportWords,
  column: CompiledColumn,
  text: string,
  problem: SheetProblem,
  value: Json,
): string {
  const fault = faultText(words, column, text, problem);
  return value === null ? words.emptied(fault) : words.partKept(fault);
}

function faultText(words: ImportWords, column: CompiledColumn, text: string, problem: SheetProblem): string {
  const { message } = toldFieldError({ field: column.fieldKey, ...problem }, words.language);
  return words.fault(column.fieldName, text.slice(0, 60), message);
}

function personIssues(plan: CompiledPlan, target: CompiledTarget, column: CompiledColumn, text: string): RowIssue[] {
  if (target.owner?.index === column.index) return [];
  const issue = personIssue(plan, target, column.index, text);
  return issue ? [issue] : [];
}

/** What there is to say about a person in a cell: left, or not known. */
export function personIssue(
  plan: CompiledPlan,
  target: CompiledTarget,
  column: number,
  text: string,
): RowIssue | undefined {
  const found = plan.people.find(text);
  if (found.kind === 'member') return undefined;
  return {
    kind: found.kind === 'leaver' ? 'leaver' : 'unknownPerson',
    target: target.key,
    subject: text,
    message: found.kind === 'leaver' ? plan.words.left(text) : plan.words.stranger(text),
    column,
  };
}
