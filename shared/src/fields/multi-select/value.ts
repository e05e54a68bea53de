import { findOption } from '../select/value.js';
import { bad, isBlank, ok, type Parsed } from '../types.js';

/** Option ids without repeats, in the given order; labels are accepted. A single string counts as a list of one. */
export function parseMultiSelect(
  raw: unknown,
  config: { options: readonly { id: string; label: string }[] },
): Parsed<string[]> {
  if (isBlank(raw)) return ok(null);
  const list: unknown[] = Array.isArray(raw) ? raw : [raw];
  const ids = new Set<string>();
  for (const item of list) {
    if (typeof item !== 'string') return bad('wrong_type', { expected: '选项' });
    const id = findOption(item, config.options);
    if (id === undefined) return bad('unknown_option', { value: item.slice(0, 60) });
    ids.add(id);
  }
  return ok([...ids]);
}
