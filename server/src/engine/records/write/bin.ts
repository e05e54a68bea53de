import { recomputeStatements } from '../../derived/requests.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { StoredValues } from '../contracts.js';
import { storedRows } from '../subform-rows.js';
import { approvalLocks } from './approval-lock.js';
import { lockRows } from './lock.js';
import { type Deletion, followDeletion } from './relations.js';
import { writeSideRows } from './side-rows.js';
import { updateSql } from './statements.js';
import { binSubforms } from './subform-statements.js';
import { type IndexedRow, refuse, type Work } from './work.js';

const nothingFollows: Deletion = { blocked: new Map(), along: [] };

/** Puts rows into the recycle bin, with what hangs on them, or takes them out of it. */
export async function binRows(work: Work, rows: readonly IndexedRow[], op: 'delete' | 'restore'): Promise<void> {
  const wanted = rows.flatMap(({ row, index }) => (row.id ? [{ id: row.id, index, version: row.version }] : []));
  const current = await lockRows(
    work,
    wanted.map((row) => row.id),
    op === 'restore',
    'delete',
  );
  const { blocked, along } =
    op === 'delete' && !work.request.followed
      ? await followDeletion(
          work.tx,
          work.form,
          work.scope,
          [...current].flatMap(([id, row]) => (row.allowed ? [id] : [])),
        )
      : nothingFollows;
  const locks = await approvalLocks(work, op === 'delete' ? wanted.map((row) => row.id) : []);
  const going = wanted.flatMap((row) => {
    const now = current.get(row.id);
    const holder = blocked.get(row.id);
    if (!now) refuse(work, row, { code: 'not_found' });
    else if (!now.allowed)
      refuse(work, row, { code: 'forbidden', words: { zh: '删除这条数据', en: 'delete this record' } });
    else if (holder) refuse(work, row, { code: 'in_use', words: holder });
    else if (locks.has(row.id)) refuse(work, row, { code: 'record_locked', params: { detail: '' } });
    else if (row.version !== undefined && row.version !== now.version) refuse(work, row, { code: 'version_conflict' });
    else return [{ ...row, now }];
    return [];
  });
  if (going.length === 0) return;
  for (const { form, ids } of along) await work.cascade(form, ids);
  const statement = updateSql(
    work,
    [],
    going.map((row) => ({ id: row.id, values: {}, given: {}, grams: null })),
    going.map((row) => ({
      id: row.id,
      kind: op,
      version: row.now.version + 1,
      before: row.now.values,
      after: row.now.values,
      changes: null,
    })),
    op,
  );
  await work.tx.sql(statement.text, statement.values);
  const status = op === 'delete' ? 'deleted' : 'restored';
  for (const row of going) work.results.push({ index: row.index, status, id: row.id, version: row.now.version + 1 });
  const moved = (form: FormMeta, rows: readonly { id: string; values: StoredValues }[]) =>
    recomputeStatements(
      work.ctx,
      work.scope.forms,
      form,
      rows.map(({ id, values }) => ({ id, before: values, after: values })),
      'moved',
    );
  const ids = going.map((row) => row.id);
  await writeSideRows(work, [
    ...binSubforms(work, ids, op),
    ...work.form.fields.flatMap((field) => {
      const rows = field.part ? going.flatMap((row) => storedRows(row.now.values[field.id])) : [];
      return field.part ? moved(field.part, rows) : [];
    }),
    ...moved(
      work.form,
      going.map((row) => ({ id: row.id, values: row.now.values })),
    ),
  ]);
}
