import { fieldTypes } from '@lianke/shared/fields/registry';
import { shownCell } from '@lianke/shared/fields/sheet-pictures';
import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import { cellText } from '@lianke/shared/fields/sheet-text';
import type { IssueRow } from '@lianke/shared/imports/api';
import type { Json } from '@lianke/shared/json';
import { readHeader } from '../layout/header.js';
import { type CompiledPlan, type CompiledSheet, rowsOfRecord } from '../plan/compiled.js';
import type { Evaluation } from './evaluation.js';
import { linkKey } from './links.js';
import type { IssueKind, RowOutcome } from './outcome.js';

const maxText = 300;

/** Rows of the drawer behind a count, before → after. @param nameOf the name of a member by its id */
export function issueRows(
  evaluation: Evaluation,
  sheet: CompiledSheet,
  rows: readonly number[],
  kind: IssueKind | 'import',
  subject: string | undefined,
  nameOf: (id: string) => string,
): IssueRow[] {
  return rows.map((at) => {
    const outcome = evaluation.evaluator.outcome(sheet, at);
    const told = outcome.issues.filter(
      (issue) => issue.kind === kind && (subject === undefined || issue.subject === subject),
    );
    const { words } = evaluation.plan;
    const reason = words.clauses([...new Set(told.map((issue) => issue.message))]) || outcome.reason || '';
    const notes = outcome.issues.filter((issue) => !told.includes(issue)).map((issue) => issue.message);
    return {
      sheet: sheet.name,
      row: at + 1,
      cells: cellsOf(evaluation.plan, sheet, at, outcome, nameOf),
      reason,
      ...(notes.length > 0 && { extra: words.clauses([...new Set(notes)]) }),
      ...(kind === 'ambiguousLink' && choiceOf(evaluation, sheet, at, outcome)),
    };
  });
}

function cellsOf(
  plan: CompiledPlan,
  sheet: CompiledSheet,
  at: number,
  outcome: RowOutcome,
  nameOf: (id: string) => string,
): IssueRow['cells'] {
  const row = sheet.rows.at(at) ?? [];
  const text = (index: number) => cellText(shownCell(row[index] ?? null)).slice(0, maxText);
  const header = (index: number) => readHeader(cellText(sheet.headers[index] ?? null)).text;
  const cells = new Map<number, IssueRow['cells'][number]>();
  for (const target of sheet.targets) {
    const write = outcome.writes.find((other) => other.target === target.key);
    if (target.owner) {
      const { member } = plan.people.find(text(target.owner.index));
      const before = text(target.owner.index);
      cells.set(target.owner.index, {
        header: header(target.owner.index),
        before,
        after: before === '' ? '' : member ? nameOf(member) : plan.words.unassigned(),
      });
    }
    for (const column of target.columns) {
      const { value } = column.read(row[column.index] ?? null);
      cells.set(column.index, {
        header: header(column.index),
        before: text(column.index),
        after: shown(column, value, plan, nameOf),
      });
    }
    for (const link of target.links) {
      cells.set(link.index, {
        header: header(link.index),
        before: text(link.index),
        after: write?.values[link.fieldKey] ? text(link.index).trim() : '',
      });
    }
    for (const { target: inner } of target.lines)
      for (const { index } of [...inner.columns, ...inner.links]) {
        const lines = rowsOfRecord(sheet, at).map((line) => cellText(shownCell(sheet.rows.at(line)?.[index] ?? null)));
        const all = lines.join('\n').slice(0, maxText);
        cells.set(index, { header: header(index), before: all, after: all });
      }
  }
  return [...cells].sort(([a], [b]) => a - b).map(([, cell]) => cell);
}

function shown(
  column: { type: keyof typeof fieldTypes; config: Record<string, Json> },
  value: Json,
  plan: CompiledPlan,
  nameOf: (id: string) => string,
): string {
  if (value === null) return '';
  if (Array.isArray(value) && (column.type === 'image' || column.type === 'attachment'))
    return plan.words.pictures(value.length);
  const config = fieldTypes[column.type].config.parse(column.config) as never;
  return cellText(sheetFormats[column.type].write(value, config, { timeZone: plan.timeZone, nameOf })).slice(
    0,
    maxText,
  );
}

function choiceOf(
  evaluation: Evaluation,
  sheet: CompiledSheet,
  at: number,
  outcome: RowOutcome,
): Pick<IssueRow, 'key' | 'candidates' | 'chosen'> {
  for (const target of sheet.targets) {
    for (const link of target.links.filter(({ many }) => !many)) {
      const person = target.owner
        ? evaluation.plan.people.find(cellText(sheet.rows.at(at)?.[target.owner.index] ?? null)).member
        : null;
      const result = evaluation.evaluator.links.resolve(sheet, at, link, person);
      if (!('candidates' in result) || result.candidates.length < 2) continue;
      const write = outcome.writes.find((other) => other.target === target.key);
      return {
        key: linkKey(sheet, at, link),
        candidates: result.candidates.map(({ id, label }) => ({ id, label })),
        chosen: (write?.values[link.fieldKey] as string | undefined) ?? null,
      };
    }
  }
  return {};
}
