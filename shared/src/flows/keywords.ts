import { fold } from '../filter/fold.js';
import type { KeywordMatch } from './triggers.js';

/**
 * What stands after the keyword that a text meets; undefined when it meets none. Of several the longest counts, so that
 * 「报价单」 is not taken for 「报价」. Without keywords everything is met and the whole text stands.
 */
export function afterKeyword(
  trigger: { match: KeywordMatch; keywords: readonly string[] },
  text: string,
): string | undefined {
  const whole = text.trim();
  if (trigger.keywords.length === 0) return whole;
  const folded = fold(whole);
  let best: { length: number; rest: string } | undefined;
  for (const keyword of trigger.keywords) {
    const wanted = fold(keyword.trim());
    const at = placeOf(trigger.match, folded, wanted);
    if (wanted === '' || at < 0 || (best && best.length >= wanted.length)) continue;
    best = { length: wanted.length, rest: whole.slice(at + wanted.length).replace(/^[\s:：,，]+/, '') };
  }
  return best?.rest;
}

function placeOf(match: KeywordMatch, text: string, wanted: string): number {
  switch (match) {
    case 'exact':
      return text === wanted ? 0 : -1;
    case 'startsWith':
      return text.startsWith(wanted) ? 0 : -1;
    case 'contains':
      return text.indexOf(wanted);
  }
}
