import { functions } from './registry.js';

const canonical = new Map<string, string>();
for (const { name, zh, aliases = [] } of functions)
  for (const word of [name, ...zh, ...aliases]) canonical.set(word.toUpperCase(), name);

/** The canonical English name of a function named in either language, whatever the case. */
export function functionNamed(text: string): string | undefined {
  return canonical.get(text.toUpperCase());
}

/** The known name nearest to a misspelled one, two changes away at most. */
export function similarFunction(text: string): string | undefined {
  const wanted = text.toUpperCase();
  if (wanted.length > 30) return undefined;
  let best: string | undefined;
  let least = wanted.length <= 3 ? 2 : 3;
  for (const word of canonical.keys()) {
    const far = distance(wanted, word, least);
    if (far < least) {
      least = far;
      best = word;
    }
  }
  return best;
}

/** Edit distance, given up at `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? limit;
}
