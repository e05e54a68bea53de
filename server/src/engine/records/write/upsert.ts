import { createRows } from './create.js';
import { matchRows } from './match.js';
import { updateRows } from './update.js';
import { type IndexedRow, refuse, type Work } from './work.js';

/** Changes the records that the rows' match fields name, creates the others. */
export async function upsertRows(work: Work, rows: readonly IndexedRow[]): Promise<void> {
  const matched = await matchRows(work.tx, work.form, work.scope, work.request.matchOn ?? [], rows);
  for (const { index, words } of matched.ambiguous)
    refuse(work, { index, id: null }, { code: 'invalid_request', words });
  if (matched.create.length > 0) await createRows(work, matched.create);
  if (matched.update.length > 0) await updateRows(work, matched.update);
}
