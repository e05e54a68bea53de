import type { Json } from '@lianke/shared/json';

/** A value as it was written: references by their ids, rows of subforms without their place. */
export function bare(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value === 'object' && value !== null && 'values' in value)
    return { id: value.id, values: value.values } as Json;
  return typeof value === 'object' && value !== null && 'id' in value ? (value.id as Json) : (value ?? null);
}

/** As text, whatever the order of an object's properties. */
export function inOneOrder(value: Json): string {
  return JSON.stringify(value, (_, item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** What the rows of a subform say, whatever they are called. */
export function withoutIds(value: Json | undefined): Json {
  return Array.isArray(value) ? value.map((row) => (row as { values: Json }).values) : (value ?? null);
}
