import { bare } from '@lianke/shared/fields/sheet-text';
import type { Lookup } from '@lianke/shared/fields/sheet-types';
import type { OrgDepartment } from '../../org/org-directory.js';

/** Finds departments by name, or by the names from above joined by `/`; a name that two bear means neither. */
export function departmentLookup(departments: Iterable<OrgDepartment>): Lookup {
  const all = [...departments];
  const byId = new Map<string, OrgDepartment>(all.map((item) => [item.id, item]));
  const pathOf = (item: OrgDepartment): string => {
    const above = item.parentId ? byId.get(item.parentId) : undefined;
    return above ? `${pathOf(above)}/${bare(item.name)}` : bare(item.name);
  };
  const words = new Map<string, string | undefined>();
  const add = (word: string, id: string) => words.set(word, words.has(word) && words.get(word) !== id ? undefined : id);
  for (const item of all) {
    add(bare(item.name), item.id);
    const path = pathOf(item);
    if (path !== bare(item.name)) add(path, item.id);
  }
  return (text) => {
    const id = words.get(bare(text));
    return id === undefined ? { value: null, problem: { code: 'no_such_department' } } : { value: id };
  };
}
