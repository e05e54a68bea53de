import type { FieldErrorCode } from '../errors/codes.js';
import { isUuid } from '../ids.js';
import { bad, isBlank, ok, type Parsed } from './types.js';

/**
 * A list of ids without repeats, in the order given; `{id, …}` as read from the API and a single id are accepted too.
 * `missing` is the refusal of what is no id.
 */
export function parseIdList(raw: unknown, max: number, missing: FieldErrorCode): Parsed<string[]> {
  if (isBlank(raw)) return ok(null);
  const ids = new Set<string>();
  for (const item of Array.isArray(raw) ? (raw as unknown[]) : [raw]) {
    const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : item;
    if (!isUuid(id)) return bad(missing);
    ids.add(id);
  }
  return ids.size > max ? bad('too_many', { max }) : ok([...ids]);
}
