import { type RuleValues, settling } from '@lianke/shared/forms/rules';
import type { RecordId } from '@lianke/shared/ids';
import { type Derivation, reachesOut } from '../../derived/derivation.js';
import { derivationsOf } from '../../derived/derivations.js';
import { deriveInWrite } from '../../derived/in-write.js';
import { parentKey } from '../../forms/subform-meta.js';
import type { StoredValues } from '../contracts.js';
import type { PreparedRow } from './prepare.js';
import { rulesOf } from './rule-form.js';
import type { Work } from './work.js';

/** A row about to be judged. */
export interface JudgedRow {
  row: PreparedRow;
  /** What stands; absent for a new one. */
  before: StoredValues | undefined;
  /** Of a subform's row: the record it belongs to. */
  parent?: RecordId | undefined;
}

/** Whether the write is judged by rules at all. */
export function asksRules(work: Work): boolean {
  return work.ctx.cause.door !== 'undo' && !work.request.settled;
}

/** Computed fields that the rules read, with those they follow from in the same row. */
function readByRules(work: Work): Derivation[] {
  const { computed } = rulesOf(work.form);
  return computed.size === 0 ? [] : derivationsOf(work.scope.forms).needed(work.form.id, computed);
}

/** Whether the rules read what is computed from other records. */
export function rulesReachOut(work: Work): boolean {
  return asksRules(work) && readByRules(work).some(reachesOut);
}

/**
 * What the rules read of computed fields, as it will be stored: computed without what the rules hide and empty. A value that
 * follows from a faulty one is left out, so that the rules say nothing about it.
 */
export async function ruleValues(work: Work, rows: readonly JudgedRow[]): Promise<Map<PreparedRow, RuleValues>> {
  const derivations = asksRules(work) ? readByRules(work) : [];
  if (derivations.length === 0) return new Map();
  const { form } = rulesOf(work.form);
  const found = new Map<PreparedRow, RuleValues>();
  let open = rows.map((judged) => {
    const rounds = settling(form, work.scope.env);
    return { judged, rounds, step: rounds.next() };
  });
  while (open.length > 0) {
    const shadows = open.map(({ judged, step }) => shadowOf(work, judged, step.done ? new Set() : step.value));
    for (const creating of [true, false]) {
      const some = shadows.filter((_, at) => (open[at]?.judged.before === undefined) === creating);
      await deriveInWrite(work, some, creating, derivations);
    }
    for (const [at, item] of open.entries()) {
      const values = shadows[at]?.values ?? {};
      item.step = item.rounds.next(values);
      found.set(item.judged.row, computedOf(work, derivations, item.judged.row, values));
    }
    open = open.filter(({ step }) => !step.done);
  }
  return found;
}

function shadowOf(work: Work, { row, before, parent }: JudgedRow, hidden: ReadonlySet<string>) {
  const values: StoredValues = { ...before, ...row.values };
  for (const id of hidden) if (!work.form.field(id)?.derived) values[id] = null;
  const above = parent && work.form.owner ? work.form.field(parentKey) : undefined;
  if (above) values[above.id] = parent ?? null;
  return { id: row.id as string, values };
}

function computedOf(
  work: Work,
  derivations: readonly Derivation[],
  row: PreparedRow,
  values: StoredValues,
): Record<string, StoredValues[string] | undefined> {
  const { form } = rulesOf(work.form);
  const faulty = new Set(row.errors.map((error) => work.form.field(error.field.split('[')[0] ?? '')?.id));
  return Object.fromEntries(
    derivations.map(({ field }) => {
      const reads = form.fields.find((item) => item.id === field.id)?.reads ?? [];
      return [field.id, reads.some((id) => faulty.has(id as typeof field.id)) ? undefined : (values[field.id] ?? null)];
    }),
  );
}
