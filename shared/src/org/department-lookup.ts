import { bare } from '../fields/sheet-text.js';
import type { Lookup, SheetValue } from '../fields/sheet-types.js';

interface Department {
  id: string;
  name: string;
  parentId: string | null;
}

/** Finds departments by name, or by the names from above joined by `/`; a name that two bear means neither. */
export function departmentLookup(departments: Iterable<Department>): Lookup {
  const all = [...departments];
  const byId = new Map(all.map((item) => [item.id, item]));
  const pathOf = (item: Department): string => {
    const above = item.parentId ? byId.get(item.parentId) : undefined;
    return above ? `${pathOf(above)}/${bare(item.name)}` : bare(item.name);
  };
  const words = new Map<string, string | null>();
  const add = (word: string, id: string) => words.set(word, words.has(word) && words.get(word) !== id ? null : id);
  for (const item of all) {
    add(bare(item.name), item.id);
    const path = pathOf(item);
    if (path !== bare(item.name)) add(path, item.id);
  }
  return (text): SheetValue => {
    const id = words.get(bare(text));
    if (id) return { value: id };
    const code = id === null ? 'ambiguous_department' : 'no_such_department';
    return { value: null, problem: { code, params: { value: text.trim().slice(0, 60) } } };
  };
}
