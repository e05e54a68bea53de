import type { ShapeText } from '../errors/shape-texts.js';

/** Repeats without end that one pattern may have: matching takes at most the text's length to this power. */
const maxEndless = 3;

/**
 * Why a pattern cannot be used: it is no regular expression, looks around or back, or could take very long on some text
 * (repeats within repeats). Undefined when it can.
 */
export function patternFault(regex: string): ShapeText | undefined {
  try {
    new RegExp(`^(?:${regex})$`, 'u');
  } catch {
    return 'pattern_broken';
  }
  if (/\(\?(?!:)/.test(regex.replace(/\\./g, '')) || /\\[1-9k]/.test(regex)) return 'pattern_looks_around';
  return hasNestedRepeat(regex) ? 'pattern_repeats' : undefined;
}

const piece = /\\.|\[(?:\\.|[^\]\\])*\]|\(\?:|\(|\)|[*+]\??|\?|\{\d+(?:,\d*)?\}\??|\||[^\\]/gu;

/** A repeated group that repeats or chooses inside, or too many endless repeats. */
function hasNestedRepeat(regex: string): boolean {
  const open: { loose: boolean }[] = [{ loose: false }];
  let closed: { loose: boolean } | undefined;
  let endless = 0;
  for (const [part] of regex.matchAll(piece)) {
    const here = open.at(-1);
    if (part.startsWith('(')) {
      open.push({ loose: false });
      closed = undefined;
    } else if (part === ')') {
      closed = open.pop();
      const outer = open.at(-1);
      if (outer && closed?.loose) outer.loose = true;
      continue;
    } else if (/^[*+{]/.test(part)) {
      const [, from, to] = /^\{(\d+)(?:,(\d*))?\}/.exec(part) ?? [];
      const unbounded = from === undefined || to === '';
      const many = unbounded || Number(to ?? from) > 1;
      if (closed?.loose && many) return true;
      if (unbounded) endless++;
      if (here && (unbounded || (to !== undefined && to !== from))) here.loose = true;
    } else if ((part === '|' || part === '?') && here) here.loose = true;
    closed = undefined;
  }
  return endless > maxEndless;
}

const compiled = new Map<string, RegExp | null>();

/** Whether the whole text has the form; a pattern that cannot be used lets everything pass. */
export function matchesPattern(text: string, regex: string): boolean {
  let found = compiled.get(regex);
  if (found === undefined) {
    found = patternFault(regex) === undefined ? new RegExp(`^(?:${regex})$`, 'u') : null;
    if (compiled.size > 500) compiled.clear();
    compiled.set(regex, found);
  }
  return found === null || found.test(text);
}
