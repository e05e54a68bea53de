import { SpooledRows } from './row-spool.js';
import type { Workbook } from './workbook.js';

const maxWorkbooks = 6;
const maxCells = 6_000_000;
/** Rows that tell how wide a sheet is. */
const widthRows = 100;

/** The latest parsed workbooks of this process; one that is gone is read again from storage. */
export class WorkbookCache {
  private readonly entries = new Map<string, { workbook: Workbook; cells: number }>();

  /** The workbook of `key`, read by `load` when it is not held. */
  async get(key: string, load: () => Promise<Workbook>): Promise<Workbook> {
    const entry = this.entries.get(key);
    if (entry) {
      this.entries.delete(key);
      this.entries.set(key, entry);
      return entry.workbook;
    }
    const workbook = await load();
    this.put(key, workbook);
    return workbook;
  }

  put(key: string, workbook: Workbook): void {
    const cells = workbook.sheets.reduce(
      // Rows of large sheets stand in a file.
      (sum, { rows }) =>
        sum +
        ((rows.plain ?? rows) instanceof SpooledRows
          ? 1000
          : rows.length * Math.max(0, ...rows.slice(0, widthRows).map((row) => row.length))),
      0,
    );
    this.entries.delete(key);
    this.entries.set(key, { workbook, cells });
    for (const [oldest] of this.entries) {
      const total = [...this.entries.values()].reduce((sum, entry) => sum + entry.cells, 0);
      if (oldest === key || (this.entries.size <= maxWorkbooks && total <= maxCells)) break;
      this.entries.delete(oldest);
    }
  }

  delete(key: string): void {
    this.entries.delete(key);
  }
}
