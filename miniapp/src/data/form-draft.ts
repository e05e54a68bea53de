import { completedRows, keptValues } from '@lianke/shared/records/kept-values';
import { dropStored, readStored, writeStored } from '../platform/storage.js';
import { session } from '../session/session.js';
import type { ReadField, Values } from './record-types.js';

export interface Draft {
  /** The new record's id: saving again after a lost answer does not make a second one. */
  id: string;
  values: Values;
  /** The record's values when the edit began; absent for a new one. */
  base?: Values;
  at: number;
}

function key(formId: string, recordId: string | undefined): string {
  return `draft.${session.get().me?.member.id ?? ''}.${formId}.${recordId ?? 'new'}`;
}

export function readDraft(formId: string, recordId: string | undefined): Draft | undefined {
  return readStored<Draft>(key(formId, recordId));
}

/** Writes a draft down on the phone, without what is stored encrypted. */
export function keepDraft(
  form: { id: string; fields: readonly ReadField[] },
  recordId: string | undefined,
  draft: Draft,
): void {
  const { base } = draft;
  writeStored(key(form.id, recordId), {
    ...draft,
    values: keptValues(form.fields, draft.values),
    ...(base && { base: keptValues(form.fields, base) }),
  });
}

export function dropDraft(formId: string, recordId: string | undefined): void {
  dropStored(key(formId, recordId));
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Of `keys`, the values that are not as they were in `base`. */
export function typedValues(keys: readonly string[], values: Values, base: Values): Values {
  const typed: Values = {};
  for (const key of keys) {
    const value = values[key];
    if (value !== undefined && !same(value, base[key])) typed[key] = value;
  }
  return typed;
}

/** Keys that somebody else changed since `base` to something other than what was typed here. */
export function changedByOthers(typed: Values, base: Values, now: Values): string[] {
  return Object.keys(typed).filter((key) => !same(now[key], base[key]) && !same(now[key], typed[key]));
}

/**
 * The values of a page that goes on with a draft over the record as it stands now: what was typed, and of the rest what
 * others have written since. `over` names fields that both changed.
 */
export function resumed(
  draft: Draft,
  now: Values,
  fields: readonly ReadField[] = [],
): { values: Values; over: string[] } {
  const { base } = draft;
  if (!base) return { values: { ...now, ...draft.values }, over: [] };
  const typed = typedValues(Object.keys(draft.values), draft.values, base);
  // Rows were kept without their secrets: they are compared and completed by those that stand now.
  const over = changedByOthers(typed, base, keptValues(fields, now));
  return { values: { ...now, ...completedRows(fields, typed, now) }, over };
}
