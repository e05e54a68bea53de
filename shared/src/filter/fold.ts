/**
 * Folds text for `contains` and search: full-width forms (U+FF01–FF5E, U+3000) to ASCII, then ASCII capitals to
 * small letters. The server's SQL uses `translate()` with the same two strings, so memory and SQL agree.
 */
export function fold(text: string): string {
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
const foldMap = new Map(from.map((char, index) => [char, to[index] ?? char]));

/** The two arguments of SQL `translate(text, from, to)` that do the same as `fold`. */
export const foldTranslate = { from: from.join(''), to: to.join('') };
