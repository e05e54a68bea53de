import { bare, cellText } from '@lianke/shared/fields/sheet-text';
import type { RecordId } from '@lianke/shared/ids';
import type { Candidate, CompiledPlan, CompiledSheet, CompiledTarget } from '../plan/compiled.js';
import type { MatchKey } from '../plan/match-key.js';
import { titleText } from './derived-title.js';
import { recordRefusal } from './read-target.js';
import type { Repeats } from './repeats.js';

/** Records that a file will make, by the folded text of their title; repeats that become one record count once. */
export class PlannedRecords {
  private readonly byTarget = new Map<string, ReadonlyMap<string, readonly Candidate[]>>();

  constructor(
    private readonly plan: CompiledPlan,
    private readonly repeatsOf: (sheet: CompiledSheet) => Repeats,
  ) {}

  /** @param by the unique field to find them by; null: their title */
  of(key: string, by: MatchKey | null = null): ReadonlyMap<string, readonly Candidate[]> {
    const held = `${key}/${by?.fieldKey ?? ''}`;
    const known = this.byTarget.get(held);
    if (known) return known;
    const records = this.read(key, by);
    this.byTarget.set(held, records);
    return records;
  }

  private read(key: string, by: MatchKey | null): Map<string, Candidate[]> {
    const records = new Map<string, Candidate[]>();
    const sheet = this.plan.sheets.find((other) => other.targets.some((target) => target.key === key));
    const target = sheet?.targets.find((other) => other.key === key);
    if (!sheet || !target) return records;
    const { owner } = sheet.targets[0] ?? target;
    const column = by && target.columns.find((other) => other.fieldKey === by.fieldKey);
    if (by && !column) return records;
    for (const at of sheet.table.dataRows) {
      const name =
        by && column ? by.read(sheet.rows.at(at)?.[column.index] ?? null) : bare(titleText(target, sheet, at));
      const id = name === '' ? undefined : this.recordOf(sheet, target, at);
      const list = records.get(name) ?? [];
      if (!id || list.some((candidate) => candidate.id === id)) continue;
      const person = owner ? cellText(sheet.rows.at(at)?.[owner.index] ?? null).trim() : '';
      const label = this.plan.words.rowOf(at + 1, person);
      list.push({ id, owner: person === '' ? null : this.plan.people.find(person).member, row: at, label });
      records.set(name, list);
    }
    return records;
  }

  /** The record a row makes or joins in one of its targets, if it makes any. */
  private recordOf(sheet: CompiledSheet, target: CompiledTarget, at: number): RecordId | undefined {
    const row = sheet.rows.at(at) ?? [];
    const [main] = sheet.targets;
    if (!main || recordRefusal(sheet, main, at)) return undefined;
    const fate = this.repeatsOf(sheet).fate(row, at);
    if (fate.kind === 'refused' || fate.kind === 'skipped') return undefined;
    return target === main ? fate.id : this.plan.ids.of(target.key, at);
  }
}
