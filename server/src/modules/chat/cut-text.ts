const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });
const ellipsis = '…';

/** Text of at most `max` characters (code points, as the platform counts 字), cut between graphemes with 「…」. */
export function cutCharacters(text: string, max: number): string {
  return cut(text, max, (part) => [...part].length);
}

/** Text of at most `max` bytes of UTF-8, cut between graphemes with 「…」. */
export function cutBytes(text: string, max: number): string {
  return cut(text, max, (part) => Buffer.byteLength(part));
}

function cut(text: string, max: number, measure: (part: string) => number): string {
  if (measure(text) <= max) return text;
  const room = max - measure(ellipsis);
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const size = measure(segment);
    if (used + size > room) break;
    kept += segment;
    used += size;
  }
  return kept.trimEnd() + ellipsis;
}
