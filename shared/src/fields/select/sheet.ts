import { bare, cellText, saysNothing } from '../sheet-text.js';
import { emptyValue, refused, type SheetFormat, type SheetReadContext, type SheetValue } from '../sheet-types.js';
import type { SelectConfig } from './schema.js';

interface Option {
  id: string;
  label: string;
}

/** Words that add nothing to an option's name: `B级` means B, `重点客户` means 重点. */
const filler = /(?:级|类|型|等级|级别|客户|等)+$/;

/**
 * Finds the option a text means: what the importer decided, then id, label, label without blanks, width and case, the words
 * the sheet's notes give it, and last the same without filler words. Undefined when it means none or several.
 */
export function optionFinder(
  options: readonly Option[],
  context: SheetReadContext,
): (text: string) => SheetValue | undefined {
  const labels = new Map(options.map((option) => [option.id, option.label]));
  const exact = new Map<string, string>();
  const loose = new Map<string, string | undefined>();
  const add = (words: Map<string, string | undefined>, word: string, id: string) => {
    if (word === '') return;
    words.set(word, words.has(word) && words.get(word) !== id ? undefined : id);
  };
  for (const { id, label } of options) {
    exact.set(label.trim(), id);
    add(loose, bare(label), id);
  }
  for (const { id } of options) if (!exact.has(id)) exact.set(id, id);
  const shortened = new Map<string, string | undefined>();
  for (const { id, label } of options) add(shortened, bare(label).replace(filler, ''), id);
  for (const alias of context.aliases ?? []) {
    // 「A=战略」 reads either way: whichever side is an option, the other is a word for it.
    const words = [alias.option, ...alias.words].map(bare);
    const id = words.map((word) => loose.get(word) ?? shortened.get(word.replace(filler, ''))).find((found) => found);
    if (id === undefined) continue;
    for (const word of words) {
      if (!loose.has(word)) loose.set(word, id);
      add(shortened, word.replace(filler, ''), id);
    }
  }
  return (raw) => {
    const text = raw.trim();
    const decided = context.decided?.get(text);
    if (decided === null) return { value: null, mapped: '' };
    const known = decided !== undefined && labels.has(decided) ? decided : exact.get(text);
    const id = known ?? loose.get(bare(text)) ?? shortened.get(bare(text).replace(filler, ''));
    if (id === undefined) return undefined;
    const label = labels.get(id) ?? id;
    return label === text ? { value: id } : { value: id, mapped: label };
  };
}

export const selectSheet: SheetFormat<SelectConfig> = {
  reader: (config, context) => {
    const find = optionFinder(config.options, context);
    return (cell) => {
      const text = cellText(cell).trim();
      if (text === '') return emptyValue;
      const found = find(text);
      if (found) return found;
      return saysNothing(text) ? emptyValue : refused('unknown_option', { value: text.slice(0, 60) });
    };
  },
  write: (value, config) =>
    config.options.find((option) => option.id === value)?.label ?? (value === null ? null : String(value)),
};
