import { bad, isBlank, ok, type Parsed } from '../types.js';

/** One line: line breaks become spaces, outer blanks go, and NUL (which PostgreSQL refuses) is dropped. */
export function parseText(raw: unknown, config: { maxLength: number }): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  if (typeof raw !== 'string' && typeof raw !== 'number') return bad('wrong_type', { expected: '文本' });
  const text = String(raw)
    .replaceAll('\u0000', '')
    .replace(/[\r\n\t]+/g, ' ')
    .trim();
  if (text === '') return ok(null);
  return [...text].length > config.maxLength ? bad('too_long', { max: config.maxLength }) : ok(text);
}
