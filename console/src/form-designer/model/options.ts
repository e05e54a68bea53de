import { type OptionColor, optionColors, type SelectOption } from '@lianke/shared/fields/select/schema';

/** Colours in the order in which new options take them: the grey one last, it reads as "none". */
const cycle: readonly OptionColor[] = [...optionColors.filter((color) => color !== 'gray'), 'gray'];

/** Ids of options that were never published begin so; publishing replaces them by the label (`settleOptions`). */
const newPrefix = 'new:';

/** Lines of pasted text as option labels: trimmed, empty and repeated ones left out, at most 60 characters each. */
export function labelsOf(text: string): string[] {
  const labels = text
    .split(/\r\n|\r|\n|\t/)
    .map((line) => line.trim().slice(0, 60))
    .filter((line) => line !== '');
  return [...new Set(labels)];
}

/** The list with these labels added at `index`, each once and in the next colour. */
export function addOptions(
  list: readonly SelectOption[],
  labels: readonly string[],
  index = list.length,
): SelectOption[] {
  const taken = new Set(list.map((option) => option.label));
  const ids = new Set(list.map((option) => option.id));
  let serial = 1;
  const fresh: SelectOption[] = [];
  for (const label of labels) {
    if (taken.has(label)) continue;
    taken.add(label);
    while (ids.has(`${newPrefix}${serial}`)) serial++;
    const id = `${newPrefix}${serial}`;
    ids.add(id);
    fresh.push({ id, label, color: cycle[(list.length + fresh.length) % cycle.length] ?? 'gray' });
  }
  return [...list.slice(0, index), ...fresh, ...list.slice(index)];
}

/** Ids for publishing: a new option's id is its first label, made unique; answers the list and the renamed ids. */
export function settleOptions(list: readonly SelectOption[]): { options: SelectOption[]; ids: Map<string, string> } {
  const used = new Set(list.filter((option) => !option.id.startsWith(newPrefix)).map((option) => option.id));
  const ids = new Map<string, string>();
  const options = list.map((option) => {
    if (!option.id.startsWith(newPrefix)) return option;
    let id = option.label;
    for (let n = 2; used.has(id); n++) id = `${option.label.slice(0, 56)}_${n}`;
    used.add(id);
    ids.set(option.id, id);
    return { ...option, id };
  });
  return { options, ids };
}

/** Labels that are empty or stand twice, as the positions that must be mended. */
export function faultyOptions(list: readonly SelectOption[]): number[] {
  const first = new Map<string, number>();
  return list.flatMap((option, index) => {
    const label = option.label.trim();
    if (label === '' || first.has(label)) return [index];
    first.set(label, index);
    return [];
  });
}
