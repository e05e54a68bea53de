import type { BinaryOp, Span } from './ast.js';
import { fail } from './faults.js';

export type Token = { at: Span } & (
  | { kind: 'number'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'ref'; path: string[] }
  | { kind: 'name'; text: string }
  | { kind: 'op'; op: BinaryOp | '%' }
  | { kind: '(' }
  | { kind: ')' }
  | { kind: ',' }
  | { kind: 'end' }
);

/** Longest formula, in UTF-16 units, whichever way its fields are written. */
export const maxLength = 5000;

/** What Chinese input methods and word processors type for the signs of the language. */
const plain: Record<string, string> = {
  '（': '(',
  '）': ')',
  '，': ',',
  '；': ',',
  ';': ',',
  '＋': '+',
  '－': '-',
  '−': '-',
  '＊': '*',
  '×': '*',
  '／': '/',
  '÷': '/',
  '＝': '=',
  '＜': '<',
  '＞': '>',
  '≤': '<=',
  '≥': '>=',
  '≠': '<>',
  '＆': '&',
  '％': '%',
  '＾': '^',
  '｛': '{',
};
/** By opening quote, what may close it: typing seldom gets the direction of Chinese quotes right. */
const closing: Record<string, string> = { '"': '"', '“': '“”"', '”': '“”"', '＂': '＂' };
const nameStart = /[\p{L}_]/u;
const namePart = /[\p{L}\p{N}_]/u;

/** Splits a formula's text; throws `FaultError` at the first character that belongs nowhere. */
export function tokens(source: string): Token[] {
  if (source.length > maxLength) fail('too_long', { start: maxLength, end: source.length }, { max: maxLength });
  const list: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const char = String.fromCodePoint(source.codePointAt(at) ?? 0);
    if (/\s/.test(char)) {
      at += char.length;
      continue;
    }
    const token = read(source, at, char);
    list.push(token);
    at = token.at.end;
  }
  list.push({ kind: 'end', at: { start: source.length, end: source.length } });
  return list;
}

function read(source: string, at: number, char: string): Token {
  const sign = plain[char] ?? char;
  if (sign === '{') return reference(source, at);
  if (char in closing) return quoted(source, at, char);
  if (/[0-9０-９]/.test(char) || (char === '.' && /[0-9]/.test(source[at + 1] ?? ''))) return numeral(source, at);
  if (nameStart.test(char)) return bareName(source, at);
  const span = (length: number) => ({ start: at, end: at + length });
  if (sign === '(' || sign === ')' || sign === ',') return { kind: sign, at: span(1) };
  if (sign === '<' || sign === '>') {
    const next = plain[source[at + 1] ?? ''] ?? source[at + 1];
    if (next === '=') return { kind: 'op', op: `${sign}=`, at: span(2) };
    if (sign === '<' && next === '>') return { kind: 'op', op: '<>', at: span(2) };
  }
  if (char === '!' && source[at + 1] === '=') return { kind: 'op', op: '<>', at: span(2) };
  if (char === '=' && source[at + 1] === '=') return { kind: 'op', op: '=', at: span(2) };
  if (['=', '<>', '<', '>', '<=', '>=', '&', '+', '-', '*', '/', '^', '%'].includes(sign))
    return { kind: 'op', op: sign as BinaryOp | '%', at: span(1) };
  return fail('strange_character', span(char.length), { text: char });
}

/** `{客户.等级}`: segments between dots; `\` takes the next character as it is. */
function reference(source: string, start: number): Token {
  const path: string[] = [];
  let segment = '';
  for (let at = start + 1; at < source.length; at++) {
    const char = source[at] ?? '';
    if (char === '\\' && at + 1 < source.length) {
      segment += source[at + 1];
      at++;
    } else if (char === '}' || char === '｝') {
      path.push(segment.trim());
      const span = { start, end: at + 1 };
      if (path.some((part) => part === '')) fail('empty_reference', span);
      return { kind: 'ref', path, at: span };
    } else if (char === '.') {
      path.push(segment.trim());
      segment = '';
    } else segment += char;
  }
  return fail('unclosed_reference', { start, end: source.length });
}

/** A doubled quote stands for the quote itself. */
function quoted(source: string, start: number, open: string): Token {
  const close = closing[open] ?? open;
  let text = '';
  for (let at = start + 1; at < source.length; at++) {
    const char = source[at] ?? '';
    if (!close.includes(char)) text += char;
    else if (source[at + 1] === char) {
      text += char;
      at++;
    } else return { kind: 'text', text, at: { start, end: at + 1 } };
  }
  return fail('unclosed_text', { start, end: source.length });
}

function numeral(source: string, start: number): Token {
  const found = /^[0-9０-９]*(?:[.．][0-9０-９]+)?/.exec(source.slice(start, start + 200))?.[0] ?? '';
  const text = found
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace('．', '.');
  const span = { start, end: start + found.length };
  const [whole = '', fraction = ''] = text.split('.');
  if (whole.length > 30 || fraction.length > 30) fail('bad_number', span, { text });
  return { kind: 'number', text: text.startsWith('.') ? `0${text}` : text, at: span };
}

/** A function's or field's name, `客户.等级` too. */
function bareName(source: string, start: number): Token {
  let end = start;
  while (end < source.length) {
    const char = String.fromCodePoint(source.codePointAt(end) ?? 0);
    const dot = char === '.' && nameStart.test(source[end + 1] ?? '');
    if (!namePart.test(char) && !dot) break;
    end += char.length;
  }
  return { kind: 'name', text: source.slice(start, end), at: { start, end } };
}
