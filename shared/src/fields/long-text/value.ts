import { bad, isBlank, ok, type Parsed } from '../types.js';

/** Text with line breaks (`\r\n` becomes `\n`); outer blanks and NUL go. */
export function parseLongText(raw: unknown, config: { maxLength: number }): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  if (typeof raw !== 'string' && typeof raw !== 'number') return bad('wrong_type', { expected: '文本' });
  const text = String(raw).replaceAll('\u0000', '').replace(/\r\n?/g, '\n').trim();
  if (text === '') return ok(null);
  // There are never more characters than code units: only long texts are counted.
  return text.length > config.maxLength && [...text].length > config.maxLength
    ? bad('too_long', { max: config.maxLength })
    : ok(text);
}
