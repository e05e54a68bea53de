import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { AppError } from '../../../kernel/errors/app-error.js';

export type SheetRow = readonly SheetCell[];

/** Rows of a sheet; they may be shorter than the widest. Blank text reads as null. An array of rows is one as well. */
export interface SheetRows {
  readonly length: number;
  at(index: number): SheetRow | undefined;
  slice(start: number, end: number): SheetRow[];
}

export interface WorkbookSheet {
  name: string;
  hidden: boolean;
  rows: SheetRows;
}

export interface Workbook {
  sheets: WorkbookSheet[];
}

/** A workbook as it comes out of a file. */
export interface ReadWorkbook {
  sheets: { name: string; hidden: boolean; rows: SheetCell[][] }[];
}

/** What a file may hold at most; larger ones are refused before they cost memory. */
export const workbookLimits = {
  /** Bytes of the file. */
  fileBytes: 50 * 1024 * 1024,
  /** Bytes of everything inside an xlsx, xlsb or ods together. */
  unpackedBytes: 400 * 1024 * 1024,
  rows: 1_000_000,
  columns: 200,
  /** Cells of all sheets together, empty ones within a sheet's rectangle included. */
  cells: 20_000_000,
} as const;

/** A file that cannot be imported: `detail` says what is wrong and how to mend it. */
export function badFile(detail: string): AppError {
  return new AppError('invalid_file', { detail });
}
