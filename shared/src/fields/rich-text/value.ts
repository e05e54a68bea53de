import { bad, isBlank, ok, type Parsed } from '../types.js';
import { plainText, type RichDocument } from './document.js';
import { readHtml, writeHtml } from './html.js';

/** Longest HTML looked at at all. */
const maxHtml = 400_000;

/** Lines of plain text as paragraphs. */
export function linesDocument(text: string): RichDocument {
  return text
    .replaceAll('\u0000', '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ tag: 'p', runs: [{ text: line }] }));
}

/** Sanitised HTML in its canonical writing; text without any tag is read by its lines. `maxLength` counts what is seen. */
export function parseRichText(raw: unknown, { maxLength }: { maxLength: number }): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  if (typeof raw !== 'string') return bad('wrong_type', { expected: '文本' });
  if (raw.length > maxHtml) return bad('too_long', { max: maxLength });
  const document = /<[a-zA-Z!/]/.test(raw) ? readHtml(raw) : linesDocument(raw);
  const length = [...plainText(document)].length;
  if (length > maxLength) return bad('too_long', { max: maxLength });
  return ok(length === 0 ? null : writeHtml(document));
}

/** What a stored rich text says, without its look. */
export function richPlainText(html: string): string {
  return plainText(readHtml(html));
}

/** The text that filters look into: tags out, the three escapes back; the server's SQL does exactly the same. */
export function markupText(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
