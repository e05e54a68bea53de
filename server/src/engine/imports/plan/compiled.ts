import type { FieldTypeName } from '@lianke/shared/fields/registry';
import type { SheetCell, SheetValue } from '@lianke/shared/fields/sheet-types';
import type { FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { ImportOptions, ImportTarget } from '@lianke/shared/imports/api';
import type { Json } from '@lianke/shared/json';
import type { KnownForm } from '../columns/match-fields.js';
import type { Table } from '../layout/find-table.js';
import type { ImportWords } from '../words.js';
import type { SheetRows } from '../workbook/workbook.js';
import type { MatchKey } from './match-key.js';
import type { People } from './people.js';
import type { RowIds } from './row-ids.js';

/** A column with everything needed to read its cells into a field. */
export interface CompiledColumn {
  index: number;
  header: string;
  fieldKey: string;
  fieldName: string;
  type: FieldTypeName;
  config: Record<string, Json>;
  required: boolean;
  read(cell: SheetCell): SheetValue;
}

/** A column whose text names a record of another form. */
export interface CompiledLink extends Omit<CompiledColumn, 'read' | 'type'> {
  formId: FormId | null;
  /** The other form's field that the texts stand for; null: its title. */
  by: MatchKey | null;
  /** The field holds several records: the text may name each of them. */
  many: boolean;
  /** Targets of this file that feed the form: a text may name a record that does not exist yet. */
  feeds: string[];
}

/** A column whose cells tell one record from another. */
export interface IdentityColumn {
  index: number;
  fieldKey: string;
  fieldName: string;
  /** A cell as records are compared by it; empty when it says nothing. A relation's is the name of the other record. */
  read(cell: SheetCell): string;
  /** The relation that the column names records for. */
  link: CompiledLink | null;
}

/** Columns that feed the rows of a subform, as a target of their own within the record's. */
export interface CompiledLines {
  /** Key and name of the subform. */
  fieldKey: string;
  fieldName: string;
  maxRows: number;
  target: CompiledTarget;
}

export interface CompiledTarget {
  key: string;
  plan: ImportTarget;
  formName: string;
  columns: CompiledColumn[];
  links: CompiledLink[];
  /** Relation to another target's record of the same row. */
  parent: { field: string; target: string } | null;
  /** The owner's column; null: the owner of the row's main record. */
  owner: { index: number; header: string } | null;
  /** Field that stands for the record, and the column that feeds it if any. */
  title: { fieldKey: string; fieldName: string; type: FieldTypeName; column: CompiledColumn | null } | null;
  /** Columns whose values tell one record from another; empty: rows are never repeats. */
  identity: IdentityColumn[];
  /** Column whose time becomes the record's own time of creation. */
  happenedAt: CompiledColumn | null;
  required: { fieldKey: string; fieldName: string; defaulted: boolean }[];
  /** Subforms of the target. */
  lines: CompiledLines[];
  /** A cell that its field does not take refuses the row. */
  strict: boolean;
  /** Says what is wrong with its rows. */
  words: ImportWords;
  /** The target stands for lines: its links are details, not what a row is about. */
  isLines?: boolean;
}

export interface CompiledSheet {
  index: number;
  name: string;
  /** `dataRows` are the rows that begin a record. */
  table: Table;
  rows: SheetRows;
  /** Header of each column. */
  headers: readonly SheetCell[];
  /** The main target first. */
  targets: CompiledTarget[];
  /** Rows of the sheet that are lines of a record by its own row; only where there are more than that one. */
  lines: ReadonlyMap<number, readonly number[]>;
}

/** The rows that make one record. */
export function rowsOfRecord(sheet: CompiledSheet, at: number): readonly number[] {
  return sheet.lines.get(at) ?? [at];
}

/** A record that exists already or will be made by this import. */
export interface Candidate {
  id: RecordId;
  owner: MemberId | null;
  /** 0-based row for one of this file. */
  row: number | null;
  label: string;
  /** For a record that belongs to another: which one. */
  parent?: RecordId | null;
}

export interface CompiledPlan {
  /** In the order they are imported: what others point at comes first. */
  sheets: CompiledSheet[];
  options: ImportOptions;
  people: People;
  ids: RowIds;
  timeZone: string;
  forms: readonly KnownForm[];
  words: ImportWords;
}
