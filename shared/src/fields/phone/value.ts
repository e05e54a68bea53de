import { fold } from '../../filter/fold.js';
import { bad, isBlank, ok, type Parsed } from '../types.js';

const plainMobile = /^1[3-9]\d{9}$/;

/**
 * One phone number in the stored form: digits, an optional leading `+`, an optional `-ext` tail; undefined when it is
 * none. Mainland mobile numbers lose `+86`; land lines keep the dash after the area code.
 */
export function normalizePhone(raw: string): string | undefined {
  // As most are written: nothing has to be taken off.
  if (plainMobile.test(raw)) return raw;
  const text = fold(raw)
    .replace(/[()\s·.]/g, '')
    .replace(/[—–－]/g, '-')
    .replace(/^tel:?/, '');
  const match = /^(\+?[\d-]+?)(?:-?(?:转|ext|x|#)-?(\d{1,6}))?$/.exec(text);
  if (!match) return undefined;
  const body = match[1] ?? '';
  const extension = match[2];
  const digits = body.replace(/[^\d]/g, '');
  const mobile = /^(?:\+?86|0086)?(1[3-9]\d{9})$/.exec(body.replaceAll('-', ''));
  if (mobile) return extension ? `${mobile[1]}-${extension}` : (mobile[1] ?? '');
  if (digits.length < 5 || digits.length > 17) return undefined;
  const main = body.startsWith('+') ? `+${digits}` : /^0\d{2,3}-?\d{7,8}(-\d{1,6})?$/.test(body) ? body : digits;
  return extension ? `${main}-${extension}` : main;
}

/** Phone numbers without repeats, the first is the main one. A single string counts as a list of one. */
export function parsePhones(raw: unknown, config: { max: number }): Parsed<string[]> {
  if (isBlank(raw)) return ok(null);
  const phones = new Set<string>();
  for (const item of Array.isArray(raw) ? raw : [raw]) {
    if (typeof item !== 'string' && typeof item !== 'number') return bad('bad_phone');
    if (String(item).trim() === '') continue;
    const phone = normalizePhone(String(item));
    if (phone === undefined) return bad('bad_phone');
    phones.add(phone);
  }
  if (phones.size > config.max) return bad('too_many', { max: config.max });
  return ok(phones.size === 0 ? null : [...phones]);
}
