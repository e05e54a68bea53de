import { memberOf } from '../context.js';
import type { FieldMeta } from '../forms/form-meta.js';
import type { StoredValues } from '../records/contracts.js';
import type { Work } from '../records/write/work.js';
import { computeDerived } from './compute.js';
import { type Derivation, inWrite } from './derivation.js';
import { derivationsOf } from './derivations.js';
import type { ComputedRow } from './load-inputs.js';

/**
 * Computes what a write can compute at once and sets it in the rows' values: formulas over the row itself and the single
 * records it names; of new rows everything, as nothing points at them yet. Answers the fields it set.
 * @param all those to compute, in computing order; the form's when absent
 */
export async function deriveInWrite(
  work: Work,
  rows: readonly ComputedRow[],
  creating: boolean,
  all: readonly Derivation[] = derivationsOf(work.scope.forms).ofForm(work.form.id),
): Promise<FieldMeta[]> {
  const derivations = all.filter((item) => item.rule.kind !== 'lastContact' && (creating || inWrite(item)));
  if (derivations.length === 0) return [];
  const env = { tx: work.tx, org: work.org, scope: work.scope, fresh: creating };
  const shadows = rows.map((row) => ({ id: row.id, values: { ...row.values, ...stamps(work, row.values, creating) } }));
  await computeDerived(env, derivations, shadows);
  for (const [index, row] of rows.entries())
    for (const { field } of derivations) row.values[field.id] = shadows[index]?.values[field.id] ?? null;
  return derivations.map((item) => item.field);
}

/** What the statement itself will set. */
function stamps(work: Work, values: StoredValues, creating: boolean): StoredValues {
  const at = work.now.toISOString();
  const me = memberOf(work.ctx);
  const later = { updatedAt: at, updatedBy: me };
  if (!creating) return later;
  return {
    createdAt: values.createdAt ?? at,
    createdBy: 'createdBy' in values ? (values.createdBy ?? null) : me,
    ...later,
  };
}
