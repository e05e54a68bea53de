import { api } from '../api/client.js';
import type { Json } from '../data/record-types.js';
import { useResource } from '../data/resource.js';

const isBare = (item: unknown): item is string => typeof item === 'string' && item !== '';

/** A value with names: a form's default holds ids alone, whose names are read where one stands. */
export function useNamed(value: Json | undefined, of: 'member' | 'department'): Json | undefined {
  const wanted = [value].flat().some(isBare) ? of : undefined;
  const members = useResource(wanted === 'member' ? 'members' : null, () =>
    api('members.list', { query: { state: 'active' } }),
  );
  const departments = useResource(wanted === 'department' ? 'departments' : null, () => api('departments.list', {}));
  if (!wanted) return value;
  const known: readonly { id: string; name: string }[] = (of === 'member' ? members : departments).data?.items ?? [];
  const named = (item: Json): Json => {
    const found = isBare(item) ? known.find((each) => each.id === item) : undefined;
    return found ? { id: found.id, label: found.name } : item;
  };
  return Array.isArray(value) ? value.map(named) : named(value ?? null);
}
