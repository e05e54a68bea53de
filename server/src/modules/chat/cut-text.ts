const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' });
const ellipsis = '…';
/** Signs of East Asian scripts, and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** Text of at most `max` characters (code points, as the platform counts 字), cut between graphemes with 「…」. */
export function cutCharacters(text: string, max: number): string {
  return cut(text, max, (part) => [...part].length);
}

/**
 * Text as broad as at most `max` Chinese characters, each as broad as two Latin ones: for places where a phone folds by what
 * it shows.
 */
export function cutWide(text: string, max: number): string {
  return cut(text, max, (part) => [...part].reduce((sum, one) => sum + (wide.test(one) ? 1 : 0.5), 0));
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
