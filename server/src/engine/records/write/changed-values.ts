import { asJson, type Json } from '@lianke/shared/json';
import { rowsDifference } from '@lianke/shared/records/rows';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import type { StoredValues } from '../contracts.js';
import { storedRows } from '../subform-rows.js';

/** `{field: [before, after]}` of the values that differ. */
export function changedValues(
  form: FormMeta,
  before: StoredValues,
  values: StoredValues,
): Record<string, [Json, Json]> {
  const changes: Record<string, [Json, Json]> = {};
  for (const field of form.fields) {
    if (!(field.id in values)) continue;
    const old = before[field.id] ?? null;
    const next = values[field.id] ?? null;
    if (field.part) {
      const states = rowsDifference(storedRows(old), storedRows(next), (a, b) => sameRow(field.part, a, b));
      if (states) changes[field.id] = [asJson(states[0]), asJson(states[1])];
    } else if (!sameValue(field, old, next)) changes[field.id] = [old, next];
  }
  return changes;
}

/** Whether two rows say the same; what is computed from them is not asked. */
function sameRow(part: FormMeta | undefined, a: StoredValues, b: StoredValues): boolean {
  return (part?.fields ?? []).every(
    (field) => field.derived || sameValue(field, a[field.id] ?? null, b[field.id] ?? null),
  );
}

function sameValue(field: FieldMeta, a: Json, b: Json): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (field.storage === 'numeric')
    return Number(a) === Number(b) && String(a).replace(/\.?0+$/, '') === String(b).replace(/\.?0+$/, '');
  return typeof a === 'object' && JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
