import { StringDecoder } from 'node:string_decoder';
import { badFile } from '../workbook.js';

/** One element that is longer than this is no row and no text of a spreadsheet. */
const maxPending = 32 * 1024 * 1024;

/**
 * Cuts a stream of UTF-8 XML into whole elements of one name, each character standing for one byte. `others` gets what stands between and around them.
 * @param name as it stands in the tags, prefix included
 */
export async function eachElement(
  chunks: AsyncIterable<Buffer>,
  name: string | ((head: string) => string),
  element: (xml: string) => void,
  others?: (xml: string) => void,
): Promise<void> {
  // Tags are ASCII: cutting bytes is several times quicker than decoding them all; see `streamedText`.
  const decoder = new StringDecoder('latin1');
  let pending = '';
  let tag = typeof name === 'string' ? name : '';
  const cut = () => {
    let from = 0;
    for (;;) {
      const start = opening(pending, tag, from);
      if (start < 0) break;
      const headEnd = pending.indexOf('>', start);
      if (headEnd < 0) break;
      let end = headEnd + 1;
      if (pending.charCodeAt(headEnd - 1) !== 0x2f) {
        const close = pending.indexOf(`</${tag}>`, headEnd);
        if (close < 0) break;
        end = close + tag.length + 3;
      }
      if (start > from) others?.(pending.slice(from, start));
      element(pending.slice(start, end));
      from = end;
    }
    if (from > 0) pending = pending.slice(from);
    if (pending.length > maxPending)
      throw badFile({
        zh: '文件里有一行过长，请另存为一个新文件再上传',
        en: 'a row of the file is too long; save it as a new file and upload that',
      });
  };
  for await (const chunk of chunks) {
    pending += decoder.write(chunk);
    if (tag === '' && typeof name === 'function') {
      if (!/<(?:\w+:)?(?:worksheet|sst)\b[^>]*>/.test(pending)) continue;
      tag = name(pending);
    }
    cut();
  }
  pending += decoder.end();
  cut();
  others?.(pending);
}

function opening(xml: string, tag: string, from: number): number {
  for (let at = xml.indexOf(`<${tag}`, from); at >= 0; at = xml.indexOf(`<${tag}`, at + 1)) {
    const after = xml.charCodeAt(at + tag.length + 1);
    if (after === 0x20 || after === 0x3e || after === 0x2f || after === 0x0a || after === 0x0d) return at;
    if (Number.isNaN(after)) return -1;
  }
  return -1;
}

/** `x:` in front of the root's name, where the file writes one. */
export function prefixOf(head: string): string {
  return /<(\w+:)(?:worksheet|sst)\b/.exec(head)?.[1] ?? '';
}
