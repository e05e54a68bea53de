import type { Words } from '@lianke/shared/errors/issue-text';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { type AppError, refusal } from '../../../kernel/errors/app-error.js';
import type { SpooledSheet } from './row-spool.js';

export type SheetRow = readonly SheetCell[];

/** Rows of a sheet; they may be shorter than the widest. Blank text reads as null. An array of rows is one as well. */
export interface SheetRows {
  readonly length: number;
  at(index: number): SheetRow | undefined;
  slice(start: number, end: number): SheetRow[];
  /** The rows as they stand in the file, where further columns have been added. */
  readonly plain?: SheetRows;
}

/** Which colour rows are filled with. */
export interface RowColours {
  /** Column that says so, behind those of the file. */
  column: number;
  names: string[];
  /** By row: 1 for the first name, 0 for none. */
  codes: Uint8Array<ArrayBuffer>;
}

/** A picture inside a file that can be taken in. */
export interface Picture {
  /** Its path in the file. */
  name: string;
  mime: string;
  /** Bytes. */
  size: number;
}

/** A merged range; all numbers are 0-based and included. */
export interface Merge {
  startRow: number;
  endRow: number;
  startCol: number;
  endCol: number;
}

/** What a sheet says besides its cells. */
export interface SheetExtras {
  /** 0-based rows hidden by hand or by a filter, in order. */
  hiddenRows: readonly number[];
  merges: readonly Merge[];
  /** Drop-down lists by column. */
  lists: readonly { column: number; values: readonly string[] }[];
  colours?: RowColours;
  /** Formulas that the file holds no result of: their cells read as empty. */
  uncomputed?: Uncomputed;
}

/** How many there are, and where the first ones stand (`C5`). */
export interface Uncomputed {
  count: number;
  cells: string[];
}

export interface WorkbookSheet extends Partial<SheetExtras> {
  name: string;
  hidden: boolean;
  rows: SheetRows;
}

export interface Workbook {
  sheets: WorkbookSheet[];
  /** Pictures that cells hold; in the order of their ids. */
  pictures?: readonly Picture[];
}

/** A sheet as it comes out of a file: its rows in memory, or in a spool file. */
export interface ReadSheet extends SheetExtras {
  name: string;
  hidden: boolean;
  rows?: SheetCell[][];
  spooled?: SpooledSheet;
}

/** A workbook that was read whole. */
export interface ReadWorkbook {
  sheets: (ReadSheet & { rows: SheetCell[][] })[];
  pictures?: Picture[];
}

/** What a file may hold at most; larger ones are refused before they cost memory. */
export const workbookLimits = {
  /** Bytes of the file; xlsx and csv are read row by row. */
  fileBytes: 200 * 1024 * 1024,
  /** Bytes of a file of another kind, which is read as a whole. */
  wholeBytes: 50 * 1024 * 1024,
  /** Bytes of everything inside an xlsx, xlsb or ods together. */
  unpackedBytes: 400 * 1024 * 1024,
  rows: 1_000_000,
  columns: 200,
  /** Cells of all sheets together, empty ones within a sheet's rectangle included. */
  cells: 20_000_000,
} as const;

/** A file that cannot be imported: `words` say what is wrong and how to mend it. */
export function badFile(words: Words): AppError {
  return refusal('invalid_file', words);
}
