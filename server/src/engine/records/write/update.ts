import type { Json } from '@lianke/shared/json';
import { changer } from '../../context.js';
import { deriveInWrite } from '../../derived/in-write.js';
import { sameDerived } from '../../derived/recompute.js';
import { refuseDuplicates } from '../../duplicates/refuse-duplicates.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { ownFields } from '../../forms/subform-meta.js';
import type { StoredValues } from '../contracts.js';
import { masked } from '../labels.js';
import { starsIn } from '../present.js';
import { recordGrams } from '../search-grams.js';
import { holdsRows, storedRows } from '../subform-rows.js';
import { type ApprovalLock, approvalLocks, lockedNames } from './approval-lock.js';
import { changedValues } from './changed-values.js';
import { fillLinked } from './linked.js';
import { type LockedRow, lockRows } from './lock.js';
import { checkPicks } from './picks.js';
import type { PreparedRow } from './prepare.js';
import { checkReferences } from './references.js';
import { ruleValues } from './rule-values.js';
import { applyRules, checkUniqueSets } from './rules.js';
import { checkWrittenScope } from './scope-check.js';
import { sideStatements, writeSideRows } from './side-rows.js';
import { updateSql } from './statements.js';
import { settleSubforms } from './subforms.js';
import { type IndexedRow, inScope, keepImage, prepareRows, refuse, standing, type Work } from './work.js';

interface Edit {
  row: PreparedRow;
  now: LockedRow;
  after: StoredValues;
  changes: Record<string, [Json, Json]>;
  derived: Record<string, [Json, Json]>;
}

/** Changes the rows that stand; the others are refused, equal ones are left alone. */
export async function updateRows(work: Work, rows: readonly IndexedRow[]): Promise<void> {
  const prepared = prepareRows(work, rows);
  const locking = lockRows(
    work,
    prepared.map((row) => row.id),
    false,
    'edit',
  );
  await checkReferences(work.tx, work.ctx, work.form, work.scope, prepared);
  const current = await locking;
  refuseMasked(work, prepared, current);
  await fillLinked(work, prepared, (row) => current.get(row.id)?.values ?? {});
  await settleSubforms(
    work,
    prepared.map((row) => ({ row, before: current.get(row.id)?.values })),
  );
  const computed = await ruleValues(
    work,
    prepared.flatMap((row) => {
      const now = current.get(row.id);
      return now ? [{ row, before: now.values }] : [];
    }),
  );
  for (const row of prepared) {
    const now = current.get(row.id);
    if (now) applyRules(work, row, now.values, computed.get(row));
  }
  const judged = prepared.flatMap((row) => {
    const now = current.get(row.id);
    return now ? [{ row, before: now.values, after: { ...now.values, ...row.values } }] : [];
  });
  await checkUniqueSets(work, judged);
  await checkPicks(work, judged);
  await refuseDuplicates(
    work,
    prepared.flatMap((row) => {
      const now = current.get(row.id);
      return now ? [{ row, before: now.values, after: { ...now.values, ...row.values } }] : [];
    }),
  );
  const locks = await approvalLocks(
    work,
    prepared.map((row) => row.id),
  );
  const edits = standing(work, prepared).flatMap((row) => editOf(work, row, current.get(row.id), locks) ?? []);
  if (edits.length > 0) {
    await derive(work, edits);
    await applyEdits(work, edits);
  }
}

/**
 * Values that the writer may write in other rows, but not in these as they stand. They are left out before anything is
 * compared with them: what they would change tells nothing.
 */
function refuseMasked(work: Work, rows: readonly PreparedRow[], current: ReadonlyMap<string, LockedRow>): void {
  const access = work.scope.accessOf(work.form);
  for (const row of rows) {
    const now = current.get(row.id);
    if (!now) continue;
    for (const id of Object.keys(row.given)) {
      const field = work.form.field(id);
      if (!field || !access.inRows(field)) continue;
      if (!access.locksIn(work.form, field, (other) => now.values[other.id] ?? null, work.scope.env)) continue;
      delete row.values[id];
      row.errors.push({ field: field.key, code: 'not_writable' });
    }
  }
}

function editOf(
  work: Work,
  row: PreparedRow,
  now: LockedRow | undefined,
  locks: ReadonlyMap<string, ApprovalLock>,
): Edit | undefined {
  if (!now) {
    refuse(work, row, { code: 'not_found' });
    return undefined;
  }
  if (!now.allowed) {
    refuse(work, row, { code: 'forbidden', words: { zh: '修改这条数据', en: 'edit this record' } });
    return undefined;
  }
  if (row.version !== undefined && row.version !== now.version) {
    const current = { version: now.version, values: readableValues(work, now.values) };
    refuse(work, row, { code: 'version_conflict', current });
    return undefined;
  }
  const changes = changedValues(work.form, now.values, row.values);
  if (Object.keys(changes).length === 0) {
    work.results.push({ index: row.index, status: 'unchanged', id: row.id, version: now.version });
    keepImage(work, row.index, () => now.values);
    return undefined;
  }
  const locked = lockedNames(work, locks.get(row.id), Object.keys(changes));
  if (locked !== undefined) {
    refuse(work, row, { code: 'record_locked', words: locked });
    return undefined;
  }
  const after = { ...now.values, ...row.values };
  return inScope(work, 'edit', row.index, after, row.id) ? { row, now, after, changes, derived: {} } : undefined;
}

/** Derived values that follow from the edits; history leaves them out. */
async function derive(work: Work, edits: readonly Edit[]): Promise<void> {
  const rows = edits.map((edit) => ({ id: edit.row.id, values: edit.after }));
  const fields = await deriveInWrite(work, rows, false);
  for (const edit of edits)
    for (const field of fields) {
      const [before, after] = [edit.now.values[field.id] ?? null, edit.after[field.id] ?? null];
      if (!sameDerived(field, before, after)) edit.derived[field.id] = [before, after];
    }
}

async function applyEdits(work: Work, edits: readonly Edit[]): Promise<void> {
  const searchable = new Set<string>(work.form.searchFields.map((field) => field.id));
  const statement = updateSql(
    work,
    work.form.fields.filter((field) => edits.some((edit) => field.id in edit.changes || field.id in edit.derived)),
    edits.map((edit) => ({
      id: edit.row.id,
      values: edit.after,
      given: edit.row.values,
      grams: Object.keys(edit.changes).some((id) => searchable.has(id)) ? recordGrams(work.form, edit.after) : null,
    })),
    edits.map((edit) => ({
      id: edit.row.id,
      kind: 'update',
      version: edit.now.version + 1,
      before: edit.now.values,
      after: edit.after,
      changes: edit.changes,
      derived: edit.derived,
    })),
  );
  const follows = sideStatements(
    work,
    edits.map((edit) => ({ id: edit.row.id, before: edit.now.values, after: edit.after })),
  );
  const options = { repeated: edits.length === 1, last: work.alone && follows.length === 0 };
  await work.tx.run(statement.text, statement.values, options);
  const updated = { updatedAt: work.now.toISOString(), updatedBy: changer(work.ctx) };
  for (const { row, now, after } of edits) {
    work.results.push({ index: row.index, status: 'updated', id: row.id, version: now.version + 1 });
    keepImage(work, row.index, () => ({ ...after, ...updated }));
  }
  await checkWrittenScope(
    work,
    'edit',
    edits.map((edit) => edit.row),
  );
  await writeSideRows(work, follows);
}

function readableValues(work: Work, values: StoredValues): Record<string, Json> {
  const access = work.scope.accessOf(work.form);
  const stars = starsIn(work.form, work.scope, (field) => values[field.id] ?? null);
  const shown = (form: FormMeta, field: FieldMeta, value: Json): Json => {
    const { part } = field;
    if (form === work.form ? stars(field) : work.scope.accessOf(form).masks(field)) return masked(field, value);
    if (!part || !holdsRows(value)) return value;
    const own = ownFields(part).filter((item) => work.scope.accessOf(part).mayRead(item));
    return storedRows(value).map((row) => ({
      id: row.id,
      values: Object.fromEntries(own.map((item) => [item.key, shown(part, item, row.values[item.id] ?? null)])),
    }));
  };
  const readable = work.form.fields.filter((field) => access.mayRead(field));
  return Object.fromEntries(readable.map((field) => [field.key, shown(work.form, field, values[field.id] ?? null)]));
}
