import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { AppError } from '../../../kernel/errors/app-error.js';

/** One sheet as a rectangle of cells; rows may be shorter than the widest. Blank text reads as null. */
export interface WorkbookSheet {
  name: string;
  hidden: boolean;
  rows: SheetCell[][];
}

export interface Workbook {
  sheets: WorkbookSheet[];
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
