import { isBlank } from '@lianke/shared/fields/types';
import type { StoredValues } from '../contracts.js';
import { holds } from '../linked/linked-values.js';
import type { PreparedRow } from './prepare.js';
import type { Work } from './work.js';

interface Judged {
  row: PreparedRow;
  /** The record as it would be. */
  after: StoredValues;
}

/**
 * Notes rows whose related records do not fit another field of theirs, as pickers offer them (级联): the related
 * record's own field must hold the same value. A blank deciding field narrows nothing.
 */
export async function checkPicks(work: Work, rows: readonly Judged[]): Promise<void> {
  if (work.ctx.cause.door === 'undo') return;
  for (const field of work.form.fields) {
    const rules = field.def.rules.pickBy;
    const target = rules && work.scope.forms.get((field.config as { formId: string }).formId);
    if (!target) continue;
    for (const rule of rules) {
      const own = work.form.field(rule.by);
      const there = target.field(rule.field);
      if (!own || !there) continue;
      const pairs = rows.flatMap(({ row, after }, at) => {
        const value = after[own.id];
        const chosen = after[field.id];
        const asked = row.errors.length === 0 && (field.id in row.values || own.id in row.values);
        if (!asked || isBlank(value) || Array.isArray(value) || isBlank(chosen)) return [];
        return (Array.isArray(chosen) ? chosen : [chosen]).map((id) => ({ at, id: String(id), value: String(value) }));
      });
      if (pairs.length === 0) continue;
      const wrong = await work.tx.sql<{ at: number }>(
        `SELECT DISTINCT w.at FROM unnest($1::int[], $2::uuid[], $3::text[]) AS w(at, id, value)
         JOIN ${target.table} t ON t.id = w.id WHERE NOT coalesce(${holds(there, 'w.value')}, false)`,
        [pairs.map((pair) => pair.at), pairs.map((pair) => pair.id), pairs.map((pair) => pair.value)],
      );
      for (const { at } of wrong)
        rows[at]?.row.errors.push({ field: field.key, code: 'record_does_not_fit', params: { field: own.name } });
    }
  }
}
