/**
 * Folds text for `contains` and search: full-width forms (U+FF01–FF5E, U+3000) to ASCII, then ASCII capitals to
 * small letters. The server's SQL uses `translate()` with the same two strings, so memory and SQL agree.
 */
export function fold(text: string): string {
  if (!foldable.test(text)) return text;
  let out = '';
  for (const char of text) out += foldMap.get(char) ?? char;
  return out;
}

const from: string[] = [];
const to: string[] = [];
for (let code = 0x21; code <= 0x7e; code++) {
  from.push(String.fromCharCode(code + 0xfee0));
  to.push(String.fromCharCode(code).toLowerCase());
}
from.push('\u3000');
to.push(' ');
for (let code = 0x41; code <= 0x5a; code++) {
  from.push(String.fromCharCode(code));
  to.push(String.fromCharCode(code + 32));
}
/** Most texts hold nothing to fold. */
const foldable = /[A-Z\uff01-\uff5e\u3000]/;
const foldMap = new Map(from.map((char, index) => [char, to[index] ?? char]));

/**
 * The two arguments of SQL `translate(text, from, to)` after which `text` contains or starts with `needle` exactly when
 * `fold(text)` does: only characters that fold to one of the needle's are named, most often none at all. The full
 * alphabet costs about 10 µs a text in PostgreSQL, a dozen of characters a tenth of that.
 * @param needle folded text
 */
export function foldTranslateFor(needle: string): { from: string; to: string } {
  const wanted = new Set(needle);
  const used = from.flatMap((_, index) => (wanted.has(to[index] ?? '') ? [index] : []));
  return { from: used.map((index) => from[index]).join(''), to: used.map((index) => to[index]).join('') };
}

/** The two arguments of SQL `translate(text, from, to)` that do the same as `fold`. */
export const foldTranslate = { from: from.join(''), to: to.join('') };
