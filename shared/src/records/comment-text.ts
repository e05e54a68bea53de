/** How a comment's text names a member: `@[<member id>]`. */
export const mentionPattern = /@\[([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\]/g;

/** A comment as it is typed: `@王芳 ` for `@[<id>]`. */
export function toTyped(text: string, nameOf: (id: string) => string | undefined): string {
  return text.replace(mentionPattern, (token, id: string) => (nameOf(id) ? `@${nameOf(id)}` : token));
}

/** A typed comment as it is stored; of two names that begin alike the longer one is meant. */
export function fromTyped(text: string, members: readonly { id: string; name: string }[]): string {
  const byLength = [...members].sort((a, b) => b.name.length - a.name.length);
  return text.replace(/@([^\s@]+)/g, (whole, rest: string) => {
    const found = byLength.find((member) => rest.startsWith(member.name));
    return found ? `@[${found.id}]${rest.slice(found.name.length)}` : whole;
  });
}

/** The parts of a stored comment: plain text, and mentioned members by name. */
export function partsOf(
  text: string,
  mentions: readonly { id: string; label: string }[],
): { text: string; mention: boolean }[] {
  const parts: { text: string; mention: boolean }[] = [];
  let at = 0;
  for (const match of text.matchAll(mentionPattern)) {
    const name = mentions.find((item) => item.id === match[1])?.label;
    if (name === undefined) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index), mention: false });
    parts.push({ text: `@${name}`, mention: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), mention: false });
  return parts;
}
