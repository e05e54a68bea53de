import { cellText } from '@lianke/shared/fields/sheet-text';
import type { RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { CompiledLines, CompiledPlan, CompiledSheet, CompiledTarget } from '../plan/compiled.js';
import { recordIdKey } from '../plan/record-id.js';
import type { RowIssue } from './outcome.js';
import { isBlankLine, readTarget } from './read-target.js';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Values of the relations of one row of lines. */
type Relations = (target: CompiledTarget, at: number) => Record<string, Json>;

/**
 * The subforms that rows of the sheet say a record has, by the subform's key; one that no row says anything of is left out, so
 * that it stays as it is. New lines get the same ids at every try.
 */
export function lineValues(
  plan: CompiledPlan,
  sheet: CompiledSheet,
  target: CompiledTarget,
  rows: readonly number[],
  relations: Relations,
  issues: RowIssue[],
): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const lines of target.lines) {
    const list = rows.flatMap((at) => lineOf(plan, sheet, lines, at, at === rows[0], relations, issues) ?? []);
    if (list.length > 0) values[lines.fieldKey] = list;
  }
  return values;
}

function lineOf(
  plan: CompiledPlan,
  sheet: CompiledSheet,
  { fieldKey, target }: CompiledLines,
  at: number,
  first: boolean,
  relations: Relations,
  issues: RowIssue[],
): Json | undefined {
  const row = sheet.rows.at(at) ?? [];
  if (isBlankLine(target, row)) return undefined;
  const reading = readTarget(plan, target, row, false);
  issues.push(
    ...reading.issues.map((issue) => (first ? issue : { ...issue, message: plan.words.inRow(at + 1, issue.message) })),
  );
  return { id: lineId(plan, target, fieldKey, row, at), values: { ...reading.values, ...relations(target, at) } };
}

function lineId(
  plan: CompiledPlan,
  target: CompiledTarget,
  subform: string,
  row: readonly unknown[],
  at: number,
): RecordId {
  const column = target.columns.find((other) => other.fieldKey === recordIdKey);
  const named = column ? cellText((row[column.index] ?? null) as never).trim() : '';
  return uuid.test(named) ? (named.toLowerCase() as RecordId) : plan.ids.of(`${target.key}.${subform}`, at);
}
