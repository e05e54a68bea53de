import type { Json } from '@lianke/shared/json';

/** A definition in which one member stands where another stood. Lists that would name him twice name him once. */
export function replaceMember(value: Json, from: string, to: string): Json {
  if (value === from) return to;
  if (Array.isArray(value)) {
    const items = value.map((item) => replaceMember(item, from, to));
    const heir = JSON.stringify(value) === JSON.stringify(items) ? undefined : to;
    return heir === undefined ? items : once(items, heir);
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceMember(item, from, to)]));
}

/** The list without repeated entries for the heir, be they his id or a principal of it. */
function once(items: readonly Json[], heir: string): Json[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const named =
      item === heir || (item !== null && typeof item === 'object' && !Array.isArray(item) && item.id === heir);
    const key = JSON.stringify(item);
    if (!named || !seen.has(key)) {
      seen.add(key);
      return true;
    }
    return false;
  });
}
