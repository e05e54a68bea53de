import { fold } from '@lianke/shared/filter/fold';
import type { Json } from '@lianke/shared/json';
import { pinyin } from 'pinyin-pro';
import type { FormMeta } from '../forms/form-meta.js';
import { GramText } from './gram-text.js';

/** Each searchable text counts with its first characters only: with 70 a load of 100k rows takes 20 times as long (design §4). */
const maxCharacters = 64;
const initialsMark = '~';

/** Stands between grams on their way to the database: an array inside of an array would be quoted twice. No gram has it. */
export const gramSeparator = '\u001f';
const blanks = new Set([0x20, gramSeparator.charCodeAt(0)]);

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

const initialsCache = new Map<number, number>();

/** The UTF-16 unit of a character's pinyin initial; of small Latin letters and digits themselves; 0 of all others. */
function initialOf(code: number): number {
  let initial = initialsCache.get(code);
  if (initial === undefined) {
    const char = String.fromCodePoint(code);
    initial = /\p{Script=Han}/u.test(char)
      ? pinyin(char, { pattern: 'first', toneType: 'none' }).charCodeAt(0) || 0
      : /[a-z0-9]/.test(char)
        ? code
        : 0;
    initialsCache.set(code, initial);
  }
  return initial;
}

/** The `search_grams` column of a record, its grams joined by `gramSeparator`. `values` are keyed by field id. */
export function recordGrams(
  form: Pick<FormMeta, 'searchFields' | 'title'>,
  values: Readonly<Record<string, Json>>,
): string {
  gathered.begin();
  for (const field of form.searchFields) {
    const value = values[field.id];
    if (typeof value === 'string') addText(value, field === form.title);
    else if (Array.isArray(value)) for (const item of value) addText(String(item), field === form.title);
  }
  return gathered.text();
}

const gathered = new GramText(gramSeparator);

/** Adds the one- and two-grams of a text, and those of its pinyin initials where it is a title. */
function addText(text: string, title: boolean): void {
  const folded = fold(text);
  let [before, initial, at] = [0, 0, 0];
  for (let count = 0; count < maxCharacters && at < folded.length; count++) {
    const code = folded.codePointAt(at) ?? 0;
    at += code > 0xffff ? 2 : 1;
    const char = blanks.has(code) ? 0 : code;
    if (before !== 0 && char !== 0) gathered.add(before, char);
    if (char !== 0) gathered.add(char);
    before = char;
  }
  if (!title) return;
  at = 0;
  for (let count = 0; count < maxCharacters && at < folded.length; count++) {
    const code = folded.codePointAt(at) ?? 0;
    at += code > 0xffff ? 2 : 1;
    const next = initialOf(code);
    if (next === 0) continue;
    if (initial !== 0) gathered.add(initial, next, initialsMark);
    initial = next;
  }
}
