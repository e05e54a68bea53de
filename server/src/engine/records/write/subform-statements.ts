import { changer } from '../../context.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { ownFields, parentOf, positionOf } from '../../forms/subform-meta.js';
import { sealed } from '../../sealed/sealed-rows.js';
import type { StoredValues } from '../contracts.js';
import { gramSeparator, recordGrams } from '../search-grams.js';
import { Params } from '../sql/params.js';
import type { Statement } from '../sql/query-sql.js';
import { type StoredRow, storedRows } from '../subform-rows.js';
import { RowSource } from './row-source.js';
import type { Work } from './work.js';

/** A record or row before and after. */
interface Changed {
  id: string;
  before: StoredValues;
  after: StoredValues;
}

/** What the rows of a subform have become, and the statements that store it. */
export interface SubformChange {
  part: FormMeta;
  rows: Changed[];
  statements: Statement[];
}

/** The rows that differ between the records before and after, for every subform. */
export function subformChanges(work: Work, records: readonly Changed[]): SubformChange[] {
  return work.form.fields.flatMap((field): SubformChange[] => {
    const { part } = field;
    if (!part) return [];
    const { edits, removed } = rowEdits(part, field, records);
    const statements: Statement[] = [];
    if (removed.length > 0)
      statements.push({
        text: `DELETE FROM ${part.table} WHERE id = ANY($1::uuid[])`,
        values: [removed.map((row) => row.id)],
      });
    if (edits.length > 0) statements.push(upsertSql(work, part, edits));
    return statements.length > 0 ? [{ part, rows: [...edits, ...removed], statements }] : [];
  });
}

function rowEdits(part: FormMeta, field: FieldMeta, records: readonly Changed[]) {
  const parent = parentOf(part).id;
  const position = positionOf(part).id;
  const edits: Changed[] = [];
  const removed: Changed[] = [];
  for (const record of records) {
    if (record.before[field.id] === record.after[field.id]) continue;
    const placed = (rows: StoredRow[]) =>
      new Map(
        rows.map((row, at): [string, StoredValues] => [
          row.id,
          { ...row.values, [parent]: record.id, [position]: String(at + 1) },
        ]),
      );
    const old = placed(storedRows(record.before[field.id]));
    const now = placed(storedRows(record.after[field.id]));
    for (const [id, before] of old) if (!now.has(id)) removed.push({ id, before, after: {} });
    for (const [id, after] of now) {
      const before = old.get(id);
      if (!before || !same(before, after)) edits.push({ id, before: before ?? {}, after });
    }
  }
  return { edits, removed };
}

function same(a: StoredValues, b: StoredValues): boolean {
  return Object.keys(b).every((id) => JSON.stringify(a[id] ?? null) === JSON.stringify(b[id] ?? null));
}

function upsertSql(work: Work, part: FormMeta, edits: readonly Changed[]): Statement {
  const params = new Params();
  const source = new RowSource(params);
  source.key(
    'id',
    'uuid',
    edits.map((edit) => edit.id),
  );
  source.key(
    'grams',
    'text',
    edits.map((edit) => recordGrams(part, edit.after)),
  );
  for (const field of [parentOf(part), positionOf(part), ...ownFields(part)])
    source.set(
      field.column,
      field.storage,
      edits.map((edit) => sealed(field, edit.after[field.id])),
    );
  const now = params.add(work.now, 'timestamptz');
  const me = params.add(changer(work.ctx), 'uuid');
  const all = [
    { column: 'id', select: 'v.id' },
    { column: 'search_grams', select: `string_to_array(v.grams, '${gramSeparator}')` },
    { column: 'created_at', select: now },
    { column: 'created_by', select: me },
    { column: 'updated_at', select: now },
    { column: 'updated_by', select: me },
    ...source.assignments,
  ];
  const kept = new Set(['id', 'created_at', 'created_by']);
  const sets = all.flatMap((item) => (kept.has(item.column) ? [] : [`${item.column} = excluded.${item.column}`]));
  const parent = parentOf(part).column;
  return {
    text: `INSERT INTO ${part.table} AS t (${all.map((item) => item.column).join(', ')})
      SELECT ${all.map((item) => item.select).join(', ')} FROM ${source.from}
      ON CONFLICT (id) DO UPDATE SET ${sets.join(', ')}, version = t.version + 1 WHERE t.${parent} = excluded.${parent}`,
    values: params.values,
  };
}

/** Rows go into the bin with their records, and come back with them. */
export function binSubforms(work: Work, ids: readonly string[], op: 'delete' | 'restore'): Statement[] {
  return work.form.parts.map((part) => ({
    text: `UPDATE ${part.table} SET deleted_at = $2 WHERE ${parentOf(part).column} = ANY($1::uuid[])`,
    values: [ids, op === 'delete' ? work.now : null],
  }));
}
