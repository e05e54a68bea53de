import { bare, cellText } from '@lianke/shared/fields/sheet-text';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { type CompiledPlan, type CompiledSheet, type CompiledTarget, rowsOfRecord } from '../plan/compiled.js';
import type { ImportWords } from '../words.js';
import type { SheetRow } from '../workbook/workbook.js';
import { derivedTitle, titleText } from './derived-title.js';
import type { ExistingRecords } from './existing.js';
import { lineValues } from './line-values.js';
import { isVisit, type LinkResult, Links } from './links.js';
import { mergeValues } from './merge-values.js';
import type { PlannedWrite, RowIssue, RowOutcome } from './outcome.js';
import { PlannedRecords } from './planned-records.js';
import { isDerived, linesRefusal, personIssue, readTarget, recordRefusal, type TargetReading } from './read-target.js';
import { type RepeatGroup, Repeats, type RowFate } from './repeats.js';

/** Judges the rows of a plan. The same plan and the same records give the same outcomes, at the check and at every try of the import. */
export class Evaluator {
  private readonly repeats = new Map<CompiledSheet, Repeats>();
  readonly links: Links;

  /** @param now records of visits to come are not dated later than this */
  constructor(
    private readonly plan: CompiledPlan,
    private readonly existing: ExistingRecords,
    private readonly now: Date,
  ) {
    const planned = new PlannedRecords(plan, (sheet) => this.repeatsOf(sheet));
    this.links = new Links(plan, (target, by) => planned.of(target, by), existing);
  }

  /** Goes through all rows once with pauses, so that what follows is at hand. */
  async prepare(pause: () => Promise<void>): Promise<void> {
    for (const sheet of this.plan.sheets) if (sheet.targets.length > 0) await this.repeatsOf(sheet).prepare(pause);
  }

  outcome(sheet: CompiledSheet, at: number): RowOutcome {
    const [main, ...others] = sheet.targets;
    const row = sheet.rows.at(at) ?? [];
    const outcome: RowOutcome = { row: at, state: 'import', reason: null, writes: [], issues: [] };
    if (!main) return outcome;
    const reading = readTarget(this.plan, main, row, true);
    if (reading.refusal) return refuse(outcome, main, reading.refusal);
    const owner = this.ownerOf(main, row, outcome.issues);
    if (owner.unknown !== undefined && main.strict) return refuse(outcome, main, owner.unknown);
    const relations = this.relationsOf(sheet, main, at, owner.member, outcome);
    if (outcome.state !== 'import') return outcome;
    const lines = linesRefusal(sheet, main, rowsOfRecord(sheet, at));
    if (lines) return refuse(outcome, main, lines);
    const repeats = this.repeatsOf(sheet);
    const fate = repeats.fate(row, at);
    outcome.issues.push(...reading.issues, ...this.repeatIssue(repeats, main, row, at, sheet));
    if (fate.kind === 'refused') return refuse(outcome, main, fate.reason);
    if (fate.kind === 'skipped')
      return { ...outcome, state: 'skipped', reason: repeatText(sheet, main, fate.group, at) };
    const write = this.mainWrite(sheet, main, at, fate, Object.assign(reading.values, relations, owner.values));
    if (write) {
      Object.assign(write.values, this.linesOf(sheet, main, linesBehind(sheet, main, at, fate), owner.member, outcome));
      if (outcome.state !== 'import') return outcome;
      outcome.writes.push(write);
    }
    this.children(sheet, main, others, at, fate, owner, outcome);
    return outcome;
  }

  /** Rows of a sheet that mean the same record as this one, if there are any. */
  groupOf(sheet: CompiledSheet, at: number): RepeatGroup | null {
    return this.repeatsOf(sheet).group(sheet.rows.at(at) ?? [], at);
  }

  private repeatsOf(sheet: CompiledSheet): Repeats {
    const known = this.repeats.get(sheet);
    if (known) return known;
    const [main] = sheet.targets;
    if (!main) throw new Error('a sheet has no target');
    const made = new Repeats(this.plan, sheet, main, this.existing, (at) => recordRefusal(sheet, main, at) === null);
    this.repeats.set(sheet, made);
    return made;
  }

  private ownerOf(target: CompiledTarget, row: SheetRow, issues: RowIssue[]): Owner {
    if (!target.owner) return { member: null, values: {} };
    const text = cellText(row[target.owner.index] ?? null).trim();
    if (text === '') return { member: null, values: { owner: null } };
    const issue = personIssue(this.plan, target, target.owner.index, text);
    if (issue) issues.push(issue);
    const { member, decided } = this.plan.people.find(text);
    return {
      ...{ member, values: { owner: member } },
      ...(issue && !decided && { unknown: this.plan.words.ofPerson(target.owner.header, issue.message) }),
    };
  }

  /** Values of the relation columns; a row whose relation cannot stand is refused or left open in `outcome`. */
  private relationsOf(
    sheet: CompiledSheet,
    target: CompiledTarget,
    at: number,
    person: MemberId | null,
    outcome: RowOutcome,
  ): Record<string, Json> {
    const values: Record<string, Json> = {};
    const { words } = this.plan;
    for (const link of target.links) {
      if (link.many) {
        const ids = this.manyOf(sheet, target, at, link, person, outcome);
        if (ids.length > 0) values[link.fieldKey] = ids;
        continue;
      }
      const result = this.links.resolve(sheet, at, link, person);
      const text = cellText(sheet.rows.at(at)?.[link.index] ?? null).trim();
      if ('candidates' in result && result.candidates.length > 1) {
        outcome.issues.push({
          kind: 'ambiguousLink',
          target: target.key,
          subject: link.fieldName,
          message: ambiguousText(words, text, result),
          column: link.index,
        });
      }
      if (result.kind === 'found') values[link.fieldKey] = result.id;
      else if (result.kind === 'open')
        Object.assign(outcome, {
          state: 'open',
          reason: words.toChoose(link.fieldName, text, result.candidates.length),
        });
      else if (result.kind === 'declined')
        Object.assign(outcome, {
          state: 'refused',
          reason: words.declined(link.fieldName, text, result.candidates.length),
        });
      else if (result.kind === 'unknown') this.unknownLink(target, link, text, outcome);
      else if (link.required) refuse(outcome, target, words.noValue(link.fieldName));
    }
    return values;
  }

  /** What a relation of several gets of a row: those found; a name of none, or of several, is told, or refuses the row. */
  private manyOf(
    sheet: CompiledSheet,
    target: CompiledTarget,
    at: number,
    link: CompiledTarget['links'][number],
    person: MemberId | null,
    outcome: RowOutcome,
  ): RecordId[] {
    const { blank, ids, unknown, unclear } = this.links.resolveMany(sheet, at, link, person);
    const { words } = this.plan;
    const faults = [
      ...unknown.map((text) => words.notFound(link.fieldName, text)),
      ...unclear.map(({ text, count }) => words.unclear(link.fieldName, text, count)),
    ];
    const must = target.strict || (link.required && ids.length === 0);
    const why = blank && link.required ? words.noValue(link.fieldName) : must ? words.clauses(faults) : '';
    for (const message of faults)
      outcome.issues.push({
        kind: 'unknownLink',
        target: target.key,
        subject: link.fieldName,
        message: must ? message : ids.length === 0 ? words.emptied(message) : words.foundKept(message),
        column: link.index,
      });
    if (why !== '' && outcome.state === 'import') Object.assign(outcome, { state: 'refused', reason: why });
    return ids;
  }

  /** Values of the target's subforms from these rows. */
  private linesOf(
    sheet: CompiledSheet,
    target: CompiledTarget,
    rows: readonly number[],
    person: MemberId | null,
    outcome: RowOutcome,
  ): Record<string, Json> {
    const relations = (inner: CompiledTarget, at: number) => this.relationsOf(sheet, inner, at, person, outcome);
    return lineValues(this.plan, sheet, target, rows, relations, outcome.issues);
  }

  private unknownLink(
    target: CompiledTarget,
    link: CompiledTarget['links'][number],
    text: string,
    outcome: RowOutcome,
  ): void {
    const must = link.required || target.strict || isVisit(target);
    const message = this.plan.words.notFound(link.fieldName, text);
    outcome.issues.push({
      kind: 'unknownLink',
      target: target.key,
      subject: link.fieldName,
      message: must ? message : this.plan.words.emptied(message),
      column: link.index,
    });
    if (must && outcome.state === 'import') Object.assign(outcome, { state: 'refused', reason: message });
  }

  private repeatIssue(
    repeats: Repeats,
    main: CompiledTarget,
    row: SheetRow,
    at: number,
    sheet: CompiledSheet,
  ): RowIssue[] {
    const group = repeats.group(row, at);
    if (main.plan.mode !== 'insert' || !group || !repeats.isRepeat(group, at)) return [];
    const subject = this.plan.words.listed(main.identity.map((column) => column.fieldName));
    return [
      {
        kind: 'duplicate',
        target: main.key,
        subject,
        message: repeatText(sheet, main, group, at),
        ...(main.identity[0] && { column: main.identity[0].index }),
      },
    ];
  }

  private mainWrite(
    sheet: CompiledSheet,
    main: CompiledTarget,
    at: number,
    fate: Extract<RowFate, { id: RecordId }>,
    own: Record<string, Json>,
  ): PlannedWrite | undefined {
    if (fate.kind === 'joined') return undefined;
    const { group } = fate;
    let values = own;
    if (group && group.rows.length > 1) {
      const others = group.rows.filter((other) => other !== at).map((other) => this.ownValues(sheet, main, other));
      values = mergeValues(main.columns, [own, ...others], main.plan.mode === 'insert' ? 'keep' : 'replace');
      if (!('owner' in values) && 'owner' in own) values.owner = null;
    }
    const op = fate.kind === 'create' ? 'create' : main.plan.mode === 'insert' ? 'fill' : 'change';
    // An owner that the file does not know must not take a record away from the one it has.
    if (op !== 'create' && values.owner === null) delete values.owner;
    if (op === 'create') Object.assign(values, this.ownTime(main, values));
    return { target: main.key, op, id: fate.id, values };
  }

  private ownValues(sheet: CompiledSheet, main: CompiledTarget, at: number): Record<string, Json> {
    const row = sheet.rows.at(at) ?? [];
    return { ...readTarget(this.plan, main, row, true).values, ...this.ownerOf(main, row, []).values };
  }

  /** A visit is dated by itself, not by the day it was imported, and made by whoever made it. */
  private ownTime(target: CompiledTarget, values: Record<string, Json>): Record<string, Json> {
    const time = target.happenedAt && values[target.happenedAt.fieldKey];
    if (typeof time !== 'string') return {};
    const instant = Date.parse(time);
    if (Number.isNaN(instant)) return {};
    return {
      createdAt: new Date(Math.min(instant, this.now.getTime())).toISOString(),
      ...(typeof values.owner === 'string' && { createdBy: values.owner }),
    };
  }

  private children(
    sheet: CompiledSheet,
    main: CompiledTarget,
    others: readonly CompiledTarget[],
    at: number,
    fate: Extract<RowFate, { id: RecordId }>,
    owner: Owner,
    outcome: RowOutcome,
  ): void {
    const made = new Map<string, RecordId>([[main.key, fate.id]]);
    for (const target of others) {
      const row = sheet.rows.at(at) ?? [];
      const parent = target.parent ? made.get(target.parent.target) : undefined;
      const reading = readTarget(this.plan, target, row, false);
      if (reading.blank || (target.parent && !parent)) continue;
      outcome.issues.push(...reading.issues);
      if (reading.refusal) {
        const reason = this.plan.words.ofForm(target.formName, reading.refusal);
        outcome.issues.push({ kind: 'refused', target: target.key, subject: reading.refusal, message: reason });
        if (!main.strict) continue;
        Object.assign(outcome, { state: 'refused', reason, writes: [] });
        return;
      }
      const own = target.owner ? this.ownerOf(target, row, outcome.issues) : owner;
      if (own.unknown !== undefined && main.strict) {
        refuse(outcome, main, own.unknown);
        return;
      }
      const values = { ...reading.values, ...this.relationsOf(sheet, target, at, own.member, outcome), ...own.values };
      if (target.parent && parent) values[target.parent.field] = parent;
      if (target.title && isDerived(target, target.title.fieldKey, false))
        values[target.title.fieldKey] = derivedTitle(titleText(main, sheet, at), target);
      const write = this.childWrite(sheet, target, at, fate, reading, values, parent ?? null);
      if (!write) continue;
      made.set(target.key, write.id);
      outcome.writes.push(write);
    }
  }

  private childWrite(
    sheet: CompiledSheet,
    target: CompiledTarget,
    at: number,
    fate: RowFate,
    reading: TargetReading,
    values: Record<string, Json>,
    parent: RecordId | null,
  ): PlannedWrite | undefined {
    const own: PlannedWrite = {
      target: target.key,
      op: 'create',
      id: this.plan.ids.of(target.key, at),
      values: { ...values, ...this.ownTime(target, values) },
    };
    const group = 'group' in fate ? fate.group : null;
    if (this.plan.options.duplicates !== 'merge' || !group) return own;
    // The same contact on two rows of one customer is one contact.
    const twin = group.rows.find(
      (other) =>
        other < at &&
        sameValues(readTarget(this.plan, target, sheet.rows.at(other) ?? [], false).values, reading.values),
    );
    if (twin !== undefined) return undefined;
    const name = target.title ? bare(String(values[target.title.fieldKey] ?? '')) : '';
    const known =
      name === '' ? undefined : this.existing.same(target.key, name).find((candidate) => candidate.parent === parent);
    return known ? { ...own, op: 'fill', id: known.id, values } : own;
  }
}

/** Whose a row's record is; `unknown`: why nobody can be told. */
interface Owner {
  member: MemberId | null;
  values: Record<string, Json>;
  unknown?: string;
}

/** Rows whose lines the record gets: its own, and those of the rows that join it. */
function linesBehind(
  sheet: CompiledSheet,
  main: CompiledTarget,
  at: number,
  fate: Extract<RowFate, { id: RecordId }>,
): readonly number[] {
  if (main.lines.length === 0) return [];
  const heads = fate.group && fate.group.rows.length > 1 ? fate.group.rows : [at];
  return heads.flatMap((head) => rowsOfRecord(sheet, head));
}

function refuse(outcome: RowOutcome, target: CompiledTarget, reason: string): RowOutcome {
  outcome.issues.push({ kind: 'refused', target: target.key, subject: reason, message: reason });
  return Object.assign(outcome, { state: 'refused', reason, writes: [] });
}

/** Places that a repeat is told of; of more only their number. */
const namedPlaces = 3;

function repeatText(sheet: CompiledSheet, main: CompiledTarget, group: RepeatGroup, at: number): string {
  const ownerAt = (row: number) => (main.owner ? cellText(sheet.rows.at(row)?.[main.owner.index] ?? null).trim() : '');
  const others = group.rows.filter((row) => row !== at);
  const places = [
    ...group.existing.map((candidate) => candidate.label),
    ...others.map((row) => main.words.rowOf(row + 1, ownerAt(row))),
  ];
  return main.words.sameAs(places.slice(0, namedPlaces), places.length, ownerAt(at));
}

function ambiguousText(words: ImportWords, text: string, result: LinkResult): string {
  if (!('candidates' in result)) return '';
  const chosen =
    result.kind === 'found' ? result.candidates.find((candidate) => candidate.id === result.id) : undefined;
  return words.several(text, result.candidates.length, chosen?.label);
}

function sameValues(a: Record<string, Json>, b: Record<string, Json>): boolean {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}
