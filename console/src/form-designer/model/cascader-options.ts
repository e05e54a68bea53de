import type { CascaderOption } from '@lianke/shared/fields/cascader/schema';

/** Ids of choices that were never published begin so; publishing replaces them by the label. */
const newPrefix = 'new:';

/** Where a choice stands: its index on every level from the first. */
export type TreePlace = readonly number[];

function change(
  list: readonly CascaderOption[],
  place: TreePlace,
  edit: (siblings: readonly CascaderOption[], index: number) => CascaderOption[],
): CascaderOption[] {
  const [index = 0, ...rest] = place;
  if (rest.length === 0) return edit(list, index);
  return list.map((item, at) => (at === index ? { ...item, children: change(item.children ?? [], rest, edit) } : item));
}

function idsIn(list: readonly CascaderOption[]): string[] {
  return list.flatMap((item) => [item.id, ...idsIn(item.children ?? [])]);
}

function freshId(list: readonly CascaderOption[]): string {
  const taken = new Set(idsIn(list));
  let serial = 1;
  while (taken.has(`${newPrefix}${serial}`)) serial++;
  return `${newPrefix}${serial}`;
}

/** The choices with a new one, without a name yet, before `place`. */
export function addChoice(list: readonly CascaderOption[], place: TreePlace): CascaderOption[] {
  const fresh = { id: freshId(list), label: '' };
  return change(list, place, (siblings, index) => [...siblings.slice(0, index), fresh, ...siblings.slice(index)]);
}

/** The choices with another name at `place`; `/` divides levels and cannot stand in a name. */
export function renameChoice(list: readonly CascaderOption[], place: TreePlace, label: string): CascaderOption[] {
  return change(list, place, (siblings, index) =>
    siblings.map((item, at) => (at === index ? { ...item, label: label.replaceAll('/', '') } : item)),
  );
}

/** The choices without the one at `place` and everything under it. */
export function removeChoice(list: readonly CascaderOption[], place: TreePlace): CascaderOption[] {
  return change(list, place, (siblings, index) => siblings.filter((_, at) => at !== index));
}

/** Adds pasted lines like `华东/浙江/杭州`; levels are divided by `/`, `>` or a tab. */
export function addLines(list: readonly CascaderOption[], text: string): CascaderOption[] {
  let out = [...list];
  for (const line of text.split(/\r?\n/)) {
    const labels = line
      .split(/[/／>＞\t]/)
      .map((label) => label.trim().slice(0, 60))
      .filter((label) => label !== '');
    const place: number[] = [];
    let level: readonly CascaderOption[] = out;
    for (const label of labels.slice(0, 5)) {
      const index = level.findIndex((item) => item.label === label);
      place.push(index < 0 ? level.length : index);
      if (index < 0) out = renameChoice(addChoice(out, place), place, label);
      level = place.reduce<readonly CascaderOption[]>((at, step) => at[step]?.children ?? [], out);
    }
  }
  return out;
}

/** Ids for publishing: a new choice's id is its first label, made unique among its neighbours; empty levels go. */
export function settleChoices(list: readonly CascaderOption[]): CascaderOption[] {
  const used = new Set(list.filter((item) => !item.id.startsWith(newPrefix)).map((item) => item.id));
  return list.map((item) => {
    let { id } = item;
    if (id.startsWith(newPrefix)) {
      id = item.label.trim();
      for (let n = 2; used.has(id); n++) id = `${item.label.slice(0, 56)}_${n}`;
      used.add(id);
    }
    const children = settleChoices(item.children ?? []);
    const { children: _, ...rest } = item;
    return { ...rest, id, label: item.label.trim(), ...(children.length > 0 ? { children } : {}) };
  });
}
