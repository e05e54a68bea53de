import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, type SheetFormat } from '../sheet-types.js';
import type { CascaderConfig, CascaderOption } from './schema.js';
import { parseCascader, pathText } from './value.js';

/** A last level of this name, if only one branch has it: 「杭州」 for 华东/浙江/杭州. */
function onlyLeaf(name: string, options: readonly CascaderOption[], above: readonly string[] = []): string[][] {
  return options.flatMap((item) => {
    const path = [...above, item.id];
    const under = onlyLeaf(name, item.children ?? [], path);
    return item.label === name || item.id === name ? [path, ...under] : under;
  });
}

/** Levels are joined by `/`, `>`, `-` or a blank. */
export const cascaderSheet: SheetFormat<CascaderConfig> = {
  reader: (config) => (cell) => {
    const text = cellText(cell).trim();
    if (text === '') return emptyValue;
    const joined = parseCascader(text, config);
    if (joined.ok) return fromParsed(joined);
    const cut = parseCascader(text.split(/\s*[/／>＞→\-\s]\s*/).filter(Boolean), config);
    if (cut.ok && cut.value !== null) return fromParsed(cut);
    const named = onlyLeaf(text, config.options);
    if (named.length === 1) return fromParsed(parseCascader(named[0], config));
    return saysNothing(text) ? emptyValue : fromParsed(joined);
  },
  write: (value, config) => (value === null ? null : pathText(String(value), config.options)),
};
