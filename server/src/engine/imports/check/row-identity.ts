import { cellText } from '@lianke/shared/fields/sheet-text';
import type { CompiledPlan, CompiledSheet, CompiledTarget, IdentityColumn } from '../plan/compiled.js';
import type { SheetRow } from '../workbook/workbook.js';
import { type ExistingRecords, identitySeparator } from './existing.js';
import { knownByLink } from './links.js';

/** Stands before the name of a related record that the company does not have: rows of the file still tell each other by it. */
const unknownName = '\u0002';

/** What tells the record of a row from all others. */
export class RowIdentity {
  constructor(
    private readonly plan: CompiledPlan,
    private readonly sheet: CompiledSheet,
    private readonly target: CompiledTarget,
    private readonly existing: ExistingRecords,
  ) {}

  /** The values of the row's identity, or empty when one of them is. @param at 0-based row */
  of(row: SheetRow, at: number): string {
    const parts = this.target.identity.map((column) => this.part(column, row, at));
    return parts.some((part) => part === '') ? '' : parts.join(identitySeparator);
  }

  /** The value that records are looked up by. */
  first(row: SheetRow, at: number): string {
    return this.of(row, at).split(identitySeparator)[0] ?? '';
  }

  /** The same for two rows that mean one record: two numbers of one person are values of their own, but one person's. */
  record(row: SheetRow, at: number): string {
    const values = this.of(row, at);
    const [known, ...others] = values === '' ? [] : this.existing.same(this.target.key, values);
    return known && others.length === 0 ? known.id : values;
  }

  private part(column: IdentityColumn, row: SheetRow, at: number): string {
    const value = column.read(row[column.index] ?? null);
    if (!column.link || value === '') return value;
    const { owner } = this.target;
    const person = owner ? this.plan.people.find(cellText(row[owner.index] ?? null).trim()).member : null;
    return knownByLink(this.plan, this.existing, this.sheet, at, column.link, value, person)?.id ?? unknownName + value;
  }
}
