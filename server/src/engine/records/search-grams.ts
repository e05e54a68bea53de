import { fold } from '@lianke/shared/filter/fold';
import type { Json } from '@lianke/shared/json';
import { pinyin } from 'pinyin-pro';
import type { FormMeta } from '../forms/form-meta.js';

/** Each searchable text counts with its first characters only: with 70 a load of 100k rows takes 20 times as long (design §4). */
const maxCharacters = 64;
const initialsMark = '~';

/** Stands between grams on their way to the database: an array inside of an array would be quoted twice. No gram has it. */
export const gramSeparator = '\u001f';
const blank = (char: string) => char === ' ' || char === gramSeparator;

/** Adds the one- and two-grams of a folded text. */
function addGrams(grams: Set<string>, chars: readonly string[]): void {
  for (let index = 0; index < chars.length; index++) {
    const char = chars[index];
    if (char === undefined || blank(char)) continue;
    grams.add(char);
    const next = chars[index + 1];
    if (next !== undefined && !blank(next)) grams.add(char + next);
  }
}

/** Grams a search asks for: two-grams where there are any, else the single character. */
export function queryGrams(text: string): string[] {
  const chars = [...fold(text).replaceAll(gramSeparator, ' ').trim()];
  if (chars.length <= 1) return chars;
  const grams = new Set<string>();
  for (let index = 0; index + 1 < chars.length; index++) {
    const pair = `${chars[index]}${chars[index + 1]}`;
    if (!pair.includes(' ')) grams.add(pair);
  }
  return grams.size > 0 ? [...grams] : chars.filter((char) => char !== ' ');
}

/** True when the search may mean pinyin initials: two or more Latin letters. */
export function isInitials(text: string): boolean {
  return /^[a-z]{2,12}$/.test(fold(text).trim());
}

/** Two-grams of pinyin initials, marked so that they never meet a text's own grams. A single initial is not searched for. */
export function initialsGrams(initials: string): string[] {
  const grams = new Set<string>();
  for (let index = 0; index + 1 < initials.length; index++) {
    const pair = initials.slice(index, index + 2);
    if (!pair.includes(' ')) grams.add(initialsMark + pair);
  }
  return [...grams];
}

const initialsCache = new Map<string, string>();

function initialOf(char: string): string {
  let initial = initialsCache.get(char);
  if (initial === undefined) {
    initial = /\p{Script=Han}/u.test(char)
      ? pinyin(char, { pattern: 'first', toneType: 'none' }).slice(0, 1)
      : /[a-z0-9]/.test(char)
        ? char
        : '';
    initialsCache.set(char, initial);
  }
  return initial;
}

/** The `search_grams` column of a record. `values` are keyed by field id. */
export function recordGrams(
  form: Pick<FormMeta, 'searchFields' | 'title'>,
  values: Readonly<Record<string, Json>>,
): string[] {
  const grams = new Set<string>();
  for (const field of form.searchFields) {
    const value = values[field.id];
    const texts = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];
    for (const text of texts) {
      const chars = [...fold(text)].slice(0, maxCharacters);
      addGrams(grams, chars);
      if (field !== form.title) continue;
      for (const gram of initialsGrams(chars.map(initialOf).join(''))) grams.add(gram);
    }
  }
  return [...grams];
}
