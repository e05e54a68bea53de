import type { FormMeta } from '../../forms/form-meta.js';
import { isUnique } from '../../forms/table-ddl.js';
import type { RowOutcome } from '../check/outcome.js';
import { type CompiledPlan, type CompiledSheet, rowsOfRecord } from '../plan/compiled.js';

/** Rows of the file in one transaction per target; small enough to show progress, large enough to be quick. */
const chunkRows = 2000;

/** Rows of a sheet that are written together. */
export interface Chunk {
  index: number;
  sheet: CompiledSheet;
  /** 0-based. */
  rows: number[];
}

/** Up to 2,000 records at once, and not many more of their lines; the same at every try. */
export function chunksOf(plan: CompiledPlan): Chunk[] {
  const parts = plan.sheets.flatMap((sheet) => {
    const chunks: Omit<Chunk, 'index'>[] = [];
    let rows: number[] = [];
    let lines = 0;
    for (const at of sheet.table.dataRows) {
      rows.push(at);
      lines += rowsOfRecord(sheet, at).length;
      if (lines < chunkRows) continue;
      chunks.push({ sheet, rows });
      rows = [];
      lines = 0;
    }
    return rows.length > 0 ? [...chunks, { sheet, rows }] : chunks;
  });
  return parts.map((part, index) => ({ ...part, index }));
}

/**
 * Whether two chunks of a sheet may be in the database at the same time, whichever is committed first: when none of their rows
 * can meet one of the other's. They do where a value may stand once, where numbers must leave no gap, where a record hangs on
 * another one of the file, and where several rows fill one record in.
 */
export function mayRunBeside(
  sheet: CompiledSheet,
  form: FormMeta | undefined,
  outcomes: readonly (readonly RowOutcome[])[],
): boolean {
  const [target, ...others] = sheet.targets;
  if (!target || !form || others.length > 0) return false;
  const links = [target, ...target.lines.map((lines) => lines.target)].flatMap((part) => part.links);
  if (links.some((link) => link.feeds.length > 0)) return false;
  if (form.fields.some((field) => isUnique(field)) || (form.settings.uniqueSets ?? []).length > 0) return false;
  if (form.duplicates.some((rule) => rule.action === 'refuse')) return false;
  return outcomes.every((rows) => rows.every(({ writes }) => writes.every(({ op }) => op !== 'fill')));
}
