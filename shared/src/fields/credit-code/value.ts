import { bad, isBlank, ok, type Parsed } from '../types.js';

/** The 31 characters of GB 32100-2015: digits and capitals without I, O, S, V, Z. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** The 18 characters of a unified social credit code, its check character right. */
export function parseCreditCode(raw: unknown): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  const text = typeof raw === 'string' || typeof raw === 'number' ? String(raw).replace(/\s/g, '').toUpperCase() : '';
  if (!/^[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}$/.test(text)) return bad('bad_credit_code');
  let sum = 0;
  for (let index = 0, weight = 1; index < 17; index++, weight = (weight * 3) % 31)
    sum += alphabet.indexOf(text[index] ?? '') * weight;
  return alphabet[(31 - (sum % 31)) % 31] === text[17] ? ok(text) : bad('bad_credit_code');
}
