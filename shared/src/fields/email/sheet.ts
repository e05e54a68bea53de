import { fold } from '../../filter/fold.js';
import { cellText, fromParsed, saysNothing } from '../sheet-text.js';
import { emptyValue, type SheetFormat } from '../sheet-types.js';
import type { EmailConfig } from './schema.js';
import { parseEmail } from './value.js';

const plain = /^[!-~]*$/;

export const emailSheet: SheetFormat<EmailConfig> = {
  reader: () => (cell) => {
    const text = cellText(cell).trim();
    if (saysNothing(text)) return emptyValue;
    // Full-width signs are typing slips; the letters' case is the person's own.
    const ascii = plain.test(text)
      ? text
      : [...text].map((char) => (fold(char) === char.toLowerCase() ? char : fold(char))).join('');
    return fromParsed(parseEmail(ascii.replace(/^mailto:/i, '')));
  },
  write: (value) => (value === null ? null : String(value)),
};
