import type { FieldErrorCode } from '../errors/codes.js';
import type { Json } from '../json.js';

/** One cell as a workbook reader gives it. A `Date` holds the wall-clock time shown in the sheet in its UTC parts. */
export type SheetCell = string | number | boolean | Date | null;

/** Why a cell, or a part of it, was left out of the value. */
export interface SheetProblem {
  code: FieldErrorCode;
  params?: Record<string, string | number>;
}

/** A cell's canonical value. `problem` says what of the cell is missing in it; an unreadable cell gives null. */
export interface SheetValue {
  value: Json;
  problem?: SheetProblem;
  /** The option's or person's name when the cell says it in other words (`B级` for B). */
  mapped?: string;
  /** What is kept of a number that has more digits than its field, as people read it; absent when all of it is kept. */
  rounded?: string;
}

/** What a text in a column of people, departments or records may stand for. */
export type Lookup = (text: string) => SheetValue;

/** What reading a column needs to know besides the field's config. */
export interface SheetReadContext {
  /** IANA zone in which the sheet's times are meant. */
  timeZone: string;
  /** Unit multiplier of the header, 10000 for （万元）; a unit in the cell goes before it. */
  factor?: number;
  /** Other words for options, found in the sheet's notes: option id or label → words. */
  aliases?: readonly { option: string; words: readonly string[] }[];
  /** Decided by the person who imports: cell text → option id, or null to leave it empty. */
  decided?: ReadonlyMap<string, string | null>;
  member?: Lookup;
  department?: Lookup;
  record?: Lookup;
  /** The id of the file that a picture of the sheet becomes; undefined for one that cannot be taken in. */
  picture?(name: string): string | undefined;
}

/** What writing a cell needs to know besides the field's config. */
export interface SheetWriteContext {
  timeZone: string;
  /** The name of a member, department, record or file by its id. */
  nameOf(id: string): string;
}

/** How values of one field type come out of and go into spreadsheet cells. */
export interface SheetFormat<Config = unknown> {
  /** Prepares reading one column; the answer is called once a cell and never throws. */
  reader(config: Config, context: SheetReadContext): (cell: SheetCell) => SheetValue;
  /** A canonical value as a cell; null gives an empty one. */
  write(value: Json, config: Config, context: SheetWriteContext): SheetCell;
}

export const emptyValue: SheetValue = { value: null };

/** An empty value with its reason. */
export function refused(code: FieldErrorCode, params?: Record<string, string | number>): SheetValue {
  return { value: null, problem: { code, params } };
}
