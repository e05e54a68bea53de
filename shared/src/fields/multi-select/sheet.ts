import { optionFinder } from '../select/sheet.js';
import { cellText, saysNothing } from '../sheet-text.js';
import { emptyValue, type SheetFormat, type SheetValue } from '../sheet-types.js';
import { separators } from '../tags/sheet.js';
import type { MultiSelectConfig } from './schema.js';

export const multiSelectSheet: SheetFormat<MultiSelectConfig> = {
  reader: (config, context) => {
    const find = optionFinder(config.options, context);
    return (cell): SheetValue => {
      const text = cellText(cell).trim();
      if (text === '') return emptyValue;
      // An option's own name may hold a separator, so the whole cell is tried first.
      const parts = find(text) ? [text] : splitOptions(text, (part) => find(part) !== undefined);
      const ids = new Set<string>();
      const unknown: string[] = [];
      let mapped = false;
      for (const part of parts) {
        const found = find(part);
        if (!found && !saysNothing(part)) unknown.push(part);
        if (typeof found?.value === 'string') ids.add(found.value);
        mapped ||= found?.mapped !== undefined;
      }
      const labels = [...ids].map((id) => config.options.find((option) => option.id === id)?.label ?? id);
      return {
        value: ids.size === 0 ? null : [...ids],
        ...(unknown.length > 0 && {
          problem: { code: 'unknown_option' as const, params: { value: unknown.join('、').slice(0, 60) } },
        }),
        ...(mapped && { mapped: labels.join('、') }),
      };
    };
  },
  write: (value, config) =>
    Array.isArray(value)
      ? value.map((id) => config.options.find((option) => option.id === id)?.label ?? String(id)).join('、')
      : null,
};

function splitOptions(text: string, known: (part: string) => boolean): string[] {
  const parts = text
    .split(separators)
    .map((part) => part.trim())
    .filter(Boolean);
  return parts.flatMap((part) => (known(part) || !part.split(/\s+/).every(known) ? [part] : part.split(/\s+/)));
}
