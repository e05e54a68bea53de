import type { ImportCheck, ImportCounts, ImportIssue } from '@lianke/shared/imports/api';
import type { FlowForecast } from '../../ports.js';
import type { CompiledPlan, CompiledSheet } from '../plan/compiled.js';
import type { Evaluator } from './evaluator.js';
import type { IssueKind, RowOutcome } from './outcome.js';

/** Rows behind one count. */
interface IssueGroup {
  kind: IssueKind;
  sheet: CompiledSheet;
  target: string;
  subject: string;
  rows: number[];
  /** How often each message occurs. */
  messages: Map<string, number>;
}

/** The check of all rows: counts, and for each count the rows it opens. */
export class Evaluation {
  private readonly groups = new Map<string, IssueGroup>();
  private readonly counts: ImportCounts[] = [];
  private readonly imported = new Map<number, number[]>();
  private readonly refused = new Map<number, number[]>();
  private readonly notImported = new Map<number, number[]>();
  /** Records that will be written. */
  total = 0;

  private constructor(
    readonly plan: CompiledPlan,
    readonly evaluator: Evaluator,
    private readonly forecast: FlowForecast | undefined,
  ) {}

  /** Judges every row. `pause` is called now and then, so that a large file does not hold up the process. */
  static async of(
    plan: CompiledPlan,
    evaluator: Evaluator,
    pause: () => Promise<void>,
    forecast?: FlowForecast,
  ): Promise<Evaluation> {
    const evaluation = new Evaluation(plan, evaluator, forecast);
    for (const sheet of plan.sheets) await evaluation.add(sheet, pause);
    return evaluation;
  }

  private async add(sheet: CompiledSheet, pause: () => Promise<void>): Promise<void> {
    const counts = new Map(
      sheet.targets.map((target) => [target.key, emptyCounts(sheet, target.key, target.formName)]),
    );
    const imported: number[] = [];
    const refused: number[] = [];
    const notImported: number[] = [];
    let seen = 0;
    for (const at of sheet.table.dataRows) {
      const outcome = this.evaluator.outcome(sheet, at);
      this.take(sheet, outcome, counts);
      if (outcome.state === 'import') imported.push(at);
      if (outcome.state === 'refused') refused.push(at);
      if (outcome.state === 'refused' || outcome.state === 'open') notImported.push(at);
      if (++seen % 2000 === 0) await pause();
    }
    this.imported.set(sheet.index, imported);
    this.refused.set(sheet.index, refused);
    this.notImported.set(sheet.index, notImported);
    this.counts.push(...counts.values());
  }

  private take(sheet: CompiledSheet, outcome: RowOutcome, counts: ReadonlyMap<string, ImportCounts>): void {
    const main = sheet.targets[0]?.key ?? '';
    this.foresee(sheet, outcome);
    const warned = new Set<string>();
    for (const issue of outcome.issues) {
      const key = `${issue.kind}/${sheet.index}/${issue.subject}`;
      const group = this.groups.get(key) ?? {
        kind: issue.kind,
        sheet,
        target: issue.target,
        subject: issue.subject,
        rows: [],
        messages: new Map<string, number>(),
      };
      this.groups.set(key, group);
      if (group.rows.at(-1) !== outcome.row) group.rows.push(outcome.row);
      if (group.messages.size < maxMessages || group.messages.has(issue.message))
        group.messages.set(issue.message, (group.messages.get(issue.message) ?? 0) + 1);
      const count = counts.get(issue.target);
      if (!count) continue;
      if (issue.kind === 'duplicate') count.duplicates++;
      if (issue.kind === 'leaver') count.leavers++;
      if (issue.kind === 'badValue' || issue.kind === 'unknownPerson') warned.add(issue.target);
      // A part of the row that cannot be made; the row itself is counted below.
      if (issue.kind === 'refused' && issue.target !== main && outcome.state === 'import') count.refused++;
    }
    for (const count of counts.values()) {
      const writes = outcome.writes.filter((write) => write.target === count.target);
      this.total += writes.length;
      // Rows that join another row's record are imported too: their values are in it.
      if (writes.length > 0 || (outcome.state === 'import' && count.target === main)) count.willImport++;
      if (writes.some((write) => write.op !== 'create')) count.updates = (count.updates ?? 0) + 1;
      if (outcome.state === 'refused') count.refused++;
      if (outcome.state === 'open') count.ambiguous = (count.ambiguous ?? 0) + 1;
      if (outcome.state === 'skipped') count.skipped = (count.skipped ?? 0) + 1;
      if (warned.has(count.target) && outcome.state === 'import') count.warnings++;
    }
  }

  private foresee(sheet: CompiledSheet, outcome: RowOutcome): void {
    if (!this.forecast) return;
    for (const write of outcome.writes) {
      const formId = sheet.targets.find((target) => target.key === write.target)?.plan.formId;
      if (formId && write.op === 'create') this.forecast.create(formId, write.values);
    }
  }

  check(): ImportCheck {
    const flowEffects = this.forecast?.sum() ?? { tasks: 0, messages: 0, flows: [] };
    const issues = [...this.groups.values()].map(
      (group): ImportIssue => ({
        kind: group.kind,
        sheet: group.sheet.name,
        subject: group.subject,
        message: groupText(group, this.plan),
        count: group.rows.length,
      }),
    );
    const rank = new Map(order.map((kind, index) => [kind, index]));
    issues.sort((a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0) || b.count - a.count);
    return { counts: this.counts, issues, flowEffects };
  }

  /** 0-based rows behind a count, in the order of the file. */
  rowsOf(
    kind: IssueKind | 'import',
    sheetName: string,
    subject?: string,
  ): { sheet: CompiledSheet; rows: number[] } | undefined {
    const sheet = this.plan.sheets.find((other) => other.name === sheetName);
    if (!sheet) return undefined;
    if (kind === 'import') return { sheet, rows: this.imported.get(sheet.index) ?? [] };
    const groups = [...this.groups.values()].filter(
      (group) => group.kind === kind && group.sheet === sheet && (subject === undefined || group.subject === subject),
    );
    // The count of refused rows holds those whose customer is not found too.
    const whole = kind === 'refused' && subject === undefined ? (this.refused.get(sheet.index) ?? []) : [];
    return { sheet, rows: [...new Set([...whole, ...groups.flatMap((group) => group.rows)])].sort((a, b) => a - b) };
  }

  /** Rows that will not be imported, with the reason: what the error workbook holds. */
  *leftOut(): Generator<{ sheet: CompiledSheet; row: number; reason: string }> {
    for (const sheet of this.plan.sheets) {
      for (const at of this.notImported.get(sheet.index) ?? [])
        yield { sheet, row: at, reason: this.evaluator.outcome(sheet, at).reason ?? '' };
    }
  }
}

/** Different messages of one group that are counted; the check shows a few. */
const maxMessages = 1000;

/** What wants a decision comes first. */
const order: readonly IssueKind[] = [
  'ambiguousLink',
  'unknownLink',
  'refused',
  'leaver',
  'unknownPerson',
  'duplicate',
  'badValue',
  'rounded',
  'mappedOption',
];

function emptyCounts(sheet: CompiledSheet, target: string, formName: string): ImportCounts {
  return {
    sheet: sheet.name,
    target,
    formName,
    rows: sheet.table.dataRows.length,
    willImport: 0,
    refused: 0,
    duplicates: 0,
    leavers: 0,
    warnings: 0,
    ambiguous: 0,
    updates: 0,
    skipped: 0,
  };
}

/** Different values of one count that its text shows. */
const shownMessages = 8;

const shownRoundings = 3;

function commonest(messages: ReadonlyMap<string, number>, most: number): [message: string, times: number][] {
  return [...messages].sort((a, b) => b[1] - a[1]).slice(0, most);
}

function groupText(group: IssueGroup, { words, people, options }: CompiledPlan): string {
  const count = group.rows.length;
  switch (group.kind) {
    case 'refused':
      return words.refusedRows(count, group.subject);
    case 'duplicate':
      return words.repeatedRows(count, options.duplicates);
    case 'leaver':
      return words.leaverRows(count, people.find(group.subject).member !== null);
    case 'unknownPerson':
      return words.strangerRows(count, people.find(group.subject).member !== null);
    case 'badValue':
      return words.badRows(count, group.subject);
    case 'mappedOption':
      return words.mappedRows(commonest(group.messages, shownMessages));
    case 'rounded':
      return words.roundedRows(
        count,
        group.subject,
        commonest(group.messages, shownRoundings).map(([text]) => text),
      );
    case 'ambiguousLink':
      return words.ambiguousRows(count, group.subject, options.ambiguous);
    case 'unknownLink':
      return words.unlinkedRows(count, group.subject);
  }
}
