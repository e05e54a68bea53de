/** `13812341234` → `138****1234`; shorter numbers keep their last two digits. */
export function maskPhone(value: string): string {
  const digits = [...value];
  if (digits.length >= 10) return `${digits.slice(0, 3).join('')}****${digits.slice(-4).join('')}`;
  return `****${digits.slice(-2).join('')}`;
}

/** `zhang.san@example.com` → `z***@example.com`. */
export function maskEmail(value: string): string {
  const at = value.lastIndexOf('@');
  return at < 1 ? '****' : `${[...value][0]}***${value.slice(at)}`;
}

/** The first character, of longer texts also the last two; always four stars, so that the length stays unknown. */
export function maskText(value: string): string {
  const letters = [...value];
  const tail = letters.length >= 8 ? letters.slice(-2).join('') : '';
  return letters.length < 2 ? '****' : `${letters[0]}****${tail}`;
}
