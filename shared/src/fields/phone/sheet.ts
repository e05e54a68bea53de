import { fold } from '../../filter/fold.js';
import { cellText, saysNothing } from '../sheet-text.js';
import { emptyValue, type SheetFormat, type SheetValue } from '../sheet-types.js';
import type { PhoneConfig } from './schema.js';
import { normalizePhone } from './value.js';

const between = /[/,，;；、|｜\n\r\t]+|\s+(?:或|及|和)\s*/;

const oneNumber = /^[\d-]+$/;

/** The numbers in a cell: several are separated by `/`, commas, 、, line breaks, or blanks between complete numbers. */
export function splitPhones(text: string): string[] {
  if (oneNumber.test(text)) return [text];
  return text.split(between).flatMap((part) => {
    const words = part.trim().split(/\s+/).filter(Boolean);
    // 138 0013 8000 is one number; 13800138000 13900139000 are two.
    const complete = words.length > 1 && words.every((word) => fold(word).replace(/\D/g, '').length >= 7);
    return complete ? words : words.length > 0 ? [part.trim()] : [];
  });
}

export const phoneSheet: SheetFormat<PhoneConfig> = {
  reader:
    (config) =>
    (cell): SheetValue => {
      const text = cellText(cell).trim();
      if (saysNothing(text)) return emptyValue;
      const phones = new Set<string>();
      const wrong: string[] = [];
      for (const part of splitPhones(text)) {
        const phone = normalizePhone(part.replace(/^[^\d+＋０-９(（]*[:：]/, ''));
        if (phone === undefined) wrong.push(part);
        else phones.add(phone);
      }
      const kept = [...phones].slice(0, config.max);
      const problem =
        wrong.length > 0
          ? { code: 'bad_phone' as const }
          : phones.size > config.max
            ? { code: 'too_many' as const, params: { max: config.max } }
            : undefined;
      return { value: kept.length === 0 ? null : kept, ...(problem && { problem }) };
    },
  write: (value) => (Array.isArray(value) ? value.join('、') : null),
};
