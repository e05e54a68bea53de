import { Dec } from '../decimal.js';
import { fail } from '../faults.js';
import { listOf } from '../types.js';
import { dateValue, maxText, type Scalar, textValue, toText } from '../values.js';
import { type Argument, type FunctionDef, many, maybe, one, type RunContext } from './define.js';
import { birthday, sexOf } from './id-card.js';
import { amountInWords, chineseNumber } from './in-words.js';
import { readNumber } from './read.js';
import { textAs } from './text-as.js';

const str = (value: Argument) => String(value ?? '');
/** Characters as people count them: 𠮷 is one. */
const chars = (value: Argument) => [...str(value)];

/** A position or count argument, cut to what a text may have. */
function count(value: Argument, least: number, { at, name }: RunContext): number {
  const n = (value as Dec).trunc().toNumber();
  if (n < least) fail('bad_argument', at, { name, detail: (value as Dec).toFixed() });
  return Math.min(n, maxText + 1);
}

const mapping = (
  name: string,
  zh: string[],
  change: (text: string) => string,
  aliases: string[] = [],
): FunctionDef => ({
  name,
  zh,
  aliases,
  category: 'text',
  params: [one('text')],
  returns: 'text',
  run: ([text], { at }) => textValue(change(str(text)), at),
});

const test = (name: string, zh: string[], holds: (text: string, part: string) => boolean): FunctionDef => ({
  name,
  zh,
  category: 'text',
  params: [one('text'), one('text')],
  returns: 'boolean',
  run: ([text, part]) => holds(str(text), str(part)),
});

/** Position of a text in another, counted from 1 in characters; blank when it is not there. */
const finder = (name: string, zh: string[], prepare: (text: string) => string): FunctionDef => ({
  name,
  zh,
  category: 'text',
  params: [one('text'), one('text'), maybe('number')],
  returns: 'number',
  run: ([part, text, from], context) => {
    const all = chars(text);
    const skip = from === undefined ? 0 : count(from, 1, context) - 1;
    const rest = prepare(all.slice(skip).join(''));
    const found = rest.indexOf(prepare(str(part)));
    return found < 0 ? null : new Dec([...rest.slice(0, found)].length + skip + 1);
  },
});

/** Replaces all occurrences, or only the n-th; bounded before anything is built. */
function substitute(text: string, from: string, to: string, nth: number | undefined, { at }: RunContext): string {
  if (from === '') return text;
  const parts = text.split(from);
  if (nth !== undefined) {
    if (nth >= parts.length) return text;
    return textValue(`${parts.slice(0, nth).join(from)}${to}${parts.slice(nth).join(from)}`, at);
  }
  if (text.length + (parts.length - 1) * (to.length - from.length) > maxText)
    fail('text_too_long', at, { max: maxText });
  return parts.join(to);
}

export const textFunctions: readonly FunctionDef[] = [
  {
    name: 'CONCATENATE',
    zh: ['拼接'],
    aliases: ['CONCAT'],
    category: 'text',
    params: [many('text')],
    repeat: 1,
    returns: 'text',
    run: ([values], { at }) => textValue((values as string[]).join(''), at),
  },
  {
    name: 'TEXTJOIN',
    zh: ['分隔拼接'],
    category: 'text',
    params: [one('text'), many('text')],
    repeat: 1,
    returns: 'text',
    run: ([separator, values], { at }) =>
      textValue((values as string[]).filter((value) => value !== '' && value !== null).join(str(separator)), at),
  },
  {
    name: 'LEFT',
    zh: ['取左'],
    category: 'text',
    params: [one('text'), maybe('number')],
    returns: 'text',
    run: ([text, n], context) =>
      chars(text)
        .slice(0, n === undefined ? 1 : count(n, 0, context))
        .join(''),
  },
  {
    name: 'RIGHT',
    zh: ['取右'],
    category: 'text',
    params: [one('text'), maybe('number')],
    returns: 'text',
    run: ([text, n], context) => {
      const all = chars(text);
      return all.slice(Math.max(0, all.length - (n === undefined ? 1 : count(n, 0, context)))).join('');
    },
  },
  {
    name: 'MID',
    zh: ['取中间'],
    category: 'text',
    params: [one('text'), one('number'), one('number')],
    returns: 'text',
    run: ([text, start, n], context) => {
      const from = count(start, 1, context) - 1;
      return chars(text)
        .slice(from, from + count(n, 0, context))
        .join('');
    },
  },
  {
    name: 'LEN',
    zh: ['长度'],
    category: 'text',
    params: [one('text')],
    returns: 'number',
    run: ([text]) => new Dec(chars(text).length),
  },
  mapping('UPPER', ['转大写'], (text) => text.toUpperCase()),
  mapping('LOWER', ['转小写'], (text) => text.toLowerCase()),
  mapping('PROPER', ['首字母大写'], (text) =>
    text
      .toLowerCase()
      .replace(/(^|[^\p{L}])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
  ),
  mapping('TRIM', ['去空格'], (text) => text.replace(/[\s\u3000]+/g, ' ').trim()),
  mapping('CLEAN', ['去不可见字符'], (text) => text.replace(/[\p{Cc}\u200b-\u200f\ufeff]/gu, '')),
  mapping('NARROW', ['转半角'], (text) =>
    text
      .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
      .replaceAll('\u3000', ' '),
  ),
  {
    name: 'SUBSTITUTE',
    zh: ['替换文本'],
    category: 'text',
    params: [one('text'), one('text'), one('text'), maybe('number')],
    returns: 'text',
    run: ([text, from, to, nth], context) =>
      substitute(str(text), str(from), str(to), nth === undefined ? undefined : count(nth, 1, context), context),
  },
  {
    name: 'REPLACE',
    zh: ['按位置替换'],
    category: 'text',
    params: [one('text'), one('number'), one('number'), one('text')],
    returns: 'text',
    run: ([text, start, n, to], context) => {
      const all = chars(text);
      const from = count(start, 1, context) - 1;
      return textValue(
        all.slice(0, from).join('') + str(to) + all.slice(from + count(n, 0, context)).join(''),
        context.at,
      );
    },
  },
  finder('FIND', ['查找'], (text) => text),
  finder('SEARCH', ['不分大小写查找'], (text) => text.toLowerCase()),
  {
    name: 'REPT',
    zh: ['重复'],
    category: 'text',
    params: [one('text'), one('number')],
    returns: 'text',
    run: ([text, n], context) => {
      const times = count(n, 0, context);
      if (str(text).length * times > maxText) fail('text_too_long', context.at, { max: maxText });
      return str(text).repeat(times);
    },
  },
  test('CONTAINS', ['包含'], (text, part) => text.includes(part)),
  test('STARTSWITH', ['开头是'], (text, part) => text.startsWith(part)),
  test('ENDSWITH', ['结尾是'], (text, part) => text.endsWith(part)),
  test('EXACT', ['完全相同'], (text, part) => text === part),
  {
    name: 'TEXT',
    zh: ['转文本', '格式化'],
    category: 'text',
    params: [one('any'), maybe('text')],
    returns: 'text',
    run: ([value, format], { zone, at }) =>
      textValue(format === undefined ? toText(value as Scalar, zone) : textAs(value as Scalar, str(format), zone), at),
  },
  {
    name: 'VALUE',
    zh: ['转数字'],
    category: 'text',
    params: [one('text')],
    returns: 'number',
    run: ([text], { at }) => {
      if (str(text).trim() === '') return null;
      return readNumber(str(text)) ?? fail('not_a_number', at, { text: str(text).slice(0, 40) });
    },
  },
  {
    name: 'ISNUMBER',
    zh: ['是数字'],
    category: 'text',
    params: [one('any')],
    returns: 'boolean',
    run: ([value]) => value instanceof Dec || (typeof value === 'string' && readNumber(value) !== undefined),
  },
  {
    name: 'SPLIT',
    zh: ['拆分'],
    category: 'text',
    params: [one('text'), one('text')],
    returns: listOf('text'),
    run: ([text, separator], context) => {
      if (str(text) === '') return [];
      const parts = str(separator) === '' ? chars(text) : str(text).split(str(separator));
      context.spend(parts.length);
      return parts.map((part) => part.trim());
    },
  },
  {
    name: 'TEXTBEFORE',
    zh: ['取前面'],
    category: 'text',
    params: [one('text'), one('text')],
    returns: 'text',
    run: ([text, mark]) => {
      const at = str(text).indexOf(str(mark));
      return at < 0 ? str(text) : str(text).slice(0, at);
    },
  },
  {
    name: 'TEXTAFTER',
    zh: ['取后面'],
    category: 'text',
    params: [one('text'), one('text')],
    returns: 'text',
    run: ([text, mark]) => {
      const at = str(text).indexOf(str(mark));
      return at < 0 ? '' : str(text).slice(at + str(mark).length);
    },
  },
  {
    name: 'PAD',
    zh: ['补足位数'],
    category: 'text',
    params: [one('text'), one('number'), maybe('text')],
    returns: 'text',
    run: ([text, n, fill], context) => {
      const missing = count(n, 0, context) - chars(text).length;
      const filler = [...(fill === undefined || str(fill) === '' ? '0' : str(fill))];
      if (missing > maxText) fail('text_too_long', context.at, { max: maxText });
      return (
        Array.from({ length: Math.max(0, missing) }, (_, index) => filler[index % filler.length]).join('') + str(text)
      );
    },
  },
  {
    name: 'MASK',
    zh: ['打码'],
    category: 'text',
    params: [one('text'), one('number'), one('number')],
    returns: 'text',
    run: ([text, head, tail], context) => {
      const all = chars(text);
      const [first, last] = [count(head, 0, context), count(tail, 0, context)];
      if (all.length <= first + last) return all.map(() => '*').join('');
      return all.map((char, index) => (index < first || index >= all.length - last ? char : '*')).join('');
    },
  },
  {
    name: 'RMBCAP',
    zh: ['金额大写'],
    category: 'text',
    params: [one('number')],
    returns: 'text',
    run: ([amount], { at }) =>
      (amount as Dec).abs().gte('1e16') ? fail('number_too_big', at) : amountInWords(amount as Dec),
  },
  {
    name: 'NUMTOCN',
    zh: ['中文数字'],
    category: 'text',
    params: [one('number')],
    returns: 'text',
    run: ([value], { at }) =>
      (value as Dec).abs().gte('1e16') ? fail('number_too_big', at) : chineseNumber((value as Dec).trunc()),
  },
  {
    name: 'CHAR',
    zh: ['字符'],
    category: 'text',
    params: [one('number')],
    returns: 'text',
    run: ([code], { at, name }) => {
      const n = (code as Dec).toNumber();
      const valid = Number.isInteger(n) && n > 0 && n <= 0x10ffff && (n < 0xd800 || n > 0xdfff);
      return valid ? String.fromCodePoint(n) : fail('bad_argument', at, { name, detail: (code as Dec).toFixed() });
    },
  },
  {
    name: 'IDBIRTHDAY',
    zh: ['身份证生日'],
    category: 'text',
    params: [one('text')],
    returns: 'date',
    run: ([number], { at }) => {
      const day = birthday(str(number));
      return day === undefined ? null : dateValue(day, at);
    },
  },
  {
    name: 'IDSEX',
    zh: ['身份证性别'],
    category: 'text',
    params: [one('text')],
    returns: 'text',
    run: ([number]) => sexOf(str(number)) ?? null,
  },
];
