/** A userid that the platform encrypted for the app's provider: long, and no word of anybody's. */
function isEncrypted(userid: string): boolean {
  return /^w[a-z][\w-]{20,}$/.test(userid);
}

/** What stands in the place of a name that the platform withholds: the userid, or a short form of one that nobody can read. */
export function standInFor(userid: string): string {
  return isEncrypted(userid) ? `成员 ${userid.slice(-6)}` : userid;
}

/** The same for a department, which the platform calls by its number. */
export function departmentStandIn(id: number): string {
  return `部门 ${id}`;
}

/** What comes before is looked at as a group: older phones know no lookbehind. */
const standIn = /(^|[^\w.@-])(成员 [\w-]{6}|部门 \d+)(?![\w.@-])/g;

/** Whether a text may hold such words, so that it is worth asking. */
export function mayHoldStandIn(text: string): boolean {
  return text.search(standIn) >= 0;
}

/** Whether these words stand for a whole name, so that a letter of them is a letter of nobody's name. */
export function isStandIn(name: string): boolean {
  return /^成员 [\w-]{6}$/.test(name);
}

/** A text in pieces: those found in `known` are what stands for a name, all others are words. */
export function splitStandIns<T>(text: string, known: ReadonlyMap<string, T>): (string | { text: string; one: T })[] {
  const whole = known.get(text);
  if (whole !== undefined) return [{ text, one: whole }];
  const pieces: (string | { text: string; one: T })[] = [];
  let from = 0;
  for (const { 0: found, 1: before = '', 2: words = '', index } of text.matchAll(standIn)) {
    const one = known.get(words);
    if (one === undefined) continue;
    const at = index + before.length;
    if (at > from) pieces.push(text.slice(from, at));
    pieces.push({ text: words, one });
    from = index + found.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}
