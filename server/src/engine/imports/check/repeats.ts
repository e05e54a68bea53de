import type { RecordId } from '@lianke/shared/ids';
import type { Candidate, CompiledPlan, CompiledSheet, CompiledTarget } from '../plan/compiled.js';
import type { SheetRow } from '../workbook/workbook.js';
import type { ExistingRecords } from './existing.js';
import { MarkCounter, markOf } from './mark-counter.js';
import { RowIdentity } from './row-identity.js';

/** Rows of one sheet that mean the same record. */
export interface RepeatGroup {
  /** 0-based rows in the order of the file. */
  rows: number[];
  existing: readonly Candidate[];
}

/** What becomes of a row's main record. */
export type RowFate =
  | { kind: 'create' | 'change'; id: RecordId; group: RepeatGroup | null }
  /** Part of the record that the group's first row writes. */
  | { kind: 'joined'; id: RecordId; group: RepeatGroup }
  | { kind: 'skipped'; group: RepeatGroup }
  | { kind: 'refused'; reason: string };

const pausedRows = 5000;

/** Finds rows that repeat another one or an existing record, and decides by the options what becomes of each. */
export class Repeats {
  private readonly groups = new Map<string, RepeatGroup>();
  private readonly byRow = new Map<number, RepeatGroup>();
  private readonly identity: RowIdentity;
  private ready = false;

  constructor(
    private readonly plan: CompiledPlan,
    private readonly sheet: CompiledSheet,
    private readonly target: CompiledTarget,
    private readonly existing: ExistingRecords,
    private readonly standing: (row: number) => boolean,
  ) {
    this.identity = new RowIdentity(plan, sheet, target, existing);
  }

  /** Goes through the rows with pauses; without it the first question does, at one go. */
  async prepare(pause: () => Promise<void>): Promise<void> {
    for (const _ of this.steps()) await pause();
  }

  group(row: SheetRow, at: number): RepeatGroup | null {
    if (this.target.identity.length === 0) return null;
    if (!this.ready) for (const _ of this.steps());
    const known = this.byRow.get(at);
    if (known) return known;
    // A row without its required values is in no group, though it may mean the same as one that is.
    const key = this.identity.record(row, at);
    return key === '' ? null : (this.groups.get(key) ?? { rows: [at], existing: [] });
  }

  /**
   * Only rows that repeat another one or an existing record are kept as groups: first their marks are counted, then those
   * seen twice are compared letter by letter. A file of a million different names costs 20 bytes a row.
   */
  private *steps(): Generator<void> {
    if (this.ready) return;
    const { target, sheet } = this;
    const { dataRows } = sheet.table;
    if (target.identity.length > 0) {
      const marks = new Float64Array(dataRows.length);
      const seen = new MarkCounter(dataRows.length);
      for (const [place, at] of dataRows.entries()) {
        if (place % pausedRows === pausedRows - 1) yield;
        const row = sheet.rows.at(at) ?? [];
        const key = this.identity.record(row, at);
        if (key === '' || !this.standing(at)) continue;
        const mark = markOf(key);
        marks[place] = mark;
        if (this.existing.same(target.key, this.identity.of(row, at)).length > 0) seen.add(mark);
        seen.add(mark);
      }
      for (const [place, at] of dataRows.entries()) {
        if (!seen.isRepeated(marks[place] ?? 0)) continue;
        const row = sheet.rows.at(at) ?? [];
        const key = this.identity.record(row, at);
        const own = this.groups.get(key) ?? {
          rows: [],
          existing: this.existing.same(target.key, this.identity.of(row, at)),
        };
        own.rows.push(at);
        this.groups.set(key, own);
        this.byRow.set(at, own);
      }
    }
    this.ready = true;
  }

  /** True for every row of a group but the one that stands for it. */
  isRepeat(group: RepeatGroup | null, at: number): boolean {
    return group !== null && (group.rows[0] !== at || group.existing.length > 0);
  }

  fate(row: SheetRow, at: number): RowFate {
    const group = this.group(row, at);
    const { mode } = this.target.plan;
    const own = this.plan.ids.of(this.target.key, at);
    if (mode === 'insert' && (!this.isRepeat(group, at) || this.plan.options.duplicates === 'create')) {
      const leads =
        group !== null && group.rows[0] === at && group.rows.length > 1 && this.plan.options.duplicates === 'merge';
      return { kind: 'create', id: own, group: leads ? group : null };
    }
    if (!group)
      return mode === 'update'
        ? { kind: 'refused', reason: this.plan.words.noIdentity() }
        : { kind: 'create', id: own, group: null };
    if (mode === 'insert' && this.plan.options.duplicates === 'skip') return { kind: 'skipped', group };
    return this.oneRecord(group, at, mode);
  }

  private oneRecord(group: RepeatGroup, at: number, mode: 'insert' | 'update' | 'upsert'): RowFate {
    const [head = at] = group.rows;
    const [known, ...others] = group.existing;
    if (mode !== 'insert' && others.length > 0)
      return { kind: 'refused', reason: this.plan.words.manyKnown(group.existing.length) };
    if (mode === 'update' && !known) return { kind: 'refused', reason: this.plan.words.noneKnown() };
    const id = known?.id ?? this.plan.ids.of(this.target.key, head);
    if (at !== head) return { kind: 'joined', id, group };
    return { kind: known ? 'change' : 'create', id, group };
  }
}
