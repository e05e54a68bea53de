import type { FieldErrorCode } from '../errors/codes.js';
import type { Json } from '../json.js';
import { cellText, partsOf, saysNothing } from './sheet-text.js';
import {
  emptyValue,
  type Lookup,
  refused,
  type SheetCell,
  type SheetValue,
  type SheetWriteContext,
} from './sheet-types.js';

/** Reads names divided by 、,;or line breaks; names that nobody bears are left out and reported. */
export function readNames(lookup: Lookup | undefined, missing: FieldErrorCode): (cell: SheetCell) => SheetValue {
  return (cell) => {
    const text = cellText(cell).trim();
    if (text === '') return emptyValue;
    const whole = lookup?.(text);
    if (typeof whole?.value === 'string') return { ...whole, value: [whole.value] };
    const found = new Set<string>();
    let problem: SheetValue['problem'];
    for (const name of partsOf(text)) {
      const one = lookup?.(name);
      if (typeof one?.value === 'string') found.add(one.value);
      else problem ??= one?.problem ?? refused(missing).problem;
    }
    if (found.size === 0) return saysNothing(text) ? emptyValue : { value: null, problem };
    return { value: [...found], ...(problem ? { problem } : {}) };
  };
}

/** The names of a list of ids, divided by 、. */
export function writeNames(value: Json, _: unknown, { nameOf }: SheetWriteContext): SheetCell {
  return Array.isArray(value) ? value.map((id) => nameOf(String(id))).join('、') : null;
}
