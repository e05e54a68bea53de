import type { Json } from '@lianke/shared/json';
import type { ReadField } from '../api/queries.js';
import { sameValue, toWrite, type Values } from '../records/values.js';

/** Fields of the page whose values narrow what may be chosen in this one. */
function deciding(fields: readonly ReadField[], field: ReadField): ReadField[] {
  const refs = (field.rules.pickBy ?? []).map((rule) => rule.by);
  return fields.filter((item) => refs.includes(item.id) || refs.includes(item.key));
}

/**
 * What the fields that narrow a choice hold now, by key, as the API takes it.
 * @param shown only what stands on the page decides
 */
export function decidersOf(shown: readonly ReadField[], field: ReadField, values: Values): Values {
  return Object.fromEntries(deciding(shown, field).map((by) => [by.key, toWrite(by, values[by.key])]));
}

/** The values that change when a field takes one: what was chosen by its old value is cleared, and what that decided. */
export function withValue(fields: readonly ReadField[], values: Values, field: ReadField, value: Json): Values {
  const put: Values = { [field.key]: value };
  if (sameValue(field, values[field.key], value)) return put;
  const cleared = (decider: ReadField) => {
    for (const item of fields) {
      if (item.key in put || toWrite(item, values[item.key]) === null || !deciding([decider], item).length) continue;
      put[item.key] = null;
      cleared(item);
    }
  };
  cleared(field);
  return put;
}

/** Without what was wrong with these fields or in their rows. */
export function withoutFaults(
  faults: Readonly<Record<string, string>>,
  keys: readonly string[],
): Record<string, string> {
  const of = (at: string) => keys.some((key) => at === key || at.startsWith(`${key}[`));
  return Object.fromEntries(Object.entries(faults).filter(([at]) => !of(at)));
}
