import { bare, cellText } from '@lianke/shared/fields/sheet-text';
import type { RecordId } from '@lianke/shared/ids';
import type { Candidate, CompiledPlan, CompiledSheet, CompiledTarget } from '../plan/compiled.js';
import type { SheetRow } from '../workbook/workbook.js';
import { type ExistingRecords, identitySeparator } from './existing.js';

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

/** The identity of a row, or empty when one of its parts is. */
export function identityOfRow(target: CompiledTarget, row: SheetRow): string {
  const parts = target.identity.map((column) => {
    const cell = row[column.index] ?? null;
    if (column.type === 'text') return bare(cellText(cell));
    const { value } = column.read(cell);
    return value === null ? '' : String(value);
  });
  return parts.some((part) => part === '') ? '' : parts.join(identitySeparator);
}

/** Finds rows that repeat another one or an existing record, and decides by the options what becomes of each. */
export class Repeats {
  private readonly groups = new Map<string, RepeatGroup>();
  private readonly byRow = new Map<number, RepeatGroup>();

  constructor(
    private readonly plan: CompiledPlan,
    sheet: CompiledSheet,
    private readonly target: CompiledTarget,
    existing: ExistingRecords,
    standing: (row: number) => boolean,
  ) {
    if (target.identity.length === 0) return;
    for (const at of sheet.table.dataRows) {
      const key = identityOfRow(target, sheet.rows.at(at) ?? []);
      if (key === '' || !standing(at)) continue;
      const group = this.groups.get(key);
      const own = group ?? { rows: [], existing: existing.same(target.key, key) };
      own.rows.push(at);
      this.groups.set(key, own);
      this.byRow.set(at, own);
    }
  }

  group(row: SheetRow, at: number): RepeatGroup | null {
    if (this.target.identity.length === 0) return null;
    // A row without its required values is in no group, though it may mean the same as one that is.
    return this.byRow.get(at) ?? this.groups.get(identityOfRow(this.target, row)) ?? null;
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
        ? { kind: 'refused', reason: '没有可以识别的值，找不到要更新的数据' }
        : { kind: 'create', id: own, group: null };
    if (mode === 'insert' && this.plan.options.duplicates === 'skip') return { kind: 'skipped', group };
    return this.oneRecord(group, at, mode);
  }

  private oneRecord(group: RepeatGroup, at: number, mode: 'insert' | 'update' | 'upsert'): RowFate {
    const [head = at] = group.rows;
    const [known, ...others] = group.existing;
    if (mode !== 'insert' && others.length > 0)
      return { kind: 'refused', reason: `已有 ${group.existing.length} 条同样的数据，不知道更新哪一条` };
    if (mode === 'update' && !known) return { kind: 'refused', reason: '没有找到要更新的数据' };
    const id = known?.id ?? this.plan.ids.of(this.target.key, head);
    if (at !== head) return { kind: 'joined', id, group };
    return { kind: known ? 'change' : 'create', id, group };
  }
}
