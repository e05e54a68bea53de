import { asJson, type Json } from '@lianke/shared/json';
import { earlierState, isRowsState, rowsIn } from '@lianke/shared/records/rows';
import type { FormAccess } from '../access/form-access.js';
import type { FormMeta } from '../forms/form-meta.js';
import { ownFields } from '../forms/subform-meta.js';
import { storedRows } from './subform-rows.js';

/** The value before two changes, the later of which began at `later`. */
export function earlier(first: Json, later: Json | undefined): Json {
  const [a, b]: unknown[] = [first, later];
  return isRowsState(a) && isRowsState(b) ? asJson(earlierState(a, b)) : first;
}

/** The whole list of rows that history's state stands for, given the rows there are now. */
export function rowsAgain(part: FormMeta, state: Json, now: Json | undefined): Json {
  const told: unknown = state;
  const rows = isRowsState(told) ? rowsIn(told, storedRows(now)) : storedRows(state);
  const known = new Set<string>(ownFields(part).map((field) => field.id));
  const kept = rows.map((row) => ({
    id: row.id,
    values: Object.fromEntries(Object.entries(row.values).filter(([ref]) => known.has(ref))),
  }));
  return kept.length > 0 ? asJson(kept) : null;
}

/** Rows as this member may write them: what he may not set stays as it is. */
export function writableRows(part: FormMeta, access: FormAccess, rows: Json | undefined): Json {
  const given = storedRows(rows).map((row) => ({
    id: row.id,
    values: Object.fromEntries(
      Object.entries(row.values).filter(([ref]) => {
        const field = part.field(ref);
        return field !== undefined && !field.derived && access.mayRead(field) && access.mayWrite(field);
      }),
    ),
  }));
  return given.length > 0 ? asJson(given) : null;
}
