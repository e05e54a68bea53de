import { bad, isBlank, ok, type Parsed } from '../types.js';

/** One line: line breaks become spaces, outer blanks go, and NUL (which PostgreSQL refuses) is dropped. */
export function parseText(raw: unknown, config: { maxLength: number }): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  if (typeof raw !== 'string' && typeof raw !== 'number') return bad('wrong_type', { expected: '文本' });
  const text = oneLine(String(raw)).trim();
  if (text === '') return ok(null);
  // There are never more characters than code units: only long texts are counted.
  return text.length > config.maxLength && [...text].length > config.maxLength
    ? bad('too_long', { max: config.maxLength })
    : ok(text);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const unwanted = /[\u0000\r\n\t]/;

function oneLine(text: string): string {
  return unwanted.test(text) ? text.replaceAll('\u0000', '').replace(/[\r\n\t]+/g, ' ') : text;
}
