import type { Json } from '@lianke/shared/json';
import type { CompiledColumn } from '../plan/compiled.js';

/**
 * Values of several rows that are one record. `keep`: the first row that has a value wins, lists are united, notes follow one
 * another, the latest contact counts. `replace`: the last row that has a value wins.
 */
export function mergeValues(
  columns: readonly Pick<CompiledColumn, 'fieldKey' | 'type'>[],
  readings: readonly Record<string, Json>[],
  how: 'keep' | 'replace',
): Record<string, Json> {
  const merged: Record<string, Json> = {};
  for (const values of readings) {
    for (const [key, value] of Object.entries(values)) {
      if (value === null) continue;
      const before = merged[key] ?? null;
      merged[key] =
        before === null || how === 'replace'
          ? value
          : united(columns.find((column) => column.fieldKey === key)?.type, before, value);
    }
  }
  return merged;
}

function united(type: CompiledColumn['type'] | undefined, before: Json, value: Json): Json {
  if (Array.isArray(before) && Array.isArray(value)) return [...new Set([...before, ...value] as string[])];
  if (type === 'lastContact') return String(value) > String(before) ? value : before;
  if (type === 'longText' && !String(before).includes(String(value))) return `${String(before)}\n${String(value)}`;
  return before;
}
