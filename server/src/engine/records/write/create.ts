import type { RecordId } from '@lianke/shared/ids';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { memberOf } from '../../context.js';
import { deriveInWrite } from '../../derived/in-write.js';
import { refuseDuplicates } from '../../duplicates/refuse-duplicates.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { isGapless } from '../autonumbers.js';
import type { StoredValues } from '../contracts.js';
import { recordGrams } from '../search-grams.js';
import { fillLinked } from './linked.js';
import { checkPicks } from './picks.js';
import type { PreparedRow } from './prepare.js';
import { checkReferences } from './references.js';
import { answerRepeat, contentMark, earlierCreates } from './repeats.js';
import { rulesReachOut, ruleValues } from './rule-values.js';
import { applyRules, checkUniqueSets } from './rules.js';
import { checkWrittenScope } from './scope-check.js';
import { sideStatements, writeSideRows } from './side-rows.js';
import { insertSql } from './statements.js';
import { settleSubforms } from './subforms.js';
import { type IndexedRow, inScope, keepImage, prepareRows, refuse, standing, type Work } from './work.js';

/** Creates the rows that stand; the others are refused. */
export async function createRows(work: Work, rows: readonly IndexedRow[]): Promise<void> {
  const prepared = prepareRows(work, rows, () => uuid7() as RecordId);
  await fillNumbers(work, prepared, false);
  await fillLinked(work, prepared, () => undefined);
  await settleSubforms(
    work,
    prepared.map((row) => ({ row, before: undefined })),
  );
  const repeats = earlierCreates(work, prepared);
  // What rules read of other records must not tell of those the writer may not name.
  const named = rulesReachOut(work);
  if (named) await checkReferences(work.tx, work.ctx, work.form, work.scope, prepared);
  const computed = await ruleValues(
    work,
    prepared.map((row) => ({ row, before: undefined })),
  );
  for (const row of prepared) applyRules(work, row, undefined, computed.get(row));
  if (!named) await checkReferences(work.tx, work.ctx, work.form, work.scope, prepared);
  const known = await repeats;
  const unknown = prepared.filter((row) => !known.has(row.id));
  await checkUniqueSets(
    work,
    unknown.map((row) => ({ row, after: row.values })),
  );
  await checkPicks(
    work,
    unknown.map((row) => ({ row, after: row.values })),
  );
  await refuseDuplicates(
    work,
    unknown.map((row) => ({ row, before: undefined, after: row.values })),
  );
  const fresh = standing(
    work,
    prepared.filter((row) => !answerRepeat(work, row, known)),
  );
  const allowed = fresh.filter((row) => inScope(work, 'create', row.index, row.values));
  await fillNumbers(work, allowed, true);
  await deriveInWrite(work, allowed, true);
  if (allowed.length > 0) await insertRows(work, allowed);
}

/** Numbers that allow no gaps are for rows that nothing refuses any more. @param gapless of which fields */
async function fillNumbers(work: Work, rows: readonly PreparedRow[], gapless: boolean): Promise<void> {
  for (const field of work.form.fields) {
    if (field.typeName !== 'autonumber' || isGapless(field) !== gapless) continue;
    const bare = gapless ? rows.filter((row) => (row.values[field.id] ?? null) === null) : rows;
    if (bare.length === 0) continue;
    const taken = await work.numbers(field, bare.length);
    for (const [index, row] of bare.entries()) row.values[field.id] ??= taken[index] ?? null;
  }
}

async function insertRows(work: Work, rows: readonly PreparedRow[]): Promise<void> {
  const statement = insertSql(
    work,
    usedFields(
      work.form,
      rows.map((row) => row.values),
    ),
    rows.map((row) => ({
      id: row.id,
      values: row.values,
      grams: recordGrams(work.form, row.values),
      createdAt: typeof row.values.createdAt === 'string' ? row.values.createdAt : work.now,
      createdBy: 'createdBy' in row.values ? (row.values.createdBy as string | null) : memberOf(work.ctx),
    })),
    rows.map((row) => ({
      id: row.id,
      kind: 'create',
      version: 1,
      before: {},
      after: row.values,
      changes: contentMark(work, row),
    })),
  );
  const changed = (some: readonly PreparedRow[]) => some.map((row) => ({ id: row.id, before: {}, after: row.values }));
  const follows = sideStatements(work, changed(rows));
  const options = { repeated: rows.length === 1, last: work.alone && follows.length === 0 };
  const answer = await work.tx.sql<{ id: string }>(statement.text, statement.values, options);
  const written = new Set(answer.map((row) => row.id));
  for (const row of rows) {
    if (written.has(row.id)) {
      work.results.push({ index: row.index, status: 'created', id: row.id, version: 1 });
      keepImage(work, row.index, () => imageOf(work, row));
    } else
      refuse(
        work,
        { index: row.index, id: null },
        { code: 'validation_failed', fields: [{ field: uniqueKey(work.form), code: 'not_unique' }] },
      );
  }
  const done = rows.filter((row) => written.has(row.id));
  await checkWrittenScope(work, 'create', done);
  await writeSideRows(work, done.length === rows.length ? follows : sideStatements(work, changed(done)));
}

function imageOf(work: Work, row: PreparedRow): StoredValues {
  const at = work.now.toISOString();
  const by = memberOf(work.ctx);
  return { createdAt: at, createdBy: by, ...row.values, updatedAt: at, updatedBy: by };
}

const ownColumns = new Set<string>(['createdAt', 'createdBy', 'updatedAt', 'updatedBy']);

/** Fields that at least one row sets; `createdAt`, `createdBy` have columns of their own in the statement. */
function usedFields(form: FormMeta, rows: readonly StoredValues[]): FieldMeta[] {
  return form.fields.filter(
    (field) => !ownColumns.has(field.id) && rows.some((values) => field.id in values && values[field.id] !== null),
  );
}

function uniqueKey(form: FormMeta): string {
  return form.fields.find((field) => field.def.rules.unique)?.key ?? 'id';
}
