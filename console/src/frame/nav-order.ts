import type { AppView } from '../api/queries.js';

export type NavItem = AppView['items'][number];

/** Items in navigation order; those of one group stand together where its first one stands. */
export function groupItems(items: readonly NavItem[]): { group: string | null; items: NavItem[] }[] {
  const groups: { group: string | null; items: NavItem[] }[] = [];
  for (const item of items) {
    const found = item.group === null ? groups.at(-1) : groups.find((each) => each.group === item.group);
    if (found && found.group === item.group) found.items.push(item);
    else groups.push({ group: item.group, items: [item] });
  }
  return groups;
}

/** As they stand on screen: groups taken apart again. */
export function inScreenOrder(items: readonly NavItem[]): NavItem[] {
  return groupItems(items).flatMap((each) => each.items);
}

/** The item moved next to another, into that one's group. */
export function movedTo(items: readonly NavItem[], id: string, target: string, side: 'before' | 'after'): NavItem[] {
  const list = inScreenOrder(items);
  const item = list.find((each) => each.id === id);
  const over = list.find((each) => each.id === target);
  if (!item || !over || id === target) return list;
  const rest = list.filter((each) => each !== item);
  const at = rest.indexOf(over) + (side === 'after' ? 1 : 0);
  return [...rest.slice(0, at), { ...item, group: over.group }, ...rest.slice(at)];
}

/** The item one place up or down on screen; at the edge of a group it steps out of it or into the next. */
export function movedBy(items: readonly NavItem[], id: string, by: 1 | -1): NavItem[] {
  const list = inScreenOrder(items);
  const at = list.findIndex((each) => each.id === id);
  const item = list[at];
  const next = list[at + by];
  if (!item) return list;
  if (next && next.group === item.group) return movedTo(list, id, next.id, by === 1 ? 'after' : 'before');
  if (item.group !== null) {
    const alone = list.filter((each) => each.group === item.group);
    const edge = by === 1 ? alone.at(-1) : alone[0];
    const rest = list.filter((each) => each !== item);
    const place = edge === item || !edge ? at : rest.indexOf(edge) + (by === 1 ? 1 : 0);
    return [...rest.slice(0, place), { ...item, group: null }, ...rest.slice(place)];
  }
  if (!next) return list;
  return movedTo(list, id, next.id, by === 1 ? 'before' : 'after');
}

/** The item at the end of a group, or under no group where it stands. */
export function intoGroup(items: readonly NavItem[], id: string, group: string | null): NavItem[] {
  const list = inScreenOrder(items);
  const item = list.find((each) => each.id === id);
  if (!item) return list;
  const rest = list.filter((each) => each !== item);
  const last = group === null ? -1 : rest.findLastIndex((each) => each.group === group);
  const at = last >= 0 ? last + 1 : list.indexOf(item);
  return [...rest.slice(0, at), { ...item, group }, ...rest.slice(at)];
}

/** A group under another name; without a name its items stand for themselves. */
export function renamedGroup(items: readonly NavItem[], from: string, to: string | null): NavItem[] {
  return inScreenOrder(items).map((item) => (item.group === from ? { ...item, group: to } : item));
}
