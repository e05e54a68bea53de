import { bad, isBlank, ok, type Parsed } from '../types.js';

const maxTags = 50;
const maxLength = 30;

/** Trimmed tags without repeats, in the given order. A single string counts as a list of one. */
export function parseTags(raw: unknown): Parsed<string[]> {
  if (isBlank(raw)) return ok(null);
  const tags = new Set<string>();
  for (const item of Array.isArray(raw) ? raw : [raw]) {
    if (typeof item !== 'string') return bad('wrong_type', { expected: '标签' });
    const tag = item.replaceAll('\u0000', '').trim();
    if ([...tag].length > maxLength) return bad('too_long', { max: maxLength });
    if (tag !== '') tags.add(tag);
  }
  if (tags.size > maxTags) return bad('too_many', { max: maxTags });
  return ok(tags.size === 0 ? null : [...tags]);
}
