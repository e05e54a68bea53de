import type { SheetPlan } from '@lianke/shared/imports/api';
import { type Table, tableAt } from '../layout/find-table.js';
import { groupLines, type LineGroups, mergedBelow } from '../layout/line-groups.js';
import type { WorkbookSheet } from '../workbook/workbook.js';

/** True for the key of a field of a subform's rows. */
export function isLineKey(field: string | null): boolean {
  return field?.includes('.') === true;
}

/** The table of a sheet without the rows that are left out because they are hidden. */
export function importedTable(sheet: WorkbookSheet, plan: Pick<SheetPlan, 'headerRow' | 'hidden'>): Table {
  const whole = tableAt(sheet.rows, plan.headerRow ?? 0);
  if (plan.hidden?.include !== false) return whole;
  const hidden = new Set(sheet.hiddenRows);
  return { ...whole, dataRows: whole.dataRows.filter((at) => !hidden.has(at)) };
}

/** The records of a sheet and their lines, by what its columns feed; undefined when no column feeds lines. */
export function linesOfPlan(sheet: WorkbookSheet, plan: SheetPlan, table: Table): LineGroups | undefined {
  const fed = plan.columns.filter(({ to }) => to.target !== null && to.field !== null && to.status !== 'skipped');
  const lines = fed.filter(({ to }) => isLineKey(to.field)).map(({ index }) => index);
  if (lines.length === 0) return undefined;
  const own = fed.filter(({ to }) => !isLineKey(to.field)).map(({ index }) => index);
  return groupLines(sheet.rows, table.dataRows, sheet.merges ?? [], own, lines);
}

/** What there is to ask about rows that go together, under the plan's columns. @param as what the person wishes */
export function withGrouping(
  sheet: WorkbookSheet | undefined,
  plan: SheetPlan,
  as: 'records' | 'subform' | undefined,
): SheetPlan {
  const { grouping: _, ...rest } = plan;
  if (!sheet || plan.headerRow === null) return rest;
  const table = importedTable(sheet, plan);
  const groups = linesOfPlan(sheet, plan, table);
  if (groups) {
    const rows = table.dataRows.length - groups.heads.length;
    return rows === 0 ? rest : { ...rest, grouping: { rows, as: as ?? 'subform' } };
  }
  const data = new Set(table.dataRows);
  const merges = (sheet.merges ?? []).filter(({ startRow }) => startRow > table.headerRow);
  const rows = [...mergedBelow(merges, new Set(), sheet.rows.length).keys()].filter((at) => data.has(at)).length;
  return rows === 0 ? rest : { ...rest, grouping: { rows, as: 'records' } };
}
